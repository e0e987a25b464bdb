using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Memory;

/// <summary>Opens the store of conversations of a data folder.</summary>
public static partial class ConversationStores
{
    /// <summary>The file's name in a data folder.</summary>
    public const string FileName = ConversationFile.Name;

    /// <summary>
    /// Opens <c>conversations.db</c> in a folder, or makes it. A damaged file is moved aside and a new one begins. When the disk fails,
    /// then or later, conversations go on in memory and <see cref="IConversationStore.Failure"/> says so.
    /// </summary>
    /// <param name="folder">The folder; made when it is not there. Null: conversations are in memory and end with the process.</param>
    /// <param name="time">Dates what is kept, and names a damaged file.</param>
    /// <param name="logger">Gets damage and failures of the disk, never what the user said.</param>
    /// <param name="limits">How much to keep; null: the defaults.</param>
    /// <exception cref="ConversationException">
    /// The file was written by a newer version (<see cref="ConversationException.StorageFormat"/>); it is left alone.
    /// </exception>
    public static IConversationStore Open(string? folder, TimeProvider time, ILogger logger, ConversationLimits? limits = null)
    {
        limits ??= new ConversationLimits();
        if (folder is null)
            return new MemoryConversationStore(limits, time);
        var file = Path.Combine(folder, ConversationFile.Name);
        try
        {
            return new FallbackConversationStore(OpenFile(file, limits, time, logger), limits, time, logger);
        }
        catch (ConversationException e) when (ConversationRules.IsStorage(e))
        {
            LogMemoryOnly(logger, e.Message);
            return new MemoryConversationStore(limits, time, e.Code);
        }
    }

    /// <summary>
    /// Opens a file that is there, while a companion may be using it. Unlike <see cref="Open"/> it moves nothing aside and hides no failure
    /// of the disk: it is for programs that look at what is kept.
    /// </summary>
    /// <param name="file">The file, <see cref="FileName"/> in a data folder.</param>
    /// <param name="mayWrite">Whether something is to be changed.</param>
    /// <exception cref="ConversationException">
    /// It cannot be opened, is damaged, or was written by a newer version (<see cref="ConversationException.StorageFormat"/>).
    /// </exception>
    public static IConversationStore OpenExisting(string file, bool mayWrite)
    {
        try
        {
            return mayWrite
                ? SqliteConversationStore.Open(file, new ConversationLimits(), TimeProvider.System)
                : SqliteConversationStore.OpenToRead(file);
        }
        catch (DamagedFileException e)
        {
            var problem = $"{file} is damaged ({e.Message})";
            throw new ConversationException(ErrorCode.StorageFailed, problem, "The hub moves it aside when it starts.", e);
        }
    }

    private static SqliteConversationStore OpenFile(string file, ConversationLimits limits, TimeProvider time, ILogger logger)
    {
        try
        {
            return SqliteConversationStore.Open(file, limits, time);
        }
        catch (DamagedFileException e)
        {
            var aside = $"{file}.corrupt-{time.GetUtcNow():yyyyMMdd-HHmmss}";
            try
            {
                foreach (var ending in new[] { "", "-wal", "-shm" })
                    if (File.Exists(file + ending))
                        File.Move(file + ending, aside + ending, overwrite: true);
            }
            catch (Exception move) when (move is IOException or UnauthorizedAccessException)
            {
                var problem = $"{file} {e.Message} and cannot be moved aside: {move.Message}";
                throw new ConversationException(ErrorCode.StorageFailed, problem, "Move it away.", move);
            }

            LogDamaged(logger, e.Message, aside);
            return SqliteConversationStore.Open(file, limits, time);
        }
    }

    [LoggerMessage(
        232,
        LogLevel.Error,
        "The file of the conversations is damaged ({Reason}). It was moved to {File} and a new one begins.")]
    private static partial void LogDamaged(ILogger logger, PlainText reason, PlainText file);

    [LoggerMessage(233, LogLevel.Error, "Conversations are kept in memory only until the next start ({Reason}).")]
    private static partial void LogMemoryOnly(ILogger logger, PlainText reason);
}
