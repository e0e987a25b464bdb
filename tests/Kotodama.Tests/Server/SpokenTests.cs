using Kotodama.Protocol;

namespace Kotodama.Tests.Server;

/// <summary>How long the hub waits until a reply is spoken.</summary>
public sealed class SpokenTests
{
    private readonly TestCore _hub = new();

    [Fact]
    public void A_reply_that_is_displayed_in_time_may_be_spoken_later()
    {
        var (heard, page) = Displayed();
        var shown = _hub.Say(ReceiptLevel.Displayed, ttl: 5_000);
        _hub.Wait(300);
        Assert.Equal(ReceiptStatus.Expired, shown[^1].Status);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Tell(page, spoken: 1);
        Assert.Equal((ReceiptStatus.Done, new ReceiptCounts(1, 1, 1, 1)), (heard[^1].Status, heard[^1].Counts));
    }

    [Fact]
    public void A_reply_that_nobody_displayed_in_time_expires()
    {
        _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Spoken, ttl: 5_000);
        _hub.Wait(5);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_wait_ends_when_the_last_page_that_displayed_it_has_left_or_failed(bool leaves)
    {
        var (heard, page) = Displayed();
        var other = _hub.Come("b");
        _hub.Tell(other, displayed: 1);
        _hub.Come("c");
        _hub.Wait(10);
        _hub.Go(other);
        _hub.Wait(1);
        Assert.DoesNotContain(heard, r => r.Final == true);
        if (leaves)
            _hub.Go(page);
        else
            _hub.Tell(page, failed: 1);
        _hub.Wait(1);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard, r => r.Final == true).Status);
    }

    [Fact]
    public void A_page_whose_connection_was_lost_before_may_still_speak_it()
    {
        var (heard, page) = Displayed();
        _hub.Go(page);
        _hub.Wait(1);
        page = _hub.Come("a", has: 1);
        _hub.Wait(10);
        _hub.Tell(page, spoken: 1);
        Assert.Equal(ReceiptStatus.Done, Assert.Single(heard, r => r.Final == true).Status);
    }

    [Fact]
    public void The_wait_ends_ten_minutes_after_it_was_displayed()
    {
        var (heard, _) = Displayed();
        _hub.Wait(599);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Wait(1);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard, r => r.Final == true).Status);
    }

    [Fact]
    public void A_reply_that_is_not_to_be_spoken_expires()
    {
        var page = _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Spoken, ttl: 5_000, speak: false);
        _hub.Tell(page, displayed: 1);
        _hub.Wait(5);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard, r => r.Final == true).Status);
    }

    private (List<ReceiptMessage> Heard, TestViewer Page) Displayed()
    {
        var page = _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Spoken, ttl: 5_000);
        _hub.Tell(page, displayed: 1);
        return (heard, page);
    }
}
