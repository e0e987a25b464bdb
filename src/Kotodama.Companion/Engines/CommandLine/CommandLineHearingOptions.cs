namespace Kotodama.Companion.Engines.CommandLine;

/// <summary>
/// A program that recognizes speech. It is started for each utterance, without a shell, and writes the text on standard output.
/// </summary>
public sealed record CommandLineHearingOptions
{
    /// <summary>The program, by its path or as found on the PATH. Empty: there is none.</summary>
    public string Program { get; init; } = "";

    /// <summary>
    /// Its arguments. <c>{input}</c> in them becomes the path of a WAV file that exists while the program runs, <c>{language}</c> the
    /// language. Without <c>{input}</c> the WAV file comes on standard input.
    /// </summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What <c>{language}</c> is when it is not known.</summary>
    public string Language { get; init; } = "auto";

    /// <summary>The languages that it understands. Empty: all.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>How long the text may take. Null: as for all engines.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>A program that recognizes speech among the settings of the hearing.</summary>
public static class CommandLineHearingSettings
{
    extension(HearingOptions options)
    {
        /// <summary>A program that recognizes speech.</summary>
        public CommandLineHearingOptions Command
        {
            get => options.Of<CommandLineHearingOptions>();
            set => options.Set(value);
        }
    }
}
