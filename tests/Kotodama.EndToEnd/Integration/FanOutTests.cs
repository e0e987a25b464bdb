using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.EndToEnd.Integration;

public sealed class FanOutTests
{
    [Fact]
    public async Task A_thousand_viewers_get_a_hundred_messages_each_in_order()
    {
        const int Viewers = 1000, Messages = 100;
        await using var hub = await TestHub.StartAsync();
        var sockets = new List<RawSocket>();
        try
        {
            for (var i = 0; i < Viewers; i++)
                sockets.Add(await RawSocket.ConnectAsync(hub.Url));
            await Limits.UntilAsync(() => hub.Hub.Channels.Sum(c => c.Subscriptions.Count) == Viewers, "all viewers");
            var reading = sockets.Select(ReadAsync).ToArray();
            await using var client = await hub.ClientAsync();
            for (var i = 0; i < Messages; i++)
                Assert.Equal(Viewers, (await client.SendStatusAsync($"message {i}", cancellationToken: TestContext.Current.CancellationToken)).Pages);
            foreach (var read in await Task.WhenAll(reading))
                Assert.Equal(Enumerable.Range(0, Messages).Select(i => (i + 1L, $"message {i}")), read);
        }
        finally
        {
            foreach (var socket in sockets)
                socket.Dispose();
        }

        static async Task<List<(long, string)>> ReadAsync(RawSocket socket)
        {
            var got = new List<(long, string)>();
            while (got.Count < Messages && await socket.ReadFrameAsync() is { } frame)
                if (frame.Opcode == Opcode.Text && MessageCodec.Read(frame.Payload).Message is StatusMessage status)
                    got.Add((status.Seq!.Value, status.Content));
            return got;
        }
    }

    [Fact]
    public async Task A_viewer_that_stops_reading_delays_no_other_and_is_told_to_come_back()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var stalled = await RawSocket.ConnectAsync(hub.Url, receiveBuffer: 4096);
        await Limits.UntilAsync(() => hub.Hub.Channels.Sum(c => c.Subscriptions.Count) == 2, "both viewers");
        var text = new string('x', 16_000);
        var closing = false;
        for (var i = 0; i < 2_000 && !closing; i++)
        {
            await hub.Stage.SendStatusAsync(text, cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(i + 1, (await page.ReceiveAsync<StatusMessage>()).Seq);
            closing = hub.Hub.Connections.All(c => c.SaidHello || c.IsClosing);
        }

        Assert.True(closing, "the stalled viewer was never closed");
        Assert.Contains(hub.Log.Lines, l => l.Text.Contains($"with {CloseCode.TooSlow}", StringComparison.Ordinal));
        Assert.True(CloseCode.MayReturn(CloseCode.TooSlow));
        await Limits.UntilAsync(() => hub.Hub.Connections.Count() == 1, "the stalled viewer to be cut");
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            // What the network had already taken may still arrive; then the connection is gone instead of going on for ever.
            while (await stalled.ReadFrameAsync() is not null)
            {
            }

            throw new EndOfStreamException();
        });
    }

    [Fact]
    public async Task A_publisher_that_never_reads_stays_connected()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var publisher = await RawSocket.ConnectAsync(hub.Url, receiveBuffer: 4096);
        await publisher.SendAsync(Wire.Text("""{"type":"status","content":"first"}"""));
        Assert.Equal("first", (await page.ReceiveAsync<StatusMessage>()).Content);
        for (var i = 0; i < 2_000; i++)
        {
            await hub.Stage.SendStatusAsync(new string('y', 1000), cancellationToken: TestContext.Current.CancellationToken);
            await page.ReceiveAsync<StatusMessage>();
        }

        await publisher.SendAsync(Wire.Text("""{"type":"status","content":"last"}"""));
        Assert.Equal("last", (await page.ReceiveAsync<StatusMessage>()).Content);
    }

    [Fact]
    public async Task A_message_is_framed_once_however_many_viewers_there_are()
    {
        await using var hub = await TestHub.StartAsync();
        var pages = new List<TestSocket>();
        for (var i = 0; i < 50; i++)
            pages.Add(await hub.PageAsync());
        var text = new string('z', 16_000);
        for (var warm = 0; warm < 5; warm++)
        {
            // The web server's own buffers grow with use and are kept.
            await hub.Stage.SendStatusAsync(text, cancellationToken: TestContext.Current.CancellationToken);
            foreach (var page in pages)
                await page.ReceiveAsync<StatusMessage>();
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await hub.Stage.SendStatusAsync(text, cancellationToken: TestContext.Current.CancellationToken);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        // The frame itself, what it is built in, and its copy for the log; a copy for each viewer would be 800 kB.
        Assert.InRange(allocated, 16_000, 400_000);
        foreach (var page in pages)
            page.Dispose();
    }

    [Fact]
    public async Task Pages_that_come_and_go_during_broadcasts_do_no_harm()
    {
        await using var hub = await TestHub.StartAsync();
        using var steady = await hub.PageAsync();
        using var stop = new CancellationTokenSource();
        var churn = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var socket = await RawSocket.ConnectAsync(hub.Url);
                socket.Reset();
            }
        })).ToArray();
        for (var i = 0; i < 500; i++)
        {
            await hub.Stage.SendStatusAsync("x", cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(i + 1, (await steady.ReceiveAsync<StatusMessage>()).Seq);
        }

        await stop.CancelAsync();
        await Task.WhenAll(churn);
    }
}
