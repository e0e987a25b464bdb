namespace Kotodama.Server.Log;

/// <summary>A log in memory: for hubs without a data folder, and for as long as a disk fails. It ends with the process.</summary>
internal sealed class MemoryMessageLog(LogBounds bounds) : IMessageLog
{
    private readonly Dictionary<string, Stream> _streams = new(StringComparer.Ordinal);

    /// <summary>The streams of all messages, by age.</summary>
    private readonly LinkedList<Stream> _ages = [];
    private byte[] _key = Epochs.NewKey();
    private long _bytes;
    private long _ids;

    public bool Durable => false;

    public LogFailure? Failure => null;

    public long Latest => _streams.Values.Select(s => s.Latest).DefaultIfEmpty(0).Max();

    /// <summary>All that is here.</summary>
    public IReadOnlyList<LogStream> Streams => [.. _streams.Values.Select(s => s.Export())];

    /// <summary>Begins a channel in a new epoch, whose numbers go on from another log's.</summary>
    public void Begin(string channel, LogPosition before) => _streams.Add(channel, new Stream(channel, Epochs.New(before), before));

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) => [.. drafts.Select(draft => Append(draft, now))];

    /// <summary>The receipt of an earlier message with the id of this one, or null.</summary>
    public LogReceipt? Known(LogDraft draft, long now) => Find(draft.Channel)?.Known(draft, now);

    public LogPosition Position(string channel) => Find(channel)?.Position ?? new LogPosition(Epochs.Of(_key, channel), 0);

    public LogPosition? Peek(string channel) => Find(channel)?.Position;

    public long? Place(string channel, LogPosition has) =>
        Epochs.Place(Find(channel)?.Before is { } before ? [before, Position(channel)] : [Position(channel)], has);

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

    public bool Trim(long now, Func<string, bool>? isInUse = null)
    {
        foreach (var stream in _streams.Values)
            _ids -= stream.Trim(now);

        // Where every message is gone and every id forgotten, nothing but a name is left.
        var unused = isInUse is null ? [] : _streams.Values.Where(s => s.IsEmpty && !isInUse(s.Channel)).ToArray();
        foreach (var stream in unused)
            _streams.Remove(stream.Channel);
        if (unused.Length > 0)
            _key = Epochs.NewKey();
        return false;
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

    private LogReceipt Append(LogDraft draft, long now)
    {
        if (Find(draft.Channel) is not { } stream)
            _streams.Add(draft.Channel, stream = new Stream(draft.Channel, Position(draft.Channel).Epoch, null));
        if (stream.Known(draft, now) is { } known)
            return known;
        _ids += stream.Add(draft, now, bounds.IdWindow);
        _ages.AddLast(stream.Age);
        _bytes += draft.Body.Length + LogBounds.MessageOverhead;
        var dropped = new List<long>();
        while (stream.IsBeyond(bounds))
            dropped.Add(Drop(stream));
        var elsewhere = new List<(string, long)>();
        while (_bytes > bounds.MemoryBytes && _ages.Count > 1)
        {
            var oldest = _ages.First!.Value;
            var seq = Drop(oldest);
            if (oldest == stream)
                dropped.Add(seq);
            else
                elsewhere.Add((oldest.Channel, seq));
        }

        while (_ids > bounds.MemoryIds && _streams.Values.MaxBy(s => s.Ids) is { Ids: > 0 } longest)
            _ids -= longest.ForgetFirst();
        var (epoch, top) = stream.Position;
        return new LogReceipt(LogOutcome.Stored, epoch, top, dropped, Durable: false) { Elsewhere = elsewhere };
    }

    /// <summary>Drops the oldest message of a stream.</summary>
    /// <returns>Its number.</returns>
    private long Drop(Stream stream)
    {
        var (entry, age) = stream.Drop();
        _ages.Remove(age);
        _bytes -= entry.Body.Length + LogBounds.MessageOverhead;
        return entry.Seq;
    }

    private sealed class Stream(string channel, string epoch, LogPosition? before)
    {
        private readonly List<Kept> _entries = [];
        private readonly Dictionary<string, LogId> _ids = new(StringComparer.Ordinal);
        private long _top = before?.Top ?? 0;
        private long _bytes;

        public string Channel => channel;

        public LogPosition? Before { get; } = before;

        public long Latest { get; private set; }

        public LogPosition Position => new(epoch, _top);

        public IEnumerable<LogEntry> Entries => _entries.Select(e => e.Entry);

        public int Ids => _ids.Count;

        public bool IsEmpty => _entries.Count == 0 && _ids.Count == 0;

        public IEnumerable<LogEntry> Replies => _entries.Where(e => e.IsReply).Select(e => e.Entry);

        public LogReceipt? Known(LogDraft draft, long now) =>
            _ids.TryGetValue(draft.Id, out var known) && known.Until > now
                ? new LogReceipt(
                    known.Hash.AsSpan().SequenceEqual(draft.Hash) ? LogOutcome.Duplicate : LogOutcome.Conflict,
                    epoch,
                    known.Seq,
                    [],
                    Durable: false)
                : null;

        /// <summary>Adds a message.</summary>
        /// <returns>How many ids more are remembered.</returns>
        public int Add(LogDraft draft, long now, long idWindow)
        {
            Latest = Math.Max(Latest, now);
            var ids = _ids.Count;
            _ids[draft.Id] = new LogId(draft.Id, draft.Hash, ++_top, Math.Max(now + idWindow, draft.ExpiresAt));
            var entry = new LogEntry(_top, draft.Id, draft.Ts ?? now, draft.ExpiresAt, false, draft.Body);
            _entries.Add(new Kept(entry, draft.IsReply, new LinkedListNode<Stream>(this)));
            _bytes += draft.Body.Length;
            return _ids.Count - ids;
        }

        /// <summary>The place of the newest message in the order of all.</summary>
        public LinkedListNode<Stream> Age => _entries[^1].Age;

        public bool IsBeyond(LogBounds bounds) => _entries.Count > bounds.Messages || (_bytes > bounds.Bytes && _entries.Count > 1);

        public (LogEntry Entry, LinkedListNode<Stream> Age) Drop()
        {
            var (entry, _, age) = _entries[0];
            _bytes -= entry.Body.Length;
            _entries.RemoveAt(0);
            return (entry, age);
        }

        public bool MarkDisplayed(long seq)
        {
            var at = _entries.FindIndex(e => e.Entry.Seq == seq);
            if (at >= 0)
                _entries[at] = _entries[at] with { Entry = _entries[at].Entry with { Displayed = true } };
            return at >= 0;
        }

        /// <returns>How many ids were forgotten.</returns>
        public int Trim(long now)
        {
            var ids = _ids.Count;
            foreach (var (id, known) in _ids.ToArray())
                if (known.Until <= now)
                    _ids.Remove(id);
            return ids - _ids.Count;
        }

        /// <summary>Forgets the quarter of the ids whose time ends first.</summary>
        /// <returns>How many these were.</returns>
        public int ForgetFirst()
        {
            var first = _ids.Values.OrderBy(id => id.Until).ThenBy(id => id.Seq).Take((_ids.Count / 4) + 1).ToArray();
            foreach (var id in first)
                _ids.Remove(id.Id);
            return first.Length;
        }

        public LogStream Export() =>
            new(channel, Position, Latest, [.. _entries.Select(e => (e.Entry, e.IsReply))], [.. _ids.Values]);

        private sealed record Kept(LogEntry Entry, bool IsReply, LinkedListNode<Stream> Age);
    }
}
