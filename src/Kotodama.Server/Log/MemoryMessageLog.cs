namespace Kotodama.Server.Log;

/// <summary>A log in memory: for hubs without a data folder, and for as long as a disk fails. It ends with the process.</summary>
internal sealed class MemoryMessageLog(LogBounds bounds) : IMessageLog
{
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);

    public bool Durable => false;

    public LogFailure? Failure => null;

    public long Latest => _streams.Values.Select(s => s.Latest).DefaultIfEmpty(0).Max();

    /// <summary>All that is here.</summary>
    public IReadOnlyList<LogStream> Streams => [.. _streams.Select(s => s.Value.Export(s.Key))];

    /// <summary>Begins a channel in a new epoch, whose numbers go on from another log's.</summary>
    public void Begin(string channel, LogPosition? before) => _streams.Add(channel, new Stream(before));

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) =>
        [.. drafts.Select(draft => FindOrAdd(draft.Channel).Append(draft, now, bounds))];

    /// <summary>The receipt of an earlier message with the id of this one, or null.</summary>
    public LogReceipt? Known(LogDraft draft, long now) => Find(draft.Channel)?.Known(draft, now);

    public LogPosition Position(string channel) => FindOrAdd(channel).Position;

    public LogPosition? Peek(string channel) => Find(channel)?.Position;

    public long? Place(string channel, LogPosition has) => Find(channel) is { } stream ? Epochs.Place(
        stream.Before is { } before ? [before, stream.Position] : [stream.Position],
        has) : null;

    public IReadOnlyList<LogEntry> Read(string channel, long after, long mostBytes = long.MaxValue) =>
        Find(channel) is { } stream ? UpTo(mostBytes, stream.Entries.Where(e => e.Seq > after)) : [];

    public IReadOnlyList<LogMark> Glance(string channel, long after) => Find(channel) is { } stream
        ? [.. stream.Entries.Where(e => e.Seq > after).Select(e => new LogMark(e.Seq, e.ExpiresAt, e.Displayed))]
        : [];

    public IReadOnlyList<LogEntry> History(string channel, int most, long before = long.MaxValue, long mostBytes = long.MaxValue)
    {
        if (Find(channel) is not { } stream)
            return [];
        var newest = UpTo(mostBytes, stream.Replies.Reverse().Where(e => e.Seq < before).Take(most));
        newest.Reverse();
        return newest;
    }

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages)
    {
        foreach (var (channel, seq) in messages)
            MarkDisplayed(channel, seq);
    }

    /// <summary>Whether the message is here.</summary>
    public bool MarkDisplayed(string channel, long seq) => Find(channel)?.MarkDisplayed(seq) == true;

    public void Trim(long now)
    {
        foreach (var stream in _streams.Values)
            stream.Trim(now);
    }

    public LogEntry? Find(string channel, string id) => Find(channel)?.Entries.LastOrDefault(e => e.Id == id);

    public void Dispose()
    {
    }

    private static List<LogEntry> UpTo(long mostBytes, IEnumerable<LogEntry> entries)
    {
        var read = new List<LogEntry>();
        var bytes = 0L;
        foreach (var entry in entries)
        {
            read.Add(entry);
            if ((bytes += entry.Body.Length) >= mostBytes)
                break;
        }

        return read;
    }

    private Stream? Find(string channel) => _streams.GetValueOrDefault(channel);

    private Stream FindOrAdd(string channel)
    {
        if (!_streams.TryGetValue(channel, out var stream))
            _streams.Add(channel, stream = new Stream(null));
        return stream;
    }

    private sealed class Stream(LogPosition? before)
    {
        private readonly string _epoch = Epochs.New(before);
        private readonly List<(LogEntry Entry, bool IsReply)> _entries = [];
        private readonly Dictionary<string, LogId> _ids = new(StringComparer.Ordinal);
        private long _top = before?.Top ?? 0;
        private long _bytes;

        public LogPosition? Before { get; } = before;

        public long Latest { get; private set; }

        public LogPosition Position => new(_epoch, _top);

        public IEnumerable<LogEntry> Entries => _entries.Select(e => e.Entry);

        public IEnumerable<LogEntry> Replies => _entries.Where(e => e.IsReply).Select(e => e.Entry);

        public LogReceipt? Known(LogDraft draft, long now) =>
            _ids.TryGetValue(draft.Id, out var known) && known.Until > now
                ? new LogReceipt(
                    known.Hash.AsSpan().SequenceEqual(draft.Hash) ? LogOutcome.Duplicate : LogOutcome.Conflict,
                    _epoch,
                    known.Seq,
                    [],
                    Durable: false)
                : null;

        public LogReceipt Append(LogDraft draft, long now, LogBounds bounds)
        {
            Latest = Math.Max(Latest, now);
            if (Known(draft, now) is { } known)
                return known;
            _ids[draft.Id] = new LogId(draft.Id, draft.Hash, ++_top, Math.Max(now + bounds.IdWindow, draft.ExpiresAt));
            _entries.Add((new LogEntry(_top, draft.Id, now, draft.ExpiresAt, false, draft.Body), draft.IsReply));
            _bytes += draft.Body.Length;
            var dropped = new List<long>();
            while (_entries.Count > bounds.Messages || (_bytes > bounds.Bytes && _entries.Count > 1))
            {
                dropped.Add(_entries[0].Entry.Seq);
                _bytes -= _entries[0].Entry.Body.Length;
                _entries.RemoveAt(0);
            }

            return new LogReceipt(LogOutcome.Stored, _epoch, _top, dropped, Durable: false);
        }

        public bool MarkDisplayed(long seq)
        {
            var at = _entries.FindIndex(e => e.Entry.Seq == seq);
            if (at >= 0)
                _entries[at] = (_entries[at].Entry with { Displayed = true }, _entries[at].IsReply);
            return at >= 0;
        }

        public void Trim(long now)
        {
            foreach (var (id, known) in _ids.ToArray())
                if (known.Until <= now)
                    _ids.Remove(id);
        }

        public LogStream Export(string channel) => new(channel, Position, Latest, [.. _entries], [.. _ids.Values]);
    }
}
