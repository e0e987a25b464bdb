using Kotodama.Server.Log;
using static Kotodama.Tests.Conformance.MessageLogSuite;

namespace Kotodama.Tests.Server;

/// <summary>What a hub's log does when its disk fails, and when it works again.</summary>
public sealed class FallbackLogTests : IDisposable
{
    private const long Now = 1_000_000;

    private static readonly LogBounds Bounds = new(5, 1_000_000, 600_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-fallback-").FullName;
    private readonly TestLog _heard = new();
    private readonly FailingStore _store = new(new ModelStore(Bounds));

    private string ReserveFile => Path.Combine(_folder, "reserve");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_full_disk_costs_the_reserve_first_and_the_reserve_comes_back()
    {
        using var log = Open();
        log.Trim(Now);
        Assert.Equal(1 << 16, new FileInfo(ReserveFile).Length);
        (_store.Writes, _store.PurgingHelps) = (FailingStore.Full, true);
        Assert.True(log.Append([Draft("a", "1")], Now)[0].Durable);
        Assert.False(File.Exists(ReserveFile));
        Assert.Null(log.Failure);
        log.Trim(Now);
        Assert.True(File.Exists(ReserveFile));
        Assert.Empty(_heard.Errors);
    }

    [Fact]
    public void In_memory_the_numbers_go_on_under_a_new_epoch_and_healing_is_no_change()
    {
        using var log = Open();
        var before = log.Append([Draft("a", "1"), Draft("a", "2"), Draft("b", "1")], Now)[0].Epoch;
        _store.Writes = FailingStore.Full;
        var kept = log.Append([Draft("a", "3"), Draft("a", "4")], Now);
        Assert.Equal([(3L, false), (4L, false)], kept.Select(r => (r.Seq, r.Durable)));
        Assert.NotEqual(before, kept[0].Epoch);
        Assert.Equal((true, false), (log.Failure!.IsFull, log.Durable));
        Assert.Equal([1, 2, 3, 4], log.Read("a", 0).Select(e => e.Seq));
        Assert.Equal(["2", "3", "4"], log.History("a", 3).Select(e => e.Id));
        Assert.Equal(4, log.Find("a", "4")!.Seq);

        // Nothing was published on the other one, so nothing is new there.
        Assert.Equal(_store.Peek("b"), log.Position("b"));
        Assert.Equal((2L, null, 4L), (log.Place("a", new(before, 2)), log.Place("a", new(before, 3)), log.Place("a", new(kept[0].Epoch, 4))));

        _store.Writes = null;
        log.Trim(Now);
        Assert.Null(log.Failure);
        Assert.Equal(kept[0].Epoch, log.Position("a").Epoch);
        Assert.Equal([1, 2, 3, 4], _store.Read("a", 0).Select(e => e.Seq));
        Assert.Equal(2, log.Place("a", new(before, 2)));
        Assert.Equal((5L, true), log.Append([Draft("a", "5")], Now)[0] is var next ? (next.Seq, next.Durable) : default);
        Assert.Single(_heard.Errors);
        Assert.Single(_heard.Lines, line => line.Text.Contains("not degraded any more", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hub_that_ended_before_it_healed_knows_where_its_viewers_were()
    {
        LogPosition seen;
        using (var store = SqliteMessageLog.Open(Path.Combine(_folder, "a.db"), Bounds))
        {
            // Ends without being disposed, as in a crash.
            store.Append([Draft("a", "1"), Draft("a", "2")], Now);
            var log = new FallbackMessageLog(new FailingStore(store) { Writes = FailingStore.Full }, Reserve(), Bounds, _heard);
            log.Append([Draft("a", "lost")], Now);
            seen = log.Position("a");
        }

        Assert.Equal(3, seen.Top);
        using var again = SqliteMessageLog.Open(Path.Combine(_folder, "a.db"), Bounds);
        Assert.Equal(3, again.Append([Draft("a", "3")], Now)[0].Seq);
        Assert.Equal((2L, 1L, null), (again.Place("a", seen), again.Place("a", seen with { Top = 1 }), again.Place("a", seen with { Top = -1 })));
        Assert.Null(again.Place("a", new LogPosition("other.epoch.1", 1)));
    }

    [Fact]
    public void A_store_that_took_over_remembers_where_the_epochs_began()
    {
        var file = Path.Combine(_folder, "b.db");
        var (first, epochs) = ("", new List<string>());
        using (var store = SqliteMessageLog.Open(file, Bounds))
        {
            var disk = new FailingStore(store);
            using var log = new FallbackMessageLog(disk, Reserve(), Bounds, _heard);
            first = log.Append([Draft("a", "first")], Now)[0].Epoch;
            for (var i = 0; i < 10; i++)
            {
                disk.Writes = FailingStore.Broken;
                epochs.Add(log.Append([Draft("a", $"{i}"), Draft("new", $"{i}")], Now)[0].Epoch);
                disk.Writes = null;
                log.Trim(Now);
            }
        }

        using var again = SqliteMessageLog.Open(file, Bounds);
        Assert.Equal(new LogPosition(epochs[^1], 11), again.Position("a"));
        Assert.Equal([7, 8, 9, 10, 11], again.Read("a", 0).Select(e => e.Seq));
        Assert.Equal((10L, null), (again.Place("a", new(epochs[^2], 10)), again.Place("a", new(epochs[^2], 11))));
        Assert.Null(again.Place("a", new(first, 1)));
        Assert.Equal(10, again.Position("new").Top);
        Assert.Equal(LogOutcome.Duplicate, again.Append([Draft("a", "3")], Now)[0].Outcome);
    }

    [Fact]
    public void Who_asks_for_the_disk_is_refused_and_an_id_is_known_on_both_sides()
    {
        using var log = Open();
        log.Append([Draft("a", "1", "one")], Now);
        _store.Writes = FailingStore.Full;
        var receipts = log.Append([Draft("a", "1", "one") with { DurableOnly = true }, Draft("a", "1", "other"), Draft("a", "2") with { DurableOnly = true }, Draft("a", "2"), Draft("a", "2"), Draft("a", "2") with { DurableOnly = true }], Now);
        Assert.Equal([LogOutcome.Duplicate, LogOutcome.Conflict, LogOutcome.Refused, LogOutcome.Stored, LogOutcome.Duplicate, LogOutcome.Refused], receipts.Select(r => r.Outcome));
        Assert.Equal([true, false], [receipts[0].Durable, receipts[4].Durable]);
        _store.Writes = null;
        log.Trim(Now);
        Assert.Equal((LogOutcome.Duplicate, 2L, true), log.Append([Draft("a", "2") with { DurableOnly = true }], Now)[0] is var again ? (again.Outcome, again.Seq, again.Durable) : default);
    }

    [Fact]
    public void What_was_displayed_meanwhile_is_noted_when_the_disk_works_again()
    {
        using var log = Open();
        log.Append([Draft("a", "1"), Draft("a", "2")], Now);
        _store.Writes = FailingStore.Full;
        log.Append([Draft("a", "3"), Draft("a", "4")], Now);
        log.MarkDisplayed([("a", 1), ("a", 4)]);
        Assert.Equal([true, false, false, true], log.Read("a", 0).Select(e => e.Displayed));
        Assert.True(log.Find("a", "1")!.Displayed);
        _store.Writes = null;
        log.Trim(Now);
        Assert.Equal([true, false, false, true], _store.Read("a", 0).Select(e => e.Displayed));
    }

    [Fact]
    public void A_disk_that_cannot_be_read_leaves_what_memory_has()
    {
        using var log = Open();
        log.Append([Draft("a", "1")], Now);
        _store.Reads = FailingStore.Broken;
        Assert.Empty(log.Read("a", 0));
        Assert.False(log.Failure!.IsFull);
        log.Append([Draft("a", "2")], Now);
        Assert.Equal([2], log.Read("a", 0).Select(e => e.Seq));
        Assert.Equal(["2"], log.History("a", 9).Select(e => e.Id));
        Assert.Null(log.Find("a", "1"));
        _store.Reads = null;
        log.Trim(Now);
        Assert.Equal([1, 2], log.Read("a", 0).Select(e => e.Seq));
    }

    [Fact]
    public void A_file_that_is_found_damaged_is_not_written_any_more()
    {
        using var log = Open();
        log.Append([Draft("a", "1")], Now);
        _store.Reads = FailingStore.Damaged;
        log.Read("a", 0);
        _store.Reads = null;
        log.Append([Draft("a", "2")], Now);
        log.Trim(Now);
        Assert.True(log.Failure!.IsDamage);
        Assert.Single(_store.Read("a", 0));
    }

    [Fact]
    public void Memory_has_the_bounds_of_the_log_and_so_has_what_is_taken_over()
    {
        using var log = Open();
        log.Append([Draft("a", "1"), Draft("a", "2"), Draft("a", "3")], Now);
        _store.Writes = FailingStore.Full;
        Assert.Equal([4], log.Append([.. Enumerable.Range(4, 6).Select(i => Draft("a", $"{i}"))], Now)[^1].Dropped);
        Assert.Equal([1, 2, 3, 5, 6, 7, 8, 9], log.Read("a", 0).Select(e => e.Seq));
        _store.Writes = null;
        log.Trim(Now);
        Assert.Equal([5, 6, 7, 8, 9], log.Read("a", 0).Select(e => e.Seq));
    }

    private FallbackMessageLog Open() => new(_store, Reserve(), Bounds, _heard);

    private DiskReserve Reserve() => new(ReserveFile, 1 << 16);
}
