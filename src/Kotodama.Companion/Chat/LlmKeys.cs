using Kotodama.Voice.Settings;

namespace Kotodama.Companion.Chat;

/// <summary>Which key goes to which server. A key goes to no server that it was not given for.</summary>
internal static class LlmKeys
{
    /// <summary>The variable of the environment with the key for the server of the settings.</summary>
    public const string Own = "KOTODAMA_LLM_KEY";

    /// <summary>What a key must be, as the end of a sentence.</summary>
    public const string Rule = "a key: letters, digits and signs, without blanks";

    /// <summary>The key for a server; null when there is none.</summary>
    /// <param name="address">The server.</param>
    /// <param name="key">The key that was given for this server.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static string? For(Uri address, string? key, Func<string, string?> environment)
    {
        if (!string.IsNullOrWhiteSpace(key))
            return key.Trim();
        var isOpenAiHost = address.Host == "api.openai.com" || address.Host.EndsWith(".api.openai.com", StringComparison.OrdinalIgnoreCase);
        var isOpenAi = address.Scheme == Uri.UriSchemeHttps && isOpenAiHost;
        return isOpenAi && environment(EngineKeys.OpenAi) is { Length: > 0 } found && IsUsable(found) ? found.Trim() : null;
    }

    /// <summary>Whether it can be sent as a header; no key can.</summary>
    public static bool IsUsable(string? key) => key is null || key.Trim().All(c => c is > ' ' and < '\u007F');
}
