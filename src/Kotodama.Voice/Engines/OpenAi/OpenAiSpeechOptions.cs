namespace Kotodama.Voice.Engines.OpenAi;

/// <summary>Settings of a speech server that speaks as OpenAI's does; section <c>Kotodama:Voice:OpenAi</c>.</summary>
public sealed class OpenAiSpeechOptions
{
    /// <summary>
    /// Where the server is, up to and without <c>/audio/speech</c>: <c>http://127.0.0.1:8880/v1</c>. Null: there is none.
    /// </summary>
    public Uri? Address { get; set; }

    /// <summary>The model.</summary>
    public string Model { get; set; } = "tts-1";

    /// <summary>The voice for languages that <see cref="Voices"/> does not name.</summary>
    public string Voice { get; set; } = "alloy";

    /// <summary>The voice for each language.</summary>
    public IDictionary<string, string> Voices { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The languages it is asked for. Empty: all.</summary>
    public IList<string> Languages { get; } = [];

    /// <summary>
    /// What it is asked for: <c>pcm</c> and <c>wav</c> are heard while they come, <c>mp3</c> and <c>opus</c> when they are whole.
    /// </summary>
    public string Format { get; set; } = "pcm";

    /// <summary>Samples per second of <c>pcm</c>, 8000 to 48000. OpenAI says 24000; other servers differ.</summary>
    public int Rate { get; set; } = 24_000;

    /// <summary>How it should speak, for models that understand it. Null: nothing is said.</summary>
    public string? Instructions { get; set; }

    /// <summary>How long the first sound may take. Null: as for all engines.</summary>
    public TimeSpan? FirstSound { get; set; }
}

/// <summary>A server that speaks as OpenAI's does among the settings of the voice.</summary>
public static class OpenAiSpeechSettings
{
    extension(VoiceOptions options)
    {
        /// <summary>A server that speaks as OpenAI's does.</summary>
        public OpenAiSpeechOptions OpenAi => options.Of<OpenAiSpeechOptions>();
    }
}
