using System.Text;

namespace Kotodama.Server.Models;

/// <summary>One file of a model.</summary>
/// <param name="Path">Below the model's folder, with forward slashes.</param>
/// <param name="FullPath">On this machine.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Written">When it was written last, UTC.</param>
internal sealed record ModelFile(string Path, string FullPath, long Length, DateTime Written)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The folder that it lies in, without a closing slash; empty: the model's own.</summary>
    public string Folder => Path.LastIndexOf('/') is var slash && slash < 0 ? "" : Path[..slash];
}

/// <summary>How a reference of a file had to be read to find the file that it means.</summary>
internal enum Spelling
{
    /// <summary>As it stands.</summary>
    Exact,

    /// <summary>With other letters, escapes or slashes, or in another folder.</summary>
    Mended,
}

/// <summary>
/// All files of a model's folder at one moment. Symbolic links are no part of it, so that nothing leads out of the folder, and neither are
/// hidden files. Immutable.
/// </summary>
internal sealed class ModelTree
{
    private const int Deepest = 16;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private readonly Dictionary<string, ModelFile> _exact = new(StringComparer.Ordinal);
    private readonly ILookup<string, ModelFile> _folded;
    private readonly ILookup<string, ModelFile> _named;

    private ModelTree(string root, List<ModelFile> files, List<string> links, bool isCut)
    {
        files.Sort((a, b) => NaturalOrder.Compare(a.Path, b.Path));
        (Root, Files, Links, IsCut) = (root, files, links, isCut);
        foreach (var file in files)
            _exact[file.Path] = file;
        _folded = files.ToLookup(f => Fold(f.Path), StringComparer.Ordinal);
        _named = files.ToLookup(f => Fold(f.Name), StringComparer.Ordinal);
        Stamp = files.Aggregate(17UL, (stamp, f) => Mix(Mix(Mix(stamp, Hash(f.Path)), (ulong)f.Length), (ulong)f.Written.Ticks));
    }

    public string Root { get; }

    /// <summary>By path, numbers in it by their value.</summary>
    public IReadOnlyList<ModelFile> Files { get; }

    /// <summary>Symbolic links that were passed over.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>Whether there are more files than may be.</summary>
    public bool IsCut { get; }

    /// <summary>Changes when a file comes, goes or changes.</summary>
    public ulong Stamp { get; }

    /// <summary>Lists a folder.</summary>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static ModelTree Scan(string root, int mostFiles)
    {
        var files = new List<ModelFile>();
        var links = new List<string>();
        var open = new Stack<(DirectoryInfo Folder, string Path, int Depth)>();
        open.Push((new DirectoryInfo(root), "", 0));
        while (open.TryPop(out var next))
        {
            foreach (var entry in next.Folder.EnumerateFileSystemInfos("*", Everything))
            {
                var path = next.Path.Length == 0 ? entry.Name : $"{next.Path}/{entry.Name}";
                if (entry.Name.StartsWith('.') || entry.Name == "__MACOSX")
                    continue;
                if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                    links.Add(path);
                else if (entry is DirectoryInfo folder && next.Depth < Deepest)
                    open.Push((folder, path, next.Depth + 1));
                else if (entry is FileInfo && files.Count == mostFiles)
                    return new ModelTree(root, files, links, isCut: true);
                else if (entry is FileInfo file)
                    files.Add(new ModelFile(path, file.FullName, file.Length, file.LastWriteTimeUtc));
            }
        }

        return new ModelTree(root, files, links, isCut: false);
    }

    /// <summary>The file at exactly this path.</summary>
    public ModelFile? At(string path) => _exact.GetValueOrDefault(path);

    /// <summary>Files with one of these endings.</summary>
    public IEnumerable<ModelFile> Ending(params string[] endings) =>
        Files.Where(f => endings.Any(e => f.Name.Length > e.Length && f.Name.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// Finds the file that a reference means: as it stands; else without regard to case, backslashes, escapes and the folder it is said to
    /// lie in. Never outside of the model's folder.
    /// </summary>
    /// <param name="reference">As another file names it.</param>
    /// <param name="folder">The folder of that other file.</param>
    /// <param name="spelling">How it had to be read.</param>
    public ModelFile? Find(string reference, string folder, out Spelling spelling)
    {
        spelling = Spelling.Exact;
        if (Within(folder, reference) is { } path && _exact.TryGetValue(path, out var exact))
            return exact;
        spelling = Spelling.Mended;
        return Search(reference.Replace('\\', '/').Trim(), folder) ?? Search(Unescape(reference).Replace('\\', '/').Trim(), folder);
    }

    /// <summary>What names have in common that users and systems take for the same: case, and how kana carry their marks.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.ToLowerInvariant())
        {
            // macOS writes が as か and a mark. The runtime's own normalization is off with its globalization.
            if (c is '\u3099' or '\u309a' && folded.Length > 0 && folded[^1] is >= '\u304b' and <= '\u30db')
                folded[^1] = (char)(folded[^1] + (c == '\u3099' ? 1 : 2));
            else
                folded.Append(c);
        }

        return folded.ToString();
    }

    private ModelFile? Search(string reference, string folder)
    {
        if (reference.Length == 0)
            return null;
        foreach (var start in new[] { folder, "" })
            if (Within(start, reference) is { } path && _folded[Fold(path)].ToArray() is [var one, ..])
                return one;

        // Moved into another folder: only where one file can be meant.
        return _named[Fold(reference[(reference.LastIndexOf('/') + 1)..])].ToArray() is [var only] ? only : null;
    }

    /// <summary>A reference as a path below the model's folder; null: it leads out of it.</summary>
    private static string? Within(string folder, string reference)
    {
        var path = new List<string>(folder.Length == 0 ? [] : folder.Split('/'));
        foreach (var step in reference.Split('/'))
        {
            if (step is "" or ".")
                continue;
            if (step != "..")
                path.Add(step);
            else if (path.Count == 0)
                return null;
            else
                path.RemoveAt(path.Count - 1);
        }

        return string.Join('/', path);
    }

    private static string Unescape(string text) => text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;

    private static ulong Hash(string text) => text.Aggregate(14695981039346656037UL, Mix);

    private static ulong Mix(ulong hash, char c) => Mix(hash, (ulong)c);

    private static ulong Mix(ulong hash, ulong value) => unchecked((hash ^ value) * 1099511628211UL);
}
