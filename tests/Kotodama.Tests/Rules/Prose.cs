using System.Text;

namespace Kotodama.Tests.Rules;

/// <summary>What people read in the repository: whole documents, and the comments and strings of code.</summary>
internal static class Prose
{
    private static readonly string[] Built = [".git", "node_modules", "bin", "obj", "wwwroot", "artifacts", "coverage", "dist"];
    private static readonly string[] Code = [".cs", ".ts"], Samples = [".cs", ".ts", ".py", ".mjs", ".js", ".sh", ".html", ".md"];

    private static readonly Piece[] Kinds =
    [
        new("//", "", Escapes: false, Spans: false), new("/*", "*/", Escapes: false, Spans: true),
        new("\"\"\"", "\"\"\"", Escapes: false, Spans: true),
        new("@\"", "\"", Escapes: false, Spans: true), new("@$\"", "\"", Escapes: false, Spans: true),
        new("\"", "\"", Escapes: true, Spans: false), new("'", "'", Escapes: true, Spans: false), new("`", "`", Escapes: true, Spans: true),
    ];

    public static IReadOnlyList<string> Areas { get; } = ["docs", "root", "changelog", "src", "web", "tests", "bench", "samples"];

    /// <summary>The lines of an area.</summary>
    public static IEnumerable<(string File, int Line, string Text)> Of(string area) => area switch
    {
        "docs" => Files(".md", "docs").SelectMany(Whole),
        "root" => Directory.EnumerateFiles(Repository.Root, "*.md").Where(f => Path.GetFileName(f) != "CHANGELOG.md").SelectMany(Whole),
        "changelog" => Whole(Repository.PathOf("CHANGELOG.md")),
        "src" => Code.SelectMany(e => Files(e, "src")).SelectMany(InCode),
        "web" => Code.SelectMany(e => Files(e, "web", "src")).SelectMany(InCode),
        "tests" => Code.SelectMany(e => Files(e, "tests").Concat(Files(e, "web", "test"))).SelectMany(InCode),
        "bench" => Code.SelectMany(e => Files(e, "bench")).SelectMany(InCode),
        "samples" => Samples.SelectMany(e => Files(e, "samples")).SelectMany(InSample),
        _ => throw new ArgumentOutOfRangeException(nameof(area), area, "Not an area."),
    };

    /// <summary>All files of a kind below a folder, but those that a build or an installation made.</summary>
    public static IEnumerable<string> Files(string ending, params string[] folder)
    {
        var folders = new Stack<string>([Path.GetFullPath(Repository.PathOf(folder))]);
        while (folders.TryPop(out var next))
        {
            foreach (var file in Directory.EnumerateFiles(next, "*" + ending).Order(StringComparer.Ordinal))
                yield return file;
            foreach (var below in Directory.EnumerateDirectories(next).Where(d => !IsBuilt(d)))
                folders.Push(below);
        }
    }

    private static bool IsBuilt(string folder) => Built.Contains(Path.GetFileName(folder), StringComparer.Ordinal);

    /// <summary>The comments and strings of C# and TypeScript, a piece for each line. An expression in a string is a part of it.</summary>
    public static IEnumerable<(string File, int Line, string Text)> InCode(string file, IReadOnlyList<string> lines)
    {
        Piece? piece = null;
        for (var i = 0; i < lines.Count; i++)
        {
            foreach (var text in Pieces(lines[i], ref piece))
                yield return (file, i + 1, text);
            if (piece is { Spans: false })
                piece = null;
        }
    }

    private static List<string> Pieces(string line, ref Piece? piece)
    {
        var (pieces, text) = (new List<string>(), new StringBuilder());
        for (var at = 0; at < line.Length;)
        {
            if (piece is null)
            {
                piece = Kinds.FirstOrDefault(k => StartsWith(line, at, k.Open));
                at += piece?.Open.Length ?? 1;
            }
            else if (piece.Close.Length > 0 && StartsWith(line, at, piece.Close))
            {
                at += piece.Close.Length;
                piece = null;
                pieces.Add(text.ToString());
                text.Clear();
            }
            else
            {
                var taken = piece.Escapes && line[at] == '\\' ? Math.Min(2, line.Length - at) : 1;
                text.Append(line, at, taken);
                at += taken;
            }
        }

        pieces.Add(text.ToString());
        return pieces;
    }

    private static bool StartsWith(string line, int at, string what) => string.CompareOrdinal(line, at, what, 0, what.Length) == 0;

    private static IEnumerable<(string File, int Line, string Text)> InSample(string file) =>
        Code.Contains(Path.GetExtension(file), StringComparer.Ordinal) ? InCode(file) : Whole(file);

    private static IEnumerable<(string File, int Line, string Text)> Whole(string file) =>
        File.ReadLines(file).Select((line, i) => (Path.GetRelativePath(Repository.Root, file), i + 1, line));

    private static IEnumerable<(string File, int Line, string Text)> InCode(string file) =>
        InCode(Path.GetRelativePath(Repository.Root, file), File.ReadAllLines(file));

    /// <summary>
    /// A comment or a string: how it begins and ends, whether a backslash takes the next character with it, whether it may have several
    /// lines.
    /// </summary>
    private sealed record Piece(string Open, string Close, bool Escapes, bool Spans);
}
