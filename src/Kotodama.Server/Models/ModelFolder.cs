using System.Collections.Concurrent;
using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>
/// The folder of models in a data folder: <c>models/NAME/</c> for each of them, <c>models/_core/</c> for Live2D's scripts. It is read when
/// it is asked for, and what was read is kept until a file changes, so that users may change it at any time. Works beside a running hub;
/// any number of threads.
/// </summary>
public sealed class ModelFolder
{
    /// <summary>The folder in the data folder.</summary>
    public const string FolderName = "models";

    /// <summary>After which a folder that was being added or removed belongs to a process that is gone.</summary>
    private static readonly TimeSpan LeftoverAge = TimeSpan.FromDays(1);

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private readonly ConcurrentDictionary<string, (ulong Stamp, int? NewestMoc, ModelReport Report)> _read = new(StringComparer.Ordinal);

    /// <summary>Opens the folder, which need not be there.</summary>
    /// <param name="dataFolder">The hub's data folder; null: there are no models and none can be added.</param>
    /// <param name="limits">What is taken at most; null: the defaults.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public ModelFolder(string? dataFolder, ModelLimits? limits = null, TimeProvider? time = null)
    {
        FullPath = string.IsNullOrEmpty(dataFolder) ? null : Path.GetFullPath(Path.Combine(dataFolder, FolderName));
        Limits = limits ?? new ModelLimits();
        Time = time ?? TimeProvider.System;
        Cores = new ModelCores(FullPath, Limits, Time);
    }

    /// <summary>Where it is; null: nowhere.</summary>
    public string? FullPath { get; }

    /// <summary>What is taken at most.</summary>
    public ModelLimits Limits { get; }

    /// <summary>Live2D's scripts.</summary>
    public ModelCores Cores { get; }

    internal TimeProvider Time { get; }

    /// <summary>All models by name, with what is wrong with them.</summary>
    public IReadOnlyList<ModelReport> List()
    {
        var newestMoc = Cores.Core?.NewestMoc;
        var names = Names();
        foreach (var gone in _read.Keys.Except(names, StringComparer.Ordinal))
            _read.TryRemove(gone, out _);
        return [.. names.Select(name => Read(name, newestMoc)).OfType<ModelReport>()];
    }

    /// <summary>One model; null: there is none of this name.</summary>
    public ModelReport? Find(string name) => Names().Contains(name, StringComparer.Ordinal) ? Read(name, Cores.Core?.NewestMoc) : null;

    /// <summary>Checks any folder, zip file or single file as if it were added, and adds nothing.</summary>
    /// <param name="path">The folder, the zip file or the file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A report for each model that is found; at least one.</returns>
    /// <exception cref="ModelException">It is not there, or cannot be read.</exception>
    public async Task<IReadOnlyList<ModelReport>> CheckAsync(string path, CancellationToken cancellationToken = default)
    {
        var newestMoc = Cores.Core?.NewestMoc;
        if (Directory.Exists(path))
        {
            var folder = Path.GetFullPath(path);
            var name = ModelName.From(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
            try
            {
                var tree = ModelTree.Scan(folder, Limits.Files);
                var roots = ModelRoots.Of(tree);
                if (roots.Count <= 1)
                    return [ModelReader.Read(name, tree, Limits, newestMoc)];
                return [.. roots.Select(r => ModelReader.Read(
                    r.Name(name), ModelTree.Scan(Path.Combine(folder, r.Folder), Limits.Files), Limits, newestMoc))];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw ModelException.Storage("the folder cannot be read", e);
            }
        }

        using var intake = new ModelIntake(Path.Combine(Path.GetTempPath(), $"kotodama-{Guid.NewGuid():n}"), Limits, null);
        await intake.TakeAsync(path, cancellationToken);
        return intake.Check(newestMoc);
    }

    /// <summary>
    /// Adds what is in folders, zip files and files: models, each under a name that is free, and Cores. All or nothing of each model; the
    /// sources stay as they are.
    /// </summary>
    /// <param name="paths">What to add: each folder and each zip file by itself. Single files make one model together.</param>
    /// <param name="name">
    /// The model's name; null: as it calls itself. What no name may have is left out, and a number goes behind one that is taken. Of
    /// several models each has its own.
    /// </param>
    /// <param name="progress">Told how many bytes have been taken.</param>
    /// <param name="cancellationToken">Ends the work; nothing is added then.</param>
    /// <exception cref="ModelException">Something cannot be taken; nothing was added.</exception>
    public async Task<AddedModels> AddAsync(
        IReadOnlyList<string> paths,
        string? name = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        using var intake = OpenIntake(progress);
        foreach (var path in paths)
            await intake.TakeAsync(path, cancellationToken);
        return intake.Commit(this, name);
    }

    /// <summary>Deletes a model's folder.</summary>
    /// <param name="name">The model.</param>
    /// <returns>False: there is none of this name.</returns>
    /// <exception cref="ModelException">It cannot be deleted.</exception>
    public bool Remove(string name)
    {
        if (FullPath is null || !Names().Contains(name, StringComparer.Ordinal))
            return false;

        // Under another name first, so that no half of it is ever listed.
        var gone = Path.Combine(FullPath, $".removed-{Guid.NewGuid():n}");
        try
        {
            Directory.Move(Path.Combine(FullPath, name), gone);
            Directory.Delete(gone, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // Another program was faster.
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage("the model cannot be deleted", e);
        }
    }

    /// <summary>The user's <c>avatar.json</c> of a model; an empty object where there is none.</summary>
    /// <exception cref="ModelException">There is no such model, or the file is too large or cannot be read.</exception>
    public byte[] ReadAvatar(string name)
    {
        _ = AvatarPath(name);

        // Not by its path: a link would show any file of this machine, and a pipe has no end.
        if (Locate(name, AvatarFile.Name) is not { Length: > 0 } file)
            return "{}"u8.ToArray();
        if (file.Length > AvatarFile.MostBytes)
        {
            throw new ModelException(
                ErrorCode.BadModel,
                $"{AvatarFile.Name} is larger than {AvatarFile.MostBytes} bytes, it has {file.Length}",
                "Say only what cannot be guessed.");
        }

        try
        {
            return File.ReadAllBytes(file.FullPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage($"{AvatarFile.Name} cannot be read", e);
        }
    }

    /// <summary>Stores the user's <c>avatar.json</c> of a model; an empty object deletes it.</summary>
    /// <param name="name">The model.</param>
    /// <param name="utf8">The file.</param>
    /// <exception cref="ModelException">There is no such model, the file is wrong, or it cannot be stored.</exception>
    public void WriteAvatar(string name, ReadOnlyMemory<byte> utf8)
    {
        var path = AvatarPath(name);
        var (file, problems) = AvatarFile.Read(utf8);
        if (file is null)
        {
            throw new ModelException(
                ErrorCode.BadValue,
                string.Join("; ", problems.Take(5)),
                "docs/protocol/avatar.schema.json says what the file may hold.");
        }

        var isEmpty = LooseJson.Read(utf8, out var json, out _) is null && json.GetPropertyCount() == 0;
        var draft = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            if (isEmpty)
            {
                File.Delete(path);
                return;
            }

            try
            {
                File.WriteAllBytes(draft, utf8.Span);
                File.Move(draft, path, overwrite: true);
            }
            finally
            {
                File.Delete(draft);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelException.Storage($"{AvatarFile.Name} cannot be stored", e);
        }
    }

    internal static string Setting(string limit) => $"{KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.Models)}:{limit}";

    internal static ModelException NoFolder() => new(
        ErrorCode.NotAllowed, "this hub has no data folder, so it keeps no models", "Give it one: the option DataFolder.");

    /// <summary>A file of a model as it lies there, if it is one that models have.</summary>
    internal ModelFile? Locate(string name, string path)
    {
        if (ModelFileTypes.TypeOf(path) is null || FullPath is null || !Names().Contains(name, StringComparer.Ordinal))
            return null;
        try
        {
            return ModelTree.Scan(Path.Combine(FullPath, name), Limits.Files).At(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal ModelIntake OpenIntake(IProgress<long>? progress)
    {
        if (FullPath is null)
            throw NoFolder();
        Sweep();
        return new ModelIntake(Path.Combine(FullPath, $".adding-{Guid.NewGuid():n}"), Limits, progress);
    }

    /// <summary>Names of all models; of more than may be, the first ones.</summary>
    internal IReadOnlyList<string> Names()
    {
        if (FullPath is null)
            return [];
        try
        {
            return [.. new DirectoryInfo(FullPath).EnumerateDirectories("*", Everything)
                .Where(d => !d.Attributes.HasFlag(FileAttributes.ReparsePoint) && ModelName.IsValid(d.Name))
                .Select(d => d.Name)
                .Order(StringComparer.Ordinal)
                .Take(Limits.Models)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No folder is what a fresh hub has; one that may not be read holds nothing for it either.
            return [];
        }
    }

    private ModelReport? Read(string name, int? newestMoc)
    {
        try
        {
            var tree = ModelTree.Scan(Path.Combine(FullPath!, name), Limits.Files);
            if (_read.TryGetValue(name, out var known) && known.Stamp == tree.Stamp && known.NewestMoc == newestMoc)
                return known.Report;
            var report = ModelReader.Read(name, tree, Limits, newestMoc);
            _read[name] = (tree.Stamp, newestMoc, report);
            return report;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ModelReport
            {
                Name = name,
                Files = 0,
                Bytes = 0,
                Findings = [ModelFinding.OfPath("unreadable", name, ("problem", e.Message))],
            };
        }
    }

    private string AvatarPath(string name)
    {
        if (FullPath is null || !Names().Contains(name, StringComparer.Ordinal))
            throw NotFound();
        return Path.Combine(FullPath, name, AvatarFile.Name);
    }

    internal static ModelException NotFound() => new(
        ErrorCode.NotFound, "there is no model of this name", "GET /api/models, or kotodama models, lists those that are there.");

    /// <summary>Deletes what a process that was killed while it added or removed left behind.</summary>
    private void Sweep()
    {
        try
        {
            var old = Time.GetUtcNow().UtcDateTime - LeftoverAge;
            foreach (var left in new DirectoryInfo(FullPath!).EnumerateDirectories(".*", Everything))
                if (IsLeftover(left.Name) && left.LastWriteTimeUtc < old)
                    left.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It takes room and nothing else; the next one tries again.
        }

        static bool IsLeftover(string name) =>
            name.StartsWith(".adding-", StringComparison.Ordinal) || name.StartsWith(".removed-", StringComparison.Ordinal);
    }
}
