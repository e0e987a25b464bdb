using Kotodama.Protocol;

namespace Kotodama.Tests.Faults;

/// <summary>F7 of the fault matrix: one page takes next to nothing, the others must not notice.</summary>
public sealed class F7SlowPageTests
{
    private const int Good = 99;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_page_keeps_no_other_page_waiting_is_closed_and_comes_back_whole(bool drips)
    {
        // The hub's clock stands still: a client that had to wait for the slow page would wait for ever, because no timeout ends that.
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(o => o.KeptBytes = 1024L * 1024 * 1024, time);
        await using var proxy = new FaultProxy(hub.Url, _ => new() { Down = new() { SmallBuffer = true } });
        await using var slow = await Seen.StartAsync(proxy.Socket);
        var connection = Assert.Single(hub.Hub.Connections);
        var link = Assert.Single(proxy.Links);
        var good = await Task.WhenAll(Enumerable.Range(0, Good).Select(_ => Seen.StartAsync(hub.Socket)));
        try
        {
            (link.Faults.Down.StopReading, link.Faults.Down.Drips) = (!drips, drips);
            var text = new string('x', 16_000);
            var last = 0L;
            for (; last < 900 && !connection.IsClosing;)
            {
                last = (await hub.Stage.PublishAsync(new StatusMessage { Content = text, Ttl = 3_600_000 }, Token)).Seq!.Value;
                foreach (var page in good)
                    await page.HasAllAsync(last);
            }

            Assert.True(connection.IsClosing, "the slow page was never closed");
            Assert.Contains(hub.Log.Lines, l => l.Text.Contains($"{connection.Session} with {CloseCode.TooSlow}", StringComparison.Ordinal));
            Assert.All(hub.Hub.Connections.Where(c => c != connection), c => Assert.False(c.IsClosing));
            time.Advance(TimeSpan.FromSeconds(2));
            (link.Faults.Down.StopReading, link.Faults.Down.Drips) = (false, false);
            await slow.HasAllAsync(last);
            Assert.Equal(2, proxy.Links.Count);
        }
        finally
        {
            await Task.WhenAll(good.Select(v => v.DisposeAsync().AsTask()));
        }
    }
}
