namespace Kotodama.Voice.Engines.CommandLine;

/// <summary>A program that speaks. It is started for each clause, without a shell.</summary>
public sealed record CommandLineOptions
{
    /// <summary>The program, by its path or as found on the PATH. Empty: there is none.</summary>
    public string Program { get; init; } = "";

    /// <summary>
    /// Its arguments. <c>{language}</c>, <c>{voice}</c>, <c>{speed}</c> and <c>{text}</c> in them are replaced. Without <c>{text}</c> the
    /// text comes on standard input, in UTF-8. A text may begin with <c>-</c>, so programs should get it as <c>--text={text}</c> or after
    /// <c>--</c>.
    /// </summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What <c>{voice}</c> is when a request names none. Null: the language.</summary>
    public string? Voice { get; init; }

    /// <summary>Samples per second when the program writes bare mono samples of 16 bits, little-endian. 0: it writes a WAV file.</summary>
    public int RawRate { get; init; }

    /// <summary>The languages that it speaks, as the beginnings of BCP 47 tags. Empty: all.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>How long it may take to begin.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it may pause once it has begun.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A program that speaks among the settings of the voice.</summary>
public static class CommandLineSettings
{
    extension(VoiceOptions options)
    {
        /// <summary>A program that speaks.</summary>
        public CommandLineOptions Command
        {
            get => options.Of<CommandLineOptions>();
            set => options.Set(value);
        }
    }
}
