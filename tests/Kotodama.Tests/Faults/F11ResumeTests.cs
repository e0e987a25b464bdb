using Kotodama.Protocol;

namespace Kotodama.Tests.Faults;

/// <summary>F11 of the fault matrix: the edge cases of coming back. Each runs on so many channels of one hub as KOTODAMA_RESUMES says.</summary>
public sealed class F11ResumeTests
{
    private static readonly int Resumes = Volume.Of("KOTODAMA_RESUMES", 100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_nothing_was_ever_sent()
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var channel in Channels())
        {
            ChannelPosition had;
            using (var page = await ResumedPage.OpenAsync(hub, channel))
                had = new ChannelPosition(page.Welcome.Epoch, page.Welcome.Seq);
            using var back = await ResumedPage.OpenAsync(hub, channel, had);
            Assert.Equal((true, 0), (back.Welcome.Recovered, back.Welcome.Missed));
            await hub.Stage.SendStatusAsync("first", channel, Token);
            Assert.Equal(1, (await back.Socket.ReceiveAsync<StatusMessage>()).Seq);
        }
    }

    [Fact]
    public async Task At_the_top_after_everything_has_expired()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        var receipts = new List<ReceiptMessage>();
        foreach (var channel in Channels())
            receipts.Add(await hub.Stage.SendStatusAsync("short", channel, Token));
        time.Jump(TimeSpan.FromHours(2));
        foreach (var receipt in receipts)
        {
            using var back = await ResumedPage.OpenAsync(hub, receipt.Channel, new ChannelPosition(receipt.Epoch!, 1));
            Assert.Equal((true, 0), (back.Welcome.Recovered, back.Welcome.Missed));
        }
    }

    [Fact]
    public async Task After_ten_times_the_retention_with_the_connection_lost_in_between()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(o => o.KeptMessages = 3, time);
        var had = new List<(string Channel, ChannelPosition Position)>();
        foreach (var channel in Channels())
        {
            var receipt = await hub.Stage.SendLlmResponseAsync("seen", channel: channel, cancellationToken: Token);
            had.Add((channel, new ChannelPosition(receipt.Epoch!, 1)));
        }

        time.Jump(TimeSpan.FromMinutes(10));
        foreach (var (channel, position) in had)
        {
            for (var i = 2; i <= 11; i++)
                await hub.Stage.SendLlmResponseAsync($"{i}", channel: channel, cancellationToken: Token);
            using var back = await ResumedPage.OpenAsync(hub, channel, position);
            Assert.Equal((false, 3), (back.Welcome.Recovered, back.Welcome.Missed));
            Assert.Equal(["2-8 Overflow", "9", "10", "11"], await back.TakeAsync(4));
        }
    }

    [Fact]
    public async Task Over_a_hole_tells_exactly_what_is_missing()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        var receipts = new List<ReceiptMessage>();
        foreach (var channel in Channels())
        {
            ReceiptMessage receipt = null!;
            foreach (var ttl in new[] { 1_000, 60_000, 1_000, 1_000, 60_000 })
                receipt = await hub.Stage.PublishAsync(new StatusMessage { Content = "x", Channel = channel, Ttl = ttl }, Token);
            receipts.Add(receipt);
        }

        time.Advance(TimeSpan.FromSeconds(2));
        foreach (var receipt in receipts)
        {
            using var back = await ResumedPage.OpenAsync(hub, receipt.Channel, new ChannelPosition(receipt.Epoch!, 0));
            Assert.Equal((false, 2), (back.Welcome.Recovered, back.Welcome.Missed));
            Assert.Equal(["1-1 Expired", "2", "3-4 Expired", "5"], await back.TakeAsync(4));
        }
    }

    [Fact]
    public async Task From_the_future_or_another_life_is_told_so()
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var channel in Channels())
        {
            var receipt = await hub.Stage.SendLlmResponseAsync("still new", channel: channel, cancellationToken: Token);
            foreach (var had in new[] { new ChannelPosition(receipt.Epoch!, 99), new ChannelPosition(receipt.Epoch!, -1), new ChannelPosition("another", 1), new ChannelPosition("another", 0) })
            {
                using var back = await ResumedPage.OpenAsync(hub, channel, had);
                Assert.Equal((false, 1), (back.Welcome.Recovered, back.Welcome.Missed));
                Assert.Equal("still new", (await back.Socket.ReceiveAsync<LlmResponseMessage>()).Content);
            }
        }
    }

    [Fact]
    public async Task Twice_in_a_row_repeats_the_same_and_no_more()
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var channel in Channels())
        {
            var receipt = await hub.Stage.SendLlmResponseAsync("a", channel: channel, cancellationToken: Token);
            await hub.Stage.SendLlmResponseAsync("b", channel: channel, cancellationToken: Token);
            for (var i = 0; i < 3; i++)
            {
                using var back = await ResumedPage.OpenAsync(hub, channel, new ChannelPosition(receipt.Epoch!, 1));
                Assert.Equal((true, 1), (back.Welcome.Recovered, back.Welcome.Missed));
                Assert.Equal("b", (await back.Socket.ReceiveAsync<LlmResponseMessage>()).Content);
                await back.Socket.SendAsync(new ResumeMessage { Channel = channel, Epoch = receipt.Epoch!, Seq = 1 });
                Assert.Equal("b", (await back.Socket.ReceiveAsync<LlmResponseMessage>()).Content);
            }
        }
    }

    private static IEnumerable<string> Channels() => Enumerable.Range(1, Resumes).Select(i => $"c{i}");
}
