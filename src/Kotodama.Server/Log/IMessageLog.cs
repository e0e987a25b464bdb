namespace Kotodama.Server.Log;

/// <summary>
/// The stored messages: it numbers them, remembers their ids, and reads them back. One caller at a time. What a method has returned
/// from is stored as firmly as the receipt says. Every implementation passes the same suite of tests.
/// </summary>
/// <remarks>
/// The hub's log never throws: it continues in memory instead (<see cref="FallbackMessageLog"/>). An <see cref="IMessageStore"/> may throw.
/// </remarks>
internal interface IMessageLog : IDisposable
{
    /// <summary>Whether what is stored now survives a crash of the process. May be read from any thread.</summary>
    bool Durable { get; }

    /// <summary>Why the log continues in memory although it has a disk; null when all is well. May be read from any thread.</summary>
    LogFailure? Failure { get; }

    /// <summary>The latest time in the log, Unix time in ms; 0 when it is empty. A clock that jumped back must not run behind it.</summary>
    long Latest { get; }

    /// <summary>Stores messages in one go: all of them or none.</summary>
    /// <param name="drafts">The messages; those of one channel are numbered in this order.</param>
    /// <param name="now">Unix time in ms.</param>
    /// <returns>What became of each, in the same order.</returns>
    IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now);

    /// <summary>
    /// Where a channel stands. One without a message is at 0, in the epoch that its first message will have; to ask costs no memory and no
    /// disk.
    /// </summary>
    LogPosition Position(string channel);

    /// <summary>Where a channel stands, or null when it has no message.</summary>
    LogPosition? Peek(string channel);

    /// <summary>
    /// The number of the channel for a viewer's position, perhaps in an epoch that the present one continues; null when the position means
    /// nothing here.
    /// </summary>
    long? Place(string channel, LogPosition has);

    /// <summary>Reads messages above a number, oldest first. One that is not what was written is left out.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="after">The number before the first one wanted.</param>
    /// <param name="mostBytes">It stops with the message with which the bodies have so many bytes, so the first one is always read.</param>
    IReadOnlyList<LogEntry> Read(string channel, long after, long mostBytes = long.MaxValue);

    /// <summary>What there is above a number, oldest first, without reading the bodies.</summary>
    IReadOnlyList<LogMark> Glance(string channel, long after);

    /// <summary>Reads the newest replies whether they are expired or not, oldest first: the history for users.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="before">The number above the newest one wanted.</param>
    /// <param name="mostBytes">It stops with the reply with which the bodies have so many bytes, so the newest one is always read.</param>
    IReadOnlyList<LogEntry> History(string channel, int most, long before = long.MaxValue, long mostBytes = long.MaxValue);

    /// <summary>Notes that a page has shown messages, so that they are not offered to the next page.</summary>
    void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages);

    /// <summary>Forgets ids whose time is over, and channels that no client uses, some of them at a time.</summary>
    /// <param name="now">Unix time in ms.</param>
    /// <param name="isInUse">Whether a channel is in use and must be remembered; null: all must.</param>
    /// <returns>Whether there is more to forget.</returns>
    bool Trim(long now, Func<string, bool>? isInUse = null);

    /// <summary>The stored message with an id, or null.</summary>
    LogEntry? Find(string channel, string id);
}

/// <summary>Where a channel stands.</summary>
/// <param name="Epoch">The life of its numbering.</param>
/// <param name="Top">The newest number, 0 before the first.</param>
internal sealed record LogPosition(string Epoch, long Top);

/// <summary>A message on its way into the log.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Id">Its id, unique per channel for a while.</param>
/// <param name="Body">The JSON without what the hub adds.</param>
/// <param name="Hash">Tells whether a message with the same id is the same message.</param>
/// <param name="ExpiresAt">Unix time in ms after which it is not new any more.</param>
/// <param name="IsReply">Whether it belongs to the history for users.</param>
/// <param name="DurableOnly">Whether the publisher wants it refused rather than kept in memory while the disk fails.</param>
internal sealed record LogDraft(
    string Channel,
    string Id,
    byte[] Body,
    byte[] Hash,
    long ExpiresAt,
    bool IsReply,
    bool DurableOnly = false)
{
    /// <summary>The wall clock's time of the message, Unix time in ms; null: as the log's.</summary>
    public long? Ts { get; init; }
}

/// <summary>What became of a draft.</summary>
/// <param name="Outcome">Stored or why not.</param>
/// <param name="Epoch">The epoch of <paramref name="Seq"/>.</param>
/// <param name="Seq">The number; of a duplicate the first one's.</param>
/// <param name="Dropped">The numbers that had to go because the channel is at its bound.</param>
/// <param name="Durable">Whether it survives a crash of the process.</param>
internal sealed record LogReceipt(LogOutcome Outcome, string Epoch, long Seq, IReadOnlyList<long> Dropped, bool Durable)
{
    /// <summary>Messages of other channels that had to go because the log is at its bound.</summary>
    public IReadOnlyList<(string Channel, long Seq)> Elsewhere { get; init; } = [];
}

internal enum LogOutcome
{
    Stored,

    /// <summary>The same message with the same id was stored before.</summary>
    Duplicate,

    /// <summary>Another message with this id was stored before.</summary>
    Conflict,

    /// <summary>It cannot be stored as firmly as the publisher asks; <see cref="IMessageLog.Failure"/> says why.</summary>
    Refused,
}

/// <summary>Why a log continues in memory.</summary>
/// <param name="Reason">For users.</param>
/// <param name="IsFull">Whether there is no room on the disk.</param>
/// <param name="IsDamage">Whether the file is not what it should be. It stays so until a start moves it aside.</param>
internal sealed record LogFailure(string Reason, bool IsFull, bool IsDamage);

/// <summary>A stored message.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Id">Its id.</param>
/// <param name="At">When it was published, by the wall clock, Unix time in ms.</param>
/// <param name="ExpiresAt">Unix time in ms after which it is not new any more, by the clock of the log.</param>
/// <param name="Displayed">Whether a page has shown it.</param>
/// <param name="Body">The JSON without what the hub adds.</param>
internal sealed record LogEntry(long Seq, string Id, long At, long ExpiresAt, bool Displayed, byte[] Body);

/// <summary>A stored message without its body.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="ExpiresAt">Unix time in ms after which it is not new any more.</param>
/// <param name="Displayed">Whether a page has shown it.</param>
internal readonly record struct LogMark(long Seq, long ExpiresAt, bool Displayed);

/// <summary>How much the log keeps.</summary>
/// <param name="Messages">The number of messages of a channel.</param>
/// <param name="Bytes">The bytes of their bodies.</param>
/// <param name="IdWindow">How long an id is remembered at least, in ms.</param>
internal sealed record LogBounds(int Messages, long Bytes, long IdWindow)
{
    /// <summary>What a message takes beside its body, about: its id, its place in the indexes, its share of its channel.</summary>
    public const int MessageOverhead = 512;

    /// <summary>Channels that have, or had, a message.</summary>
    public const int MostChannels = 100_000;

    /// <summary>For so many bytes of <see cref="TotalBytes"/> one id is remembered.</summary>
    private const int BytesForId = 1024;

    /// <summary>The bytes of the messages of all channels, each with <see cref="MessageOverhead"/>.</summary>
    public long TotalBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>The same of messages that are kept in memory.</summary>
    public long MemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Channels that have, or had, a message; of more those that were used longest ago are forgotten.</summary>
    public int Channels { get; init; } = MostChannels;

    /// <summary>How long a channel whose messages are gone is remembered, in ms.</summary>
    public long ForgetAfter { get; init; } = 30L * 24 * 60 * 60 * 1000;

    /// <summary>Ids that are remembered; of more those whose time ends first are forgotten early.</summary>
    public long Ids => Math.Max(1, TotalBytes / BytesForId);

    /// <summary>The same as <see cref="Ids"/>, in memory.</summary>
    public long MemoryIds => Math.Max(1, MemoryBytes / BytesForId);
}
