using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Log;

/// <summary>
/// A log that does not fail: when its store does, it continues in memory and says so, until the store works again and takes over what was
/// kept meanwhile.
/// <list type="bullet">
/// <item>In memory a channel's numbers go on, under a new epoch, because after a crash the same numbers are given again. The store takes
/// over that epoch too, so that healing changes nothing for any viewer, and remembers where each epoch began, so that a viewer that comes
/// back with an earlier one and a number from before its end has lost nothing.</item>
/// <item>A crash before the store has taken over loses what was receipted as not durable, and nothing else.</item>
/// <item>When the store cannot even be read, there is what memory has.</item>
/// </list>
/// </summary>
/// <param name="store">Where messages belong. Disposed with the log.</param>
/// <param name="reserve">Room for a full disk.</param>
/// <param name="bounds">How much to keep in memory.</param>
/// <param name="logger">The log of the program.</param>
/// <param name="claim">Disposed after the store.</param>
internal sealed partial class FallbackMessageLog(
    IMessageStore store,
    DiskReserve reserve,
    LogBounds bounds,
    ILogger logger,
    IDisposable? claim = null) : IMessageLog
{
    private const int MostMarks = 10_000;

    private readonly HashSet<(string Channel, long Seq)> _displayed = [];

    /// <summary>What came since the store failed; null while it works.</summary>
    private MemoryMessageLog? _memory;
    private LogFailure? _failure;
    private long _now;

    public bool Durable => Failure is null && store.Durable;

    public LogFailure? Failure => Volatile.Read(ref _failure);

    public long Latest => Math.Max(Ask(() => store.Latest, 0), _memory?.Latest ?? 0);

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now)
    {
        _now = now;
        IReadOnlyList<LogReceipt> receipts = [];
        if (_memory is null)
            Write(() => receipts = store.Append(drafts, now));
        return _memory is { } memory ? [.. drafts.Select(draft => Keep(memory, draft, now))] : receipts;
    }

    public LogPosition Position(string channel) => _memory?.Peek(channel) ?? store.Position(channel);

    public LogPosition? Peek(string channel) => _memory?.Peek(channel) ?? store.Peek(channel);

    public long? Place(string channel, LogPosition has) =>
        (_memory?.Peek(channel) is null ? null : _memory.Place(channel, has)) ?? store.Place(channel, has);

    public IReadOnlyList<LogEntry> Read(string channel, long after, long mostBytes = long.MaxValue)
    {
        var stored = Ask(() => store.Read(channel, after, mostBytes), []);
        if (_memory is not { } memory)
            return stored;
        var left = mostBytes - BytesOf(stored);
        IReadOnlyList<LogEntry> newer = left > 0 || stored.Count == 0 ? memory.Read(channel, after, left) : [];
        return [.. stored.Select(entry => Marked(channel, entry)), .. newer];
    }

    public IReadOnlyList<LogMark> Glance(string channel, long after)
    {
        var stored = Ask(() => store.Glance(channel, after), []);
        if (_memory is not { } memory)
            return stored;
        var marked = stored.Select(m => m with { Displayed = m.Displayed || _displayed.Contains((channel, m.Seq)) });
        return [.. marked, .. memory.Glance(channel, after)];
    }

    public IReadOnlyList<LogEntry> History(string channel, int most, long before = long.MaxValue, long mostBytes = long.MaxValue)
    {
        var newer = _memory?.History(channel, most, before, mostBytes) ?? [];
        var (count, left) = (most - newer.Count, mostBytes - BytesOf(newer));
        return count > 0 && (left > 0 || newer.Count == 0)
            ? [.. Ask(() => store.History(channel, count, before, left), []), .. newer]
            : newer;
    }

    public LogEntry? Find(string channel, string id) =>
        _memory?.Find(channel, id) ?? (Ask(() => store.Find(channel, id), null) is { } entry ? Marked(channel, entry) : null);

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages)
    {
        if (_memory is null && Write(() => store.MarkDisplayed(messages)))
            return;

        // A mark that is lost costs a repeat to a page that comes anew, so they need not wait without end.
        foreach (var (channel, seq) in messages)
            if (!_memory!.MarkDisplayed(channel, seq) && _displayed.Count < MostMarks)
                _displayed.Add((channel, seq));
    }

    /// <summary>Tidies up, and finds out whether a store that failed works again.</summary>
    public bool Trim(long now, Func<string, bool>? isInUse = null)
    {
        _now = now;
        var hasMore = false;
        if (_memory is null)
        {
            Write(() => hasMore = store.Trim(now, isInUse));
        }
        else
        {
            _memory.Trim(now);
            Heal();
        }

        if (_memory is null)
            reserve.Make();
        return hasMore && _memory is null;
    }

    public void Dispose()
    {
        // The last chance; what was stored as not durable may be lost.
        if (_memory is not null)
            Heal();
        store.Dispose();
        claim?.Dispose();
    }

    private static long BytesOf(IReadOnlyList<LogEntry> entries) => entries.Sum(e => (long)e.Body.Length);

    private LogReceipt Keep(MemoryMessageLog memory, LogDraft draft, long now)
    {
        var known = memory.Known(draft, now) ?? Ask(() => store.Known(draft, now), null);
        if (known is not null && (known.Durable || known.Outcome == LogOutcome.Conflict || !draft.DurableOnly))
            return known with { Epoch = Position(draft.Channel).Epoch };
        if (draft.DurableOnly)
            return new LogReceipt(LogOutcome.Refused, "", 0, [], Durable: false);
        if (memory.Peek(draft.Channel) is null)
            memory.Begin(draft.Channel, store.Position(draft.Channel));
        return memory.Append([draft], now)[0];
    }

    private LogEntry Marked(string channel, LogEntry entry) =>
        _displayed.Contains((channel, entry.Seq)) ? entry with { Displayed = true } : entry;

    private void Heal()
    {
        if (_failure!.IsDamage || !Write(() => store.Adopt(_memory!.Streams, _displayed)))
            return;
        _memory = null;
        _displayed.Clear();
        Volatile.Write(ref _failure, null);
        LogHealed(logger);
    }

    /// <summary>Writes, on a full disk a second time with the room that can be made.</summary>
    private bool Write(Action write)
    {
        try
        {
            try
            {
                write();
            }
            catch (LogFailedException e) when (e.IsFull)
            {
                // Deleting takes room, too.
                reserve.Release();
                store.Purge(_now);
                write();
            }

            return true;
        }
        catch (LogFailedException e)
        {
            Fail(e);
            return false;
        }
    }

    private T Ask<T>(Func<T> question, T otherwise)
    {
        try
        {
            return question();
        }
        catch (LogFailedException e)
        {
            Fail(e);
            return otherwise;
        }
    }

    private void Fail(LogFailedException e)
    {
        if (_memory is null)
        {
            _memory = new MemoryMessageLog(bounds);
            LogDegraded(logger, e.Message);
        }

        if (_failure is not { IsDamage: true })
            Volatile.Write(ref _failure, new LogFailure(e.Message, e.IsFull, e.IsDamage));
    }

    [LoggerMessage(
        40,
        LogLevel.Error,
        "The message log cannot be written, so that the hub is degraded and keeps messages in memory only ({Reason}). "
        + "Messages published from now on are lost if the hub ends before the disk works again.")]
    private static partial void LogDegraded(ILogger logger, PlainText reason);

    [LoggerMessage(
        41,
        LogLevel.Warning,
        "The message log can be written again, and the messages published meanwhile were stored. The hub is not degraded any more.")]
    private static partial void LogHealed(ILogger logger);
}
