using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kotodama.Server.Backups;

/// <summary>What a backup says about itself, in <c>manifest.json</c> at its beginning.</summary>
/// <param name="Format">The format of the backup.</param>
/// <param name="Version">The version of Kotodama that made it.</param>
/// <param name="Made">When it was made.</param>
/// <param name="Files">The files in it.</param>
internal sealed record BackupManifest(int Format, string Version, DateTimeOffset Made, IReadOnlyList<BackupManifest.Entry> Files)
{
    public const string FileName = "manifest.json";
    public const int CurrentFormat = 1;

    /// <summary>A manifest of <see cref="MostFiles"/> files is shorter.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Files in a backup.</summary>
    public const int MostFiles = 10_000;

    /// <summary>Bytes of a database in a backup, and of any other file.</summary>
    public const long MostDatabase = 64L * 1024 * 1024 * 1024, MostFile = 64L * 1024 * 1024;

    /// <summary>The databases of a data folder.</summary>
    public static readonly IReadOnlyList<string> Databases = ["messages.db", "conversations.db"];

    /// <summary>Other files of a data folder that belong into a backup.</summary>
    public static readonly IReadOnlyList<string> Settings = ["llm.json", "avatars.json"];

    /// <summary>The folder whose files belong into a backup, too.</summary>
    public const string Characters = "characters";

    /// <summary>What is wrong with it, as the end of a sentence; null: nothing.</summary>
    public string? Problem()
    {
        if (Format != CurrentFormat)
            return $"is of format {Format}, and this version knows {CurrentFormat}";
        if (Files is null or [] or { Count: > MostFiles })
            return $"must list 1 to {MostFiles} files";
        if (Files.Select(f => f?.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() != Files.Count)
            return "lists a file twice";
        foreach (var file in Files)
        {
            if (file is not { Name: { } name, Sha256: not null } || !IsKnown(name))
                return $"lists {file?.Name ?? "a file without a name"}, which is no file of a backup";
            if (file.Bytes < 0 || file.Bytes > (Databases.Contains(name, StringComparer.Ordinal) ? MostDatabase : MostFile))
                return $"says that {name} has {file.Bytes} bytes, which cannot be";
        }

        return null;
    }

    /// <summary>
    /// Whether a backup may hold a file of this name: one of the data folder, or one below the folder of characters, by a path that leads
    /// nowhere else.
    /// </summary>
    public static bool IsKnown(string name)
    {
        if (Databases.Concat(Settings).Contains(name, StringComparer.Ordinal))
            return true;
        return name.Length <= 400 && name.Split('/') is [Characters, .. { Length: > 0 and <= 8 } path] && path.All(IsSafe);

        static bool IsSafe(string part) =>
            part.Length is > 0 and <= 128
            && part[0] is not ('.' or ' ')
            && part[^1] is not ('.' or ' ')
            && !part.Any(c => char.IsControl(c) || c is '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|');
    }

    /// <summary>A file in a backup.</summary>
    /// <param name="Name">Its path in the data folder, with /.</param>
    /// <param name="Bytes">Its length.</param>
    /// <param name="Sha256">Its SHA-256, in hexadecimal digits.</param>
    internal sealed record Entry(string Name, long Bytes, string Sha256);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
