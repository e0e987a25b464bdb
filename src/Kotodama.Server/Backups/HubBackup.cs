using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Kotodama.Server.Log;

namespace Kotodama.Server.Backups;

/// <summary>
/// Makes and restores backups of a data folder: one zip file with the messages, the conversations, the characters and what was chosen.
/// Models and Live2D's Core, tokens and certificates are not in it.
/// </summary>
public static class HubBackup
{
    private const string UnfinishedEnding = ".unfinished", RestoringName = ".restoring-", ReplacedName = "replaced-";

    private static readonly string[] DatabaseEndings = ["", "-wal", "-shm"];

    /// <summary>Writes a backup, also while a hub uses the folder: each database is copied as it is at one moment.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="file">The file to write; only this account may read it.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="time">Dates the backup.</param>
    /// <param name="progress">Gets the name and the bytes of each file that is in it.</param>
    /// <param name="cancellationToken">Ends it; then there is no new file.</param>
    /// <exception cref="BackupException">There is nothing to back up, or something cannot be read or written.</exception>
    public static void Write(
        string folder,
        string file,
        bool overwrite,
        TimeProvider time,
        IProgress<(string Name, long Bytes)>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        file = Path.GetFullPath(file);
        if (!overwrite && File.Exists(file))
            throw new BackupException($"{file} is there already", "Choose another name, or say --force.");
        var (unfinished, copies) = (file + UnfinishedEnding, file + ".copies");
        try
        {
            if (Directory.Exists(copies))
                Directory.Delete(copies, recursive: true);
            PrivateFiles.MakeFolder(copies);
            var sources = Copy(folder, copies, cancellationToken);
            if (sources.Count == 0)
                throw new BackupException($"there is nothing to back up in {folder}", "--data names another folder.");
            Pack(sources, unfinished, time, progress, cancellationToken);
            File.Move(unfinished, file, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"the backup cannot be written: {e.Message}", "Look at the disk, or choose another place.", e);
        }
        finally
        {
            Discard(copies, unfinished);
        }
    }

    /// <summary>
    /// Puts what a backup holds into the place of what a data folder holds, while no hub uses it. The backup is unpacked and checked as a
    /// whole before anything is replaced, and what is replaced is kept beside. Channels go on in new epochs, so that pages that had more
    /// are told so.
    /// </summary>
    /// <param name="folder">The data folder; made when it is not there.</param>
    /// <param name="file">The backup.</param>
    /// <param name="time">Names the folder of what is replaced.</param>
    /// <param name="cancellationToken">Ends it before anything is replaced.</param>
    /// <returns>What was done, a line for each.</returns>
    /// <exception cref="BackupException">The backup cannot be used, a hub uses the folder, or it cannot be written.</exception>
    public static IReadOnlyList<string> Restore(string folder, string file, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        folder = Path.GetFullPath(folder);
        try
        {
            using var archive = ZipFile.OpenRead(file);
            var manifest = ReadManifest(archive, file);
            using var claim = FolderClaim.Acquire(folder);
            var unpacked = Path.Combine(folder, RestoringName + Guid.NewGuid().ToString("n"));
            try
            {
                var done = Unpack(archive, manifest, unpacked, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                var aside = Replace(folder, unpacked, time);
                return aside is null ? done : [.. done, $"what was there before is in {aside}; delete it when all is well"];
            }
            finally
            {
                Discard(unpacked);
            }
        }
        catch (LogFailedException e)
        {
            throw new BackupException(e.Message, "Stop the hub first, or choose another folder with --data.", e);
        }
        catch (InvalidDataException e)
        {
            throw new BackupException($"{file} is no backup, or is damaged: {e.Message}", "Take another backup.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"{file} cannot be restored: {e.Message}", "Look at the file and at the disk.", e);
        }
    }

    /// <summary>Copies the databases.</summary>
    /// <returns>The files to pack, by their names in the backup.</returns>
    private static List<(string Name, string Path)> Copy(string folder, string copies, CancellationToken cancellationToken)
    {
        var sources = new List<(string Name, string Path)>();
        foreach (var name in BackupManifest.Databases)
        {
            var database = Path.Combine(folder, name);
            if (!File.Exists(database))
                continue;
            var copy = Path.Combine(copies, name);
            BackupDatabase.Copy(database, copy, cancellationToken);
            sources.Add((name, copy));
        }

        sources.AddRange(BackupManifest.Settings.Select(name => (name, Path.Combine(folder, name))).Where(s => File.Exists(s.Item2)));
        var characters = new DirectoryInfo(Path.Combine(folder, BackupManifest.Characters));
        if (!characters.Exists)
            return sources;
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in characters.EnumerateFiles("*", everything))
        {
            var name = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (BackupManifest.IsKnown(name))
                sources.Add((name, file.FullName));
        }

        return sources;
    }

    private static void Pack(
        List<(string Name, string Path)> sources,
        string file,
        TimeProvider time,
        IProgress<(string Name, long Bytes)>? progress,
        CancellationToken cancellationToken)
    {
        var entries = new List<BackupManifest.Entry>();
        using var stream = new FileStream(file, PrivateFiles.New());
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, path) in sources)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var target = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                var (bytes, hash) = Transfer(source, target, long.MaxValue, cancellationToken);
                entries.Add(new BackupManifest.Entry(name, bytes, hash));
                progress?.Report((name, bytes));
            }

            var manifest = new BackupManifest(BackupManifest.CurrentFormat, KotodamaVersion.Text, time.GetUtcNow(), entries);
            using var entry = archive.CreateEntry(BackupManifest.FileName).Open();
            JsonSerializer.Serialize(entry, manifest, BackupJson.Default.BackupManifest);
        }

        stream.Flush(flushToDisk: true);
    }

    private static BackupManifest ReadManifest(ZipArchive archive, string file)
    {
        var entry = archive.GetEntry(BackupManifest.FileName);
        if (entry is null || entry.Length > BackupManifest.MostBytes)
            throw new BackupException($"{file} is no backup of Kotodama: it has no manifest", "kotodama backup makes one.");
        BackupManifest? manifest;
        try
        {
            using var stream = entry.Open();
            using var json = new MemoryStream();
            Transfer(stream, json, BackupManifest.MostBytes, CancellationToken.None);
            manifest = JsonSerializer.Deserialize(json.ToArray(), BackupJson.Default.BackupManifest);
        }
        catch (JsonException e)
        {
            throw new BackupException($"the manifest of {file} cannot be read", "Take another backup.", e);
        }

        if (manifest is null || manifest.Problem() is not null)
            throw new BackupException($"the manifest of {file} {manifest?.Problem() ?? "is empty"}", "Take another backup.");
        var listed = manifest.Files.Select(f => f.Name).Append(BackupManifest.FileName).Order(StringComparer.Ordinal);
        if (!archive.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal).SequenceEqual(listed, StringComparer.Ordinal))
            throw new BackupException($"{file} does not hold exactly the files that its manifest lists", "Take another backup.");
        return manifest;
    }

    /// <summary>Unpacks and checks everything into a folder of its own.</summary>
    private static List<string> Unpack(ZipArchive archive, BackupManifest manifest, string folder, CancellationToken cancellationToken)
    {
        var done = new List<string> { $"backup of {manifest.Made:yyyy-MM-dd HH:mm:ss} UTC, made by version {manifest.Version}" };
        PrivateFiles.MakeFolder(folder);
        foreach (var (name, bytes, hash) in manifest.Files)
        {
            var path = Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));
            PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!);
            using (var source = archive.GetEntry(name)!.Open())
            using (var target = new FileStream(path, PrivateFiles.Options(FileMode.CreateNew, FileAccess.Write)))
            {
                var (length, found) = Transfer(source, target, bytes, cancellationToken);
                target.Flush(flushToDisk: true);
                if (length != bytes || !found.Equals(hash, StringComparison.OrdinalIgnoreCase))
                    throw new BackupException($"{name} in the backup is not what was backed up", "Take another backup.");
            }

            if (BackupManifest.Databases.Contains(name, StringComparer.Ordinal))
                done.Add($"{name}: {BackupDatabase.Accept(path)}");
        }

        var others = manifest.Files.Count(f => !BackupManifest.Databases.Contains(f.Name, StringComparer.Ordinal));
        if (others > 0)
            done.Add($"{others} other files");
        return done;
    }

    /// <summary>Puts what was unpacked into the place of what is there.</summary>
    /// <returns>The folder of what was there; null when nothing was.</returns>
    private static string? Replace(string folder, string unpacked, TimeProvider time)
    {
        var aside = Path.Combine(folder, $"{ReplacedName}{time.GetUtcNow():yyyyMMdd-HHmmss}");
        var moved = new List<(string From, string To)>();
        try
        {
            foreach (var old in Replaced(folder))
            {
                PrivateFiles.MakeFolder(aside);
                Move(old, Path.Combine(aside, Path.GetFileName(old)));
            }

            foreach (var entry in Directory.GetFileSystemEntries(unpacked))
                Move(entry, Path.Combine(folder, Path.GetFileName(entry)));
            return Directory.Exists(aside) ? aside : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            foreach (var (from, to) in Enumerable.Reverse(moved))
                Directory.Move(to, from);
            throw new BackupException($"{folder} cannot be written, and is as it was: {e.Message}", "Look at the disk.", e);
        }

        void Move(string from, string to)
        {
            // Moves files as well.
            Directory.Move(from, to);
            moved.Add((from, to));
        }
    }

    /// <summary>What a backup takes the place of, seals included: without its seal a database begins new epochs.</summary>
    private static IEnumerable<string> Replaced(string folder)
    {
        var names = BackupManifest.Databases.SelectMany(name => DatabaseEndings.Select(ending => name + ending))
            .Concat(BackupManifest.Settings)
            .Append(BackupManifest.Characters)
            .Select(name => Path.Combine(folder, name));
        return [.. names.Where(Path.Exists), .. Directory.GetFiles(folder, BackupManifest.Databases[0] + "-*.seal*")];
    }

    /// <summary>Copies at most so many bytes and one more.</summary>
    /// <returns>How many were copied, and their SHA-256.</returns>
    private static (long Bytes, string Hash) Transfer(Stream source, Stream target, long most, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        var total = 0L;
        while (total <= most && source.Read(buffer, 0, (int)Math.Min(buffer.Length, Math.Max(1, most - total + 1))) is > 0 and var read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            target.Write(buffer, 0, read);
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        return (total, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Discard(params ReadOnlySpan<string> leftovers)
    {
        foreach (var path in leftovers)
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            File.Delete(path);
        }
    }
}
