using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server;

/// <summary>What pages have shown is noted in the log, so that it is not offered to the next page.</summary>
public sealed class DisplayedNotesTests
{
    [Fact]
    public void What_was_shown_while_the_log_failed_is_noted_when_it_works_again()
    {
        var bounds = new LogBounds(100, 1_000_000, 600_000);
        var disk = new FailingStore(new ModelStore(bounds));
        using var log = new FallbackMessageLog(disk, new DiskReserve("/dev/null/none", 1 << 20), bounds, NullLogger.Instance);
        var time = new ManualTime();
        var core = new HubCore(log, new HubClock(time, 0), new KotodamaServerOptions(), new Avatars(null, time, NullLogger.Instance));
        var page = new SilentPage();
        var hello = new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] };
        core.Process([new Work.Join(page, [ChannelName.Default], hello, _ => []), Publish("a"), Publish("b")]);
        var epoch = core.Position(ChannelName.Default)!.Epoch;

        disk.Writes = FailingStore.Full;
        core.Process([Shown(1)]);
        Assert.NotNull(log.Failure);
        core.Process([Shown(2)]);
        Assert.False(disk.Find(ChannelName.Default, "a")!.Displayed);

        disk.Writes = null;
        time.Advance(TimeSpan.FromSeconds(5));
        core.Tick();
        Assert.Null(log.Failure);
        Assert.All(["a", "b"], id => Assert.True(disk.Find(ChannelName.Default, id)!.Displayed));

        Work Shown(long seq) => new Work.Acknowledge(page, new AckMessage { Channel = ChannelName.Default, Epoch = epoch, Displayed = [seq] });

        static Work Publish(string id) => new Work.Publish(new LlmResponseMessage { Id = id, Content = id }, ChannelName.Default, null, _ => { });
    }

    private sealed class SilentPage : Viewer
    {
        public override string Session => "simulated";

        public override bool IsPage => true;

        public override bool Understands(Publication message) => true;

        public override bool Send(byte[] frame, FrameKind kind = FrameKind.Ordinary) => true;

        public override void AwaitRoom() => Assert.Fail("It was sent everything.");

        public override void Refuse(ErrorMessage error) => Assert.Fail(error.Message);

        public override void Replace() => Assert.Fail("There is one page only.");
    }
}
