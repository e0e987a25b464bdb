namespace Kotodama.Voice.Settings;

/// <summary>Where the key of a speech server comes from: the environment only, so that it stands in no file of settings.</summary>
internal static class EngineKeys
{
    /// <summary>The key for whatever server the settings name.</summary>
    public const string Own = "KOTODAMA_TTS_KEY";

    /// <summary>The same for a server that recognizes speech.</summary>
    public const string Hearing = "KOTODAMA_ASR_KEY";

    /// <summary>The key for OpenAI. No other server gets it.</summary>
    public const string OpenAi = "OPENAI_API_KEY";

    /// <summary>The key for a server; null when there is none.</summary>
    /// <param name="address">The server.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="variable">The variable for whatever server the settings name.</param>
    public static string? For(Uri address, Func<string, string?> environment, string variable = Own)
    {
        if (environment(variable) is { Length: > 0 } own)
            return own.Trim();
        var isOpenAi = address.Scheme == Uri.UriSchemeHttps
            && (address.Host == "api.openai.com" || address.Host.EndsWith(".api.openai.com", StringComparison.OrdinalIgnoreCase));
        return isOpenAi && environment(OpenAi) is { Length: > 0 } key ? key.Trim() : null;
    }
}
