using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server;

/// <summary>One piece of work that fails, or gets in the way of another one of its batch, costs no other client anything.</summary>
public sealed class BrokenWorkTests : IDisposable
{
    private static readonly InvalidOperationException Bug = new("A bug.");

    private readonly MemoryMessageLog _log = new(new LogBounds(100, 1_000_000, 600_000));
    private readonly List<Message> _answers = [];
    private readonly List<Exception> _broken = [];

    public void Dispose() => _log.Dispose();

    [Fact]
    public void The_rest_of_the_batch_is_done()
    {
        var core = Core(_log);
        var page = new TestViewer(sound: null);
        core.Process([Join(page, "default"), Broken(), Publish("a", "default"), Broken(), Publish("b", "default")], _broken.Add);
        Assert.Equal([Bug, Bug], _broken);
        Assert.Equal(["a", "b"], _answers.OfType<ReceiptMessage>().Select(r => r.Id));
        Assert.Equal(["a", "b"], page.Heard.OfType<StatusMessage>().Select(m => m.Id));
    }

    [Fact]
    public void Publishers_are_told_when_the_batch_could_not_be_stored()
    {
        var store = new FailingStore(new ModelStore(new LogBounds(100, 1_000_000, 600_000)));
        var core = Core(store);
        var (first, second) = (new TestViewer(sound: null), new TestViewer(sound: null));
        core.Process([Join(first, "default")]);
        store.Writes = FailingStore.Broken;
        core.Process([Publish("a", "default"), Join(second, "default")], _broken.Add);
        Assert.IsType<LogFailedException>(Assert.Single(_broken));
        var error = Assert.IsType<ErrorMessage>(Assert.Single(_answers));
        Assert.Equal((ErrorCode.StorageFailed, "a", true), (error.Code, error.Id, error.Retry));
        Assert.Equal(2, core.Channels["default"].Subscriptions.Count);
    }

    [Fact]
    public void A_message_is_followed_although_its_channel_gave_way_in_the_same_batch()
    {
        var core = Core(_log, mostChannels: 1);
        core.Process([Join(new TestViewer(sound: null), "busy"), Publish("a", "new")]);
        Assert.Equal(["busy", "new"], core.Channels.Keys.Order(StringComparer.Ordinal));
        Assert.NotNull(core.Find("new", "a")!.Value.Delivery);
    }

    private static HubCore Core(IMessageLog log, int mostChannels = 10)
    {
        var time = new ManualTime();
        return new HubCore(
            log,
            new HubClock(time, 0),
            new KotodamaServerOptions { MaxChannels = mostChannels },
            new Avatars(null, time, NullLogger.Instance));
    }

    private static Work.Ask Broken() => new Work.Ask(_ => throw Bug);

    private static Work.Join Join(TestViewer page, string channel) =>
        new Work.Join(page, [channel], new HelloMessage { Role = PeerRole.Viewer }, _ => [0, 0]);

    private Work.Publish Publish(string id, string channel) =>
        new Work.Publish(new StatusMessage { Id = id, Content = id, Ttl = 60_000 }, channel, null, _answers.Add);
}
