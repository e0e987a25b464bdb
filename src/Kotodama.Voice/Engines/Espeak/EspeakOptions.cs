namespace Kotodama.Voice.Engines.Espeak;

/// <summary>How espeak-ng speaks.</summary>
public sealed record EspeakOptions
{
    /// <summary>What is added to the voice of a language, for example <c>f3</c>, a young woman; empty: the voice as it is.</summary>
    public string Variant { get; init; } = "f3";

    /// <summary>How high, 0 to 100. 50 is the voice's own.</summary>
    public int Pitch { get; init; } = 58;

    /// <summary>Words a minute at the natural speed.</summary>
    public int WordsPerMinute { get; init; } = 165;

    /// <summary>
    /// Whether the library is loaded into this process where it is installed. Otherwise the program is started for each clause, which gives
    /// no marks.
    /// </summary>
    public bool InProcess { get; init; } = true;

    /// <summary>Voices by language, for example <c>en</c> to <c>en-gb+f2</c>. They go before the engine's own choice.</summary>
    public IReadOnlyDictionary<string, string> Voices { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>espeak-ng among the settings of the voice.</summary>
public static class EspeakSettings
{
    extension(VoiceOptions options)
    {
        /// <summary>espeak-ng.</summary>
        public EspeakOptions Espeak
        {
            get => options.Of<EspeakOptions>();
            set => options.Set(value);
        }
    }
}
