using Kotodama.Companion;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli;

/// <summary>Reads the settings of the hearing: section <c>Kotodama:Hearing</c>, and <c>--asr</c> or <c>KOTODAMA_ASR</c> in short.</summary>
internal static class HearingSettings
{
    /// <summary>What <c>--asr</c> says, as configuration: <c>off</c>, <c>auto</c>, or engines separated by commas.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Parse(string? asr) => VoiceSettings.Parse(asr, HearingOptions.Section);

    /// <summary>Reads the settings. Null and a sentence when one makes no sense.</summary>
    public static (HearingOptions? Options, string? Problem) Read(IConfiguration configuration) =>
        ServeSettings.Read(configuration, HearingOptions.Section, new HearingOptions(), options => options.Validate());
}
