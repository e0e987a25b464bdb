using Kotodama.Protocol;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Server.Log;

/// <summary>
/// A log in one SQLite file. The caller groups messages, because a commit costs about the same for one and for a hundred. What a commit
/// costs does not depend on how many channels there are.
/// </summary>
internal sealed partial class SqliteMessageLog : IMessageStore
{
    private const string EntryColumns = "seq, id, ts, expires, displayed, body, sum";

    private readonly SqliteDatabase _database;
    private readonly LogBounds _bounds;
    private readonly ILogger _logger;
    private readonly ChannelNumbers _numbers = new();
    private readonly LogUsage _usage;
    private readonly SealedDatabase _seal;
    private readonly LogRoom _room;
    private readonly LogForgetting _forgetting;
    private readonly SqliteCommand _findId, _insert, _insertId, _markDisplayed;
    private bool _isDamageTold;
    private bool _isDisposed;

    private SqliteMessageLog(SqliteDatabase database, string file, LogBounds bounds, ILogger logger)
    {
        (_database, _bounds, _logger) = (database, bounds, logger);
        _findId = database.Prepare(
            "SELECT hash, seq FROM published WHERE channel = $channel AND id = $id AND until > $now",
            "$channel",
            "$id",
            "$now");
        _insert = database.Prepare(
            """
            INSERT INTO message(channel, seq, id, at, ts, expires, displayed, reply, sum, body)
            VALUES ($channel, $seq, $id, $at, $ts, $expires, $displayed, $reply, $sum, $body)
            """,
            "$channel", "$seq", "$id", "$at", "$ts", "$expires", "$displayed", "$reply", "$sum", "$body");
        _insertId = database.Prepare(
            "INSERT OR REPLACE INTO published(channel, id, hash, seq, until) VALUES ($channel, $id, $hash, $seq, $until)",
            "$channel", "$id", "$hash", "$seq", "$until");
        _markDisplayed = database.Prepare("UPDATE message SET displayed = 1 WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
        var channels = database.All(
            "SELECT name, epoch, top, earlier FROM channel",
            static row => (
                Name: row.GetString(0),
                Position: new LogPosition(row.GetString(1), row.GetInt64(2)),
                Earlier: row.GetString(3)));
        foreach (var (name, position, earlier) in channels)
            _numbers.Add(name, position, earlier);
        _numbers.Accept();
        _usage = new LogUsage(database);
        _seal = new SealedDatabase(database, file, logger);
        _room = new LogRoom(database, bounds, _numbers, _usage);
        _forgetting = new LogForgetting(database, bounds, _numbers, _usage, _seal);
        if (!_seal.Open(_numbers.Count > 0, Write, RenewAll))
            LogRenewed(logger, file);
    }

    public bool Durable => true;

    public LogFailure? Failure => null;

    public long Latest => SqliteDatabase.Read(() =>
        _database.All("SELECT coalesce(max(latest), 0) FROM channel", static row => row.GetInt64(0))[0]);

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="bounds">How much to keep.</param>
    /// <param name="logger">The log of the program; null: none.</param>
    /// <exception cref="LogFailedException">The file cannot be opened or is damaged.</exception>
    public static SqliteMessageLog Open(string file, LogBounds bounds, ILogger? logger = null)
    {
        var database = new SqliteDatabase(SqliteFile.Open(file));
        try
        {
            return SqliteDatabase.Read(() => new SqliteMessageLog(database, file, bounds, logger ?? NullLogger.Instance));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now)
    {
        var stored = Write(() =>
        {
            var receipts = new LogReceipt[drafts.Count];
            for (var i = 0; i < drafts.Count; i++)
                receipts[i] = Append(drafts[i], now);
            if (Array.Exists(receipts, r => r.Outcome == LogOutcome.Stored))
                _seal.Count();
            return receipts;
        });
        _seal.Note();
        return stored;
    }

    public LogPosition Position(string channel) => Peek(channel) ?? new LogPosition(Epochs.Of(_seal.Key, channel), 0);

    public LogPosition? Peek(string channel) => _numbers.Find(channel);

    public long? Place(string channel, LogPosition has) =>
        Peek(channel) is null ? Epochs.Place([Position(channel)], has) : _numbers.Place(channel, has);

    public LogReceipt? Known(LogDraft draft, long now) =>
        SqliteDatabase.Read(() => Peek(draft.Channel) is { } position ? Known(draft, position.Epoch, now) : null);

    public IReadOnlyList<LogEntry> Read(string channel, long after, long mostBytes = long.MaxValue) => Entries(
        channel,
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
            channel,
            mostBytes,
            $"SELECT {EntryColumns} FROM message WHERE channel = $channel AND reply AND seq < $before ORDER BY seq DESC LIMIT $most",
            ("$channel", channel), ("$before", before), ("$most", most));
        newest.Reverse();
        return newest;
    }

    public LogEntry? Find(string channel, string id) => Entries(
        channel,
        long.MaxValue,
        $"SELECT {EntryColumns} FROM message WHERE channel = $channel AND id = $id ORDER BY seq DESC LIMIT 1",
        ("$channel", channel), ("$id", id)).FirstOrDefault();

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages) => Write(() => Mark(messages));

    public bool Trim(long now, Func<string, bool>? isInUse = null) => Write(() => _forgetting.Forget(now, isInUse));

    public void Purge(long now)
    {
        SqliteDatabase.Read(() => _database.Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
        Write(() =>
        {
            var changed = _database.Execute(
                """
                DELETE FROM published WHERE until <= $now;
                DELETE FROM message WHERE expires <= $now;
                UPDATE channel
                    SET (count, bytes) = (SELECT count(*), coalesce(sum(length(body)), 0) FROM message WHERE channel = channel.name);
                """,
                ("$now", now));
            _usage.Read();
            return changed;
        });
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
            _seal.Count();
            return Mark(displayed);
        });
        _seal.Note();
    }

    /// <summary>Makes the file full at a number of pages of 4 KiB; for tests of a full disk.</summary>
    internal void LimitPages(int pages) => _database.Execute($"PRAGMA max_page_count = {pages}");

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _seal.Close(Write);
        _database.Dispose();
    }

    /// <summary>Reads entries that are what was written, up to the one with which the bodies have so many bytes.</summary>
    private List<LogEntry> Entries(string channel, long mostBytes, string sql, params (string Name, object Value)[] parameters)
    {
        var bytes = 0L;
        var rows = SqliteDatabase.Read(() => _database.Until(
            row => row.IsWhole && (bytes += row.Entry.Body.Length) >= mostBytes,
            sql,
            Row,
            parameters));
        foreach (var (entry, isWhole) in rows)
            if (!isWhole)
                TellDamage(channel, entry.Seq);
        return [.. rows.Where(r => r.IsWhole).Select(r => r.Entry)];
    }

    private static (LogEntry Entry, bool IsWhole) Row(SqliteDataReader row)
    {
        var body = row.GetFieldValue<byte[]>(5);
        var entry = new LogEntry(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetBoolean(4), body);
        return (entry, row.GetInt64(6) == LogSums.Of(body));
    }

    private void TellDamage(string channel, long seq)
    {
        if (!_isDamageTold)
            LogChanged(_logger, seq, channel);
        _isDamageTold = true;
    }

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
            Begin(stream.Channel);
        Renew(stream.Channel, stream.Position);
        foreach (var (entry, isReply) in stream.Entries)
            Insert(stream.Channel, entry, isReply, stream.Position.Top, stream.Latest);
        foreach (var id in stream.Ids)
            Remember(stream.Channel, id);
        _room.Make(stream.Channel, stream.Position.Top, stream.Latest);
    }

    /// <summary>All channels go on in new epochs, because numbers after those in the file may have been given.</summary>
    private void RenewAll()
    {
        foreach (var channel in _numbers.Names.ToArray())
        {
            var before = Peek(channel)!;
            Renew(channel, before with { Epoch = Epochs.New(before) });
        }
    }

    private void Renew(string channel, LogPosition position)
    {
        var earlier = _numbers.Renew(channel, position);
        _database.Execute(
            "UPDATE channel SET epoch = $epoch, top = $top, earlier = $earlier WHERE name = $channel",
            ("$epoch", position.Epoch), ("$top", position.Top), ("$earlier", earlier), ("$channel", channel));
    }

    private LogReceipt Append(LogDraft draft, long now)
    {
        var (epoch, top) = Peek(draft.Channel) ?? Begin(draft.Channel);
        if (Known(draft, epoch, now) is { } known)
            return known;
        var seq = top + 1;
        var entry = new LogEntry(seq, draft.Id, draft.Ts ?? now, draft.ExpiresAt, false, draft.Body);
        Insert(draft.Channel, entry, draft.IsReply, seq, now);
        Remember(draft.Channel, new LogId(draft.Id, draft.Hash, seq, Math.Max(now + _bounds.IdWindow, draft.ExpiresAt)));
        _numbers.Move(draft.Channel, new LogPosition(epoch, seq));
        var (dropped, elsewhere) = _room.Make(draft.Channel, seq, now);
        return new LogReceipt(LogOutcome.Stored, epoch, seq, dropped, Durable: true) { Elsewhere = elsewhere };
    }

    private void Insert(string channel, LogEntry entry, bool isReply, long top, long now)
    {
        SqliteDatabase.Run(
            _insert,
            channel, entry.Seq, entry.Id, now, entry.At, entry.ExpiresAt, entry.Displayed, isReply, LogSums.Of(entry.Body), entry.Body);
        _room.Added(channel, top, entry.Body.Length, now);
    }

    /// <summary>Remembers an id. When there are too many, those whose time ends first are forgotten early.</summary>
    private void Remember(string channel, LogId id)
    {
        SqliteDatabase.Run(_insertId, channel, id.Id, id.Hash, id.Seq, id.Until);
        _usage.Ids++;
        if (_usage.Ids > _bounds.Ids)
            _forgetting.ForgetIds(channel, id.Id);
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

    private LogPosition Begin(string channel)
    {
        var position = Position(channel);
        _database.Execute(
            "INSERT INTO channel(name, epoch, top, latest, count, bytes, earlier) VALUES ($name, $epoch, $top, 0, 0, 0, '')",
            ("$name", channel), ("$epoch", position.Epoch), ("$top", position.Top));
        _numbers.Add(channel, position);
        return position;
    }

    /// <summary>
    /// Runs in one transaction. When it throws nothing has happened, neither in the file nor in the positions.
    /// </summary>
    private T Write<T>(Func<T> work)
    {
        var (usage, seal) = (_usage.Save(), _seal.Save());
        try
        {
            var result = _database.Write(work);
            _numbers.Accept();
            return result;
        }
        catch
        {
            _numbers.TakeBack();
            _usage.Restore(usage);
            _seal.Restore(seal);
            throw;
        }
    }

    [LoggerMessage(
        620,
        LogLevel.Warning,
        "The message log {File} is not as this hub left it: it was restored or copied, or has lost its end. "
        + "Its channels go on in new epochs, and pages that had more are told that messages are missing.")]
    private static partial void LogRenewed(ILogger logger, PlainText file);

    [LoggerMessage(
        621,
        LogLevel.Error,
        "The message {Seq} of channel {Channel} was changed on the disk. It is left out, and viewers are told that it is missing. "
        + "Others like it are not logged.")]
    private static partial void LogChanged(ILogger logger, long seq, PlainText channel);
}
