using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>
/// A log in one SQLite file. The caller groups messages, because a commit costs about the same for one and for a hundred.
/// </summary>
internal sealed class SqliteMessageLog : IMessageStore
{
    private const string EntryColumns = "seq, id, at, expires, displayed, body";

    private readonly SqliteDatabase _database;
    private readonly LogBounds _bounds;
    private readonly ChannelNumbers _numbers = new();
    private readonly SqliteCommand _findId, _insert, _insertId, _moveTop, _usage, _oldest, _delete, _markDisplayed;

    private SqliteMessageLog(SqliteDatabase database, LogBounds bounds)
    {
        _database = database;
        _bounds = bounds;
        _findId = database.Prepare(
            "SELECT hash, seq FROM published WHERE channel = $channel AND id = $id AND until > $now",
            "$channel",
            "$id",
            "$now");
        _insert = database.Prepare(
            """
            INSERT INTO message(channel, seq, id, at, expires, displayed, reply, body)
            VALUES ($channel, $seq, $id, $at, $expires, $displayed, $reply, $body)
            """,
            "$channel", "$seq", "$id", "$at", "$expires", "$displayed", "$reply", "$body");
        _insertId = database.Prepare(
            "INSERT OR REPLACE INTO published(channel, id, hash, seq, until) VALUES ($channel, $id, $hash, $seq, $until)",
            "$channel", "$id", "$hash", "$seq", "$until");
        _moveTop = database.Prepare(
            """
            UPDATE channel SET top = $top, latest = max(latest, $at), count = count + $count, bytes = bytes + $bytes
            WHERE name = $channel
            """,
            "$top", "$at", "$count", "$bytes", "$channel");
        _usage = database.Prepare("SELECT count, bytes FROM channel WHERE name = $channel", "$channel");
        _oldest = database.Prepare("SELECT seq, length(body) FROM message WHERE channel = $channel ORDER BY seq LIMIT 1", "$channel");
        _delete = database.Prepare("DELETE FROM message WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
        _markDisplayed = database.Prepare("UPDATE message SET displayed = 1 WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
        var channels = database.All(
            "SELECT name, epoch, top, earlier FROM channel",
            static row => (
                Name: row.GetString(0),
                Position: new LogPosition(row.GetString(1), row.GetInt64(2)),
                Earlier: row.GetString(3)));
        foreach (var (name, position, earlier) in channels)
            _numbers.Add(name, position, earlier);
    }

    public bool Durable => true;

    public LogFailure? Failure => null;

    public long Latest => SqliteDatabase.Read(() =>
        _database.All("SELECT coalesce(max(latest), 0) FROM channel", static row => row.GetInt64(0))[0]);

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="LogFailedException">The file cannot be opened or is damaged.</exception>
    public static SqliteMessageLog Open(string file, LogBounds bounds)
    {
        var database = new SqliteDatabase(SqliteFile.Open(file));
        try
        {
            return SqliteDatabase.Read(() => new SqliteMessageLog(database, bounds));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) => Write(() =>
    {
        var receipts = new LogReceipt[drafts.Count];
        for (var i = 0; i < drafts.Count; i++)
            receipts[i] = Append(drafts[i], now);
        return receipts;
    });

    public LogPosition Position(string channel) => Peek(channel) ?? Write(() => Begin(channel, new LogPosition(Epochs.New(), 0)));

    public LogPosition? Peek(string channel) => _numbers.Find(channel);

    public long? Place(string channel, LogPosition has) => _numbers.Place(channel, has);

    public LogReceipt? Known(LogDraft draft, long now) =>
        SqliteDatabase.Read(() => Peek(draft.Channel) is { } position ? Known(draft, position.Epoch, now) : null);

    public IReadOnlyList<LogEntry> Read(string channel, long after, long mostBytes = long.MaxValue) => Entries(
        mostBytes,
        $"SELECT {EntryColumns} FROM message WHERE channel = $channel AND seq > $after ORDER BY seq",
        ("$channel", channel), ("$after", after));

    public IReadOnlyList<LogMark> Glance(string channel, long after) => SqliteDatabase.Read(() => _database.All(
        "SELECT seq, expires, displayed FROM message WHERE channel = $channel AND seq > $after ORDER BY seq",
        static row => new LogMark(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)),
        ("$channel", channel), ("$after", after)));

    public IReadOnlyList<LogEntry> History(string channel, int most, long before = long.MaxValue, long mostBytes = long.MaxValue)
    {
        var newest = Entries(
            mostBytes,
            $"SELECT {EntryColumns} FROM message WHERE channel = $channel AND reply AND seq < $before ORDER BY seq DESC LIMIT $most",
            ("$channel", channel), ("$before", before), ("$most", most));
        newest.Reverse();
        return newest;
    }

    public LogEntry? Find(string channel, string id) => Entries(
        long.MaxValue,
        $"SELECT {EntryColumns} FROM message WHERE channel = $channel AND id = $id ORDER BY seq DESC LIMIT 1",
        ("$channel", channel), ("$id", id)).FirstOrDefault();

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages) => Write(() => Mark(messages));

    public void Trim(long now) => Write(() => _database.Execute("DELETE FROM published WHERE until <= $now", ("$now", now)));

    public void Purge(long now)
    {
        SqliteDatabase.Read(() => _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        Write(() => _database.Execute(
            """
            DELETE FROM published WHERE until <= $now;
            DELETE FROM message WHERE expires <= $now;
            UPDATE channel SET (count, bytes) = (SELECT count(*), coalesce(sum(length(body)), 0) FROM message WHERE channel = channel.name);
            """,
            ("$now", now)));
        SqliteDatabase.Read(() => _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    public void Adopt(IReadOnlyList<LogStream> streams, IReadOnlyCollection<(string Channel, long Seq)> displayed)
    {
        // A transaction that changes little, or nothing, also succeeds on a full disk. The room that this one needs is there for the next
        // messages.
        Write(() => _database.Execute("INSERT OR REPLACE INTO room(id, filler) VALUES (1, zeroblob(262144))"));
        Write(() => _database.Execute("DELETE FROM room"));
        Write(() =>
        {
            foreach (var stream in streams)
                Adopt(stream);
            return Mark(displayed);
        });
    }

    /// <summary>Makes the file full at a number of pages of 4 KiB; for tests of a full disk.</summary>
    internal void LimitPages(int pages) => _database.Execute($"PRAGMA max_page_count = {pages}");

    public void Dispose() => _database.Dispose();

    /// <summary>Reads entries, up to the one with which the bodies have so many bytes.</summary>
    private List<LogEntry> Entries(long mostBytes, string sql, params (string Name, object Value)[] parameters)
    {
        var bytes = 0L;
        return SqliteDatabase.Read(() => _database.Until(entry => (bytes += entry.Body.Length) >= mostBytes, sql, Entry, parameters));
    }

    private static LogEntry Entry(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetInt64(2),
        row.GetInt64(3),
        row.GetBoolean(4),
        row.GetFieldValue<byte[]>(5));

    private int Mark(IEnumerable<(string Channel, long Seq)> messages)
    {
        var count = 0;
        foreach (var (channel, seq) in messages)
        {
            SqliteDatabase.Run(_markDisplayed, channel, seq);
            count++;
        }

        return count;
    }

    private void Adopt(LogStream stream)
    {
        if (Peek(stream.Channel) is null)
            Begin(stream.Channel, stream.Position with { Top = 0 });
        var earlier = _numbers.Renew(stream.Channel, stream.Position);
        _database.Execute(
            "UPDATE channel SET epoch = $epoch, top = $top, earlier = $earlier WHERE name = $channel",
            ("$epoch", stream.Position.Epoch), ("$top", stream.Position.Top), ("$earlier", earlier), ("$channel", stream.Channel));
        foreach (var (entry, isReply) in stream.Entries)
            Insert(stream.Channel, entry, isReply, stream.Position.Top);
        foreach (var id in stream.Ids)
            SqliteDatabase.Run(_insertId, stream.Channel, id.Id, id.Hash, id.Seq, id.Until);
        MakeRoom(stream.Channel, stream.Position.Top, stream.Latest);
    }

    private LogReceipt Append(LogDraft draft, long now)
    {
        var (epoch, top) = Peek(draft.Channel) ?? Begin(draft.Channel, new LogPosition(Epochs.New(), 0));
        if (Known(draft, epoch, now) is { } known)
            return known;
        var seq = top + 1;
        var until = Math.Max(now + _bounds.IdWindow, draft.ExpiresAt);
        Insert(draft.Channel, new LogEntry(seq, draft.Id, now, draft.ExpiresAt, false, draft.Body), draft.IsReply, seq);
        SqliteDatabase.Run(_insertId, draft.Channel, draft.Id, draft.Hash, seq, until);
        _numbers.Move(draft.Channel, new LogPosition(epoch, seq));
        return new LogReceipt(LogOutcome.Stored, epoch, seq, MakeRoom(draft.Channel, seq, now), Durable: true);
    }

    private void Insert(string channel, LogEntry entry, bool isReply, long top)
    {
        SqliteDatabase.Run(_insert, channel, entry.Seq, entry.Id, entry.At, entry.ExpiresAt, entry.Displayed, isReply, entry.Body);
        SqliteDatabase.Run(_moveTop, top, entry.At, 1, entry.Body.Length, channel);
    }

    private LogReceipt? Known(LogDraft draft, string epoch, long now)
    {
        var (hash, seq) = SqliteDatabase.First(
            _findId,
            static row => (row.GetFieldValue<byte[]>(0), row.GetInt64(1)),
            draft.Channel,
            draft.Id,
            now);
        if (hash is null)
            return null;
        var isSame = hash.AsSpan().SequenceEqual(draft.Hash);
        return new LogReceipt(isSame ? LogOutcome.Duplicate : LogOutcome.Conflict, epoch, seq, [], Durable: true);
    }

    private List<long> MakeRoom(string channel, long seq, long now)
    {
        var dropped = new List<long>();
        var (count, bytes) = SqliteDatabase.First(_usage, Pair, channel) ?? throw SqliteErrors.Damage("a channel is missing");
        while (count > _bounds.Messages || (bytes > _bounds.Bytes && count > 1))
        {
            var (oldest, size) = SqliteDatabase.First(_oldest, Pair, channel)
                ?? throw SqliteErrors.Damage("messages of a channel are missing");
            SqliteDatabase.Run(_delete, channel, oldest);
            SqliteDatabase.Run(_moveTop, seq, now, -1, -size, channel);
            dropped.Add(oldest);
            count--;
            bytes -= size;
        }

        return dropped;

        static (long First, long Second)? Pair(SqliteDataReader row) => (row.GetInt64(0), row.GetInt64(1));
    }

    private LogPosition Begin(string channel, LogPosition position)
    {
        _database.Execute(
            "INSERT INTO channel(name, epoch, top, latest, count, bytes, earlier) VALUES ($name, $epoch, $top, 0, 0, 0, '')",
            ("$name", channel), ("$epoch", position.Epoch), ("$top", position.Top));
        _numbers.Add(channel, position);
        return position;
    }

    /// <summary>Runs in one transaction. When it throws nothing has happened, neither in the file nor in the positions.</summary>
    private T Write<T>(Func<T> work)
    {
        var before = _numbers.Save();
        try
        {
            return _database.Write(work);
        }
        catch
        {
            _numbers.Restore(before);
            throw;
        }
    }
}
