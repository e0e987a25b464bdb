using System.Net.WebSockets;
using System.Text.Json;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Server;

/// <summary>People and companions: section 11 of the protocol, on the wire.</summary>
public sealed class HubTalkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_people_say_reaches_the_companion_and_what_it_does_reaches_every_page()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        var (page, session) = await PageAsync(hub);
        using var first = page;
        Assert.Equal(new CompanionMessage { Channel = "default", On = true }, await page.ReceiveAsync());
        await companion.SendAsync(new CompanionMessage { Channel = "default", On = true, Name = "Koto", Demo = true }, Token);
        Assert.Equal("Koto", (await page.ReceiveAsync<CompanionMessage>()).Name);

        await page.SendAsync(new UserTextMessage { Content = "Hello?" });
        Assert.Equal(new UserTextMessage { Channel = "default", Content = "Hello?", Page = session }, await HearAsync<UserTextMessage>(companion));
        await page.SendAsync(new CancelMessage());
        Assert.Equal(session, (await HearAsync<CancelMessage>(companion)).Page);

        var thinking = new TurnMessage { Channel = "default", Turn = 1, State = TurnState.Thinking };
        await companion.SendAsync(thinking, Token);
        await companion.SendAsync(new TranscriptMessage { Channel = "default", Turn = 1, Content = "Hello?", Final = true }, Token);
        await companion.SendAsync(new DuckMessage { Channel = "default", Gain = 0.2 }, Token);
        await companion.SendAsync(new MetricsMessage { Channel = "default", Turn = 1, Marks = new TurnMarks(FirstToken: 12) }, Token);
        Assert.Equal(thinking, await page.ReceiveAsync());
        Assert.Equal("Hello?", (await page.ReceiveAsync<TranscriptMessage>()).Content);
        Assert.Equal(0.2, (await page.ReceiveAsync<DuckMessage>()).Gain);
        Assert.Equal(12, (await page.ReceiveAsync<MetricsMessage>()).Marks.FirstToken);

        Assert.Contains("# TYPE kotodama_companions gauge\nkotodama_companions{channel=\"default\"} 1\n", await hub.Http().GetStringAsync("metrics", Token), StringComparison.Ordinal);

        // A page that comes later finds out who is there and what it is doing.
        var (late, _) = await PageAsync(hub);
        using var second = late;
        Assert.Equal("Koto", (await late.ReceiveAsync<CompanionMessage>()).Name);
        Assert.Equal(thinking, await late.ReceiveAsync());
    }

    [Fact]
    public async Task A_reply_says_in_which_exchange_the_companion_answers_and_nobody_else_can_say_so()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        var (page, _) = await PageAsync(hub);
        using var first = page;
        await companion.SendAsync(new LlmResponseMessage { Id = "r0", Channel = "default", Content = "a" }, Token);
        Assert.Equal(0, (await SkipToAsync<LlmResponseMessage>(page)).Turn);
        await companion.SendAsync(new TurnMessage { Channel = "default", Turn = 7, State = TurnState.Thinking }, Token);
        await companion.SendAsync(new LlmDeltaMessage { Id = "r1", Channel = "default", Part = 0, Content = "b" }, Token);
        Assert.Equal(7, (await SkipToAsync<LlmDeltaMessage>(page)).Turn);
        await companion.SendAsync(new LlmResponseMessage { Id = "r1", Channel = "default", Content = "b", Turn = 6 }, Token);
        Assert.Equal(6, (await SkipToAsync<LlmResponseMessage>(page)).Turn);

        // The same message again is the same, whatever the exchange is by now.
        await companion.SendAsync(new TurnMessage { Channel = "default", Turn = 8, State = TurnState.Thinking }, Token);
        await companion.SendAsync(new LlmResponseMessage { Id = "r1", Channel = "default", Content = "b" }, Token);
        await hub.Stage.PublishAsync(new LlmResponseMessage { Id = "r2", Content = "c", Turn = 8 }, Token);
        var foreign = await SkipToAsync<LlmResponseMessage>(page);
        Assert.Equal(("r2", null), (foreign.Id, foreign.Turn));
        using var bare = await hub.BareAsync();
        await bare.SendAsync("""{"type":"llm_response","id":"r3","content":"d","turn":8}""");
        foreign = await SkipToAsync<LlmResponseMessage>(page);
        Assert.Equal(("r3", null), (foreign.Id, foreign.Turn));
    }

    [Fact]
    public async Task A_microphone_is_heard_and_two_pages_are_told_apart()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        var (left, leftSession) = await PageAsync(hub);
        var (right, rightSession) = await PageAsync(hub);
        using (left)
        using (right)
        {
            await left.SendAsync(new MicMessage { State = MicState.On, Mode = MicMode.PushToTalk, Lang = "en" });
            Assert.Equal(new MicMessage { Channel = "default", State = MicState.On, Mode = MicMode.PushToTalk, Lang = "en", Page = leftSession }, await HearAsync<MicMessage>(companion));
            var numbers = new List<long>();
            foreach (var (page, session, bytes) in new[] { (left, leftSession, new byte[] { 1, 1 }), (right, rightSession, [2, 2]) })
            {
                await page.SendAsync(new VadMessage { Utterance = 7, Event = VadEvent.Start });
                await page.SendAsync(Microphone(7, bytes), WebSocketMessageType.Binary);
                await page.SendAsync(new VadMessage { Utterance = 7, Event = VadEvent.End });
                var start = await HearAsync<VadMessage>(companion);
                Assert.Equal((VadEvent.Start, session), (start.Event, start.Page));
                var sound = await HearAsync<AudioMessage>(companion);
                Assert.Equal(start.Utterance, sound.Stream);
                Assert.Equal(bytes, sound.Data.ToArray());
                Assert.Equal((VadEvent.End, start.Utterance), ((await HearAsync<VadMessage>(companion)) is { } end ? (end.Event, end.Utterance) : default));
                numbers.Add(start.Utterance);
            }

            Assert.NotEqual(numbers[0], numbers[1]);

            // Sound outside of an utterance belongs to none and is dropped.
            await left.SendAsync(Microphone(7, [9, 9]), WebSocketMessageType.Binary);
            await left.SendAsync(new CancelMessage());
            Assert.IsType<CancelMessage>(await companion.HearAsync());
        }
    }

    [Fact]
    public async Task A_page_that_vanishes_while_the_user_speaks_ends_the_utterance()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        var (page, session) = await PageAsync(hub);
        await page.SendAsync(new MicMessage { State = MicState.On });
        await page.SendAsync(new VadMessage { Utterance = 0, Event = VadEvent.Start });
        var start = await HearAsync<VadMessage>(companion);
        page.Dispose();
        Assert.Equal(new VadMessage { Channel = "default", Utterance = start.Utterance, Event = VadEvent.Misfire, Page = session }, await HearAsync<VadMessage>(companion));
        Assert.Equal(MicState.Off, (await HearAsync<MicMessage>(companion)).State);
    }

    [Fact]
    public async Task A_question_is_answered_to_the_page_that_asked()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        var (asking, session) = await PageAsync(hub);
        var (other, _) = await PageAsync(hub);
        using (asking)
        using (other)
        {
            await asking.SendAsync(new AskMessage { Id = "q1", Name = "characters", Value = JsonSerializer.SerializeToElement(new { all = true }) });
            var ask = await HearAsync<AskMessage>(companion);
            Assert.Equal((session, "characters", true), (ask.Page, ask.Name, ask.Value!.Value.GetProperty("all").GetBoolean()));
            await companion.SendAsync(new AnswerMessage { Page = ask.Page!, Id = ask.Id, Value = JsonSerializer.SerializeToElement(new { current = "koto" }) }, Token);
            await companion.SendAsync(new TranscriptMessage { Channel = "default", Turn = 0, Content = "", Final = true }, Token);
            Assert.Equal("koto", (await SkipToAsync<AnswerMessage>(asking)).Value!.Value.GetProperty("current").GetString());
            Assert.IsType<CompanionMessage>(await other.ReceiveAsync());
            Assert.IsType<TranscriptMessage>(await other.ReceiveAsync());
        }
    }

    [Fact]
    public async Task A_companion_elsewhere_takes_over_and_gives_back()
    {
        await using var hub = await TestHub.StartAsync();
        await using var inside = await hub.CompanionAsync();
        var (page, _) = await PageAsync(hub);
        using var closing = page;
        Assert.True((await page.ReceiveAsync<CompanionMessage>()).On);
        using var remote = await TestSocket.ConnectAsync(hub.Socket);
        await remote.SendAsync(new HelloMessage { Role = PeerRole.Companion, Channels = ["default"] });
        await remote.WelcomeAsync();
        Assert.Equal(1, (await remote.ReceiveAsync<AudienceMessage>()).Pages);
        Assert.True((await page.ReceiveAsync<CompanionMessage>()).On);
        await page.SendAsync(new UserTextMessage { Content = "Who are you?" });
        Assert.Equal("Who are you?", (await remote.ReceiveAsync<UserTextMessage>()).Content);
        await remote.SendAsync(new LlmResponseMessage { Id = "r1", Content = "Another companion.", Receipt = ReceiptLevel.Displayed });
        Assert.Equal("Another companion.", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        Assert.Equal(ReceiptStatus.Stored, (await remote.ReceiveAsync<ReceiptMessage>()).Status);
        await remote.CloseAsync();
        await page.ReceiveAsync<CompanionMessage>();
        await page.SendAsync(new UserTextMessage { Content = "And now?" });
        Assert.Equal("And now?", (await HearAsync<UserTextMessage>(inside)).Content);
    }

    [Fact]
    public async Task The_companion_hears_what_is_said_and_heard_of_its_replies()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        await using var companion = await hub.CompanionAsync();
        using var page = await TestSocket.ConnectAsync(hub.Socket);
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability, HelloMessage.SpeakCapability] });
        await page.WelcomeAsync();
        var start = new SpeechStartMessage { Channel = "default", Turn = 7, Clause = 0, Reply = "r1", Length = 6, Format = SpeechFormat.Pcm, Rate = 22050 };
        await voice.SendAsync(start, Token);
        Assert.Equal(start, await HearAsync<SpeechStartMessage>(companion));
        await SkipToAsync<SpeechStartMessage>(page);
        await page.SendAsync(new PlaybackMessage { Channel = "default", Turn = 7, Clause = 0, Event = PlaybackEvent.First });
        Assert.Equal(PlaybackEvent.First, (await HearAsync<PlaybackMessage>(companion)).Event);
        await voice.SendAsync(new SpeechStopMessage { Channel = "default", Turn = 7, Reason = SpeechStopReason.BargeIn }, Token);
        Assert.Equal(SpeechStopReason.BargeIn, (await HearAsync<SpeechStopMessage>(companion)).Reason);
    }

    [Fact]
    public async Task A_user_who_talks_on_a_channel_without_a_companion_is_told()
    {
        await using var hub = await TestHub.StartAsync();
        var (page, _) = await PageAsync(hub);
        using var closing = page;
        await page.SendAsync(new UserTextMessage { Content = "Hello?" });
        Assert.Equal(ErrorCode.NobodyAnswers, (await page.ReceiveAsync<ErrorMessage>()).Code);
        await page.SendAsync(new AskMessage { Id = "q7", Name = "characters" });
        Assert.Equal("q7", (await page.ReceiveAsync<ErrorMessage>()).Id);
    }

    [Theory]
    [InlineData(PeerRole.Publisher, "{\"type\":\"user_text\",\"content\":\"x\"}", ErrorCode.NotAllowed)]
    [InlineData(PeerRole.Viewer, "{\"type\":\"turn\",\"channel\":\"default\",\"turn\":1,\"state\":\"idle\"}", ErrorCode.NotAllowed)]
    [InlineData(PeerRole.Viewer, "{\"type\":\"user_text\",\"content\":\"\"}", ErrorCode.BadValue)]
    [InlineData(PeerRole.Viewer, "{\"type\":\"vad\",\"utterance\":-1,\"event\":\"start\"}", ErrorCode.OutOfRange)]
    [InlineData(PeerRole.Viewer, "{\"type\":\"ask\",\"id\":\"a b\",\"name\":\"x\"}", ErrorCode.BadValue)]
    [InlineData(PeerRole.Companion, "{\"type\":\"duck\",\"channel\":\"default\",\"gain\":7}", ErrorCode.OutOfRange)]
    [InlineData(PeerRole.Companion, "{\"type\":\"metrics\",\"channel\":\"default\",\"turn\":1,\"marks\":{\"firstSound\":-5}}", ErrorCode.OutOfRange)]
    public async Task Bad_talk_is_an_error(PeerRole role, string json, string code)
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync(new HelloMessage { Role = role, Caps = role == PeerRole.Viewer ? [HelloMessage.DisplayCapability] : null });
        await socket.WelcomeAsync();
        await socket.SendAsync(json);
        Assert.Equal(code, (await SkipToAsync<ErrorMessage>(socket)).Code);
    }

    [Fact]
    public async Task A_user_who_never_stops_speaking_is_heard_for_a_minute()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        var (page, _) = await PageAsync(hub);
        using var closing = page;
        await page.ReceiveAsync<CompanionMessage>();
        await page.SendAsync(new VadMessage { Utterance = 0, Event = VadEvent.Start });
        var piece = new byte[32_000];
        for (var i = 0; i < 62; i++)
            await page.SendAsync(Microphone(0, piece), WebSocketMessageType.Binary);
        await page.SendAsync(new VadMessage { Utterance = 0, Event = VadEvent.End });
        Assert.Equal(ErrorCode.TooBig, (await page.ReceiveAsync<ErrorMessage>()).Code);
        var heard = 0;
        while (await companion.HearAsync() is var message && message is not VadMessage { Event: VadEvent.End })
            heard += message is AudioMessage sound ? sound.Data.Length : 0;
        Assert.Equal(60 * 32_000, heard);
    }

    private static byte[] Microphone(uint utterance, byte[] bytes) =>
        new AudioMessage { Kind = AudioKind.Microphone, Stream = utterance, Clause = 0, Number = 0, Offset = 0, Data = bytes }.ToBytes();

    private static async Task<(TestSocket Page, string Session)> PageAsync(TestHub hub)
    {
        var page = await TestSocket.ConnectAsync(hub.Socket);
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });
        return (page, (await page.WelcomeAsync()).Session);
    }

    private static async Task<T> HearAsync<T>(IPeer companion)
        where T : Message
    {
        while (true)
            if (await companion.HearAsync() is T message)
                return message;
    }

    private static async Task<T> SkipToAsync<T>(TestSocket socket)
        where T : Message
    {
        while (true)
            if (await socket.ReceiveAsync() is T message)
                return message;
    }
}
