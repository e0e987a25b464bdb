namespace Kotodama.Server.Log;

/// <summary>A log in memory, for hubs without a data folder. It ends with the process.</summary>
internal sealed class MemoryMessageLog(LogBounds bounds) : IMessageLog
{
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);

    public bool Durable => false;

    public long Latest { get; private set; }

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now)
    {
        Latest = Math.Max(Latest, now);
        return [.. drafts.Select(draft => Find(draft.Channel).Append(draft, now, bounds))];
    }

    public LogPosition Position(string channel) => Find(channel).Position;

    public LogPosition? Peek(string channel) => _streams.GetValueOrDefault(channel)?.Position;

    public IReadOnlyList<LogEntry> Read(string channel, long after) => [.. Find(channel).Entries.Where(e => e.Seq > after)];

    public IReadOnlyList<LogEntry> History(string channel, int most) => Find(channel).History(most);

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages)
    {
        foreach (var (channel, seq) in messages)
            Find(channel).MarkDisplayed(seq);
    }

    public void Trim(long now)
    {
        foreach (var stream in _streams.Values)
            stream.Trim(now);
    }

    public LogEntry? Find(string channel, string id) => Find(channel).Entries.LastOrDefault(e => e.Id == id);

    public void Dispose()
    {
    }

    private Stream Find(string channel)
    {
        if (!_streams.TryGetValue(channel, out var stream))
            _streams.Add(channel, stream = new Stream());
        return stream;
    }

    private sealed class Stream
    {
        private readonly string _epoch = Epochs.New();
        private readonly List<(LogEntry Entry, bool IsReply)> _entries = [];
        private readonly Dictionary<string, (byte[] Hash, long Seq, long Until)> _ids = new(StringComparer.Ordinal);
        private long _top;
        private long _bytes;

        public LogPosition Position => new(_epoch, _top);

        public IEnumerable<LogEntry> Entries => _entries.Select(e => e.Entry);

        public LogReceipt Append(LogDraft draft, long now, LogBounds bounds)
        {
            if (_ids.TryGetValue(draft.Id, out var known) && known.Until > now)
                return new LogReceipt(known.Hash.AsSpan().SequenceEqual(draft.Hash) ? LogOutcome.Duplicate : LogOutcome.Conflict, _epoch, known.Seq, []);
            _ids[draft.Id] = (draft.Hash, ++_top, Math.Max(now + bounds.IdWindow, draft.ExpiresAt));
            _entries.Add((new LogEntry(_top, draft.Id, now, draft.ExpiresAt, false, draft.Body), draft.IsReply));
            _bytes += draft.Body.Length;
            var dropped = new List<long>();
            while (_entries.Count > bounds.Messages || (_bytes > bounds.Bytes && _entries.Count > 1))
            {
                dropped.Add(_entries[0].Entry.Seq);
                _bytes -= _entries[0].Entry.Body.Length;
                _entries.RemoveAt(0);
            }

            return new LogReceipt(LogOutcome.Stored, _epoch, _top, dropped);
        }

        public List<LogEntry> History(int most) => [.. _entries.Where(e => e.IsReply).TakeLast(most).Select(e => e.Entry)];

        public void MarkDisplayed(long seq)
        {
            var at = _entries.FindIndex(e => e.Entry.Seq == seq);
            if (at >= 0)
                _entries[at] = (_entries[at].Entry with { Displayed = true }, _entries[at].IsReply);
        }

        public void Trim(long now)
        {
            foreach (var (id, known) in _ids.ToArray())
                if (known.Until <= now)
                    _ids.Remove(id);
        }
    }
}
