using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server.Bounds;

/// <summary>What a viewer missed goes out in portions, as it takes them, and everything newer comes behind it.</summary>
public sealed class ReplayTests
{
    private const int Portion = 2;

    private readonly ManualTime _time = new();
    private readonly MemoryMessageLog _log = new(new LogBounds(100, 1_000_000, 600_000));
    private readonly HubCore _core;
    private int _sent;

    public ReplayTests()
    {
        var options = new KotodamaServerOptions { OutboxMessages = 4 * Portion };
        _core = new HubCore(_log, new HubClock(_time, 0), options, new Avatars(null, _time, NullLogger.Instance));
    }

    private string Epoch => _log.Position(ChannelName.Default).Epoch;

    [Fact]
    public void A_page_gets_a_portion_and_the_next_one_when_it_has_room()
    {
        Publish(7);
        var page = Come(has: 0);
        Assert.Equal((true, 7), (page.Welcome.Recovered, page.Welcome.Missed));
        Assert.Equal(["1", "2"], Take(page));
        Assert.True(page.IsAwaited);
        Continue(page);
        Assert.Equal(["3", "4"], Take(page));
        Assert.Equal(["5", "6", "7"], Rest(page));
        Assert.False(page.IsAwaited);
    }

    [Fact]
    public void What_is_published_meanwhile_comes_behind_it_once_and_in_order()
    {
        Publish(4);
        var page = Come(has: 0);
        Publish(1);
        Do(new StopMessage());
        Do(new LlmDeltaMessage { Id = "r", Part = 0, Content = "piece" });
        Publish(2);
        Assert.Equal(["1", "2"], Take(page));

        // A piece is worth nothing later; that the character stops belongs between two messages.
        Assert.Equal(["3", "4", "5", "stop", "6", "7"], Rest(page));
        Publish(1);
        Do(new LlmDeltaMessage { Id = "r", Part = 1, Content = "piece" });
        Assert.Equal(["8", "llm_delta"], Take(page));
    }

    [Fact]
    public void A_page_that_is_behind_counts_among_those_that_get_a_message()
    {
        Publish(4);
        Come(has: 0);
        var receipts = new List<Message>();
        _core.Process([new Work.Publish(new StatusMessage { Content = "x", Receipt = ReceiptLevel.Displayed }, ChannelName.Default, null, receipts.Add)]);
        Assert.Equal(1, Assert.IsType<ReceiptMessage>(receipts[0]).Pages);
    }

    [Fact]
    public void Who_is_being_sent_what_it_missed_asks_in_vain_and_may_ask_again_afterwards()
    {
        Publish(4);
        var page = Come(has: 0);
        Take(page);
        for (var i = 0; i < 1_000; i++)
            Resume(page, 0);
        Assert.Empty(page.Heard);
        Assert.Equal(["3", "4"], Rest(page));
        Resume(page, 3);
        Assert.Equal(["4"], Rest(page));
    }

    [Fact]
    public void What_expires_meanwhile_is_a_gap_in_its_place()
    {
        Publish(3);
        Do(new StatusMessage { Content = "short", Ttl = 1_000 });
        _sent++;
        Publish(1);
        var page = Come(has: 0);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["1", "2", "3", "4-4 Expired", "5"], Rest(page));
    }

    [Fact]
    public void A_fresh_page_gets_its_messages_in_portions_too()
    {
        Publish(5);
        var page = Come(has: null);
        Assert.Equal((null, 5), (page.Welcome.Recovered, page.Welcome.Missed));
        Assert.Equal(["1", "2"], Take(page));
        Publish(1);
        Assert.Equal(["3", "4", "5", "6"], Rest(page));
    }

    [Fact]
    public void Nothing_is_done_for_a_viewer_that_is_gone()
    {
        Publish(4);
        var page = Come(has: 0);
        Take(page);
        page.Gone = true;
        Continue(page);
        Assert.Empty(page.Heard);
        var late = new TestViewer(null) { Gone = true };
        _core.Process([new Work.Join(late, ["another"], new HelloMessage { Role = PeerRole.Viewer }, _ => [0, 0])]);
        Assert.False(_core.Channels.ContainsKey("another"));
    }

    [Fact]
    public void Who_lets_too_much_wait_behind_its_replay_is_given_up()
    {
        Publish(4);
        var page = Come(has: 0);
        for (var i = 0; i < 256; i++)
            Do(new StopMessage());
        Assert.False(page.WasGivenUp);
        Do(new StopMessage());
        Assert.True(page.WasGivenUp);
    }

    private void Publish(int count)
    {
        for (var i = 0; i < count; i++)
            Do(new StatusMessage { Content = $"{++_sent}", Ttl = 600_000 });
    }

    private void Do(Publication message) => _core.Process([new Work.Publish(message, ChannelName.Default, null, _ => { })]);

    private TestViewer Come(long? has)
    {
        var page = new TestViewer(null);
        var resume = has is { } seq ? new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { [ChannelName.Default] = new(Epoch, seq) } : null;
        _core.Process([new Work.Join(page, [ChannelName.Default], new HelloMessage { Role = PeerRole.Viewer, Resume = resume }, channels =>
        {
            page.Welcome = channels[ChannelName.Default];
            return [0, 0];
        })]);
        return page;
    }

    private void Resume(TestViewer page, long has) =>
        _core.Process([new Work.Resume(page, new ResumeMessage { Channel = ChannelName.Default, Epoch = Epoch, Seq = has })]);

    private void Continue(TestViewer page)
    {
        page.IsAwaited = false;
        _core.Process([new Work.Continue(page)]);
    }

    private static string[] Take(TestViewer page)
    {
        var heard = page.Heard.Select(Name).ToArray();
        page.Heard.Clear();
        return heard;
    }

    private List<string> Rest(TestViewer page)
    {
        var all = Take(page).ToList();
        while (page.IsAwaited)
        {
            Continue(page);
            all.AddRange(Take(page));
        }

        return all;
    }

    private static string Name(Message message) => message switch
    {
        GapMessage gap => $"{gap.From}-{gap.To} {gap.Reason}",
        Publication { Seq: { } seq } => $"{seq}",
        _ => message.Type,
    };
}
