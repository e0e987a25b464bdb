using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Log;

/// <summary>
/// The data folder when a hub begins to use it: taken away from other accounts, and cleared of what processes left that were killed.
/// </summary>
internal static partial class DataFolder
{
    /// <summary>What marks a file that was moved aside because it was damaged; its time follows.</summary>
    public const string AsideMark = ".corrupt-";

    /// <summary>What was moved aside of each file, and is kept: the newest.</summary>
    private const int MostAside = 5;

    /// <summary>How the names begin of all that the hub puts into the folder.</summary>
    private static readonly string[] Own =
    [
        "messages.db", "conversations.db", "hub.", "llm.json", "avatars.json", "characters", "models", DiskReserve.FileName, "tokens",
        "origins", "certificates", "replaced-", ".restoring-",
    ];

    /// <summary>The same of files that are replaced as a whole: a new one has this ending until it is complete.</summary>
    private static readonly string[] Unfinished = ["*.json.new", "*.seal.new"];

    /// <summary>Below the folder of models, the same.</summary>
    private static readonly string[] UnfinishedModels = ["avatar.json.*.tmp", "*.js.*.tmp"];

    /// <summary>Makes the folder ready for a hub. What cannot be changed is logged and stays.</summary>
    /// <param name="folder">The folder, which belongs to this process.</param>
    /// <param name="logger">The log of the program.</param>
    public static void Prepare(string folder, ILogger logger)
    {
        Try(() => Tighten(folder), folder, logger);
        Try(() => Sweep(folder), folder, logger);
        Try(() => ForgetAside(folder), folder, logger);
    }

    /// <summary>
    /// Files of the hub are for its account alone, and so is the folder, unless the user keeps other things in it as well.
    /// </summary>
    private static void Tighten(string folder)
    {
        var entries = new DirectoryInfo(folder).GetFileSystemInfos();
        if (Array.TrueForAll(entries, IsOwn))
            PrivateFiles.Tighten(folder);
        foreach (var file in entries.OfType<FileInfo>().Where(f => IsOwn(f) && f.LinkTarget is null))
            PrivateFiles.Tighten(file.FullName);

        static bool IsOwn(FileSystemInfo entry) => Array.Exists(Own, name => entry.Name.StartsWith(name, StringComparison.Ordinal));
    }

    private static void Sweep(string folder)
    {
        foreach (var file in Unfinished.SelectMany(pattern => Directory.GetFiles(folder, pattern)))
            File.Delete(file);
        var models = Path.Combine(folder, "models");
        if (!Directory.Exists(models))
            return;
        foreach (var model in Directory.GetDirectories(models))
            foreach (var file in UnfinishedModels.SelectMany(pattern => Directory.GetFiles(model, pattern)))
                File.Delete(file);
    }

    private static void ForgetAside(string folder)
    {
        var aside = new DirectoryInfo(folder).GetFiles($"*{AsideMark}*")
            .Select(file => (File: file, Parts: file.Name.Split(AsideMark)))
            .GroupBy(it => it.Parts[0], StringComparer.Ordinal);
        foreach (var ofOne in aside)
        {
            // A database takes its journal along, under the same time.
            var times = ofOne.GroupBy(it => string.Join('-', it.Parts[1].Split('-').Take(2)), StringComparer.Ordinal);
            foreach (var (file, _) in times.OrderByDescending(t => t.Key, StringComparer.Ordinal).Skip(MostAside).SelectMany(t => t))
                file.Delete();
        }
    }

    private static void Try(Action change, string folder, ILogger logger)
    {
        try
        {
            change();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnchanged(logger, folder, e.Message);
        }
    }

    [LoggerMessage(623, LogLevel.Warning, "The data folder {Folder} cannot be tidied up, or taken away from other accounts: {Reason}")]
    private static partial void LogUnchanged(ILogger logger, PlainText folder, PlainText reason);
}
