using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Conformance;

public sealed class SqliteMessageLogTests : MessageLogSuite
{
    private static readonly LogBounds Bounds = new(1000, 16 * 1024 * 1024, 600_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-log-").FullName;
    private int _files;

    internal override IMessageLog Open(LogBounds bounds) => SqliteMessageLog.Open(Path.Combine(_folder, $"{_files++}.db"), bounds);

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Everything_is_there_after_the_file_is_opened_again()
    {
        var file = Path.Combine(_folder, "again.db");
        string epoch;
        using (var log = SqliteMessageLog.Open(file, Bounds))
        {
            epoch = log.Append([Draft("a", "1", "one"), Draft("a", "2", "two")], 5000)[0].Epoch;
            log.MarkDisplayed([("a", 1)]);
        }

        using var reopened = SqliteMessageLog.Open(file, Bounds);
        Assert.Equal((epoch, 2L, 5000L), (reopened.Position("a").Epoch, reopened.Position("a").Top, reopened.Latest));
        Assert.Equal([true, false], reopened.Read("a", 0).Select(e => e.Displayed));
        Assert.Equal(LogOutcome.Duplicate, reopened.Append([Draft("a", "2", "two")], 5001)[0].Outcome);
        Assert.Equal(3, reopened.Append([Draft("a", "3")], 5001)[0].Seq);
    }

    [Fact]
    public void A_folder_belongs_to_one_hub_at_a_time()
    {
        var first = MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance);
        var refused = Assert.Throws<LogFailedException>(() => MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance));
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
        first.Dispose();
        MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance).Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(4096)]
    [InlineData(9000)]
    public void A_damaged_file_is_moved_aside_and_a_new_life_begins(int at)
    {
        var file = Path.Combine(_folder, "messages.db");
        string epoch;
        using (var log = MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance))
            epoch = log.Append([.. Enumerable.Range(0, 200).Select(i => Draft("a", $"{i}", new string('x', 500)))], 1)[0].Epoch;
        var bytes = File.ReadAllBytes(file);
        Array.Fill(bytes, (byte)0xA5, at, 2000);
        File.WriteAllBytes(file, bytes);

        var heard = new TestLog();
        using var reopened = MessageLogs.Open(_folder, Bounds, TimeProvider.System, heard);
        Assert.NotEqual(epoch, reopened.Position("a").Epoch);
        Assert.Equal(1, reopened.Append([Draft("a", "new")], 2)[0].Seq);
        Assert.Contains("damaged", Assert.Single(heard.Errors), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder, "messages.db.corrupt-*"), f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal));
    }

    [Fact]
    public void When_the_disk_is_full_nothing_of_a_batch_is_stored_and_room_heals_it()
    {
        var file = Path.Combine(_folder, "full.db");
        using var log = SqliteMessageLog.Open(file, Bounds);
        log.Append([Draft("a", "before")], 1);
        log.LimitPages(40);
        var failed = Assert.Throws<LogFailedException>(() => log.Append([.. Enumerable.Range(0, 100).Select(i => Draft("a", $"{i}", new string('x', 5000)))], 2));
        Assert.True(failed.IsFull);
        Assert.Equal(1, log.Position("a").Top);
        Assert.Equal(["before"], log.Read("a", 0).Select(e => e.Id));
        log.LimitPages(1_000_000);
        Assert.Equal(2, log.Append([Draft("a", "after")], 3)[0].Seq);
    }

    [Fact]
    public void A_file_of_a_later_version_is_refused_and_left_alone()
    {
        var file = Path.Combine(_folder, "messages.db");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99; CREATE TABLE precious(x)";
            command.ExecuteNonQuery();
        }

        var refused = Assert.Throws<LogFailedException>(() => MessageLogs.Open(_folder, Bounds, TimeProvider.System, NullLogger.Instance));
        Assert.Contains("another version", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
        Assert.Empty(Directory.GetFiles(_folder, "*.corrupt-*"));
    }
}
