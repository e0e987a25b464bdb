using System.Diagnostics;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Tests.Companion.Conversations;
using Kotodama.Voice.Speaking;
using Microsoft.Extensions.AI;
using Event = Kotodama.Companion.Conversations.ConversationEvent;

namespace Kotodama.Tests.Companion.Channels;

public sealed class TurnTelemetryTests : IDisposable
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TelemetryListener _heard = new();
    private readonly ExchangeTelemetry _telemetry = new("stage");
    private readonly TestConversation _talk = new();

    public TurnTelemetryTests() => _talk.Watch = (what, commands, now) => _telemetry.Take(what, commands, now, Began + now);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _heard.Dispose();

    [Fact]
    public void A_spoken_turn_is_measured_and_traced_from_the_end_of_the_speech_to_what_is_heard()
    {
        _talk.Say("What time is it?");
        _talk.Wait(200);
        _talk.Take(new Event.Answered(1, "Noon.", null));
        _talk.Take(new Event.Answered(1, " Or so.", null));
        _talk.Take(new Event.AnswerEnded(1));
        _talk.Wait(30);
        _talk.Take(new Event.SpeechBegan("r1", TimeSpan.FromMilliseconds(12)));
        _talk.Wait(40);
        _talk.Take(new Event.Played("r1", 0));
        _talk.Take(new Event.Played("r1", 3));
        Assert.Equal(["asr"], _heard.Activities.Select(a => a.OperationName).Except(["llm"]));
        _talk.Wait(1000);
        _talk.Take(new Event.SpeechOver("r1", false));

        Assert.Equal(
            ["asr_latency 100 ms", "llm_ttft 200 ms", "tts_ttfb 12 ms", "eou_delay 100 ms", "first_clause 318 ms", "first_audio 330 ms", "first_sound 370 ms", "turns outcome=completed"],
            _heard.Measured);
        Assert.Equal([("asr", 950, 100), ("llm", 1050, 200), ("speech", 1280, 1040), ("turn", 950, 1370)], _heard.Activities.Select(a => (a.OperationName, (a.StartTimeUtc - Began.UtcDateTime).TotalMilliseconds, a.Duration.TotalMilliseconds)));
        var turn = _heard.Activities.Last();
        Assert.All(_heard.Activities.SkipLast(1), part => Assert.Equal(turn.SpanId, part.ParentSpanId));
        Assert.Equal([("kotodama.channel", "stage"), ("kotodama.turn", 1L), ("kotodama.outcome", "completed")], turn.TagObjects.Select(t => (t.Key, t.Value!)));
        Assert.Equal(["first_token"], _heard.Activities.ElementAt(1).Events.Select(e => e.Name));
        Assert.Equal(["first_sound"], _heard.Activities.ElementAt(2).Events.Select(e => e.Name));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void A_typed_turn_has_no_end_of_speech_and_is_no_part_of_what_the_process_does()
    {
        using var surroundings = new Activity("surroundings").Start();
        _talk.Take(new Event.Typed("Hello", null));
        Assert.Same(surroundings, Activity.Current);
        _talk.Answer("Hi.");
        _talk.Take(new Event.SpeechOver("r1", false));
        Assert.DoesNotContain(_heard.Measured, m => m.StartsWith("eou_delay", StringComparison.Ordinal) || m.StartsWith("asr_latency", StringComparison.Ordinal));
        Assert.Equal(default, _heard.Activities.Last().ParentSpanId);
    }

    [Theory]
    [InlineData(false, "interrupted")]
    [InlineData(true, "cancelled")]
    public void A_speech_that_is_stopped_is_measured_to_its_silence(bool cancel, string outcome)
    {
        _talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = _talk.Answer("Once upon a time", complete: false);
        _talk.Wait(500);
        _talk.Take(cancel ? new Event.Cancelled() : new Event.Typed("Another one.", null));
        _talk.Wait(20);
        _talk.Take(new Event.SpeechOver(reply, true));
        _talk.Take(new Event.SpeechOver(reply, true));
        Assert.Equal(["barge_in_stop 20 ms", $"turns outcome={outcome}"], _heard.Measured.TakeLast(2));
        Assert.Equal(["llm", "speech", "turn"], _heard.Activities.Select(a => a.OperationName));
    }

    [Fact]
    public void A_stop_that_came_from_elsewhere_is_not_measured()
    {
        _talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = _talk.Answer("Once upon a time");
        _talk.Take(new Event.SpeechOver(reply, true));
        _talk.Take(new Event.SpeechOver(reply, true));
        Assert.DoesNotContain(_heard.Measured, m => m.StartsWith("barge_in_stop", StringComparison.Ordinal));
        Assert.Equal("turns outcome=interrupted", _heard.Measured.Last());
    }

    [Fact]
    public void What_fails_and_what_comes_to_nothing_is_counted()
    {
        _talk.Take(new Event.Typed("Hello", null));
        _talk.Take(new Event.AnswerFailed(1, "llm_timeout"));
        Assert.Equal((ActivityStatusCode.Error, "llm_timeout"), (_heard.Activities.First().Status, _heard.Activities.First().StatusDescription));
        Assert.Equal(ActivityStatusCode.Error, _heard.Activities.Last().Status);

        _talk.Take(new Event.Typed("Hello", null));
        _talk.Answer("Hi. How", complete: false);
        _talk.Take(new Event.AnswerFailed(2, "llm_failed"));
        _talk.Take(new Event.SpeechOver("r2", false));

        _talk.Say("", utterance: 1);
        _talk.Take(new Event.SpeechStarted(2, false));
        _talk.Take(new Event.SpeechDropped(2));
        _talk.Take(new Event.SpeechStarted(3, false));
        _talk.Take(new Event.RecognitionFailed(3, "asr_failed"));
        _talk.Take(new Event.SpeechStarted(4, true));
        _talk.Take(new Event.SpeechConfirmed(4));
        _talk.Take(new Event.Cancelled());
        Assert.Equal(["failed", "failed", "nothing", "failed", "cancelled"], _heard.Measured.Where(m => m.StartsWith("turns ", StringComparison.Ordinal)).Select(m => m["turns outcome=".Length..]));
    }

    [Fact]
    public void A_question_that_was_asked_too_early_is_traced_and_no_turn()
    {
        _talk.Say("tell me a story");
        _talk.Wait(100);
        _talk.Take(new Event.SpeechStarted(2, false));
        _talk.Take(new Event.SpeechConfirmed(2));
        Assert.Equal("discarded", _heard.Activities.Last().GetTagItem("kotodama.outcome"));
        Assert.DoesNotContain(_heard.Measured, m => m.StartsWith("turns", StringComparison.Ordinal));
        _talk.Take(new Event.SpeechEnded(2));
        _talk.Take(new Event.Recognized(2, "about a cat.", null, null));
        _talk.Answer("Once.");
        _talk.Take(new Event.SpeechOver("r2", false));
        Assert.Equal(["asr", "llm", "turn", "asr", "asr", "llm", "speech", "turn"], _heard.Activities.Select(a => a.OperationName));
    }

    [Fact]
    public async Task A_companion_counts_failures_and_the_question_is_part_of_the_turn()
    {
        var time = new ManualTime();
        var mind = new NotingChat(new ScriptedChat([]) { Failure = new LlmException(LlmCode.Timeout, "too slow") });
        await using var store = ConversationStores.Open(null, time, new TestLog());
        var (hub, end) = PeerPair.Create();
        await using var closing = hub;
        var running = new CompanionPeer(end, new CompanionParts { LanguageModel = mind, Store = store, Time = time }).RunAsync(Token);
        await hub.SendAsync(new UserTextMessage { Channel = "default", Content = "Hello", Page = "p" }, Token);
        await foreach (var message in hub.Incoming.ReadAllAsync(Token))
            if (message is TurnMessage { Reason: LlmCode.Timeout })
                break;
        Assert.Equal("llm", mind.Surroundings?.OperationName);
        Assert.Equal(["provider_errors kind=llm code=llm_timeout", "turns outcome=failed"], _heard.Measured);
        Assert.Equal(["llm", "turn"], _heard.Activities.Select(a => a.OperationName));

        await hub.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task A_turn_that_goes_on_when_the_companion_ends_is_cancelled()
    {
        var time = new ManualTime();
        await using var store = ConversationStores.Open(null, time, new TestLog());
        var (hub, end) = PeerPair.Create();
        await using var closing = hub;
        var running = new CompanionPeer(end, new CompanionParts { LanguageModel = new ScriptedChat([new TextContent("Hi.")]), Store = store, Time = time }).RunAsync(Token);
        await hub.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true }, Token);
        await hub.SendAsync(new UserTextMessage { Channel = "default", Content = "Hello", Page = "p" }, Token);
        await foreach (var message in hub.Incoming.ReadAllAsync(Token))
            if (message is LlmResponseMessage)
                break;
        await hub.DisposeAsync();
        await running;
        Assert.Equal("turns outcome=cancelled", _heard.Measured.Last());
        Assert.Equal("turn", _heard.Activities.Last().OperationName);
    }

    private sealed class NotingChat(IChatClient inner) : DelegatingChatClient(inner)
    {
        /// <summary>What was going on when it was asked.</summary>
        public Activity? Surroundings { get; private set; }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Surroundings = Activity.Current;
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }
    }
}
