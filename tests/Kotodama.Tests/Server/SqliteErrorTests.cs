using Kotodama.Server.Log;
using Kotodama.Tests.Conformance;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server;

/// <summary>What the hub takes for a failure of the disk or the file, and what for a bug of its own.</summary>
public sealed class SqliteErrorTests : IDisposable
{
    private static readonly LogBounds Bounds = new(1000, 16 * 1024 * 1024, 600_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-sqlite-").FullName;

    private string File => Path.Combine(_folder, "messages.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Every result code of https://sqlite.org/rescode.html that is an error.</summary>
    [Theory]
    [InlineData(1, false, false)] // ERROR: a wrong statement
    [InlineData(2, false, false)] // INTERNAL
    [InlineData(3, true, false)] // PERM
    [InlineData(4, false, false)] // ABORT
    [InlineData(5, true, false)] // BUSY
    [InlineData(6, true, false)] // LOCKED
    [InlineData(7, true, false)] // NOMEM
    [InlineData(8, true, false)] // READONLY
    [InlineData(9, false, false)] // INTERRUPT
    [InlineData(10, true, false)] // IOERR
    [InlineData(11, true, true)] // CORRUPT
    [InlineData(12, false, false)] // NOTFOUND
    [InlineData(13, true, false)] // FULL
    [InlineData(14, true, false)] // CANTOPEN
    [InlineData(15, true, false)] // PROTOCOL
    [InlineData(16, false, false)] // EMPTY
    [InlineData(17, false, false)] // SCHEMA
    [InlineData(18, false, false)] // TOOBIG
    [InlineData(19, false, false)] // CONSTRAINT
    [InlineData(20, false, false)] // MISMATCH
    [InlineData(21, false, false)] // MISUSE
    [InlineData(22, true, false)] // NOLFS
    [InlineData(23, false, false)] // AUTH
    [InlineData(24, false, false)] // FORMAT
    [InlineData(25, false, false)] // RANGE
    [InlineData(26, true, true)] // NOTADB
    [InlineData(27, false, false)] // NOTICE
    [InlineData(28, false, false)] // WARNING
    public void A_code_is_a_failure_or_a_bug(int code, bool isFailure, bool isDamage)
    {
        var exception = new SqliteException("x", code);
        Assert.Equal(isFailure, SqliteErrors.IsFailure(exception));
        var caught = Record.Exception(() => SqliteDatabase.Read<int>(() => throw exception));
        if (!isFailure)
        {
            Assert.Same(exception, caught);
            return;
        }

        var failed = Assert.IsType<LogFailedException>(caught);
        Assert.Equal((isDamage, code == 13), (failed.IsDamage, failed.IsFull));
    }

    [Fact]
    public void A_shared_file_without_room_is_a_full_disk()
    {
        var failed = SqliteErrors.Failure(new SqliteException("x", 10, 4874));
        Assert.Equal((true, false), (failed.IsFull, failed.IsDamage));
    }

    [Fact]
    public void Other_exceptions_are_bugs_except_where_a_column_is_read()
    {
        Assert.Throws<InvalidOperationException>(() => SqliteDatabase.Read<int>(() => throw new InvalidOperationException()));
        Assert.Throws<NotSupportedException>(() => SqliteDatabase.Read<int>(() => throw new NotSupportedException()));
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var database = new SqliteDatabase(connection);
        var wrong = Assert.Throws<LogFailedException>(() => database.All("SELECT NULL", row => row.GetString(0)));
        Assert.True(wrong.IsDamage);
        Assert.Throws<SqliteException>(() => database.All("SELECT nothing", row => row.GetString(0)));
    }

    [Fact]
    public void A_violated_constraint_is_a_bug_that_leaves_the_file_and_its_log_as_they_were()
    {
        using var log = MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance);
        log.Append([MessageLogSuite.Draft("a", "one")], 1);
        Change("INSERT INTO message SELECT channel, 2, 'other', at, ts, expires, displayed, reply, sum, body FROM message");
        var bug = Assert.Throws<SqliteException>(() => log.Append([MessageLogSuite.Draft("b", "x"), MessageLogSuite.Draft("a", "two")], 2));
        Assert.Equal(19, bug.SqliteErrorCode);
        Assert.Null(log.Failure);
        Assert.Equal((1L, null), (log.Peek("a")!.Top, log.Peek("b")));
        Change("DELETE FROM message WHERE seq = 2");
        Assert.Equal(2, log.Append([MessageLogSuite.Draft("a", "two")], 3)[0].Seq);
        Assert.Empty(Directory.GetFiles(_folder, "*.corrupt-*"));
    }

    [Theory]
    [InlineData("ALTER TABLE message RENAME COLUMN at TO was")]
    [InlineData("DROP INDEX message_id")]
    [InlineData("UPDATE channel SET earlier = 'nonsense'")]
    public void A_file_that_does_not_hold_what_was_written_is_moved_aside(string change)
    {
        using (var log = MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance))
            log.Append([MessageLogSuite.Draft("a", "one")], 1);
        Change(change);
        using var reopened = MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance);
        Assert.Null(reopened.Peek("a"));
        Assert.NotEmpty(Directory.GetFiles(_folder, "*.corrupt-*"));
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
