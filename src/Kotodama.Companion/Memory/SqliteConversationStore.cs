using Kotodama.Companion.Characters;
using Kotodama.Protocol;
using Microsoft.Data.Sqlite;

namespace Kotodama.Companion.Memory;

/// <summary>
/// Keeps conversations in one SQLite file. One connection writes and one reads, each used by one call at a time and never on the caller's
/// thread, so nothing that was said waits for a long search. Other processes may read and write the file meanwhile.
/// </summary>
internal sealed class SqliteConversationStore : IConversationDisk
{
    private const string ConversationColumns = "id, channel, character, title, started, last, count";

    private readonly SqliteConnection? _writer;
    private readonly SqliteConnection _reader;
    private readonly SemaphoreSlim _write = new(1), _read = new(1);
    private readonly ConversationLimits _limits;
    private readonly TimeProvider _time;
    private int _disposed;

    private SqliteConversationStore(SqliteConnection? writer, SqliteConnection reader, ConversationLimits limits, TimeProvider time) =>
        (_writer, _reader, _limits, _time) = (writer, reader, limits, time);

    public string? Failure => null;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="ConversationException">It cannot be opened, or was written by a newer version.</exception>
    /// <exception cref="DamagedFileException">It is not what it should be.</exception>
    public static SqliteConversationStore Open(string file, ConversationLimits limits, TimeProvider time)
    {
        var writer = ConversationFile.Open(file);
        try
        {
            return new SqliteConversationStore(writer, ConversationFile.OpenToRead(file), limits, time);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is there, only to read.</summary>
    public static SqliteConversationStore OpenToRead(string file) =>
        new(null, ConversationFile.OpenToRead(file), new ConversationLimits(), TimeProvider.System);

    public ValueTask<Conversation?> CurrentAsync(string channel, string? character, CancellationToken cancellationToken) =>
        ReadAsync(channel, () => Current(_reader, channel, character), cancellationToken);

    public ValueTask<Conversation> OpenAsync(string channel, string character, CancellationToken cancellationToken) =>
        WriteAsync(channel, () =>
        Current(_writer!, channel, character) is { } there
            ? Choose(there)
            : Create(channel, character), cancellationToken);

    public ValueTask<Conversation> CreateAsync(string channel, string character, CancellationToken cancellationToken) =>
        WriteAsync(channel, () => Create(channel, character), cancellationToken);

    public ValueTask<Conversation> ChooseAsync(string channel, string id, CancellationToken cancellationToken) =>
        WriteAsync(channel, () => Choose(Get(_writer!, channel, id)), cancellationToken);

    public ValueTask<Conversation> FindAsync(string channel, string id, CancellationToken cancellationToken) =>
        ReadAsync(channel, () => Get(_reader, channel, id), cancellationToken);

    public ValueTask<ConversationEntry> AppendAsync(string channel, string id, Said said, CancellationToken cancellationToken) =>
        WriteAsync(channel, () =>
    {
        var conversation = Get(_writer!, channel, id);
        said = ConversationRules.Check(said, _limits);
        if (conversation.Messages >= _limits.Entries)
            throw ConversationRules.Full(_limits);
        CheckRoom();
        var entry = new ConversationEntry(conversation.Messages + 1, ConversationRules.Now(_time), said);
        var title = conversation.Title ?? (said.Role == ConversationRole.User ? ConversationRules.Title(said.Text) : null);
        Insert(id, entry);
        Run(
            "UPDATE conversation SET title = $title, last = $last, count = $count WHERE id = $id",
            ("$title", title),
            ("$last", Milliseconds(entry.At)),
            ("$count", entry.Number),
            ("$id", id));
        return entry;
    }, cancellationToken);

    public async ValueTask ReviseAsync(string channel, string id, int number, Said? said, CancellationToken cancellationToken) =>
        await WriteAsync(channel, () =>
    {
        if (Get(_writer!, channel, id).Messages != number)
            throw ConversationRules.NotFound();
        if (said is null)
        {
            Run("DELETE FROM entry WHERE conversation = $id AND number = $number", ("$id", id), ("$number", number));
            return Run("UPDATE conversation SET count = $count WHERE id = $id", ("$id", id), ("$count", number - 1));
        }

        said = ConversationRules.Check(said, _limits);
        return Run(
            "UPDATE entry SET text = $text, interrupted = $interrupted, language = $language, emotion = $emotion "
            + "WHERE conversation = $id AND number = $number",
            ("$id", id),
            ("$number", number),
            ("$text", said.Text),
            ("$interrupted", said.Interrupted ? 1 : 0),
            ("$language", said.Language),
            ("$emotion", said.Emotion));
    }, cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<ConversationEntry>> ReadAsync(
        string channel,
        string id,
        int? before,
        int limit,
        CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ConversationEntry>>(channel, () =>
    {
        Get(_reader, channel, id);
        var entries = Entries(id, before).Take(ConversationRules.CheckLimit(limit)).ToList();
        entries.Reverse();
        return entries;
    }, cancellationToken);

    public ValueTask<IReadOnlyList<Conversation>> ListAsync(string channel, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<Conversation>>(channel, () => List(channel, ConversationRules.CheckLimit(limit)), cancellationToken);

    public ValueTask<IReadOnlyList<ConversationHit>> SearchAsync(
        string channel,
        string text,
        int limit,
        CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<ConversationHit>>(channel, () =>
    {
        var hits = new List<ConversationHit>();
        if (ConversationRules.CheckQuery(text) is not { } query)
            return hits;
        foreach (var conversation in List(channel, -1))
        {
            foreach (var entry in Entries(conversation.Id, null))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (ConversationRules.Find(entry.Said.Text, query) is >= 0 and var at)
                    hits.Add(ConversationRules.Hit(conversation.Id, entry, at, query.Length));
                if (hits.Count == ConversationRules.CheckLimit(limit))
                    return hits;
            }
        }

        return hits;
    }, cancellationToken);

    public async ValueTask DeleteAsync(string channel, string id, CancellationToken cancellationToken)
    {
        await WriteAsync(channel, () =>
        {
            Get(_writer!, channel, id);
            Run("DELETE FROM entry WHERE conversation = $id", ("$id", id));
            return Run("DELETE FROM conversation WHERE id = $id", ("$id", id));
        }, cancellationToken).ConfigureAwait(false);

        // The journal still holds what was deleted. When another program reads just now, a later one writes over it.
        await WriteAsync(channel, EmptyJournal, cancellationToken, transaction: false).ConfigureAwait(false);
    }

    public ValueTask AdoptAsync(Conversation conversation, IReadOnlyList<ConversationEntry> entries, CancellationToken cancellationToken) =>
        new(WriteAsync(conversation.Channel, () =>
    {
        Run(
            "INSERT INTO conversation(id, channel, character, title, started, last, count, chosen) "
            + "VALUES($id, $channel, $character, $title, $started, $last, $count, 0) "
            + "ON CONFLICT(id) DO UPDATE SET title = $title, last = $last, count = $count",
            ("$id", conversation.Id),
            ("$channel", conversation.Channel),
            ("$character", conversation.Character),
            ("$title", conversation.Title),
            ("$started", Milliseconds(conversation.StartedAt)),
            ("$last", Milliseconds(conversation.LastAt)),
            ("$count", conversation.Messages));
        Run(
            "DELETE FROM entry WHERE conversation = $id AND number > $count",
            ("$id", conversation.Id),
            ("$count", conversation.Messages));
        foreach (var entry in entries)
            Insert(conversation.Id, entry);
        return Choose(conversation);
    }, cancellationToken).AsTask());

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _write.WaitAsync().ConfigureAwait(false);
        await _read.WaitAsync().ConfigureAwait(false);
        _reader.Dispose();
        _writer?.Dispose();
        _write.Dispose();
        _read.Dispose();
    }

    private ValueTask<T> ReadAsync<T>(string channel, Func<T> action, CancellationToken cancellationToken) =>
        DoAsync(_read, channel, action, cancellationToken);

    private ValueTask<T> WriteAsync<T>(string channel, Func<T> action, CancellationToken cancellationToken, bool transaction = true) =>
        DoAsync(_write, channel, () =>
    {
        if (_writer is null)
            throw new ConversationException(ErrorCode.NotAllowed, "the conversations were opened only to be read", "Open them to write.");
        if (!transaction)
            return action();
        using var change = _writer.BeginTransaction();
        var result = action();
        change.Commit();
        return result;
    }, cancellationToken);

    private static async ValueTask<T> DoAsync<T>(SemaphoreSlim turn, string channel, Func<T> action, CancellationToken cancellationToken)
    {
        ConversationRules.CheckChannel(channel);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(action, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SqliteException e) when (ConversationFile.IsFailure(e))
        {
            throw ConversationFile.Failure(e);
        }
        finally
        {
            turn.Release();
        }
    }

    private Conversation Create(string channel, string character)
    {
        var now = ConversationRules.Now(_time);
        if (Empty(channel, character) is { } empty)
        {
            Run("UPDATE conversation SET started = $now, last = $now WHERE id = $id", ("$now", Milliseconds(now)), ("$id", empty.Id));
            return Choose(empty with { StartedAt = now, LastAt = now });
        }

        if (Count(channel) >= _limits.Conversations)
            throw ConversationRules.TooMany(_limits);
        CheckRoom();
        var made = ConversationRules.Begin(channel, character, now);
        Run(
            "INSERT INTO conversation VALUES($id, $channel, $character, NULL, $now, $now, 0, 0)",
            ("$id", made.Id),
            ("$channel", channel),
            ("$character", character),
            ("$now", Milliseconds(now)));
        return Choose(made);
    }

    private Conversation? Empty(string channel, string character) => One(
        _writer!,
        "WHERE channel = $channel AND character = $character AND count = 0 LIMIT 1",
        ("$channel", channel),
        ("$character", character));

    private long Count(string channel) =>
        (long)Command(_writer!, "SELECT count(*) FROM conversation WHERE channel = $channel", ("$channel", channel)).ExecuteScalar()!;

    /// <exception cref="ConversationException">The file is as large as it may be.</exception>
    private void CheckRoom()
    {
        var used = (Pragma("page_count") - Pragma("freelist_count")) * Pragma("page_size");
        if (used >= _limits.Bytes)
            throw ConversationRules.TooMuch(_limits);
    }

    private long Pragma(string name) => (long)Command(_writer!, $"PRAGMA {name}").ExecuteScalar()!;

    private int EmptyJournal() => ConversationFile.Execute(_writer!, "PRAGMA wal_checkpoint(TRUNCATE)");

    private Conversation Choose(Conversation conversation)
    {
        Run(
            "UPDATE conversation SET chosen = (SELECT max(chosen) + 1 FROM conversation WHERE channel = $channel) WHERE id = $id",
            ("$channel", conversation.Channel),
            ("$id", conversation.Id));
        return conversation;
    }

    private void Insert(string id, ConversationEntry entry) => Run(
        "INSERT OR REPLACE INTO entry(conversation, number, at, role, interrupted, language, emotion, text) "
        + "VALUES($id, $number, $at, $role, $interrupted, $language, $emotion, $text)",
        ("$id", id),
        ("$number", entry.Number),
        ("$at", Milliseconds(entry.At)),
        ("$role", (int)entry.Said.Role),
        ("$interrupted", entry.Said.Interrupted ? 1 : 0),
        ("$language", entry.Said.Language),
        ("$emotion", entry.Said.Emotion),
        ("$text", entry.Said.Text));

    private static Conversation Get(SqliteConnection connection, string channel, string id) =>
        One(connection, "WHERE id = $id AND channel = $channel", ("$id", id), ("$channel", channel)) ?? throw ConversationRules.NotFound();

    private List<Conversation> List(string channel, int limit)
    {
        const string NewestFirst = "WHERE channel = $channel ORDER BY last DESC, chosen DESC LIMIT $limit";
        return [.. Conversations(_reader, NewestFirst, ("$channel", channel), ("$limit", limit))];
    }

    private static Conversation? Current(SqliteConnection connection, string channel, string? character) => One(
        connection,
        "WHERE channel = $channel AND ($character IS NULL OR character = $character) ORDER BY chosen DESC LIMIT 1",
        ("$channel", channel),
        ("$character", character));

    private static Conversation? One(SqliteConnection connection, string where, params (string, object?)[] values) =>
        Conversations(connection, where, values).FirstOrDefault();

    private static IEnumerable<Conversation> Conversations(SqliteConnection connection, string where, params (string, object?)[] values)
    {
        using var command = Command(connection, $"SELECT {ConversationColumns} FROM conversation {where}", values);
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return ConversationFile.Columns(rows, ConversationOf);
    }

    private static Conversation ConversationOf(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Channel = row.GetString(1),
        Character = row.GetString(2),
        Title = row.IsDBNull(3) ? null : row.GetString(3),
        StartedAt = Time(row.GetInt64(4)),
        LastAt = Time(row.GetInt64(5)),
        Messages = row.GetInt32(6),
    };

    /// <summary>Entries, newest first, read as they are asked for.</summary>
    private IEnumerable<ConversationEntry> Entries(string id, int? before)
    {
        using var command = Command(
            _reader,
            "SELECT number, at, role, interrupted, language, emotion, text FROM entry "
            + "WHERE conversation = $id AND number < $before ORDER BY number DESC",
            ("$id", id),
            ("$before", before ?? int.MaxValue));
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return ConversationFile.Columns(rows, EntryOf);
    }

    private static ConversationEntry EntryOf(SqliteDataReader row)
    {
        var role = row.GetInt32(2) == (int)ConversationRole.User ? ConversationRole.User : ConversationRole.Assistant;
        return new ConversationEntry(row.GetInt32(0), Time(row.GetInt64(1)), new Said(role, row.GetString(6))
        {
            Interrupted = row.GetInt32(3) != 0,
            Language = row.IsDBNull(4) ? null : row.GetString(4),
            Emotion = row.IsDBNull(5) ? null : row.GetString(5),
        });
    }

    private int Run(string sql, params (string, object?)[] values)
    {
        using var command = Command(_writer!, sql, values);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string, object?)[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
