using System.Globalization;
using System.Text;
using Kotodama.Server.Log;
using Kotodama.Tests.Conformance;
using Microsoft.Data.Sqlite;

namespace Kotodama.Tests.Server;

/// <summary>A file of the version before is taken over, and what was changed on the disk is noticed.</summary>
public sealed class LogUpgradeTests : IDisposable
{
    /// <summary>What the version before wrote, in its own words.</summary>
    private const string Before =
        """
        CREATE TABLE channel(name TEXT NOT NULL PRIMARY KEY, epoch TEXT NOT NULL, top INTEGER NOT NULL, latest INTEGER NOT NULL,
            count INTEGER NOT NULL, bytes INTEGER NOT NULL, earlier TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE message(channel TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, expires INTEGER NOT NULL,
            displayed INTEGER NOT NULL, reply INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(channel, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE published(channel TEXT NOT NULL, id TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL, until INTEGER NOT NULL,
            PRIMARY KEY(channel, id)) STRICT, WITHOUT ROWID;
        CREATE TABLE room(id INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT;
        CREATE INDEX channel_twice ON channel(epoch, top, latest, count, bytes, earlier);
        CREATE INDEX message_id ON message(channel, id);
        CREATE INDEX published_until ON published(until, seq);
        PRAGMA application_id = 0x4B740002;
        PRAGMA user_version = 2;
        """;

    private static readonly LogBounds Bounds = new(1000, 16 * 1024 * 1024, 600_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-upgrade-").FullName;

    private string File => Path.Combine(_folder, "messages.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_of_the_version_before_goes_on_where_it_ended()
    {
        var body = Encoding.UTF8.GetBytes("""{"type":"status","content":"kept"}""");
        Write(Before);
        Write(
            """
            INSERT INTO channel VALUES('a', 'Epoch1', 2, 5000, 2, $size, 'Epoch0:1'), ('b', 'Epoch2', 9, 4000, 0, 0, '');
            INSERT INTO message VALUES('a', 1, 'one', 4000, 9000, 1, 1, $body), ('a', 2, 'two', 5000, 9000, 0, 0, $body);
            INSERT INTO published VALUES('a', 'two', $hash, 2, 600000);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                INSERT INTO channel SELECT 'never-' || i, 'e' || i, 0, 0, 0, 0, '' FROM n;
            """,
            ("$size", 2 * body.Length), ("$body", body), ("$hash", MessageLogSuite.Draft("a", "two", "two").Hash));

        using var log = MessageLogs.Open(_folder, Bounds, TimeProvider.System, new TestLog());
        Assert.Equal(new LogPosition("Epoch1", 2), log.Position("a"));
        Assert.Equal(new LogPosition("Epoch2", 9), log.Position("b"));
        Assert.Null(log.Peek("never-7"));
        Assert.Equal(1, log.Place("a", new LogPosition("Epoch0", 1)));
        Assert.Equal(["one True", "two False"], log.Read("a", 0).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Id} {e.Displayed}")));
        Assert.Equal(4000, log.Read("a", 0)[0].At);
        Assert.Equal(body, log.Read("a", 0)[0].Body);
        Assert.Equal(LogOutcome.Duplicate, log.Append([MessageLogSuite.Draft("a", "two", "two")], 5001)[0].Outcome);
        Assert.Equal(("Epoch1", 3L), log.Append([MessageLogSuite.Draft("a", "three")], 5002)[0] is var next ? (next.Epoch, next.Seq) : default);
    }

    [Fact]
    public void A_message_that_was_changed_on_the_disk_is_missing_and_said_to_be_once()
    {
        var heard = new TestLog();
        using (var log = MessageLogs.Open(_folder, Bounds, TimeProvider.System, heard))
            log.Append([.. Enumerable.Range(1, 5).Select(i => MessageLogSuite.Draft("a", $"{i}", $"text {i}"))], 1);
        Write("UPDATE message SET body = $body WHERE seq IN (2, 4)", ("$body", Encoding.UTF8.GetBytes("tezt 2")));
        using var again = MessageLogs.Open(_folder, Bounds, TimeProvider.System, heard);
        Assert.Equal([1L, 3L, 5L], again.Read("a", 0).Select(e => e.Seq));
        Assert.Equal([1L, 3L, 5L], again.History("a", 10).Select(e => e.Seq));
        Assert.Null(again.Find("a", "4"));
        Assert.Contains("message 2 of channel a was changed on the disk", Assert.Single(heard.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void SQLite_is_newer_than_the_version_whose_journals_could_be_damaged()
    {
        // https://sqlite.org/wal.html#walresetbug
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Assert.True(Version.Parse(connection.ServerVersion) >= new Version(3, 51, 3), connection.ServerVersion);
    }

    private void Write(string sql, params (string Name, object Value)[] values)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }
}
