using Kotodama.Voice;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli;

/// <summary>Reads the settings of the voice: section <c>Kotodama:Voice</c>, and <c>--voice</c> or <c>KOTODAMA_VOICE</c> in short.</summary>
internal static class VoiceSettings
{
    private const string Off = "off", Auto = "auto";

    /// <summary>What <c>--voice</c> says, as configuration: <c>off</c>, <c>auto</c>, or engines separated by commas.</summary>
    /// <param name="voice">What it says; null: nothing.</param>
    /// <param name="section">Where the engines stand.</param>
    public static IEnumerable<KeyValuePair<string, string?>> Parse(string? voice, string section = VoiceOptions.Section)
    {
        if (voice is null)
            yield break;
        yield return new($"{section}:{nameof(VoiceOptions.Enabled)}", voice.Equals(Off, StringComparison.OrdinalIgnoreCase) ? "false" : "true");
        if (voice.Equals(Off, StringComparison.OrdinalIgnoreCase) || voice.Equals(Auto, StringComparison.OrdinalIgnoreCase))
            yield break;
        var engines = voice.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = 0; i < engines.Length; i++)
            yield return new($"{section}:{nameof(VoiceOptions.Engines)}:{i}", engines[i]);
    }

    /// <summary>Reads the settings. Null and a sentence when one makes no sense.</summary>
    public static (VoiceOptions? Options, string? Problem) Read(IConfiguration configuration) =>
        ServeSettings.Read(configuration, VoiceOptions.Section, new VoiceOptions(), options => options.Validate());
}
