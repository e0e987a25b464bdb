using System.IO.Compression;
using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>What was added.</summary>
/// <param name="Models">The models under their new names.</param>
/// <param name="Cores">The Cores.</param>
public sealed record AddedModels(IReadOnlyList<ModelReport> Models, IReadOnlyList<CoreFile> Cores);

/// <summary>
/// Takes what a user brings into a folder of its own, within the limits, and makes models of it by renaming. Nothing is seen of it before,
/// and nothing is left of it when something is wrong. For one task at a time.
/// </summary>
internal sealed class ModelIntake(string folder, ModelLimits limits, IProgress<long>? progress) : IDisposable
{
    private const int LongestPath = 240;

    private const string Unstorable = "<>:\"|?*";

    /// <summary>The folder for files that come one by one; each folder and each zip file has one of its own.</summary>
    private const string Single = "0";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _scripts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The scripts that are held, by the Core that they are: no more than one of each, and one that is none.</summary>
    internal IReadOnlyDictionary<string, byte[]> Scripts => _scripts;

    /// <summary>Takes a folder, a zip file or a single file of this machine.</summary>
    /// <exception cref="ModelException">It is not there, or cannot be taken.</exception>
    public async Task TakeAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            if (Directory.Exists(path))
            {
                var tree = ModelTree.Scan(Path.GetFullPath(path), limits.Files);
                if (tree.IsCut)
                    throw TooMany();
                var source = Source(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))));
                foreach (var file in tree.Files)
                    if (Wants(file.Path))
                        await TakeFileAsync(file.FullPath, source, file.Path, cancellationToken);
            }
            else if (File.Exists(path))
            {
                await TakeFileAsync(path, Single, Path.GetFileName(path), cancellationToken);
            }
            else
            {
                throw new ModelException(ErrorCode.NotFound, $"{path} is not there", "Name a folder, a zip file or the files of a model.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage($"{path} cannot be taken", e);
        }
    }

    /// <summary>
    /// Takes one file by its path below the model's folder: a zip file is unpacked, a script is put aside, what no model has is left out.
    /// </summary>
    /// <exception cref="ModelException">The path leads elsewhere, or the file is too large or damaged.</exception>
    public Task TakeAsync(string path, Stream content, CancellationToken cancellationToken) =>
        TakeAsync(Single, path, content, cancellationToken);

    private async Task TakeAsync(string source, string path, Stream content, CancellationToken cancellationToken)
    {
        var name = path.Replace('\\', '/').Split('/')[^1];
        if (name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            var packed = Path.Combine(folder, $".zip-{Guid.NewGuid():n}");
            await using (var file = Create(packed))
            {
                var before = _bytes;
                await CopyAsync(content, file, limits.UploadBytes, nameof(limits.UploadBytes), cancellationToken);

                // What it unpacks to is counted, not itself.
                _bytes = before;
            }

            // Of many zip files one at a time is on the disk.
            await using var seekable = new FileStream(
                packed, FileMode.Open, FileAccess.Read, FileShare.Read, 4_096, FileOptions.DeleteOnClose);
            await UnpackAsync(Source(name[..^4]), seekable, cancellationToken);
        }
        else if (name.EndsWith(".js", StringComparison.OrdinalIgnoreCase))
        {
            using var script = new MemoryStream();
            await CopyAsync(content, script, limits.CoreBytes, nameof(limits.CoreBytes), cancellationToken);
            _scripts.TryAdd(ModelCores.Recognize(script.GetBuffer().AsSpan(0, (int)script.Length)) ?? "", script.ToArray());
        }
        else if (Wants(path))
        {
            await StoreAsync(source, path, content, cancellationToken);
        }
    }

    /// <summary>A folder for what one folder or zip file holds: two of them may have files of the same path.</summary>
    private string Source(string name)
    {
        var source = $"{_sources.Count + 1}";
        _sources.Add(source, name);
        return source;
    }

    /// <summary>Takes what is in a zip file.</summary>
    /// <exception cref="ModelException">It is damaged or not a zip file, or something in it cannot be taken.</exception>
    private async Task UnpackAsync(string source, Stream zip, CancellationToken cancellationToken)
    {
        ZipLook.Examine(zip);
        try
        {
            using var archive = new ZipArchive(zip, ZipArchiveMode.Read, leaveOpen: true, OldEncodings.Names);
            foreach (var entry in archive.Entries)
            {
                var path = entry.FullName.Replace('\\', '/');
                if (path.EndsWith('/') || ZipLook.IsLink(entry))
                    continue;
                SafePath(path);
                if (!Wants(path))
                    continue;
                if (entry.IsEncrypted)
                {
                    throw new ModelException(
                        ErrorCode.BadModel, "the zip file is protected by a password", "Unpack it and add the folder.");
                }

                await using var content = await entry.OpenAsync(cancellationToken);
                if (path.EndsWith(".js", StringComparison.OrdinalIgnoreCase))
                    await TakeAsync(source, path, content, cancellationToken);
                else
                    await StoreAsync(source, path, content, cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or NotSupportedException
            or OverflowException)
        {
            // What the disk refuses is told as such where it is written; all else comes from the zip file.
            throw new ModelException(
                ErrorCode.BadModel, $"the zip file is damaged: {e.Message}", "Fetch it again, or unpack it and add the folder.", e);
        }
    }

    /// <summary>Checks what was taken.</summary>
    public IReadOnlyList<ModelReport> Check(int? newestMoc)
    {
        var roots = Roots(out var tree);
        return roots.Count == 0
            ? [ModelReader.Read(ModelName.From(_sources.Values.FirstOrDefault("model")), tree, limits, newestMoc)]
            : [.. roots.Select(r => ModelReader.Read(NameOf(r), Scan(r.Folder), limits, newestMoc))];
    }

    /// <summary>Makes models and Cores of what was taken.</summary>
    /// <param name="models">Where to.</param>
    /// <param name="name">How the model shall be called, as near as may be; null or with several models: each as it calls itself.</param>
    /// <exception cref="ModelException">There is nothing in it, or it cannot be stored; nothing was added.</exception>
    public AddedModels Commit(ModelFolder models, string? name)
    {
        var roots = Roots(out var tree);
        var scripts = Cores(isAlone: tree.Files.Count == 0);
        if (roots.Count == 0 && scripts.Length == 0)
            throw Nothing(tree);
        if (models.Names().Count + roots.Count > limits.Models)
        {
            throw new ModelException(
                ErrorCode.TooManyModels,
                $"the hub holds at most {limits.Models} models",
                $"Remove one, or raise the limit {ModelFolder.Setting(nameof(limits.Models))}.");
        }

        try
        {
            foreach (var editor in tree.Files.Where(f => IsEditorFile(f.Name)))
                File.Delete(editor.FullPath);
            var wish = roots.Count == 1 && !string.IsNullOrWhiteSpace(name) ? ModelName.From(name) : null;
            var added = roots
                .Select(root => Move(models.FullPath!, Path.Combine(folder, root.Folder), wish ?? NameOf(root)))
                .ToArray();
            return new AddedModels(
                [.. added.Select(models.Find).OfType<ModelReport>()],
                [.. scripts.Select(script => models.Cores.Put(script))]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage("the model cannot be stored", e);
        }
    }

    public void Dispose()
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder's sweep deletes it later.
        }
    }

    private static string Move(string models, string from, string wanted)
    {
        while (true)
        {
            var taken = Directory.EnumerateDirectories(models).Select(d => Path.GetFileName(d)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var name = ModelName.Free(wanted, taken.Contains);
            try
            {
                Directory.Move(from, Path.Combine(models, name));
                return name;
            }
            catch (IOException) when (Directory.Exists(Path.Combine(models, name)))
            {
                // Another one took the name meanwhile.
            }
        }
    }

    private IReadOnlyList<ModelRoot> Roots(out ModelTree tree)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage("the model cannot be stored", e);
        }

        // Paths are told as they were brought, where that is clear.
        var roots = ModelRoots.Of(Scan(""));
        tree = Directory.GetDirectories(folder) is [var only] ? Scan(Path.GetFileName(only)) : Scan("");
        return roots;
    }

    /// <summary>A model's name: as it calls itself, else as what it came in.</summary>
    private string NameOf(ModelRoot root)
    {
        var source = root.Definition.Path.Split('/')[0];
        var below = root.Folder.Length > source.Length ? root.Folder[(source.Length + 1)..] : "";
        return (root with { Folder = below }).Name(_sources.GetValueOrDefault(source, "model"));
    }

    private ModelTree Scan(string root) => ModelTree.Scan(Path.Combine(folder, root), limits.Files);

    /// <summary>The Cores among the scripts. A script that was brought alone must be one; others are of no matter.</summary>
    private byte[][] Cores(bool isAlone)
    {
        byte[][] cores = [.. _scripts.Where(s => s.Key.Length > 0).Select(s => s.Value)];
        return cores.Length == 0 && isAlone ? [.. _scripts.Values] : cores;
    }

    private ModelException Nothing(ModelTree tree)
    {
        var finding = ModelReader.Read("model", tree, limits, null).Findings.First(f => f.Severity == FindingSeverity.Error);
        return new ModelException(
            ErrorCode.BadModel, finding.Text["en"].TrimEnd('.'), "docs/avatars.md says what a model's folder holds.");
    }

    private async Task TakeFileAsync(string fullPath, string source, string path, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await TakeAsync(source, path, content, cancellationToken);
    }

    private static bool Wants(string path)
    {
        var steps = path.Replace('\\', '/').Split('/');
        if (steps.Any(step => step.StartsWith('.') || step == "__MACOSX"))
            return false;
        var name = steps[^1];
        var isScript = name.EndsWith(".js", StringComparison.OrdinalIgnoreCase);
        return (isScript && name.Contains("live2d", StringComparison.OrdinalIgnoreCase))
            || ModelFileTypes.IsTaken(name)
            || IsEditorFile(name);
    }

    // Its content is of no use, but its name tells what the user has to do.
    private static bool IsEditorFile(string name) =>
        name.EndsWith(".cmo3", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".can3", StringComparison.OrdinalIgnoreCase);

    private async Task StoreAsync(string source, string path, Stream content, CancellationToken cancellationToken)
    {
        var safe = SafePath(path);
        if (_taken.Count == limits.Files)
            throw TooMany();
        if (!_taken.Add(ModelTree.Fold($"{source}/{safe}")))
        {
            throw new ModelException(
                ErrorCode.BadModel, $"two files have the same name but for its case: {safe}", "Rename one and add the model again.");
        }

        var target = Path.GetFullPath(Path.Combine(folder, source, safe));
        if (!target.StartsWith(Path.GetFullPath(Path.Combine(folder, source)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw Outside(path);
        await using var file = Create(target);
        if (!IsEditorFile(safe))
            await CopyAsync(content, file, limits.FileBytes, nameof(limits.FileBytes), cancellationToken);
    }

    /// <summary>The path with forward slashes; one that leads out of the folder, or that no system could store, is refused.</summary>
    private static string SafePath(string path)
    {
        var slashed = path.Replace('\\', '/');
        var steps = slashed.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(s => s != ".").ToArray();
        if (slashed.StartsWith('/') || steps.Contains("..") || steps.Length == 0 || steps[0].Contains(':', StringComparison.Ordinal))
            throw Outside(path);
        var isBad = slashed.Length > LongestPath
            || slashed.Any(c => char.IsControl(c) || Unstorable.Contains(c, StringComparison.Ordinal))
            || steps.Any(step => step[^1] is '.' or ' ' || ModelName.IsDevice(step));
        if (isBad)
        {
            throw new ModelException(
                ErrorCode.BadModel,
                $"a file's name cannot be stored on every system: {Shown(path)}",
                $"Names have no control characters and none of < > : \" | ? *, do not end with a dot or a space, and paths have at most "
                + $"{LongestPath} characters. Rename it and add the model again.");
        }

        return string.Join('/', steps);
    }

    private async Task CopyAsync(Stream from, Stream to, long most, string setting, CancellationToken cancellationToken)
    {
        var buffer = new byte[81_920];
        var copied = 0L;
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            (copied, _bytes) = (copied + read, _bytes + read);
            if (copied > most)
                throw TooLarge("a file", most, setting);
            if (_bytes > limits.ModelBytes)
                throw TooLarge("what was brought", limits.ModelBytes, nameof(limits.ModelBytes));
            await WriteAsync(to, buffer.AsMemory(0, read), cancellationToken);
            progress?.Report(_bytes);
        }
    }

    /// <summary>What the disk says is not what the sender does wrong.</summary>
    private static async Task WriteAsync(Stream to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await to.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException e)
        {
            throw ModelException.Storage("the model cannot be stored", e);
        }
    }

    private static FileStream Create(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage("the model cannot be stored", e);
        }
    }

    private static string Shown(string path) => string.Concat(path.Select(c => char.IsControl(c) ? '·' : c).Take(LongestPath));

    private static ModelException Outside(string path) => new(
        ErrorCode.BadModel, $"a file's path leads out of the model's folder: {Shown(path)}", "Unpack it yourself and add the folder.");

    private ModelException TooMany() => TooLarge("the number of files", limits.Files, nameof(limits.Files));

    private static ModelException TooLarge(string what, long most, string setting) => new(
        ErrorCode.TooBig,
        $"{what} is more than {most}{(setting == nameof(ModelLimits.Files) ? "" : " bytes")}",
        $"Leave out what is no part of the model, or raise the limit {ModelFolder.Setting(setting)}.");
}
