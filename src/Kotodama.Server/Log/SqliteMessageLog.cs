using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>
/// A log in one SQLite file. Write-ahead journal and <c>synchronous=FULL</c>: what was returned from is on the disk, and a transaction is
/// there whole or not at all (https://sqlite.org/wal.html). The caller groups messages, because a commit costs about the same for one and
/// for a hundred.
/// </summary>
internal sealed partial class SqliteMessageLog : IMessageStore
{
    private readonly SqliteConnection _connection;
    private readonly LogBounds _bounds;
    private readonly Dictionary<string, Numbering> _channels = new(StringComparer.Ordinal);
    private readonly SqliteCommand _findId, _insert, _insertId, _moveTop, _usage, _oldest, _delete, _markDisplayed;

    private SqliteMessageLog(SqliteConnection connection, LogBounds bounds)
    {
        _connection = connection;
        _bounds = bounds;
        _findId = Prepare("SELECT hash, seq FROM published WHERE channel = $channel AND id = $id AND until > $now", "$channel", "$id", "$now");
        _insert = Prepare("INSERT INTO message(channel, seq, id, at, expires, displayed, reply, body) VALUES ($channel, $seq, $id, $at, $expires, $displayed, $reply, $body)", "$channel", "$seq", "$id", "$at", "$expires", "$displayed", "$reply", "$body");
        _insertId = Prepare("INSERT OR REPLACE INTO published(channel, id, hash, seq, until) VALUES ($channel, $id, $hash, $seq, $until)", "$channel", "$id", "$hash", "$seq", "$until");
        _moveTop = Prepare("UPDATE channel SET top = $top, latest = max(latest, $at), count = count + $count, bytes = bytes + $bytes WHERE name = $channel", "$top", "$at", "$count", "$bytes", "$channel");
        _usage = Prepare("SELECT count, bytes FROM channel WHERE name = $channel", "$channel");
        _oldest = Prepare("SELECT seq, length(body) FROM message WHERE channel = $channel ORDER BY seq LIMIT 1", "$channel");
        _delete = Prepare("DELETE FROM message WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
        _markDisplayed = Prepare("UPDATE message SET displayed = 1 WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
        using var all = Command("SELECT name, epoch, top, earlier FROM channel");
        using var rows = all.ExecuteReader();
        while (rows.Read())
            _channels[rows.GetString(0)] = new Numbering(new LogPosition(rows.GetString(1), rows.GetInt64(2)), Lives(rows.GetString(3)));
    }

    public bool Durable => true;

    public LogFailure? Failure => null;

    public long Latest => Read(() =>
    {
        using var command = Command("SELECT coalesce(max(latest), 0) FROM channel");
        return (long)command.ExecuteScalar()!;
    });

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="LogFailedException">The file cannot be opened or is damaged.</exception>
    public static SqliteMessageLog Open(string file, LogBounds bounds)
    {
        var connection = SqliteFile.Open(file);
        try
        {
            return new SqliteMessageLog(connection, bounds);
        }
        catch (Exception e) when (SqliteFile.IsFailure(e))
        {
            connection.Dispose();
            throw SqliteFile.Failure(e);
        }
    }

    public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) => Write(() =>
    {
        var receipts = new LogReceipt[drafts.Count];
        for (var i = 0; i < drafts.Count; i++)
            receipts[i] = Append(drafts[i], now);
        return receipts;
    });

    public LogPosition Position(string channel) =>
        Peek(channel) ?? Write(() => Begin(channel, new LogPosition(Epochs.New(), 0)));

    public LogPosition? Peek(string channel) => _channels.GetValueOrDefault(channel)?.Position;

    public long? Place(string channel, LogPosition has) =>
        _channels.TryGetValue(channel, out var numbering) ? Epochs.Place(numbering.Earlier.Append(numbering.Position), has) : null;

    public LogReceipt? Known(LogDraft draft, long now) => Read(() => Peek(draft.Channel) is { } position ? Known(draft, position.Epoch, now) : null);

    public IReadOnlyList<LogEntry> Read(string channel, long after) => Read(() =>
    {
        using var command = Command("SELECT seq, id, at, expires, displayed, body FROM message WHERE channel = $channel AND seq > $after ORDER BY seq");
        command.Parameters.AddWithValue("$channel", channel);
        command.Parameters.AddWithValue("$after", after);
        return Entries(command);
    });

    public IReadOnlyList<LogEntry> History(string channel, int most) => Read(() =>
    {
        using var command = Command("SELECT * FROM (SELECT seq, id, at, expires, displayed, body FROM message WHERE channel = $channel AND reply ORDER BY seq DESC LIMIT $most) ORDER BY seq");
        command.Parameters.AddWithValue("$channel", channel);
        command.Parameters.AddWithValue("$most", most);
        return Entries(command);
    });

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages) => Write(() =>
    {
        foreach (var (channel, seq) in messages)
            Run(_markDisplayed, channel, seq);
        return 0;
    });

    public void Trim(long now) => Write(() => Forget("DELETE FROM published WHERE until <= $now", now));

    public LogEntry? Find(string channel, string id) => Read(() =>
    {
        using var command = Command("SELECT seq, id, at, expires, displayed, body FROM message WHERE channel = $channel AND id = $id ORDER BY seq DESC LIMIT 1");
        command.Parameters.AddWithValue("$channel", channel);
        command.Parameters.AddWithValue("$id", id);
        return Entries(command).FirstOrDefault();
    });

    /// <summary>Makes the file full at a number of pages of 4 KiB; for tests of a full disk.</summary>
    internal void LimitPages(int pages) => SqliteFile.Execute(_connection, $"PRAGMA max_page_count = {pages}");

    public void Dispose()
    {
        foreach (var command in new[] { _findId, _insert, _insertId, _moveTop, _usage, _oldest, _delete, _markDisplayed })
            command.Dispose();
        _connection.Dispose();
    }

    private static object? Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command.ExecuteScalar();
    }

    private static List<LogEntry> Entries(SqliteCommand command)
    {
        var entries = new List<LogEntry>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
            entries.Add(new LogEntry(rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetBoolean(4), rows.GetFieldValue<byte[]>(5)));
        return entries;
    }

    private LogReceipt Append(LogDraft draft, long now)
    {
        var (epoch, top) = Peek(draft.Channel) ?? Begin(draft.Channel, new LogPosition(Epochs.New(), 0));
        if (Known(draft, epoch, now) is { } known)
            return known;
        var seq = top + 1;
        var until = Math.Max(now + _bounds.IdWindow, draft.ExpiresAt);
        Insert(draft.Channel, new LogEntry(seq, draft.Id, now, draft.ExpiresAt, false, draft.Body), draft.IsReply, seq);
        Run(_insertId, draft.Channel, draft.Id, draft.Hash, seq, until);
        _channels[draft.Channel] = _channels[draft.Channel] with { Position = new LogPosition(epoch, seq) };
        return new LogReceipt(LogOutcome.Stored, epoch, seq, MakeRoom(draft.Channel, seq, now), Durable: true);
    }

    private void Insert(string channel, LogEntry entry, bool isReply, long top)
    {
        Run(_insert, channel, entry.Seq, entry.Id, entry.At, entry.ExpiresAt, entry.Displayed, isReply, entry.Body);
        Run(_moveTop, top, entry.At, 1, entry.Body.Length, channel);
    }

    private LogReceipt? Known(LogDraft draft, string epoch, long now)
    {
        _findId.Parameters[0].Value = draft.Channel;
        _findId.Parameters[1].Value = draft.Id;
        _findId.Parameters[2].Value = now;
        using var row = _findId.ExecuteReader();
        if (!row.Read())
            return null;
        var isSame = row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(draft.Hash);
        return new LogReceipt(isSame ? LogOutcome.Duplicate : LogOutcome.Conflict, epoch, row.GetInt64(1), [], Durable: true);
    }

    private List<long> MakeRoom(string channel, long seq, long now)
    {
        var dropped = new List<long>();
        _usage.Parameters[0].Value = channel;
        long count, bytes;
        using (var usage = _usage.ExecuteReader())
        {
            usage.Read();
            (count, bytes) = (usage.GetInt64(0), usage.GetInt64(1));
        }

        while (count > _bounds.Messages || (bytes > _bounds.Bytes && count > 1))
        {
            _oldest.Parameters[0].Value = channel;
            long oldest, size;
            using (var row = _oldest.ExecuteReader())
            {
                row.Read();
                (oldest, size) = (row.GetInt64(0), row.GetInt64(1));
            }

            Run(_delete, channel, oldest);
            Run(_moveTop, seq, now, -1, -size, channel);
            dropped.Add(oldest);
            count--;
            bytes -= size;
        }

        return dropped;
    }

    private LogPosition Begin(string channel, LogPosition position)
    {
        using var command = Command("INSERT INTO channel(name, epoch, top, latest, count, bytes, earlier) VALUES ($name, $epoch, $top, 0, 0, 0, '')");
        command.Parameters.AddWithValue("$name", channel);
        command.Parameters.AddWithValue("$epoch", position.Epoch);
        command.Parameters.AddWithValue("$top", position.Top);
        command.ExecuteNonQuery();
        _channels[channel] = new Numbering(position, []);
        return position;
    }

    private int Forget(string sql, long now)
    {
        using var command = Command(sql);
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery();
    }

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (SqliteFile.IsFailure(e))
        {
            throw SqliteFile.Failure(e);
        }
    }

    /// <summary>Runs in one transaction. When it fails nothing has happened, neither in the file nor in the positions.</summary>
    private T Write<T>(Func<T> work)
    {
        var before = new Dictionary<string, Numbering>(_channels, StringComparer.Ordinal);
        try
        {
            SqliteFile.Execute(_connection, "BEGIN IMMEDIATE");
            var result = work();
            SqliteFile.Execute(_connection, "COMMIT");
            return result;
        }
        catch (Exception e) when (SqliteFile.IsFailure(e))
        {
            _channels.Clear();
            foreach (var (channel, numbering) in before)
                _channels[channel] = numbering;
            RollBack();
            throw SqliteFile.Failure(e);
        }
    }

    private void RollBack()
    {
        try
        {
            SqliteFile.Execute(_connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on some errors.
        }
    }

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = Command(sql);
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        command.Prepare();
        return command;
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
