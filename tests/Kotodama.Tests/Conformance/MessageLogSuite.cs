using System.Text;
using Kotodama.Server.Log;

namespace Kotodama.Tests.Conformance;

/// <summary>What every log promises. An implementation passes it by deriving a class.</summary>
public abstract class MessageLogSuite : IDisposable
{
    private const long Now = 1_000_000;

    private readonly List<IMessageLog> _open = [];

    internal abstract IMessageLog Open(LogBounds bounds);

    public virtual void Dispose()
    {
        foreach (var log in _open)
            log.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Numbers_begin_at_one_and_have_no_holes_per_channel()
    {
        var log = Make();
        var receipts = log.Append([Draft("a", "1"), Draft("b", "1"), Draft("a", "2"), Draft("a", "3")], Now);
        Assert.Equal([1, 1, 2, 3], receipts.Select(r => r.Seq));
        Assert.All(receipts, r => Assert.Equal(LogOutcome.Stored, r.Outcome));
        Assert.Equal((3L, 1L), (log.Position("a").Top, log.Position("b").Top));
        Assert.NotEqual(log.Position("a").Epoch, log.Position("b").Epoch);
        Assert.Equal(log.Position("a").Epoch, receipts[0].Epoch);
    }

    [Fact]
    public void A_channel_that_was_never_used_is_at_zero_and_keeps_its_epoch()
    {
        var log = Make();
        var position = log.Position("new");
        Assert.Equal(0, position.Top);
        Assert.Equal(position, log.Position("new"));
        Assert.Null(log.Peek("new"));

        // While a disk fails the first message may be in an epoch that continues it.
        log.Append([Draft("new", "1")], Now);
        Assert.True(log.Position("new").Epoch == position.Epoch || log.Place("new", position) == 0);
        Assert.Empty(log.Read("never", 0));
    }

    [Fact]
    public void What_was_stored_is_read_back_in_order()
    {
        var log = Make();
        log.Append([Draft("a", "x", "one", expires: Now + 5), Draft("b", "y", "other"), Draft("a", "z", "two")], Now);
        var entries = log.Read("a", 0);
        Assert.Equal([(1L, "x", "one"), (2L, "z", "two")], entries.Select(e => (e.Seq, e.Id, Encoding.UTF8.GetString(e.Body))));
        Assert.Equal((Now, Now + 5, false), (entries[0].At, entries[0].ExpiresAt, entries[0].Displayed));
        Assert.Equal("two", Encoding.UTF8.GetString(Assert.Single(log.Read("a", 1)).Body));
        Assert.Empty(log.Read("a", 2));
        Assert.Equal(2, log.Find("a", "z")!.Seq);
        Assert.Null(log.Find("b", "z"));
        Assert.Equal(Now, log.Latest);
    }

    [Fact]
    public void The_same_id_with_the_same_body_is_a_duplicate_and_with_another_a_conflict()
    {
        var log = Make();
        log.Append([Draft("a", "x", "body")], Now);
        var again = log.Append([Draft("a", "x", "body"), Draft("a", "x", "other"), Draft("b", "x", "other"), Draft("a", "y", "body")], Now);
        Assert.Equal([(LogOutcome.Duplicate, 1L), (LogOutcome.Conflict, 1L), (LogOutcome.Stored, 1L), (LogOutcome.Stored, 2L)], again.Select(r => (r.Outcome, r.Seq)));
        Assert.Equal(2, log.Read("a", 0).Count);
    }

    [Fact]
    public void Duplicates_within_one_append_count_once()
    {
        var log = Make();
        var receipts = log.Append([Draft("a", "x"), Draft("a", "x"), Draft("a", "x")], Now);
        Assert.Equal([LogOutcome.Stored, LogOutcome.Duplicate, LogOutcome.Duplicate], receipts.Select(r => r.Outcome));
        Assert.Equal(1, log.Position("a").Top);
    }

    [Fact]
    public void An_id_is_forgotten_after_its_window_and_the_time_to_live()
    {
        var log = Make(new LogBounds(1000, 1_000_000, 500));
        log.Append([Draft("a", "short", expires: Now + 10), Draft("a", "long", expires: Now + 2000)], Now);
        Assert.Equal(LogOutcome.Duplicate, log.Append([Draft("a", "short", expires: Now + 10)], Now + 499)[0].Outcome);
        log.Trim(Now + 501);
        Assert.Equal(LogOutcome.Stored, log.Append([Draft("a", "short", expires: Now + 10)], Now + 501)[0].Outcome);
        Assert.Equal(LogOutcome.Duplicate, log.Append([Draft("a", "long", expires: Now + 2000)], Now + 1999)[0].Outcome);
        Assert.Equal(LogOutcome.Stored, log.Append([Draft("a", "long", expires: Now + 2000)], Now + 2000)[0].Outcome);
    }

    [Fact]
    public void The_oldest_go_when_there_are_too_many_or_too_large_and_the_numbers_say_which()
    {
        var log = Make(new LogBounds(3, 100, 1000));
        log.Append([Draft("a", "1"), Draft("a", "2"), Draft("a", "3")], Now);
        Assert.Equal([1], log.Append([Draft("a", "4")], Now)[0].Dropped);
        Assert.Equal([2, 3, 4], log.Append([Draft("a", "5", new string('x', 99))], Now)[0].Dropped);
        Assert.Equal([5], log.Read("a", 0).Select(e => e.Seq));

        // A single message may be larger than the bound: it is kept until the next one comes.
        Assert.Equal([5], log.Append([Draft("a", "6", new string('y', 500))], Now)[0].Dropped);
        Assert.Equal([6], log.Read("a", 0).Select(e => e.Seq));
        Assert.Equal(6, log.Position("a").Top);
    }

    [Fact]
    public void A_message_says_when_it_was_published_by_the_wall_clock_and_expires_by_the_clock_of_the_log()
    {
        var log = Make();
        log.Append([Draft("a", "1", expires: Now + 5) with { Ts = 77 }], Now);
        Assert.Equal((77, Now + 5), log.Read("a", 0)[0] is var entry ? (entry.At, entry.ExpiresAt) : default);
        Assert.Equal(Now, log.Latest);
    }

    [Fact]
    public void What_was_displayed_is_marked()
    {
        var log = Make();
        log.Append([Draft("a", "1"), Draft("a", "2"), Draft("b", "1")], Now);
        log.MarkDisplayed([("a", 2), ("b", 99), ("none", 1)]);
        Assert.Equal([false, true], log.Read("a", 0).Select(e => e.Displayed));
        Assert.False(log.Read("b", 0)[0].Displayed);
    }

    [Fact]
    public void The_history_has_the_newest_replies_only()
    {
        var log = Make();
        log.Append([Draft("a", "1"), Draft("a", "s", reply: false), Draft("a", "2"), Draft("a", "3"), Draft("b", "1")], Now);
        Assert.Equal(["2", "3"], log.History("a", 2).Select(e => e.Id));
        Assert.Equal(["1", "2", "3"], log.History("a", 100).Select(e => e.Id));
        Assert.Empty(log.History("never", 100));
    }

    [Fact]
    public void What_is_read_has_a_bound_and_at_least_one_message()
    {
        var log = Make();
        log.Append([Draft("a", "1", new string('x', 40)), Draft("a", "2", new string('x', 40)), Draft("a", "3", new string('x', 40), reply: false), Draft("a", "4")], Now);
        Assert.Equal([1], log.Read("a", 0, mostBytes: 1).Select(e => e.Seq));
        Assert.Equal([1, 2], log.Read("a", 0, mostBytes: 41).Select(e => e.Seq));
        Assert.Equal([3, 4], log.Read("a", 2, mostBytes: 1000).Select(e => e.Seq));
        Assert.Equal([4], log.History("a", 9, mostBytes: 1).Select(e => e.Seq));
        Assert.Equal([2, 4], log.History("a", 9, mostBytes: 44).Select(e => e.Seq));
        Assert.Equal([1, 2], log.History("a", 9, before: 3).Select(e => e.Seq));
        Assert.Equal([2], log.History("a", 1, before: 4).Select(e => e.Seq));
        Assert.Empty(log.History("a", 9, before: 1));
    }

    [Fact]
    public void A_glance_sees_everything_but_the_bodies()
    {
        var log = Make();
        log.Append([Draft("a", "1", expires: Now + 1), Draft("b", "1"), Draft("a", "2", expires: Now + 2)], Now);
        log.MarkDisplayed([("a", 2)]);
        Assert.Equal([new LogMark(1, Now + 1, false), new LogMark(2, Now + 2, true)], log.Glance("a", 0));
        Assert.Equal([2], log.Glance("a", 1).Select(m => m.Seq));
        Assert.Empty(log.Glance("never", 0));
    }

    internal static LogDraft Draft(string channel, string id, string body = "body", long expires = Now + 60_000, bool reply = true)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return new LogDraft(channel, id, bytes, System.Security.Cryptography.SHA256.HashData(bytes), expires, reply);
    }

    private IMessageLog Make(LogBounds? bounds = null)
    {
        var log = Open(bounds ?? new LogBounds(1000, 16 * 1024 * 1024, 600_000));
        _open.Add(log);
        return log;
    }
}

public sealed class MemoryMessageLogTests : MessageLogSuite
{
    internal override IMessageLog Open(LogBounds bounds) => new MemoryMessageLog(bounds);
}
