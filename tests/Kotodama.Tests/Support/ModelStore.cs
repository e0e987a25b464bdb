using Kotodama.Server.Log;

namespace Kotodama.Tests.Support;

/// <summary>A store that is easy to understand and fast: what is in it survives the hub that uses it, as a disk does.</summary>
internal sealed class ModelStore(LogBounds bounds) : IMessageStore
{
    private readonly byte[] _key = Epochs.NewKey();
    private readonly Dictionary<string, Rows> _channels = new(StringComparer.Ordinal);

    public bool Durable => true;

    public LogFailure? Failure => null;

    public long Latest => _channels.Values.Select(c => c.Latest).DefaultIfEmpty(0).Max();

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) => [.. drafts.Select(draft => Append(draft, now))];

    public LogPosition Position(string channel) => Peek(channel) ?? new LogPosition(Epochs.Of(_key, channel), 0);

    public LogPosition? Peek(string channel) => _channels.GetValueOrDefault(channel)?.Position;

    public long? Place(string channel, LogPosition has) => _channels.TryGetValue(channel, out var rows) ? Epochs.Place([.. rows.Earlier, rows.Position], has) : Epochs.Place([Position(channel)], has);

    public IReadOnlyList<LogEntry> Read(string channel, long after, long mostBytes = long.MaxValue) =>
        UpTo(mostBytes, Entries(channel).Where(e => e.Seq > after));

    public IReadOnlyList<LogMark> Glance(string channel, long after) =>
        [.. Read(channel, after).Select(e => new LogMark(e.Seq, e.ExpiresAt, e.Displayed))];

    public IReadOnlyList<LogEntry> History(string channel, int most, long before = long.MaxValue, long mostBytes = long.MaxValue)
    {
        if (!_channels.TryGetValue(channel, out var rows))
            return [];
        var newest = rows.Messages.Where(m => m.IsReply && m.Entry.Seq < before).Select(m => m.Entry).Reverse().Take(most);
        return [.. UpTo(mostBytes, newest).Reverse()];
    }

    private static LogEntry[] UpTo(long mostBytes, IEnumerable<LogEntry> entries)
    {
        var bytes = 0L;
        return [.. entries.TakeWhile(entry => (bytes += entry.Body.Length) - entry.Body.Length < mostBytes || bytes == entry.Body.Length)];
    }

    public LogEntry? Find(string channel, string id) => Entries(channel).LastOrDefault(e => e.Id == id);

    public LogReceipt? Known(LogDraft draft, long now) =>
        _channels.TryGetValue(draft.Channel, out var rows) && rows.Ids.TryGetValue(draft.Id, out var id) && id.Until > now
            ? new LogReceipt(id.Hash.AsSpan().SequenceEqual(draft.Hash) ? LogOutcome.Duplicate : LogOutcome.Conflict, rows.Position.Epoch, id.Seq, [], Durable: true)
            : null;

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages)
    {
        foreach (var (channel, seq) in messages)
            if (_channels.TryGetValue(channel, out var rows) && rows.Messages.FindIndex(m => m.Entry.Seq == seq) is >= 0 and var at)
                rows.Messages[at] = (rows.Messages[at].Entry with { Displayed = true }, rows.Messages[at].IsReply);
    }

    public bool Trim(long now, Func<string, bool>? isInUse = null)
    {
        foreach (var rows in _channels.Values)
            foreach (var id in rows.Ids.Values.Where(id => id.Until <= now).ToArray())
                rows.Ids.Remove(id.Id);
        return false;
    }

    public void Purge(long now)
    {
        Trim(now);
        foreach (var rows in _channels.Values)
            rows.Messages.RemoveAll(m => m.Entry.ExpiresAt <= now);
    }

    public void Adopt(IReadOnlyList<LogStream> streams, IReadOnlyCollection<(string Channel, long Seq)> displayed)
    {
        foreach (var stream in streams)
        {
            var rows = Of(stream.Channel);
            rows.Earlier.Add(rows.Position);
            rows.Position = stream.Position;
            rows.Latest = Math.Max(rows.Latest, stream.Latest);
            rows.Messages.AddRange(stream.Entries);
            foreach (var id in stream.Ids)
                rows.Ids[id.Id] = id;
            MakeRoom(rows);
        }

        MarkDisplayed([.. displayed]);
    }

    public void Dispose()
    {
    }

    private LogReceipt Append(LogDraft draft, long now)
    {
        if (Known(draft, now) is { } known)
            return known;
        var rows = Of(draft.Channel);
        rows.Position = rows.Position with { Top = rows.Position.Top + 1 };
        rows.Latest = Math.Max(rows.Latest, now);
        var seq = rows.Position.Top;
        rows.Messages.Add((new LogEntry(seq, draft.Id, draft.Ts ?? now, draft.ExpiresAt, false, draft.Body), draft.IsReply));
        rows.Ids[draft.Id] = new LogId(draft.Id, draft.Hash, seq, Math.Max(now + bounds.IdWindow, draft.ExpiresAt));
        return new LogReceipt(LogOutcome.Stored, rows.Position.Epoch, seq, MakeRoom(rows), Durable: true);
    }

    private List<long> MakeRoom(Rows rows)
    {
        var dropped = new List<long>();
        while (rows.Messages.Count > bounds.Messages || (rows.Messages.Count > 1 && rows.Messages.Sum(m => m.Entry.Body.Length) > bounds.Bytes))
        {
            dropped.Add(rows.Messages[0].Entry.Seq);
            rows.Messages.RemoveAt(0);
        }

        return dropped;
    }

    private IEnumerable<LogEntry> Entries(string channel) => _channels.TryGetValue(channel, out var rows) ? rows.Messages.Select(m => m.Entry) : [];

    private Rows Of(string channel)
    {
        if (!_channels.TryGetValue(channel, out var rows))
            _channels.Add(channel, rows = new Rows { Position = Position(channel) });
        return rows;
    }

    private sealed class Rows
    {
        public required LogPosition Position { get; set; }

        public long Latest { get; set; }

        public List<LogPosition> Earlier { get; } = [];

        public List<(LogEntry Entry, bool IsReply)> Messages { get; } = [];

        public Dictionary<string, LogId> Ids { get; } = new(StringComparer.Ordinal);
    }
}
