using System.Collections.Concurrent;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Faults;

/// <summary>
/// F6 of the fault matrix: the network ends a connection after N bytes, for every N. The first 400 bytes are the handshake, the next ones
/// the welcome and the messages. KOTODAMA_CUTS is the last N.
/// </summary>
public sealed class F6CutTests
{
    private static readonly int Cuts = Volume.Of("KOTODAMA_CUTS", 800);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_viewer_whose_connection_ends_at_any_byte_gets_every_message_once_and_in_order()
    {
        await using var hub = await TestHub.StartAsync(o => o.KeptMessages = 100_000);
        await using var proxy = new FaultProxy(hub.Url, number => number == 0 ? new() : Cut(number, up: false));
        await using var viewer = await Seen.StartAsync(proxy.Socket);
        proxy.Drop();
        var published = 0L;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (proxy.Links.Count <= Cuts + 1)
        {
            published = (await hub.Stage.PublishAsync(Message(published + 1), Token)).Seq!.Value;
            await pace.WaitForNextTickAsync(Token);
        }

        await viewer.HasAllAsync(published);
        Assert.All(proxy.Links.Skip(1).Take(Cuts).Select((link, i) => (link.Down, N: i + 1)), cut => Assert.Equal(cut.N, cut.Down));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_publisher_whose_connection_ends_at_any_byte_has_every_acknowledged_message_stored_once(bool up)
    {
        await using var hub = await TestHub.StartAsync(o => o.KeptMessages = 100_000);
        await using var proxy = new FaultProxy(hub.Url, number => number == 0 ? new() : Cut(number, up));
        await using var viewer = await Seen.StartAsync(hub.Socket);
        await using var publisher = await KotodamaClient.ConnectAsync(
            proxy.Socket,
            new() { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(1), SendTimeout = Timeout.InfiniteTimeSpan, Random = new Random(1) },
            Token);
        proxy.Drop();
        var receipts = new ConcurrentQueue<ReceiptMessage>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(PublishAsync));
        Assert.Equal(Enumerable.Range(1, receipts.Count).Select(i => (long)i), receipts.Select(r => r.Seq!.Value).Order());
        Assert.Equal(receipts.Count, hub.Hub.Top(ChannelName.Default));
        await viewer.HasAllAsync(receipts.Count);
        Assert.All(proxy.Links.Skip(1).Take(Cuts).Select((link, i) => (Passed: up ? link.Up : link.Down, N: i + 1)), cut => Assert.Equal(cut.N, cut.Passed));

        async Task PublishAsync(int caller)
        {
            for (var i = 0; proxy.Links.Count <= Cuts + 1; i++)
                receipts.Enqueue(await publisher.PublishAsync(Message(i) with { Id = $"{caller}-{i}" }, Token));
        }
    }

    /// <summary>Little, so that an end meets each part of it often; and new until the test is over, however slow the machine.</summary>
    private static StatusMessage Message(long number) => new() { Content = $"{number}", Ttl = 3_600_000 };

    private static LinkFaults Cut(int number, bool up)
    {
        if (number > Cuts)
            return new();
        var way = new WayFaults { CutAfter = number };
        return up ? new() { Up = way, Reset = number % 2 == 0 } : new() { Down = way, Reset = number % 2 == 0 };
    }
}
