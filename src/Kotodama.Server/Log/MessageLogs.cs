using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Log;

/// <summary>Opens the log of a data folder.</summary>
internal static partial class MessageLogs
{
    private const string FileName = "messages.db";
    private const string LockName = "hub.lock";

    /// <summary>
    /// Opens the log in a folder, which belongs to this process until the log is disposed. A damaged file is moved aside, and a new one
    /// begins with new epochs.
    /// </summary>
    /// <param name="folder">The folder; made when it is not there. Null: a log in memory.</param>
    /// <param name="bounds">How much to keep.</param>
    /// <param name="time">Names the damaged file.</param>
    /// <param name="logger">Hears of damage.</param>
    /// <exception cref="LogFailedException">The folder is in use by another process, or cannot be written.</exception>
    public static IMessageLog Open(string? folder, LogBounds bounds, TimeProvider time, ILogger logger)
    {
        if (folder is null)
            return new MemoryMessageLog(bounds);
        var claim = Claim(folder);
        try
        {
            var file = Path.Combine(folder, FileName);
            try
            {
                return new ClaimedLog(SqliteMessageLog.Open(file, bounds), claim);
            }
            catch (LogFailedException e) when (e.IsDamage)
            {
                var aside = $"{file}.corrupt-{time.GetUtcNow():yyyyMMdd-HHmmss}";
                SqliteConnection.ClearAllPools();
                foreach (var ending in new[] { "", "-wal", "-shm" })
                    if (File.Exists(file + ending))
                        File.Move(file + ending, aside + ending, overwrite: true);
                LogDamaged(logger, e.Message, aside);
                return new ClaimedLog(SqliteMessageLog.Open(file, bounds), claim);
            }
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    private static FileStream Claim(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LogFailedException($"the data folder {folder} cannot be written: {e.Message}", isFull: false, innerException: e);
        }
        catch (IOException e)
        {
            throw new LogFailedException(
                Directory.Exists(folder) ? $"the data folder {folder} is in use by another hub, or cannot be written" : $"the data folder {folder} cannot be made: {e.Message}",
                isFull: false, innerException: e);
        }
    }

    [LoggerMessage(50, LogLevel.Error, "The message log is damaged ({Reason}). It was moved to {File} and a new one begins; pages are told that messages are missing.")]
    private static partial void LogDamaged(ILogger logger, string reason, string file);

    /// <summary>A log together with the lock of its folder.</summary>
    private sealed class ClaimedLog(IMessageLog log, FileStream claim) : IMessageLog
    {
        public bool Durable => log.Durable;

        public long Latest => log.Latest;

        public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) => log.Append(drafts, now);

        public LogPosition Position(string channel) => log.Position(channel);

        public LogPosition? Peek(string channel) => log.Peek(channel);

        public IReadOnlyList<LogEntry> Read(string channel, long after) => log.Read(channel, after);

        public IReadOnlyList<LogEntry> History(string channel, int most) => log.History(channel, most);

        public LogEntry? Find(string channel, string id) => log.Find(channel, id);

        public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages) => log.MarkDisplayed(messages);

        public void Trim(long now) => log.Trim(now);

        public void Dispose()
        {
            log.Dispose();
            claim.Dispose();
        }
    }
}
