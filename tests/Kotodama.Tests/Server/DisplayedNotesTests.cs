using Kotodama.Protocol;
using Kotodama.Server;
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
        using var log = new FailingLog(new MemoryMessageLog(new LogBounds(100, 1_000_000, 600_000)));
        var core = new HubCore(log, new HubClock(new ManualTime(), 0), new KotodamaServerOptions(), NullLogger.Instance);
        var page = new SilentPage();
        var hello = new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] };
        core.Process([new Work.Join(page, [ChannelName.Default], hello, _ => []), Publish("a"), Publish("b")]);
        var epoch = core.Position(ChannelName.Default)!.Epoch;

        log.Fails = true;
        core.Process([Shown(1)]);
        Assert.NotNull(core.Failure);
        core.Process([Shown(2)]);
        Assert.False(log.Find(ChannelName.Default, "a")!.Displayed);

        log.Fails = false;
        core.Process([new Work.Ask(_ => { })]);
        Assert.Null(core.Failure);
        Assert.All(["a", "b"], id => Assert.True(log.Find(ChannelName.Default, id)!.Displayed));
        log.Fails = true;
        core.Process([new Work.Ask(_ => { })]);
        Assert.Null(core.Failure);

        Work Shown(long seq) => new Work.Acknowledge(page, new AckMessage { Channel = ChannelName.Default, Epoch = epoch, Displayed = [seq] });

        static Work Publish(string id) => new Work.Publish(new LlmResponseMessage { Id = id, Content = id }, ChannelName.Default, null, _ => { });
    }

    private sealed class SilentPage : Viewer
    {
        public override bool IsPage => true;

        public override bool Understands(Publication message) => true;

        public override bool Send(byte[] frame, FrameKind kind = FrameKind.Ordinary) => true;

        public override void Refuse(ErrorMessage error) => Assert.Fail(error.Message);

        public override void Replace() => Assert.Fail("There is one page only.");
    }

    /// <summary>A log that cannot note what was shown as long as the test says so.</summary>
    private sealed class FailingLog(IMessageLog log) : IMessageLog
    {
        public bool Fails { get; set; }

        public bool Durable => log.Durable;

        public long Latest => log.Latest;

        public IReadOnlyList<LogReceipt> Append(IReadOnlyList<LogDraft> drafts, long now) => log.Append(drafts, now);

        public LogPosition Position(string channel) => log.Position(channel);

        public LogPosition? Peek(string channel) => log.Peek(channel);

        public IReadOnlyList<LogEntry> Read(string channel, long after) => log.Read(channel, after);

        public IReadOnlyList<LogEntry> History(string channel, int most) => log.History(channel, most);

        public void MarkDisplayed(IReadOnlyList<(string Channel, long Seq)> messages)
        {
            if (Fails)
                throw new LogFailedException("the test says so", isFull: true);
            log.MarkDisplayed(messages);
        }

        public void Trim(long now) => log.Trim(now);

        public LogEntry? Find(string channel, string id) => log.Find(channel, id);

        public void Dispose() => log.Dispose();
    }
}
