namespace Kotodama.Voice.Engines.GptSoVits;

/// <summary>Settings of GPT-SoVITS (its <c>api_v2</c>); section <c>Kotodama:Voice:GptSoVits</c>.</summary>
public sealed class GptSoVitsOptions
{
    /// <summary>Where the server is: <c>http://127.0.0.1:9880</c>. Null: there is none.</summary>
    public Uri? Address { get; set; }

    /// <summary>The name of the voice that speaks when a request names no other, one of <see cref="Voices"/>.</summary>
    public string Voice { get; set; } = "default";

    /// <summary>The voices by names of one's own.</summary>
    public IDictionary<string, GptSoVitsVoice> Voices { get; } = new Dictionary<string, GptSoVitsVoice>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How the server streams, 0 to 3: 0 not at all, 1 sentence by sentence, 2 and 3 earlier and worse.</summary>
    public int Streaming { get; set; } = 1;

    /// <summary>How long the first sound may take. A local model needs more than others.</summary>
    public TimeSpan FirstSound { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>A voice of GPT-SoVITS: a recording that it speaks like.</summary>
public sealed class GptSoVitsVoice
{
    /// <summary>The path of the recording on the server's machine.</summary>
    public string Audio { get; set; } = "";

    /// <summary>What is said in it. May be empty.</summary>
    public string Text { get; set; } = "";

    /// <summary>The language of the recording.</summary>
    public string Language { get; set; } = "zh";
}

/// <summary>GPT-SoVITS among the settings of the voice.</summary>
public static class GptSoVitsSettings
{
    extension(VoiceOptions options)
    {
        /// <summary>GPT-SoVITS.</summary>
        public GptSoVitsOptions GptSoVits => options.Of<GptSoVitsOptions>();
    }
}
