using Kotodama.Protocol;

namespace Kotodama.Tests.Faults;

/// <summary>F12 of the fault matrix: the same messages are published again, by many at once and after a restart. KOTODAMA_IDS says how many.</summary>
public sealed class F12DuplicateTests : IDisposable
{
    private const int Racing = 32;

    private static readonly int Ids = Volume.Of("KOTODAMA_IDS", 10_000);

    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-f12-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Every_id_is_shown_once_however_often_it_is_published()
    {
        await using (var hub = await TestHub.StartAsync(Configure))
        {
            await using var viewer = await Seen.StartAsync(hub.Socket);

            // In the order of the ids; then each again, by many who begin elsewhere.
            for (var from = 0; from < Ids; from += Racing)
                await Task.WhenAll(Enumerable.Range(from, Math.Min(Racing, Ids - from)).Select(i => PublishAsync(hub, i, i + 1L, duplicate: null)));
            await Task.WhenAll(Enumerable.Range(0, Racing).Select(async racer =>
            {
                for (var i = 0; i < Ids; i += Racing)
                    await PublishAsync(hub, (i + (racer * 37)) % Ids, null, duplicate: true);
            }));

            // New ones, each by all at once: one of them is the first, whichever it is.
            for (var i = Ids; i < Ids + 100; i++)
            {
                var receipts = await Task.WhenAll(Enumerable.Range(0, Racing).Select(_ => hub.Stage.PublishAsync(Message(i), Token)));
                Assert.All(receipts, r => Assert.Equal(i + 1, r.Seq));
                Assert.Single(receipts, r => r.Duplicate is null);
            }

            await viewer.HasAllAsync(Ids + 100);
        }

        await using var after = await TestHub.StartAsync(Configure);
        for (var from = 0; from < Ids; from += Racing)
            await Task.WhenAll(Enumerable.Range(from, Math.Min(Racing, Ids - from)).Select(i => PublishAsync(after, i, i + 1L, duplicate: true)));
        Assert.Equal(Ids + 100, after.Hub.Top(ChannelName.Default));
    }

    private void Configure(Kotodama.Server.KotodamaServerOptions options) =>
        (options.DataFolder, options.KeptMessages, options.KeptBytes) = (_data, 100_000, 1024L * 1024 * 1024);

    private static async Task PublishAsync(TestHub hub, int number, long? seq, bool? duplicate)
    {
        var receipt = await hub.Stage.PublishAsync(Message(number), Token);
        Assert.Equal(duplicate, receipt.Duplicate);
        Assert.Equal(seq ?? number + 1, receipt.Seq);
    }

    private static StatusMessage Message(int number) => new() { Id = $"id-{number}", Content = $"{number}", Ttl = 3_600_000 };
}
