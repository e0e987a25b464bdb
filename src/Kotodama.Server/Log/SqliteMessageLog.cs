using Microsoft.Data.Sqlite;

namespace Kotodama.Server.Log;

/// <summary>
/// A log in one SQLite file. Write-ahead journal and <c>synchronous=FULL</c>: what was returned from is on the disk, and a transaction is
/// there whole or not at all (https://sqlite.org/wal.html). The caller groups messages, because a commit costs about the same for one and
/// for a hundred.
/// </summary>
internal sealed class SqliteMessageLog : IMessageLog
{
    private const int Schema = 1;

    /// <summary>Result codes, https://sqlite.org/rescode.html.</summary>
    private const int InputOutput = 10, Corrupt = 11, Full = 13, NotADatabase = 26;

    private readonly SqliteConnection _connection;
    private readonly LogBounds _bounds;
    private readonly Dictionary<string, LogPosition> _positions = new(StringComparer.Ordinal);
    private readonly SqliteCommand _findId, _insert, _insertId, _moveTop, _usage, _oldest, _delete, _markDisplayed;

    private SqliteMessageLog(SqliteConnection connection, LogBounds bounds)
    {
        _connection = connection;
        _bounds = bounds;
        _findId = Prepare("SELECT hash, seq FROM published WHERE channel = $channel AND id = $id AND until > $now", "$channel", "$id", "$now");
        _insert = Prepare("INSERT INTO message(channel, seq, id, at, expires, displayed, reply, body) VALUES ($channel, $seq, $id, $at, $expires, 0, $reply, $body)", "$channel", "$seq", "$id", "$at", "$expires", "$reply", "$body");
        _insertId = Prepare("INSERT OR REPLACE INTO published(channel, id, hash, seq, until) VALUES ($channel, $id, $hash, $seq, $until)", "$channel", "$id", "$hash", "$seq", "$until");
        _moveTop = Prepare("UPDATE channel SET top = $top, latest = max(latest, $at), count = count + $count, bytes = bytes + $bytes WHERE name = $channel", "$top", "$at", "$count", "$bytes", "$channel");
        _usage = Prepare("SELECT count, bytes FROM channel WHERE name = $channel", "$channel");
        _oldest = Prepare("SELECT seq, length(body) FROM message WHERE channel = $channel ORDER BY seq LIMIT 1", "$channel");
        _delete = Prepare("DELETE FROM message WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
        _markDisplayed = Prepare("UPDATE message SET displayed = 1 WHERE channel = $channel AND seq = $seq", "$channel", "$seq");
        using var all = Command("SELECT name, epoch, top FROM channel");
        using var rows = all.ExecuteReader();
        while (rows.Read())
            _positions[rows.GetString(0)] = new LogPosition(rows.GetString(1), rows.GetInt64(2));
    }

    public bool Durable => true;

    public long Latest
    {
        get
        {
            using var command = Command("SELECT coalesce(max(latest), 0) FROM channel");
            return (long)command.ExecuteScalar()!;
        }
    }

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="LogFailedException">The file cannot be opened or is damaged.</exception>
    public static SqliteMessageLog Open(string file, LogBounds bounds)
    {
        // What was said is nobody's business but the user's. SQLite gives its other files the rights of this one.
        if (!OperatingSystem.IsWindows())
            new FileStream(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF; PRAGMA journal_size_limit=4194304");
            using (var check = connection.CreateCommand())
            {
                check.CommandText = "PRAGMA quick_check(1)";
                if (check.ExecuteScalar() is not "ok")
                    throw new LogFailedException($"{file} does not pass its check", isFull: false, isDamage: true);
            }

            Create(connection, file);
            return new SqliteMessageLog(connection, bounds);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw new LogFailedException($"{file} cannot be opened: {e.Message}", e.SqliteErrorCode == Full, e.SqliteErrorCode is Corrupt or NotADatabase, e);
        }
        catch
        {
            connection.Dispose();
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

    public LogPosition Position(string channel) =>
        _positions.TryGetValue(channel, out var position) ? position : Write(() => Begin(channel));

    public LogPosition? Peek(string channel) => _positions.GetValueOrDefault(channel);

    public IReadOnlyList<LogEntry> Read(string channel, long after)
    {
        using var command = Command("SELECT seq, id, at, expires, displayed, body FROM message WHERE channel = $channel AND seq > $after ORDER BY seq");
        command.Parameters.AddWithValue("$channel", channel);
        command.Parameters.AddWithValue("$after", after);
        return Entries(command);
    }

    public IReadOnlyList<LogEntry> History(string channel, int most)
    {
        using var command = Command("SELECT * FROM (SELECT seq, id, at, expires, displayed, body FROM message WHERE channel = $channel AND reply ORDER BY seq DESC LIMIT $most) ORDER BY seq");
        command.Parameters.AddWithValue("$channel", channel);
        command.Parameters.AddWithValue("$most", most);
        return Entries(command);
    }

    public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages) => Write(() =>
    {
        foreach (var (channel, seq) in messages)
            Run(_markDisplayed, channel, seq);
        return 0;
    });

    public void Trim(long now) => Write(() =>
    {
        using var command = Command("DELETE FROM published WHERE until <= $now");
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery();
    });

    public LogEntry? Find(string channel, string id)
    {
        using var command = Command("SELECT seq, id, at, expires, displayed, body FROM message WHERE channel = $channel AND id = $id ORDER BY seq DESC LIMIT 1");
        command.Parameters.AddWithValue("$channel", channel);
        command.Parameters.AddWithValue("$id", id);
        return Entries(command).FirstOrDefault();
    }

    /// <summary>Makes the file full at a number of pages of 4 KiB; for tests of a full disk.</summary>
    internal void LimitPages(int pages) => Execute(_connection, $"PRAGMA max_page_count = {pages}");

    public void Dispose()
    {
        foreach (var command in new[] { _findId, _insert, _insertId, _moveTop, _usage, _oldest, _delete, _markDisplayed })
            command.Dispose();
        _connection.Dispose();
    }

    private static void Create(SqliteConnection connection, string file)
    {
        using var version = connection.CreateCommand();
        version.CommandText = "PRAGMA user_version";
        switch ((long)version.ExecuteScalar()!)
        {
            case Schema:
                return;
            case 0:
                Execute(connection, $"""
                    BEGIN;
                    CREATE TABLE channel(name TEXT PRIMARY KEY, epoch TEXT NOT NULL, top INTEGER NOT NULL, latest INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE message(channel TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL, displayed INTEGER NOT NULL, reply INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(channel, seq)) WITHOUT ROWID;
                    CREATE TABLE published(channel TEXT NOT NULL, id TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL, PRIMARY KEY(channel, id)) WITHOUT ROWID;
                    CREATE INDEX message_id ON message(channel, id);
                    CREATE INDEX published_until ON published(until);
                    PRAGMA user_version = {Schema};
                    COMMIT;
                    """);
                return;
            case var other:
                throw new LogFailedException($"{file} was written by another version of Kotodama (format {other}, this one knows {Schema})", isFull: false);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static object? Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command.ExecuteScalar();
    }

    private static List<LogEntry> Entries(SqliteCommand command)
    {
        try
        {
            var entries = new List<LogEntry>();
            using var rows = command.ExecuteReader();
            while (rows.Read())
                entries.Add(new LogEntry(rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetBoolean(4), rows.GetFieldValue<byte[]>(5)));
            return entries;
        }
        catch (SqliteException e)
        {
            throw new LogFailedException(e.Message, isFull: false, innerException: e);
        }
    }

    private LogReceipt Append(LogDraft draft, long now)
    {
        var (epoch, top) = _positions.TryGetValue(draft.Channel, out var known) ? known : Begin(draft.Channel);
        if (Published(draft, now) is { } earlier)
            return new LogReceipt(earlier.Hash.AsSpan().SequenceEqual(draft.Hash) ? LogOutcome.Duplicate : LogOutcome.Conflict, epoch, earlier.Seq, []);
        var seq = top + 1;
        Run(_insert, draft.Channel, seq, draft.Id, now, draft.ExpiresAt, draft.IsReply, draft.Body);
        Run(_insertId, draft.Channel, draft.Id, draft.Hash, seq, Math.Max(now + _bounds.IdWindow, draft.ExpiresAt));
        Run(_moveTop, seq, now, 1, draft.Body.Length, draft.Channel);
        _positions[draft.Channel] = new LogPosition(epoch, seq);
        return new LogReceipt(LogOutcome.Stored, epoch, seq, MakeRoom(draft.Channel, seq, now));
    }

    private (byte[] Hash, long Seq)? Published(LogDraft draft, long now)
    {
        _findId.Parameters[0].Value = draft.Channel;
        _findId.Parameters[1].Value = draft.Id;
        _findId.Parameters[2].Value = now;
        using var row = _findId.ExecuteReader();
        return row.Read() ? (row.GetFieldValue<byte[]>(0), row.GetInt64(1)) : null;
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

    private LogPosition Begin(string channel)
    {
        var position = new LogPosition(Epochs.New(), 0);
        using var command = Command("INSERT INTO channel(name, epoch, top, latest, count, bytes) VALUES ($name, $epoch, 0, 0, 0, 0)");
        command.Parameters.AddWithValue("$name", channel);
        command.Parameters.AddWithValue("$epoch", position.Epoch);
        command.ExecuteNonQuery();
        return _positions[channel] = position;
    }

    /// <summary>Runs in one transaction. When it fails nothing has happened, neither in the file nor in the positions.</summary>
    private T Write<T>(Func<T> work)
    {
        var before = new Dictionary<string, LogPosition>(_positions, StringComparer.Ordinal);
        try
        {
            Execute(_connection, "BEGIN IMMEDIATE");
            var result = work();
            Execute(_connection, "COMMIT");
            return result;
        }
        catch (SqliteException e)
        {
            _positions.Clear();
            foreach (var (channel, position) in before)
                _positions[channel] = position;
            RollBack();
            throw new LogFailedException(e.Message, e.SqliteErrorCode is Full or InputOutput, innerException: e);
        }
    }

    private void RollBack()
    {
        try
        {
            Execute(_connection, "ROLLBACK");
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
