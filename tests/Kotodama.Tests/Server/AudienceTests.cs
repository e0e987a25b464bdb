using Kotodama.Protocol;
using Kotodama.Server.Channels;

namespace Kotodama.Tests.Server;

/// <summary>Whom the hub counts and waits for: pages, not connections.</summary>
public sealed class AudienceTests
{
    private readonly TestCore _hub = new(speaks: true);

    [Fact]
    public void A_page_that_comes_back_and_says_everything_again_is_counted_once()
    {
        var (a, b) = (_hub.Come("a"), _hub.Come("b"));
        var heard = _hub.Say(ReceiptLevel.Displayed);
        _hub.Tell(a, received: 1, displayed: 1);
        _hub.Go(a);
        a = _hub.Come("a", has: 1);
        _hub.Tell(a, received: 1, displayed: 1, spoken: 1);
        _hub.Tell(a, received: 1, displayed: 1, spoken: 1);
        _hub.Wait(1);
        Assert.DoesNotContain(heard, r => r.Final == true);
        Assert.Equal(new ReceiptCounts(2, 1, 1, 1), heard[^1].Counts);
        _hub.Tell(b, received: 1, displayed: 1);
        _hub.Tell(b, received: 1, displayed: 1);
        Assert.Equal((ReceiptStatus.Done, new ReceiptCounts(2, 2, 2, 1)), (heard[^1].Status, heard[^1].Counts));
        Assert.Single(heard, r => r.Final == true);
    }

    [Theory]
    [InlineData(ReceiptLevel.Received)]
    [InlineData(ReceiptLevel.Displayed)]
    public void A_page_that_comes_back_with_the_message_is_waited_for_again(ReceiptLevel until)
    {
        var (a, b) = (_hub.Come("a"), _hub.Come("b"));
        var heard = _hub.Say(until);
        _hub.Go(b);
        b = _hub.Come("b", has: 1);
        _hub.Tell(a, received: 1, displayed: 1);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Tell(b, received: 1, displayed: 1);
        Assert.Equal(ReceiptStatus.Done, heard[^1].Status);
    }

    [Fact]
    public void A_page_that_comes_back_without_the_message_is_waited_for_when_it_is_sent_again_only()
    {
        var (a, b) = (_hub.Come("a"), _hub.Come("b"));
        var unseen = _hub.Say(ReceiptLevel.Displayed);
        var seen = _hub.Say(ReceiptLevel.Displayed);
        _hub.Tell(a, displayed: 2);
        _hub.Go(b);
        b = _hub.Come("b");
        Assert.Equal([1L, 0L], b.Heard.Select(m => (m as Publication)?.Seq ?? 0));
        _hub.Wait(1);
        Assert.Equal((ReceiptStatus.Done, 2), (seen[^1].Status, seen[^1].Counts!.Sent));
        _hub.Tell(a, displayed: 1);
        Assert.DoesNotContain(unseen, r => r.Final == true);
        _hub.Tell(b, displayed: 1);
        Assert.Equal((ReceiptStatus.Done, 2), (unseen[^1].Status, unseen[^1].Counts!.Sent));
    }

    [Fact]
    public void The_older_of_two_connections_of_a_page_gives_way()
    {
        var old = _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Displayed);
        var page = _hub.Come("a", has: 1);
        Assert.True(old.WasReplaced);
        _hub.Tell(old, received: 1, displayed: 1);
        _hub.Wait(1);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Say(ReceiptLevel.Stored);
        Assert.Equal((1, 1), (old.Heard.Count, page.Heard.Count));

        // The hub hears late that the old one has ended.
        _hub.Go(old);
        _hub.Tell(page, displayed: 1);
        Assert.Equal(new ReceiptCounts(1, 1, 1, 0), Assert.Single(heard, r => r.Final == true).Counts);
        Assert.False(page.WasReplaced);
        _hub.Come("a", has: 2);
        Assert.True(page.WasReplaced);
    }

    [Fact]
    public void A_page_that_does_not_say_who_it_is_is_its_connection()
    {
        var page = _hub.Come(null);
        var heard = _hub.Say(ReceiptLevel.Displayed);
        _hub.Go(page);
        page = _hub.Come(null);
        _hub.Tell(page, displayed: 1);
        Assert.Equal(new ReceiptCounts(2, 1, 1, 0), heard[^1].Counts);
        Assert.Equal((1, 0), (_hub.Audience.Size, _hub.Audience.Absent));
    }

    [Fact]
    public void After_a_restart_a_page_that_tells_again_counts_for_a_sender_that_asks_again()
    {
        var page = _hub.Come("a");
        _hub.Say(ReceiptLevel.Displayed, id: "m");
        _hub.Restart();
        page = _hub.Come("a", has: 1);
        var heard = _hub.TellAndSay(page, displayed: 1, "m");
        Assert.Equal((ReceiptStatus.Done, new ReceiptCounts(1, 1, 1, 0)), (heard[^1].Status, heard[^1].Counts));
        heard = _hub.Say(ReceiptLevel.Spoken, id: "m");
        _hub.Tell(page, displayed: 1);
        _hub.Tell(page, spoken: 1);
        Assert.Equal((ReceiptStatus.Done, new ReceiptCounts(1, 1, 1, 1)), (heard[^1].Status, heard[^1].Counts));
    }

    [Fact]
    public void Having_everything_up_to_a_number_says_nothing_about_messages_that_were_not_sent()
    {
        var page = _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Displayed, ttl: 30_000);
        _hub.Tell(page, received: 1, displayed: 1);
        var waited = _hub.Say(ReceiptLevel.Spoken);
        _hub.Tell(page, displayed: 2);
        var late = _hub.Come("b");
        _hub.Say(ReceiptLevel.Stored);
        _hub.Tell(late, received: 3);
        _hub.Wait(1);
        Assert.Equal(1, heard[^1].Counts!.Received);
        Assert.Equal(new ReceiptCounts(1, 1, 1, 0), waited[^1].Counts);
    }

    [Fact]
    public void What_a_page_says_about_numbers_that_it_cannot_know_is_ignored()
    {
        var page = _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Spoken);
        foreach (var seq in new[] { long.MinValue, -1, 0, 2, long.MaxValue })
            _hub.Tell(page, seq, seq, seq, seq);
        _hub.Wait(1);
        Assert.Equal(1, heard[^1].Counts!.Received);
        Assert.Equal((0, 0), (heard[^1].Counts!.Displayed, heard[^1].Counts!.Spoken));
    }

    [Fact]
    public void Pages_that_left_are_forgotten_when_nothing_new_remembers_them_and_the_oldest_when_there_are_too_many()
    {
        const int All = Audience.MostAbsent + 100;
        _hub.Come("stays");
        var pages = Enumerable.Range(1, All - 1).Select(i => _hub.Come($"p{i}")).ToArray();
        var heard = _hub.Say(ReceiptLevel.Displayed);
        foreach (var page in pages)
            _hub.Go(page);
        Assert.Equal((All, Audience.MostAbsent), (_hub.Audience.Size, _hub.Audience.Absent));
        _hub.Tell(_hub.Come($"p{All - 1}", has: 1), displayed: 1);
        _hub.Wait(1);
        Assert.Equal(All, heard[^1].Counts!.Sent);
        _hub.Tell(_hub.Come("p1", has: 1), displayed: 1);
        _hub.Wait(1);
        Assert.Equal(All + 1, heard[^1].Counts!.Sent);
        _hub.Wait(60);
        Assert.Equal((All, 0), (_hub.Audience.Size, _hub.Audience.Absent));
        for (var i = 3; i < All; i++)
            _hub.Come($"q{i}");
        Assert.Equal(All, _hub.Audience.Size);
    }

    [Fact]
    public void A_page_that_nothing_new_was_sent_to_is_not_remembered()
    {
        _hub.Say(ReceiptLevel.Stored, ttl: Publication.LongestTtl);
        for (var i = 0; i < 10; i++)
            _hub.Go(_hub.Come($"p{i}", has: 1));
        Assert.Equal((1, 0), (_hub.Audience.Size, _hub.Audience.Absent));
    }

    [Fact]
    public void What_cannot_be_read_back_is_a_gap_and_not_among_the_missed()
    {
        _hub.Come("a");
        _hub.StoreUnreadable();
        _hub.Say(ReceiptLevel.Stored);
        _hub.StoreUnreadable();
        _hub.Say(ReceiptLevel.Stored);
        var back = _hub.Come("a", has: 0);
        Assert.Equal((2, false), (back.Welcome.Missed, back.Welcome.Recovered));
        Assert.Equal(["gap", "llm_response", "gap", "llm_response"], back.Heard.Select(m => m.Type));
        Assert.Equal(GapReason.Overflow, Assert.IsType<GapMessage>(back.Heard[0]).Reason);
        var fresh = _hub.Come("b");
        Assert.Equal(2, fresh.Welcome.Missed);
        Assert.Equal(["llm_response", "gap", "llm_response"], fresh.Heard.Select(m => m.Type));
    }
}
