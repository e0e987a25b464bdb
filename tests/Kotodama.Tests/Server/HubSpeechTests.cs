using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Kotodama.Tests.Server;

/// <summary>Voices, the page that is heard, and sound of one's own: section 10 of the protocol, on the wire.</summary>
public sealed class HubSpeechTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_voice_hears_what_is_published_and_who_listens_and_its_speech_reaches_the_pages()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await SpeakingPageAsync(hub);
        Assert.Equal(new VoiceMessage { Channel = "default", On = true }, await page.ReceiveAsync());
        Assert.Equal(new SpeakerMessage { Channel = "default", On = true }, await page.ReceiveAsync());
        Assert.Equal(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true }, await voice.HearAsync());

        await hub.Stage.SendLlmResponseAsync("Hello.", cancellationToken: Token);
        var reply = Assert.IsType<LlmResponseMessage>(await page.ReceiveAsync());
        var heard = Assert.IsType<LlmResponseMessage>(await voice.HearAsync());
        Assert.Equal((reply.Id, reply.Seq, "Hello."), (heard.Id, heard.Seq, heard.Content));

        var start = new SpeechStartMessage { Channel = "default", Turn = 7, Clause = 0, Reply = reply.Id!, Length = 6, Format = SpeechFormat.Pcm, Rate = 22050 };
        var marks = new SpeechMarksMessage { Channel = "default", Turn = 7, Clause = 0, Words = [11, 0, 5], Visemes = [11], Shapes = "A" };
        var end = new SpeechEndMessage { Channel = "default", Turn = 7, Clause = 0, Duration = 2, Final = true };
        foreach (var message in new Message[] { start, marks, Sound(7, [1, 2, 3, 4]), end })
            await voice.SendAsync(message, Token);
        Assert.Equal(start, await page.ReceiveAsync());
        Assert.Equal([11L, 0, 5], Assert.IsType<SpeechMarksMessage>(await page.ReceiveAsync()).Words);
        Assert.Equal([1, 2, 3, 4], Assert.IsType<AudioMessage>(await page.ReceiveAsync()).Data.ToArray());
        Assert.Equal(end, await page.ReceiveAsync());

        await page.SendAsync(new PlaybackMessage { Channel = "default", Turn = 7, Clause = 0, Event = PlaybackEvent.Done, Played = 2 });
        Assert.Equal(PlaybackEvent.Done, Assert.IsType<PlaybackMessage>(await voice.HearAsync()).Event);
    }

    [Fact]
    public async Task A_page_without_the_capability_follows_the_speech_and_gets_no_sound()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await hub.PageAsync();
        Assert.IsType<VoiceMessage>(await page.ReceiveAsync());
        Assert.Equal(new AudienceMessage { Channel = "default", Pages = 1, Speaker = false }, await voice.HearAsync());
        await voice.SendAsync(Start(1), Token);
        await voice.SendAsync(Sound(1, [1, 2]), Token);
        await voice.SendAsync(new SpeechEndMessage { Channel = "default", Turn = 1, Clause = 0, Final = true }, Token);
        Assert.IsType<SpeechStartMessage>(await page.ReceiveAsync());
        Assert.IsType<SpeechEndMessage>(await page.ReceiveAsync());
    }

    [Fact]
    public async Task The_page_that_can_be_heard_speaks_and_another_takes_over_when_it_leaves()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        var first = await SpeakingPageAsync(hub);
        using var second = await SpeakingPageAsync(hub);
        Assert.IsType<VoiceMessage>(await first.ReceiveAsync());
        Assert.True((await first.ReceiveAsync<SpeakerMessage>()).On);
        Assert.IsType<VoiceMessage>(await second.ReceiveAsync());

        await second.SendAsync(new SoundMessage { State = SoundState.On });
        Assert.False((await first.ReceiveAsync<SpeakerMessage>()).On);
        Assert.True((await second.ReceiveAsync<SpeakerMessage>()).On);

        // What a page says that is not heard does not count.
        await voice.SendAsync(Start(3), Token);
        await first.ReceiveAsync<SpeechStartMessage>();
        await second.ReceiveAsync<SpeechStartMessage>();
        await first.SendAsync(new PlaybackMessage { Channel = "default", Turn = 3, Clause = 0, Event = PlaybackEvent.Done });
        await first.SendAsync(new SoundMessage { State = SoundState.On });
        Assert.True((await first.ReceiveAsync<SpeakerMessage>()).On);
        Assert.False((await second.ReceiveAsync<SpeakerMessage>()).On);

        first.Dispose();
        Assert.True((await second.ReceiveAsync<SpeakerMessage>()).On);
        await second.SendAsync(new PlaybackMessage { Channel = "default", Turn = 3, Clause = 0, Event = PlaybackEvent.Stopped });
        Message heard;
        do
            heard = await voice.HearAsync();
        while (heard is AudienceMessage);
        Assert.Equal(PlaybackEvent.Stopped, Assert.IsType<PlaybackMessage>(heard).Event);
    }

    [Fact]
    public async Task The_status_says_whether_a_voice_speaks_and_which_page_is_heard()
    {
        await using var hub = await TestHub.StartAsync();
        Assert.Equal((false, null, null), await ChannelAsync());
        await using var voice = await hub.VoiceAsync();
        using var page = await TestSocket.ConnectAsync(hub.Socket);
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability, HelloMessage.SpeakCapability] });
        var session = (await page.WelcomeAsync()).Session;
        await page.ReceiveAsync<VoiceMessage>();
        await page.ReceiveAsync<SpeakerMessage>();
        Assert.Equal((true, session, "blocked"), await ChannelAsync());

        async Task<(bool, string?, string?)> ChannelAsync()
        {
            var report = await hub.Http().GetFromJsonAsync<JsonNode>("api/status", Token);
            var channel = report!["channels"]!.AsArray().SingleOrDefault();
            return channel is null ? (false, null, null) : ((bool)channel["voice"]!, (string?)channel["speaker"], (string?)channel["sound"]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sender_learns_how_much_of_its_reply_was_heard(bool inProcess)
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await SpeakingPageAsync(hub);
        await page.ReceiveAsync<VoiceMessage>();
        await page.ReceiveAsync<SpeakerMessage>();
        await using var client = await hub.ClientAsync();
        var sending = (inProcess ? hub.Stage : client).SendLlmResponseAsync("Hello.", until: ReceiptLevel.Spoken, cancellationToken: Token);
        var reply = await page.ReceiveAsync<LlmResponseMessage>();
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = reply.Epoch!, Heard = [new AckHeard(1, 300, 4)] });
        var receipt = await sending.InTime("the last word");
        Assert.Equal((ReceiptStatus.Stopped, new ReceiptHeard(300, 4)), (receipt.Status, receipt.Heard));
        var state = await hub.Http().GetFromJsonAsync<JsonNode>($"api/messages/{reply.Id}", Token);
        Assert.Equal(4, (int)state!["heard"]!["chars"]!);
    }

    [Fact]
    public async Task A_page_whose_sound_is_off_does_not_speak()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await SpeakingPageAsync(hub);
        Assert.IsType<VoiceMessage>(await page.ReceiveAsync());
        Assert.True((await page.ReceiveAsync<SpeakerMessage>()).On);
        Assert.True(Assert.IsType<AudienceMessage>(await voice.HearAsync()).Speaker);
        await page.SendAsync(new SoundMessage { State = SoundState.Off });
        Assert.False((await page.ReceiveAsync<SpeakerMessage>()).On);
        Assert.Equal(new AudienceMessage { Channel = "default", Pages = 1, Speaker = false }, await voice.HearAsync());
    }

    [Fact]
    public async Task The_voice_that_came_last_speaks_and_gives_back_when_it_leaves()
    {
        await using var hub = await TestHub.StartAsync();
        await using var inside = await hub.VoiceAsync();
        using var page = await SpeakingPageAsync(hub);
        Assert.Equal(1, Assert.IsType<AudienceMessage>(await inside.HearAsync()).Pages);
        await page.ReceiveAsync<VoiceMessage>();
        await page.ReceiveAsync<SpeakerMessage>();
        await inside.SendAsync(Start(5), Token);
        await page.ReceiveAsync<SpeechStartMessage>();

        using var remote = await TestSocket.ConnectAsync(hub.Socket);
        await remote.SendAsync(new HelloMessage { Role = PeerRole.Voice, Channels = ["default"] });
        await remote.WelcomeAsync();
        Assert.Equal(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true }, await remote.ReceiveAsync());
        Assert.Equal(new SpeechStopMessage { Channel = "default", Turn = 5, Reason = SpeechStopReason.Failed }, await page.ReceiveAsync());
        Assert.Equal(0, Assert.IsType<AudienceMessage>(await inside.HearAsync()).Pages);

        await remote.SendAsync(Start(6));
        await remote.SendAsync(Sound(6, [9, 9]).ToBytes(), WebSocketMessageType.Binary);
        await page.ReceiveAsync<SpeechStartMessage>();
        Assert.Equal([9, 9], (await page.ReceiveAsync<AudioMessage>()).Data.ToArray());

        await remote.CloseAsync();
        Assert.Equal(6, (await page.ReceiveAsync<SpeechStopMessage>()).Turn);
        Assert.Equal(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true }, await inside.HearAsync());
    }

    [Fact]
    public async Task The_last_voice_that_leaves_is_missed()
    {
        await using var hub = await TestHub.StartAsync();
        var voice = await hub.VoiceAsync();
        using var page = await SpeakingPageAsync(hub);
        await page.ReceiveAsync<VoiceMessage>();
        await page.ReceiveAsync<SpeakerMessage>();
        await voice.DisposeAsync();
        Assert.Equal(new VoiceMessage { Channel = "default", On = false }, await page.ReceiveAsync());
    }

    [Fact]
    public async Task A_sender_may_bring_the_sound_as_base64()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await hub.PageAsync();
        await page.ReceiveAsync<VoiceMessage>();
        await voice.HearAsync();
        await hub.Stage.PublishAsync(new LlmResponseMessage { Content = "Listen.", Audio = Convert.ToBase64String([1, 2, 3]) }, Token);
        Assert.Null((await page.ReceiveAsync<LlmResponseMessage>()).Audio);
        var reply = Assert.IsType<LlmResponseMessage>(await voice.HearAsync());
        Assert.Equal([1, 2, 3], await SoundAsync(voice, reply));
    }

    [Fact]
    public async Task A_sender_may_bring_the_sound_as_a_stream()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var backend = await TestSocket.ConnectAsync(hub.Socket);
        await backend.SendAsync(new LlmResponseMessage { Content = "Listen.", AudioStream = 4, Receipt = ReceiptLevel.Stored });
        await backend.SendAsync(Sound(4, [5, 6]).ToBytes(), WebSocketMessageType.Binary);
        await backend.SendAsync(Sound(4, [7, 8]).ToBytes(), WebSocketMessageType.Binary);
        await backend.SendAsync(Sound(4, []).ToBytes(), WebSocketMessageType.Binary);
        var reply = Assert.IsType<LlmResponseMessage>(await voice.HearAsync());
        Assert.Equal([5, 6, 7, 8], await SoundAsync(voice, reply));
    }

    [Fact]
    public async Task Sound_of_a_sender_that_leaves_ends()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        var backend = await TestSocket.ConnectAsync(hub.Socket);
        await backend.SendAsync(new LlmResponseMessage { Content = "Listen.", AudioStream = 4 });
        await backend.SendAsync(Sound(4, [5, 6]).ToBytes(), WebSocketMessageType.Binary);
        await backend.CloseAsync();
        Assert.Equal([5, 6], await SoundAsync(voice, Assert.IsType<LlmResponseMessage>(await voice.HearAsync())));
    }

    [Fact]
    public async Task Sound_that_was_announced_and_does_not_come_ends()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        await using var voice = await hub.VoiceAsync();
        using var backend = await TestSocket.ConnectAsync(hub.Socket);
        await backend.SendAsync(new LlmResponseMessage { Content = "Listen.", AudioStream = 4 });
        var reply = Assert.IsType<LlmResponseMessage>(await voice.HearAsync());
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(await SoundAsync(voice, reply));
    }

    [Fact]
    public async Task Too_much_sound_is_cut_and_the_sender_is_told_the_limit()
    {
        await using var hub = await TestHub.StartAsync(options => options.MaxSoundBytes = 3);
        await using var voice = await hub.VoiceAsync();
        using var backend = await TestSocket.ConnectAsync(hub.Socket);
        await backend.SendAsync(new LlmResponseMessage { Content = "Listen.", AudioStream = 4 });
        await backend.SendAsync(Sound(4, [5, 6]).ToBytes(), WebSocketMessageType.Binary);
        await backend.SendAsync(Sound(4, [7, 8]).ToBytes(), WebSocketMessageType.Binary);
        var error = await backend.ReceiveAsync<ErrorMessage>();
        Assert.Equal(ErrorCode.TooBig, error.Code);
        Assert.Contains("Kotodama:MaxSoundBytes", error.Hint, StringComparison.Ordinal);
        Assert.Equal([5, 6], await SoundAsync(voice, Assert.IsType<LlmResponseMessage>(await voice.HearAsync())));
    }

    [Fact]
    public async Task A_sound_file_can_be_posted()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        var file = new byte[100_000];
        new Random(1).NextBytes(file);
        using var body = new ByteArrayContent(file);
        body.Headers.ContentType = new("audio/wav");
        var answer = await hub.Http().PostAsync(new Uri("api/speak?content=Listen.&emotion=joy", UriKind.Relative), body, Token);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var reply = Assert.IsType<LlmResponseMessage>(await voice.HearAsync());
        Assert.Equal(("Listen.", "joy"), (reply.Content, reply.Emotion));
        Assert.Equal(file, await SoundAsync(voice, reply));
    }

    [Theory]
    [InlineData("", "audio/wav", "x", HttpStatusCode.BadRequest, "content")]
    [InlineData("?content=x", "audio/wav", "", HttpStatusCode.BadRequest, "empty")]
    [InlineData("?content=x", "text/html", "x", HttpStatusCode.UnsupportedMediaType, "Content-Type")]
    [InlineData("?content=x", null, "x", HttpStatusCode.UnsupportedMediaType, "Content-Type")]
    [InlineData("?content=x&duration=soon", "audio/wav", "x", HttpStatusCode.BadRequest, "duration")]
    [InlineData("?content=x&mode=loud", "audio/wav", "x", HttpStatusCode.BadRequest, "mode")]
    [InlineData("?content=x&channel=%20", "audio/wav", "x", HttpStatusCode.BadRequest, "channel")]
    [InlineData("?content=x", "audio/wav", "more than ten bytes", HttpStatusCode.RequestEntityTooLarge, "Kotodama:MaxSoundBytes")]
    public async Task A_bad_post_is_told_what_is_wrong(string query, string? type, string body, HttpStatusCode status, string expected)
    {
        await using var hub = await TestHub.StartAsync(options => options.MaxSoundBytes = 10);
        using var content = new StringContent(body);
        content.Headers.ContentType = type is null ? null : new(type);
        var answer = await hub.Http().PostAsync(new Uri("api/speak" + query, UriKind.Relative), content, Token);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PeerRole.Viewer, ErrorCode.BinaryUnsupported)]
    [InlineData(PeerRole.Publisher, ErrorCode.BinaryUnsupported)]
    [InlineData(PeerRole.Voice, ErrorCode.BinaryUnsupported)]
    public async Task Bytes_that_are_no_sound_are_an_error(PeerRole role, string code)
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync(new HelloMessage { Role = role });
        await socket.WelcomeAsync();
        await socket.SendAsync([1, 2, 3], WebSocketMessageType.Binary);
        Assert.Equal(code, (await socket.ReceiveAsync<ErrorMessage>()).Code);
    }

    [Fact]
    public async Task Only_a_voice_may_speak()
    {
        await using var hub = await TestHub.StartAsync();
        using var backend = await TestSocket.ConnectAsync(hub.Socket);
        await backend.SendAsync(new HelloMessage { Role = PeerRole.Publisher });
        await backend.WelcomeAsync();
        await backend.SendAsync(Start(1));
        Assert.Equal(ErrorCode.NotAllowed, (await backend.ReceiveAsync<ErrorMessage>()).Code);
    }

    [Fact]
    public async Task The_voice_learns_that_the_only_page_came_back_without_the_speech()
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        var page = await SpeakingPageAsync(hub);
        await voice.HearAsync();
        await voice.SendAsync(Start(7), Token);
        await BegunAsync(page);
        foreach (var (speech, lost) in new (long?, long?)[] { (7, null), (6, 7), (null, 7) })
        {
            page.Dispose();
            Assert.Equal(new AudienceMessage { Channel = "default", Pages = 0, Speaker = false }, await voice.HearAsync());
            page = await SpeakingPageAsync(hub, speech);
            Assert.Equal(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true, Lost = lost }, await voice.HearAsync());
        }

        page.Dispose();
        await voice.HearAsync();
        using var first = await SpeakingPageAsync(hub);
        await voice.HearAsync();
        await voice.SendAsync(Start(8), Token);
        await BegunAsync(first);
        using var second = await SpeakingPageAsync(hub);
        AudienceMessage audience;
        do
            audience = Assert.IsType<AudienceMessage>(await voice.HearAsync());
        while (audience.Pages != 2);
        Assert.Null(audience.Lost);
    }

    private static async Task BegunAsync(TestSocket page)
    {
        await page.ReceiveAsync<VoiceMessage>();
        await page.ReceiveAsync<SpeakerMessage>();
        await page.ReceiveAsync<SpeechStartMessage>();
    }

    private static async Task<TestSocket> SpeakingPageAsync(TestHub hub, long? speech = null)
    {
        var socket = await TestSocket.ConnectAsync(hub.Socket);
        var had = speech is { } turn ? new Dictionary<string, long>(StringComparer.Ordinal) { ["default"] = turn } : null;
        await socket.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability, HelloMessage.SpeakCapability], Speech = had });
        await socket.WelcomeAsync();
        return socket;
    }

    private static SpeechStartMessage Start(long turn) =>
        new() { Channel = "default", Turn = turn, Clause = 0, Reply = "r", Format = SpeechFormat.Pcm, Rate = 22050 };

    private static AudioMessage Sound(uint turn, byte[] bytes) =>
        new() { Kind = AudioKind.Speech, Stream = turn, Clause = 0, Number = 0, Offset = 0, Data = bytes };

    internal static async Task<byte[]> SoundAsync(IPeer voice, LlmResponseMessage reply)
    {
        var bytes = new List<byte>();
        while (true)
        {
            var piece = Assert.IsType<AudioMessage>(await voice.HearAsync());
            Assert.Equal(reply.AudioStream, piece.Stream);
            if (piece.Data.IsEmpty)
                return [.. bytes];
            bytes.AddRange(piece.Data.ToArray());
        }
    }
}
