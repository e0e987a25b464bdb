namespace Kotodama.Companion.Engines.PocketSphinx;

/// <summary>
/// The files that PocketSphinx reads. It may end the whole process when one of a model is damaged: so it gets none but what a package has
/// installed, and the beginnings of those are looked at before.
/// </summary>
/// <param name="Acoustic">The folder of the acoustic model.</param>
/// <param name="Dictionary">How words are pronounced.</param>
/// <param name="Language">Which words follow each other; null with a grammar.</param>
/// <param name="Grammar">All that can be said; null: anything.</param>
internal sealed record PocketSphinxModel(string Acoustic, string Dictionary, string? Language, string? Grammar)
{
    private const int LargestGrammar = 1024 * 1024;

    private const string Installation = "Install it with `apt install libpocketsphinx3 pocketsphinx-en-us` (Debian, Ubuntu).";

    private static readonly string[] Folders = ["/usr/share/pocketsphinx/model/en-us", "/usr/local/share/pocketsphinx/model/en-us"];

    /// <summary>How each file of the acoustic model begins; empty: as it likes.</summary>
    private static readonly (string Name, byte[] Begin)[] AcousticFiles =
    [
        ("feat.params", []),
        ("mdef", []),
        ("means", "s3\n"u8.ToArray()),
        ("variances", "s3\n"u8.ToArray()),
        ("transition_matrices", "s3\n"u8.ToArray()),
    ];

    /// <summary>What PocketSphinx is told.</summary>
    public IEnumerable<string> Arguments =>
    [
        "-hmm", Acoustic, "-dict", Dictionary, "-logfn", OperatingSystem.IsWindows() ? "NUL" : "/dev/null",
        .. Grammar is not null ? ["-jsgf", Grammar] : new[] { "-lm", Language! },
    ];

    /// <summary>Finds the files and looks at them.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="folder">Where the model is; null: where packages put it.</param>
    /// <returns>The files, or a sentence about what is missing.</returns>
    public static (PocketSphinxModel? Model, string? Problem) Find(PocketSphinxOptions options, string? folder = null)
    {
        if (PocketSphinxLibrary.Instance is null)
            return (null, $"PocketSphinx is not installed. {Installation}");
        folder ??= Array.Find(Folders, Directory.Exists);
        if (folder is null)
            return (null, $"The English model of PocketSphinx is not installed. {Installation}");
        var model = new PocketSphinxModel(
            Path.Combine(folder, "en-us"),
            Path.Combine(folder, "cmudict-en-us.dict"),
            options.Grammar is null ? Path.Combine(folder, "en-us.lm.bin") : null,
            options.Grammar);
        return model.Check() is { } problem ? (null, problem) : (model, null);
    }

    private static bool Begins(string file, byte[] begin)
    {
        using var stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[Math.Max(1, begin.Length)];
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.StartsWith(begin);
    }

    private string? Check()
    {
        var acoustic = AcousticFiles.Select(f => (Path.Combine(Acoustic, f.Name), f.Begin));
        IEnumerable<(string Path, byte[] Begin)> files = acoustic.Append((Dictionary, []));
        if (Language is not null)
            files = files.Append((Language, "Trie Language Model"u8.ToArray()));
        try
        {
            foreach (var (path, begin) in files)
                if (!Begins(path, begin))
                    return $"{path} is no file of a model for PocketSphinx. {Installation}";
            if (Grammar is not null && (new FileInfo(Grammar).Length > LargestGrammar || !Begins(Grammar, "#JSGF"u8.ToArray())))
                return $"{Grammar} ({HearingOptions.Section}:PocketSphinx:Grammar) is no JSGF grammar: "
                    + $"it begins with #JSGF V1.0; and has at most {LargestGrammar} bytes.";
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"PocketSphinx cannot be used: {e.Message} {Installation}";
        }
    }
}
