using Kotodama.Server.Log;
using Kotodama.Tests.Conformance;

namespace Kotodama.Tests.Server;

/// <summary>Names and messages of any client cost a bounded room, in memory as on the disk.</summary>
public sealed class LogBoundsTests : IDisposable
{
    private const int Overhead = LogBounds.MessageOverhead;

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-bounds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_all_channels_together_the_oldest_messages_go(bool onDisk)
    {
        using var log = Open(onDisk, Room(5, 100));
        log.Append([Draft("a", "1"), Draft("b", "1")], 1_000);
        log.Append([Draft("c", "1"), Draft("a", "2"), Draft("b", "2")], 1_001);
        Assert.Equal([("a", 1L)], log.Append([Draft("d", "1")], 1_002)[0].Elsewhere);
        var own = log.Append([Draft("b", "3")], 1_003)[0];
        Assert.Equal([1L], own.Dropped);
        Assert.Empty(own.Elsewhere);
        Assert.Equal([2L], log.Read("a", 0).Select(e => e.Seq));
        Assert.Equal([2L, 3L], log.Read("b", 0).Select(e => e.Seq));
        Assert.Equal(3, log.Position("b").Top);

        // A channel whose messages are gone goes on with its numbers.
        for (var i = 0; i < 5; i++)
            log.Append([Draft("e", $"{i}")], 1_010 + i);
        Assert.Empty(log.Read("a", 0));
        Assert.Equal(3, log.Append([Draft("a", "3")], 1_020)[0].Seq);
    }

    [Fact]
    public void The_bound_also_holds_where_one_large_message_comes_for_many_small_ones_and_after_a_new_start()
    {
        var bounds = Room(400, 100);
        using (var log = Open(onDisk: true, bounds))
            for (var i = 0; i < 400; i++)
                log.Append([Draft($"c{i}", "1")], 1_000 + i);
        using var again = Open(onDisk: true, bounds);
        var receipt = again.Append([Draft("big", "1", 60_000)], 2_000)[0];
        Assert.Equal((60_000 + Overhead + 100 + Overhead - 1) / (100 + Overhead), receipt.Elsewhere.Count);
        Assert.Equal(receipt.Elsewhere.Count, Enumerable.Range(0, 400).Count(i => again.Read($"c{i}", 0).Count == 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void To_ask_about_a_channel_costs_nothing(bool onDisk)
    {
        using var log = Open(onDisk, Room(1_000, 100));
        var epochs = Enumerable.Range(0, 5_000).Select(i => log.Position($"c{i}").Epoch).ToArray();
        Assert.Equal(5_000, epochs.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Enumerable.Range(0, 5_000), i => Assert.Null(log.Peek($"c{i}")));
        Assert.Equal(epochs[7], log.Append([Draft("c7", "1")], 1)[0].Epoch);
        if (onDisk)
            Assert.Equal("1", Ask("SELECT count(*) FROM channel"));
    }

    [Fact]
    public void The_epoch_of_a_channel_without_a_message_outlives_a_restart()
    {
        string epoch;
        using (var log = Open(onDisk: true, Room(1_000, 100)))
            epoch = log.Position("waiting").Epoch;
        using var again = Open(onDisk: true, Room(1_000, 100));
        Assert.Equal(epoch, again.Append([Draft("waiting", "1")], 1)[0].Epoch);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_channel_that_was_forgotten_begins_again_in_another_epoch(bool onDisk)
    {
        using var log = Open(onDisk, Room(2, 100) with { IdWindow = 10, ForgetAfter = 1_000 });
        var first = log.Append([Draft("old", "1"), Draft("used", "1")], 1)[0];
        log.Append([Draft("a", "1"), Draft("b", "1")], 2);
        Assert.Empty(log.Read("old", 0));
        Assert.False(log.Trim(500_000, name => name == "used"));
        Assert.Null(log.Peek("old"));
        Assert.Equal(1, log.Peek("used")!.Top);
        var second = log.Append([Draft("old", "2")], 500_001)[0];
        Assert.Equal((1L, 1L), (first.Seq, second.Seq));
        Assert.NotEqual(first.Epoch, second.Epoch);
        Assert.Null(log.Place("old", new LogPosition(first.Epoch, 1)));
    }

    [Fact]
    public void Of_too_many_channels_those_go_that_were_used_longest_ago()
    {
        using var log = Open(onDisk: true, Room(10_000, 100) with { Channels = 100 });
        for (var i = 0; i < 1_700; i++)
            log.Append([Draft($"c{i}", "1")], 1_000 + i);
        var more = 0;
        while (log.Trim(5_000, name => name == "c3"))
            more++;
        Assert.InRange(more, 2, 4);
        Assert.NotNull(log.Peek("c3"));
        Assert.Null(log.Peek("c1500"));
        Assert.NotNull(log.Peek("c1699"));
        Assert.Equal("100", Ask("SELECT count(*) FROM channel"));
        Assert.Equal("100", Ask("SELECT count(*) FROM message"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_too_many_ids_those_are_forgotten_whose_time_ends_first(bool onDisk)
    {
        using var log = Open(onDisk, new LogBounds(1, 1_000_000, 600_000) { TotalBytes = 20 * 1024, MemoryBytes = 20 * 1024 });
        log.Append([Draft("a", "soon", expires: 0), Draft("a", "late", expires: 5_000_000)], 1);
        for (var i = 0; i < 30; i++)
            log.Append([Draft("a", $"{i}", expires: 1_000_000)], 2 + i);
        Assert.Equal(LogOutcome.Duplicate, log.Append([Draft("a", "late", expires: 5_000_000)], 100)[0].Outcome);
        Assert.Equal(LogOutcome.Duplicate, log.Append([Draft("a", "29", expires: 1_000_000)], 100)[0].Outcome);
        Assert.Equal(LogOutcome.Stored, log.Append([Draft("a", "soon", expires: 0)], 100)[0].Outcome);
    }

    [Fact]
    public void A_transaction_that_fails_takes_back_what_it_touched_and_nothing_else()
    {
        using var log = SqliteMessageLog.Open(Path.Combine(_folder, "log.db"), Room(1_000, 100_000));
        log.Append([Draft("a", "1"), Draft("b", "1")], 1);
        var waiting = log.Position("new").Epoch;
        log.LimitPages(60);
        Assert.Throws<LogFailedException>(() => log.Append([Draft("a", "2"), Draft("new", "1"), .. Enumerable.Range(0, 100).Select(i => Draft("b", $"x{i}", 5_000))], 2));
        Assert.Equal((1L, 1L), (log.Position("a").Top, log.Position("b").Top));
        Assert.Null(log.Peek("new"));
        log.LimitPages(1_000_000);
        Assert.Equal((2L, waiting), log.Append([Draft("a", "2"), Draft("new", "1")], 3) is var both ? (both[0].Seq, both[1].Epoch) : default);
    }

    private IMessageLog Open(bool onDisk, LogBounds bounds) =>
        onDisk ? SqliteMessageLog.Open(Path.Combine(_folder, "log.db"), bounds) : new MemoryMessageLog(bounds);

    private string? Ask(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder, "log.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    private static LogBounds Room(int messages, int bytes) => new(1_000, 16 * 1024 * 1024, 600_000)
    {
        TotalBytes = messages * (long)(bytes + Overhead),
        MemoryBytes = messages * (long)(bytes + Overhead),
    };

    private static LogDraft Draft(string channel, string id, int bytes = 100, long expires = 60_000) =>
        MessageLogSuite.Draft(channel, id, new string('x', bytes), expires);
}
