using Kotodama.Cli.Configuration;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli.Security;

/// <summary>Which accounts can read and change what is on the disk. On Windows the rights of files are those of their folders.</summary>
internal static class FilesCheck
{
    private const UnixFileMode Readable = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Writable = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Enterable = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Files that are named in a line.</summary>
    private const int MostNamed = 5;

    /// <summary>How the names begin of what holds what was said, keys, or hashes of tokens.</summary>
    private static readonly string[] Confidential = ["messages.db", "conversations.db", "tokens.json", "replaced-", "kotodama-", "lan"];

    /// <summary>Files that say nothing but that a hub runs.</summary>
    private static readonly string[] Harmless = ["hub.json", "hub.lock", "hub.pid", "disk-full.reserve", SettingsFile.Name];

    /// <summary>The last parts of keys of settings that are secrets.</summary>
    private static readonly string[] SecretNames =
        ["Key", "ApiKey", "Api_Key", "Password", "Secret", "Token", "AccessToken", "Authorization", "Bearer"];

    /// <summary>Settings of these names are paths.</summary>
    private static readonly string[] Paths = ["Kotodama:Tls:Key", "Kotodama:Tls:PasswordFile"];

    /// <summary>The files of settings that were read.</summary>
    public static IEnumerable<SecurityFinding> Settings(IReadOnlyList<SettingsFile> files)
    {
        if (files.Count == 0)
            yield return new(SecurityGrade.Ok, "No file of settings is read.", Reach.You);
        foreach (var file in files)
        {
            var secrets = Secrets(file).ToArray();
            var what = secrets.Length == 0 ? "" : $" It holds {string.Join(" and ", secrets)}.";
            if (Problem(file.Path, "The file of settings") is { } problem)
                yield return problem;
            else if (Has(file.Path, Writable))
            {
                yield return new(
                    SecurityGrade.Danger,
                    $"{file.Path} is read, and other accounts can change what the hub does by it.{what}",
                    Reach.Accounts,
                    $"chmod go= {Quoted(file.Path)}");
            }
            else if (secrets.Length > 0 && Has(file.Path, Readable))
                yield return new(
                    SecurityGrade.Danger, $"Other accounts can read {file.Path}.{what}", Reach.Accounts, $"chmod go= {Quoted(file.Path)}");
            else if (secrets.Length > 0)
            {
                yield return new(
                    SecurityGrade.Note,
                    $"Settings are read from {file.Path}.{what} Backups of it hold that, too.",
                    Reach.You,
                    "Put keys into the environment: KOTODAMA_LLM_KEY, KOTODAMA_ASR_KEY, KOTODAMA_TTS_KEY.");
            }
            else
                yield return new(SecurityGrade.Ok, $"Settings are read from {file.Path}, which only you can change.", Reach.You);
        }
    }

    /// <summary>A file with a private key or a password.</summary>
    /// <param name="what">What it is, at the beginning of a sentence.</param>
    /// <param name="path">The file; null: there is none.</param>
    public static IEnumerable<SecurityFinding> Key(string what, string? path)
    {
        if (path is null || !File.Exists(path))
            yield break;
        if (Problem(path, what) is { } problem)
            yield return problem;
        else if (Has(path, Readable | Writable))
        {
            yield return new(
                SecurityGrade.Danger,
                $"{what} can be read or changed by other accounts: {path}.",
                Reach.Accounts,
                $"chmod go= {Quoted(path)}");
        }
    }

    /// <summary>The data folder and what is in it.</summary>
    /// <param name="folder">The folder.</param>
    public static IEnumerable<SecurityFinding> Data(string folder)
    {
        var close = $"chmod -R go= {Quoted(folder)}";
        if (File.Exists(folder))
        {
            yield return new(SecurityGrade.Warning, $"The data folder {folder} is a file.", Reach.Unknown, "Name a folder with --data.");
            yield break;
        }

        if (!Directory.Exists(folder))
        {
            yield return new(
                SecurityGrade.Ok, $"There is no data folder yet ({folder}); the hub makes it for your account alone.", Reach.You);
            yield break;
        }

        if (OperatingSystem.IsWindows())
        {
            yield return new(
                SecurityGrade.Note,
                $"Who can read {folder} is a matter of the folder's rights, which are not looked at on Windows.",
                Reach.Unknown,
                $"icacls \"{folder}\"");
            yield break;
        }

        if (Problem(folder, "The data folder") is { } problem)
            yield return problem;
        var isOpen = Has(folder, Enterable);
        if (Has(folder, Writable))
            yield return new(SecurityGrade.Danger, $"Other accounts can change the data folder {folder}.", Reach.Accounts, close);
        else if (isOpen || Has(folder, Readable))
        {
            yield return new(
                SecurityGrade.Warning,
                $"Other accounts can see into the data folder {folder}.",
                Reach.Accounts,
                $"chmod go= {Quoted(folder)}");
        }
        else
            yield return new(SecurityGrade.Ok, $"The data folder {folder} is for your account alone.", Reach.You);

        foreach (var finding in Contents(folder, isOpen, close))
            yield return finding;
    }

    private static IEnumerable<SecurityFinding> Contents(string folder, bool isOpen, string close)
    {
        var (entries, unread) = Entries(folder);
        foreach (var (path, why) in unread)
        {
            var sentence = Terminal.Sentences($"{path} cannot be looked at: {why}");
            yield return new(SecurityGrade.Warning, sentence, Reach.Unknown, $"ls -ld {Quoted(path)}");
        }

        string[] open = [.. entries.Where(e => Has(Path.Combine(folder, e), Readable | Writable))];
        string[] secret = [.. open.Where(IsConfidential)];
        string[] other = [.. open.Except(secret, StringComparer.Ordinal)];
        if (secret.Length > 0)
        {
            yield return new(
                isOpen ? SecurityGrade.Danger : SecurityGrade.Note,
                isOpen
                    ? $"Other accounts can read what was said, or keys: {Some(secret)}."
                    : $"Only the closed folder keeps other accounts from {Some(secret)}.",
                isOpen ? Reach.Accounts : Reach.You,
                close);
        }

        if (other.Length > 0 && isOpen)
            yield return new(SecurityGrade.Warning, $"Other accounts can read or change {Some(other)}.", Reach.Accounts, close);
        string[] foreign = [.. entries.Where(e => IsForeign(Path.Combine(folder, e)))];
        if (foreign.Length > 0)
            yield return Foreign(Some(foreign), $"{folder}/{foreign[0]}");
        if (open.Length == 0 && entries.Count > 0 && unread.Count == 0)
            yield return new(SecurityGrade.Ok, "All files in it are for your account alone.", Reach.You);
    }

    /// <summary>What lies in the folder and in <c>lan</c>, by their names, and what could not be looked at.</summary>
    private static (List<string> Entries, List<(string Path, string Why)> Unread) Entries(string folder)
    {
        var (entries, unread) = (new List<string>(), new List<(string, string)>());
        foreach (var part in new[] { folder, Path.Combine(folder, "lan") })
        {
            try
            {
                if (!Directory.Exists(part))
                    continue;
                foreach (var entry in new DirectoryInfo(part).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
                    if (!Harmless.Contains(entry.Name, StringComparer.Ordinal))
                        entries.Add(Path.GetRelativePath(folder, entry.FullName));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unread.Add((part, e.Message));
            }
        }

        return (entries, unread);
    }

    private static bool IsConfidential(string entry) =>
        Array.Exists(Confidential, name => entry.StartsWith(name, StringComparison.Ordinal));

    /// <summary>What is wrong with the owner of a file, or with reading it; null: nothing.</summary>
    private static SecurityFinding? Problem(string path, string what)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
                _ = File.GetUnixFileMode(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(SecurityGrade.Warning, Terminal.Sentences($"{what} {path} cannot be looked at: {e.Message}"), Reach.Unknown);
        }

        return IsForeign(path) ? Foreign($"{what} {path}", path) : null;
    }

    /// <summary>The system's own account may have put it there; it can read all anyway.</summary>
    private static bool IsForeign(string path) =>
        FileOwner.Of(path) is { } owner && FileOwner.Own is { } own && owner != own && owner != 0;

    private static SecurityFinding Foreign(string what, string path) => new(
        FileOwner.Own == 0 ? SecurityGrade.Warning : SecurityGrade.Danger,
        $"{what} belongs to another account, which can read and change it.",
        Reach.Accounts,
        $"sudo chown -R \"$(id -u)\" {Quoted(path)}");

    /// <summary>Whether a file or a folder gives one of these rights. What is gone by now gives none.</summary>
    private static bool Has(string path, UnixFileMode rights)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & rights) != UnixFileMode.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The names of settings in a file that are secrets; what they are is not asked.</summary>
    private static IEnumerable<string> Secrets(SettingsFile file) => new ConfigurationBuilder().Add(file).Build().AsEnumerable()
        .Where(setting => !string.IsNullOrWhiteSpace(setting.Value) && !Paths.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
        .Where(setting => SecretNames.Contains(setting.Key.Split(':')[^1], StringComparer.OrdinalIgnoreCase) || IsSecret(setting.Value!))
        .Select(setting => setting.Key).Order(StringComparer.Ordinal);

    /// <summary>Whether a value begins as keys of OpenAI and tokens of a hub do.</summary>
    private static bool IsSecret(string value) =>
        value.StartsWith("sk-", StringComparison.Ordinal) || value.StartsWith("kt_", StringComparison.Ordinal);

    private static string Some(string[] names) => names.Length <= MostNamed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNamed))} and {names.Length - MostNamed} more";

    /// <summary>A path as a shell takes it.</summary>
    public static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_')
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
