using Kotodama.Protocol;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Log;

/// <summary>Opens the log of a data folder.</summary>
internal static partial class MessageLogs
{
    private const string FileName = "messages.db";

    /// <summary>
    /// Opens the log in a folder, which belongs to this process until the log is disposed. A damaged file is moved aside, and a new one
    /// begins with new epochs. Later failures of the disk are the log's own affair.
    /// </summary>
    /// <param name="folder">The folder; made when it is not there. Null: a log in memory.</param>
    /// <param name="bounds">How much to keep.</param>
    /// <param name="time">Names the damaged file.</param>
    /// <param name="logger">The log of the program.</param>
    /// <param name="wrap">Puts something between the log and its store; for tests of a failing disk.</param>
    /// <exception cref="LogFailedException">The folder is in use by another process, or cannot be written.</exception>
    public static IMessageLog Open(
        string? folder,
        LogBounds bounds,
        TimeProvider time,
        ILogger logger,
        Func<IMessageStore,
        IMessageStore>? wrap = null)
    {
        if (folder is null)
            return new MemoryMessageLog(bounds);
        var claim = FolderClaim.Acquire(folder);
        try
        {
            if (!claim.HasLock)
                LogUnlocked(logger, folder);
            DataFolder.Prepare(folder, logger);
            var reserve = new DiskReserve(Path.Combine(folder, DiskReserve.FileName), DiskReserve.Size);
            var file = Path.Combine(folder, FileName);
            IMessageStore store = Open(file, bounds, reserve, time, logger);
            reserve.Make();
            return new FallbackMessageLog(wrap is null ? store : wrap(store), reserve, bounds, logger, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private static SqliteMessageLog Open(string file, LogBounds bounds, DiskReserve reserve, TimeProvider time, ILogger logger)
    {
        try
        {
            try
            {
                return SqliteMessageLog.Open(file, bounds, logger);
            }
            catch (LogFailedException e) when (!e.IsDamage && reserve.Release())
            {
                // Opening takes room, too.
                return SqliteMessageLog.Open(file, bounds, logger);
            }
        }
        catch (LogFailedException e) when (e.IsDamage)
        {
            var aside = $"{file}{DataFolder.AsideMark}{time.GetUtcNow():yyyyMMdd-HHmmss}";
            SqliteConnection.ClearAllPools();
            foreach (var ending in new[] { "", "-wal", "-shm" })
                if (File.Exists(file + ending))
                    File.Move(file + ending, aside + ending, overwrite: true);
            LogDamaged(logger, e.Message, aside);
            return SqliteMessageLog.Open(file, bounds, logger);
        }
    }

    [LoggerMessage(
        50,
        LogLevel.Error,
        "The message log is damaged ({Reason}). "
        + "The hub moved it to {File} and begins a new one; pages are told that messages are missing.")]
    private static partial void LogDamaged(ILogger logger, PlainText reason, PlainText file);

    [LoggerMessage(
        624,
        LogLevel.Warning,
        "The file system of the data folder {Folder} has no locks. A second hub of this machine is refused, one of another machine is not "
        + "noticed, and would damage what is kept: use a local disk.")]
    private static partial void LogUnlocked(ILogger logger, PlainText folder);
}
