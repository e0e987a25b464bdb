using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Faults;

/// <summary>
/// F4 of the fault matrix: all pages are thrown out at once and come back at once. KOTODAMA_PAGES says how many, KOTODAMA_STORMS how often.
/// How long that may take is the benchmark <c>publish</c>'s business: the machine that runs this is also all the viewers.
/// </summary>
public sealed class F4StormTests
{
    private static readonly int Pages = Volume.Of("KOTODAMA_PAGES", 1_000);
    private static readonly int Storms = Volume.Of("KOTODAMA_STORMS", 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_viewers_dropped_at_once_are_caught_up_once_and_in_order()
    {
        await using var hub = await TestHub.StartAsync();
        await using var proxy = new FaultProxy(hub.Url);
        var viewers = await Task.WhenAll(Enumerable.Range(0, Pages).Select(i =>
            Seen.StartAsync(proxy.Socket, o => (o.FirstPause, o.LongestPause, o.Random) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), new Random(i)))));
        try
        {
            for (var storm = 1; storm <= Storms; storm++)
            {
                await PublishAsync(20);
                var start = TimeProvider.System.GetTimestamp();
                var dropping = Task.Run(proxy.Drop, Token);
                await PublishAsync(20);
                await dropping;
                await PublishAsync(20);
                foreach (var viewer in viewers)
                    await viewer.HasAllAsync(60 * storm);
                var took = TimeProvider.System.GetElapsedTime(start);
                TestContext.Current.TestOutputHelper?.WriteLine($"Storm {storm}: {Pages} viewers had everything after {took.TotalSeconds:0.0} s.");
                Assert.True(proxy.Links.Count >= Pages * (storm + 1), $"{proxy.Links.Count} connections");
            }

            Assert.Equal(Pages, hub.Hub.Channels.Sum(c => c.Subscriptions.Count));
        }
        finally
        {
            await Task.WhenAll(viewers.Select(v => v.DisposeAsync().AsTask()));
        }

        async Task PublishAsync(int messages)
        {
            for (var i = 0; i < messages; i++)
                await hub.Stage.PublishAsync(new StatusMessage { Content = "x", Ttl = 3_600_000 }, Token);
        }
    }
}
