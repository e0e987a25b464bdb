using Kotodama.Server.Log;

namespace Kotodama.Tests.Support;

/// <summary>A store that fails when a test says so.</summary>
internal sealed class FailingStore(IMessageStore store) : IMessageStore
{
    public static LogFailedException Full => new("the disk is full", isFull: true);

    public static LogFailedException Broken => new("disk I/O error", isFull: false);

    public static LogFailedException Damaged => new("malformed", isFull: false, isDamage: true);

    /// <summary>What writing throws; null: it works.</summary>
    public LogFailedException? Writes { get; set; }

    /// <summary>What reading throws; null: it works.</summary>
    public LogFailedException? Reads { get; set; }

    /// <summary>Whether making room makes it work again.</summary>
    public bool PurgingHelps { get; set; }

    /// <summary>How many numbers it was told to be displayed.</summary>
    public int Marks { get; private set; }

    public bool Durable => store.Durable;

    public LogFailure? Failure => store.Failure;

    public long Latest => Read(() => store.Latest);

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) => Write(() => store.Append(drafts, now));

    public LogPosition Position(string channel) => store.Position(channel);

    public LogPosition? Peek(string channel) => store.Peek(channel);

    public long? Place(string channel, LogPosition has) => store.Place(channel, has);

    public IReadOnlyList<LogEntry> Read(string channel, long after, long mostBytes = long.MaxValue) => Read(() => store.Read(channel, after, mostBytes));

    public IReadOnlyList<LogMark> Glance(string channel, long after) => Read(() => store.Glance(channel, after));

    public IReadOnlyList<LogEntry> History(string channel, int most, long before = long.MaxValue, long mostBytes = long.MaxValue) =>
        Read(() => store.History(channel, most, before, mostBytes));

    public LogEntry? Find(string channel, string id) => Read(() => store.Find(channel, id));

    public LogReceipt? Known(LogDraft draft, long now) => Read(() => store.Known(draft, now));

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages)
    {
        Marks += messages.Count;
        Write(() => store.MarkDisplayed(messages));
    }

    public bool Trim(long now, Func<string, bool>? isInUse = null) => Write(() => store.Trim(now, isInUse));

    public void Purge(long now)
    {
        if (PurgingHelps)
            Writes = null;
        Write(() => store.Purge(now));
    }

    public void Adopt(IReadOnlyList<LogStream> streams, IReadOnlyCollection<(string Channel, long Seq)> displayed) => Write(() => store.Adopt(streams, displayed));

    public void Dispose() => store.Dispose();

    private T Read<T>(Func<T> read) => Reads is { } failure ? throw failure : read();

    private T Write<T>(Func<T> write) => Writes is { } failure ? throw failure : write();

    private void Write(Action write) => Write(() =>
    {
        write();
        return 0;
    });
}
