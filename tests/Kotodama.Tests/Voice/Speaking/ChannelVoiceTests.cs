using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging.Abstractions;
using static Kotodama.Tests.Voice.Speaking.SpeakingStage;

namespace Kotodama.Tests.Voice.Speaking;

/// <summary>What one channel's voice makes of its events, whose order these tests choose.</summary>
public sealed class ChannelVoiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timer_that_was_withdrawn_while_the_loop_was_behind_does_not_end_a_speech(bool pageReturns)
    {
        await using var rig = await Rig.BeginAsync();
        await rig.ProcessAsync(Reply("r1", "One."));
        await rig.ProcessNextAsync();
        if (pageReturns)
            await rig.ProcessAsync(Audience(0, false));
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.ProcessAsync(pageReturns ? Audience(1, true) : Playback(1, PlaybackEvent.Progress));
        Assert.IsType<SpeakerEvent.Late>(await rig.ProcessNextAsync());
        await rig.ProcessAsync(Reply("r2", "Two."));
        Assert.False(rig.Sent().Exists(m => m is SpeechStopMessage or SpeechStartMessage { Reply: "r2" }));
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        await rig.ProcessNextAsync();
        Assert.Equal(2, (await rig.NextAsync<SpeechStartMessage>()).Turn);
    }

    [Theory]
    [InlineData("stop", true)]
    [InlineData("stop", false)]
    [InlineData("abort", true)]
    [InlineData("abort", false)]
    [InlineData("unspoken", true)]
    [InlineData("unspoken", false)]
    [InlineData("newer", false)]
    [InlineData("expired", false)]
    [InlineData("replaced", true)]
    [InlineData("unplayable", true)]
    [InlineData("played", true)]
    [InlineData("alone", true)]
    public async Task The_sound_of_a_reply_that_is_gone_is_not_kept(string because, bool speaking)
    {
        await using var rig = await Rig.BeginAsync();
        if (!speaking)
            await rig.ProcessAsync(Reply("r0", "One."));
        await rig.ProcessAsync(Reply("r1", "Listen.") with { AudioStream = 9, Ttl = 1000 });
        Assert.True(await rig.Voice.AddSoundAsync(Encoded(9, [1, 2, 3])));
        await rig.LoseAsync(because);
        Assert.False(await rig.Voice.AddSoundAsync(Encoded(9, [1, 2, 3])));
    }

    [Fact]
    public async Task An_engine_whose_request_is_cancelled_by_its_own_client_has_failed_and_the_next_reply_is_spoken()
    {
        await using var rig = await Rig.BeginAsync(
            new ScriptedSynthesizer("impatient", (_, _) => throw new TaskCanceledException("The request was canceled.")));
        await rig.ProcessAsync(Reply("r1", "One."));
        Assert.NotNull(Assert.IsType<SpeakerEvent.Sent>(await rig.ProcessNextAsync()).Problem);
        Assert.Equal(SpeechStopReason.Failed, (await rig.NextAsync<SpeechStopMessage>()).Reason);
        await rig.ProcessAsync(Reply("r2", "Two."));
        Assert.Equal(2u, Assert.IsType<SpeakerEvent.Sent>(await rig.ProcessNextAsync()).Turn.Number);
    }

    [Fact]
    public async Task A_turn_that_was_cut_tells_nothing()
    {
        await using var rig = await Rig.BeginAsync();
        await rig.ProcessAsync(Piece(0, "Hello, my dear friend! How"));
        await rig.NextAsync<SpeechStartMessage>();
        await rig.ProcessAsync(new StopMessage { Channel = "default" });
        await rig.Voice.Running.InTime("the turn to end");
        Assert.False(rig.HasEvent);
    }

    [Fact]
    public async Task Where_no_page_is_audible_the_clock_ends_a_speech_also_after_the_number_of_pages_changed()
    {
        await using var rig = await Rig.BeginAsync(audible: false);
        await rig.ProcessAsync(Reply("r1", "One."));
        await rig.ProcessAsync(Reply("r2", "Two."));
        await rig.ProcessNextAsync();
        await rig.ProcessAsync(Audience(2, false));
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.IsType<SpeakerEvent.Late>(await rig.ProcessNextAsync());
        Assert.Equal("r2", (await rig.NextAsync<SpeechStartMessage>(s => s.Turn == 2)).Reply);
    }

    /// <summary>The voice of one channel without its loop.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly Channel<SpeakerEvent> _events = System.Threading.Channels.Channel.CreateBounded<SpeakerEvent>(100);
        private readonly IPeer _hub;
        private readonly IPeer _peer;
        private uint _turn = 1;

        private Rig(ISpeechSynthesizer speech)
        {
            (_hub, _peer) = PeerPair.Create();
            Voice = new ChannelVoice(
                "default", new SpeakerParts(_peer, speech, _events.Writer, () => _turn++, 1, Time, NullLogger.Instance));
        }

        public ManualTime Time { get; } = new();

        public ChannelVoice Voice { get; }

        public bool HasEvent => _events.Reader.TryPeek(out _);

        public static async Task<Rig> BeginAsync(ISpeechSynthesizer? speech = null, bool audible = true)
        {
            var rig = new Rig(speech ?? ScriptedSynthesizer.Speaking("words"));
            await rig.ProcessAsync(Audience(1, audible));
            return rig;
        }

        public ValueTask ProcessAsync(Message message) => Voice.ProcessAsync(new SpeakerEvent.FromHub(message));

        /// <summary>Processes what the turn or a timer told.</summary>
        public async Task<SpeakerEvent> ProcessNextAsync()
        {
            var told = await _events.Reader.ReadAsync(Token).AsTask().InTime("an event");
            await Voice.ProcessAsync(told);
            return told;
        }

        /// <summary>What was sent to the hub and not looked at yet.</summary>
        public List<Message> Sent()
        {
            var sent = new List<Message>();
            while (_hub.Incoming.TryRead(out var message))
                sent.Add(message);
            return sent;
        }

        public async Task<T> NextAsync<T>(Func<T, bool>? matches = null)
            where T : Message
        {
            while (true)
            {
                if (await _hub.HearAsync() is T message && (matches is null || matches(message)))
                    return message;
            }
        }

        /// <summary>Lets the reply r1 not be spoken, or not any more.</summary>
        public async Task LoseAsync(string because)
        {
            switch (because)
            {
                case "stop":
                    await ProcessAsync(new StopMessage { Channel = "default" });
                    break;
                case "abort":
                    await ProcessAsync(new LlmAbortMessage { Channel = "default", Id = "r1", Reason = "gone" });
                    break;
                case "unspoken":
                    await ProcessAsync(Reply("r1", "Listen.") with { Speak = false });
                    break;
                case "newer":
                    await ProcessAsync(Audience(0, false));
                    await ProcessAsync(Reply("r2", "Two."));
                    await ProcessAsync(Audience(1, true));
                    break;
                case "expired":
                    await ProcessAsync(Audience(0, false));
                    Time.Advance(TimeSpan.FromSeconds(2));
                    await ProcessAsync(Audience(1, true));
                    break;
                case "replaced":
                    await ProcessAsync(Reply("r2", "Two.") with { Mode = ReplyMode.Interrupt });
                    break;
                case "unplayable":
                    await ProcessAsync(Playback(1, PlaybackEvent.Failed));
                    break;
                case "played":
                    await ProcessAsync(Playback(1, PlaybackEvent.Done));
                    break;
                case "alone":
                    await ProcessAsync(Audience(0, false));
                    Time.Advance(TimeSpan.FromSeconds(2));
                    Assert.IsType<SpeakerEvent.Late>(await ProcessNextAsync());
                    break;
                default:
                    Assert.Fail($"There is no way called {because}.");
                    break;
            }
        }

        public async ValueTask DisposeAsync()
        {
            Voice.Dispose();
            await Voice.Running.InTime("the turn to end");
            await _hub.DisposeAsync();
            await _peer.DisposeAsync();
        }
    }
}
