namespace Kotodama.Server.Log;

/// <summary>
/// A log that lies where things go wrong, on a disk: each of its methods may throw <see cref="LogFailedException"/>, and then nothing of
/// the call has happened. Where a channel stands it always knows.
/// </summary>
internal interface IMessageStore : IMessageLog
{
    /// <summary>The receipt of an earlier message with the id of this one, or null.</summary>
    LogReceipt? Known(LogDraft draft, long now);

    /// <summary>Makes room within what the store has: forgets ids whose time is over, and messages that have expired.</summary>
    void Purge(long now);

    /// <summary>
    /// Proves that there is room again and, in one go, takes over what was kept elsewhere meanwhile: the messages of each stream follow the
    /// channel's own, and the stream's epoch becomes the channel's.
    /// </summary>
    /// <param name="streams">What was kept.</param>
    /// <param name="displayed">Messages that a page has shown meanwhile.</param>
    void Adopt(IReadOnlyList<LogStream> streams, IReadOnlyCollection<(string Channel, long Seq)> displayed);
}

/// <summary>What one channel's log in memory holds.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Latest">When its newest message was stored, Unix time in ms.</param>
/// <param name="Entries">The messages, and whether they are replies.</param>
/// <param name="Ids">The ids it remembers.</param>
internal sealed record LogStream(
    string Channel,
    LogPosition Position,
    long Latest,
    IReadOnlyList<(LogEntry Entry, bool IsReply)> Entries,
    IReadOnlyList<LogId> Ids);

/// <summary>An id and the message it belongs to.</summary>
/// <param name="Id">The id.</param>
/// <param name="Hash">Tells whether a message with the same id is the same message.</param>
/// <param name="Seq">The message's number.</param>
/// <param name="Until">Unix time in ms until which it is remembered.</param>
internal sealed record LogId(string Id, byte[] Hash, long Seq, long Until);
