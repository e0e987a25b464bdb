using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Server.Bounds;

/// <summary>Many pages, and many names, cost no more for each of them than few do.</summary>
public sealed class CrowdTests
{
    private readonly HubCore _core;
    private readonly ManualTime _time = new();

    public CrowdTests()
    {
        var log = new MemoryMessageLog(new LogBounds(100, 1_000_000, 600_000));
        var options = new KotodamaServerOptions { MaxChannels = 4 };
        _core = new HubCore(log, new HubClock(_time, 0), options, new Avatars(null, _time, NullLogger.Instance));
    }

    [Fact]
    public void The_list_keeps_its_order_whoever_leaves()
    {
        var (list, random, expected) = (new SubscriptionList(), new Random(1), new List<Subscription>());
        var channel = new Channel("c", "e", 0, new HubClock(_time, 0), 100);
        for (var i = 0; i < 2_000; i++)
        {
            if (expected.Count > 0 && random.Next(5) < 2)
            {
                var gone = expected[random.Next(expected.Count)];
                expected.Remove(gone);
                Assert.True(list.Remove(gone));
                Assert.False(list.Remove(gone));
            }
            else
            {
                expected.Add(new Subscription(new TestViewer(null), channel));
                list.Add(expected[^1]);
            }
        }

        Assert.Equal(expected, list);
        Assert.Equal(expected.Count, list.Count);
    }

    [Fact]
    public void The_page_with_sound_that_came_first_is_elected_whoever_comes_and_goes()
    {
        var voice = new TestVoice();
        _core.Process([new Work.AddVoice(voice)]);
        var pages = Enumerable.Range(0, 5).Select(_ => Come("c")).ToArray();
        var speech = _core.Channels["c"].Speech;
        Assert.Equal(pages[0], speech.ElectedPage);
        Turn(pages[3], SoundState.On);
        Assert.Equal(pages[3], speech.ElectedPage);
        Turn(pages[1], SoundState.On);
        Assert.Equal(pages[1], speech.ElectedPage);
        Turn(pages[1], SoundState.Off);
        _core.Process([new Work.Leave(pages[3], IsPublisher: true), new Work.Leave(pages[0], IsPublisher: true)]);
        Assert.Equal(pages[2], speech.ElectedPage);
        Assert.Equal(3, _core.Channels["c"].Pages);
    }

    [Fact]
    public void A_full_table_gives_up_names_that_nobody_uses_and_no_other()
    {
        Come("used");
        for (var i = 0; i < 1_000; i++)
            Assert.IsType<ReceiptMessage>(Publish($"random{i}"));
        Assert.True(_core.Channels.ContainsKey("used"));
        Assert.InRange(_core.Channels.Count, 1, 4);
        for (var i = 0; i < 3; i++)
            Come($"u{i}");
        Assert.Equal(ErrorCode.TooManyChannels, Assert.IsType<ErrorMessage>(Publish("one more")).Code);
    }

    [Fact]
    public void A_channel_is_free_again_when_its_last_message_is_over()
    {
        for (var i = 0; i < 4; i++)
            _core.Process([new Work.Publish(new StatusMessage { Content = "x", Ttl = 1_000 }, $"c{i}", null, _ => { })]);
        Assert.IsType<ErrorMessage>(Publish("new"));
        _time.Advance(TimeSpan.FromSeconds(2));
        _core.Tick();
        Assert.IsType<ReceiptMessage>(Publish("new"));
    }

    [Fact]
    public void Seventeen_that_wait_for_one_message_are_sixteen()
    {
        var delivery = new Delivery("m", "c", 1, long.MaxValue, 1);
        var heard = new List<int>();
        for (var i = 0; i < 17; i++)
        {
            var number = i;
            delivery.Watch(ReceiptLevel.Displayed, answer => heard.Add(answer is ReceiptMessage { Final: true, Status: ReceiptStatus.Dropped } ? number : -1));
        }

        Assert.Equal([0], heard);
    }

    private TestViewer Come(string channel)
    {
        var page = new TestViewer(SoundState.Blocked);
        _core.Process([new Work.Join(page, [channel], new HelloMessage { Role = PeerRole.Viewer }, _ => [0, 0])]);
        return page;
    }

    private void Turn(TestViewer page, SoundState sound) => _core.Process([new Work.Report(page, new SoundMessage { State = sound })]);

    private Message Publish(string channel)
    {
        Message? answer = null;
        _core.Process([new Work.Publish(new StopMessage(), channel, null, a => answer = a)]);
        return answer!;
    }
}
