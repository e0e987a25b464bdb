namespace Kotodama.Voice.Engines.Edge;

/// <summary>
/// Settings of the read-aloud service of Microsoft Edge; section <c>Kotodama:Voice:Edge</c>. The service is not documented, may stop
/// working on any day, and gets the text: it is asked only when <see cref="Settings.EngineOptions.Engines"/> names <c>edge</c>.
/// </summary>
public sealed class EdgeOptions
{
    /// <summary>Where the service is.</summary>
    public Uri Address { get; set; } = new("wss://speech.platform.bing.com/consumer/speech/synthesize/readaloud/edge/v1");

    /// <summary>The voice for languages that <see cref="Voices"/> does not name. Null: it is not asked for them.</summary>
    public string? Voice { get; set; }

    /// <summary>The voice for each language.</summary>
    public IDictionary<string, string> Voices { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["zh"] = "zh-CN-XiaoxiaoNeural",
        ["yue"] = "zh-HK-HiuMaanNeural",
        ["en"] = "en-US-AriaNeural",
        ["ja"] = "ja-JP-NanamiNeural",
        ["ko"] = "ko-KR-SunHiNeural",
        ["de"] = "de-DE-KatjaNeural",
        ["fr"] = "fr-FR-DeniseNeural",
        ["es"] = "es-ES-ElviraNeural",
    };

    /// <summary>How long the first sound may take. Null: as for all engines.</summary>
    public TimeSpan? FirstSound { get; set; }
}

/// <summary>The read-aloud service of Microsoft Edge among the settings of the voice.</summary>
public static class EdgeSettings
{
    extension(VoiceOptions options)
    {
        /// <summary>The read-aloud service of Microsoft Edge.</summary>
        public EdgeOptions Edge => options.Of<EdgeOptions>();
    }
}
