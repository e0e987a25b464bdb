using Kotodama.Client;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Client;

/// <summary>A voice, a companion and a page at a hub elsewhere.</summary>
public sealed class PeerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_speaker_runs_at_a_hub_elsewhere_and_goes_on_when_the_hub_comes_back()
    {
        var port = Ports.Free();
        var hub = await TestHub.StartAsync(port: port);
        try
        {
            await using var link = await hub.ClientAsync(o => (o.Role, o.FirstPause, o.LongestPause) = (PeerRole.Voice, TimeSpan.Zero, TimeSpan.FromMilliseconds(50)));
            await using var speech = ScriptedSynthesizer.Speaking("tones");
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var running = new Speaker(link, speech).RunAsync(ending.Token);
            await SpokenAsync(hub, "Hello there.");
            await hub.DisposeAsync();
            hub = await TestHub.StartAsync(port: port);
            await SpokenAsync(hub, "Here again.");
            await ending.CancelAsync();
            await running.InTime("the speaker to end");
        }
        finally
        {
            await hub.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_companion_runs_at_a_hub_elsewhere_and_goes_on_when_the_hub_comes_back()
    {
        var port = Ports.Free();
        var hub = await TestHub.StartAsync(port: port);
        try
        {
            await using var link = await hub.ClientAsync(o => (o.Role, o.FirstPause, o.LongestPause) = (PeerRole.Companion, TimeSpan.Zero, TimeSpan.FromMilliseconds(50)));
            await using var store = new MemoryConversationStore(new ConversationLimits(), TimeProvider.System);
            using var mind = new DemoCompanion(TimeProvider.System);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var running = new CompanionPeer(link, new CompanionParts { LanguageModel = mind, Store = store }).RunAsync(ending.Token);
            await AnsweredAsync(hub, "echo one", "one");
            await hub.DisposeAsync();
            hub = await TestHub.StartAsync(port: port);
            await AnsweredAsync(hub, "echo two", "two");
            await ending.CancelAsync();
            await running.InTime("the companion to end");
        }
        finally
        {
            await hub.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sound_goes_both_ways_between_two_clients()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.ClientAsync(o => o.Role = PeerRole.Companion);
        await using var page = await hub.ClientAsync(o =>
        {
            o.Role = PeerRole.Viewer;
            o.Capabilities.Add(HelloMessage.DisplayCapability);
            o.Capabilities.Add(HelloMessage.SpeakCapability);
        });
        await NextAsync<CompanionMessage>(page);
        await page.SendAsync(new VadMessage { Utterance = 3, Event = VadEvent.Start }, Token);
        await page.SendAsync(Sound(AudioKind.Microphone, 3, 1, 2, 3, 4), Token);
        await page.SendAsync(Sound(AudioKind.Microphone, 3, 5, 6), Token);
        await page.SendAsync(new VadMessage { Utterance = 3, Event = VadEvent.End }, Token);
        var start = await NextAsync<VadMessage>(companion);
        var first = Assert.IsType<AudioMessage>(await companion.HearAsync());
        var second = Assert.IsType<AudioMessage>(await companion.HearAsync());
        Assert.Equal((start.Utterance, page.Welcome!.Session), (first.Stream, start.Page));
        Assert.Equal([1, 2, 3, 4, 5, 6], [.. first.Data.ToArray(), .. second.Data.ToArray()]);
        Assert.Equal(VadEvent.End, Assert.IsType<VadMessage>(await companion.HearAsync()).Event);

        await using var voice = await hub.ClientAsync(o => o.Role = PeerRole.Voice);
        await voice.SendAsync(new SpeechStartMessage { Channel = "default", Turn = 9, Clause = 0, Reply = "r", At = 0, Length = 2, Format = SpeechFormat.Pcm, Rate = 22_050 }, Token);
        await voice.SendAsync(Sound(AudioKind.Speech, 9, 7, 8), Token);
        Assert.Equal([7, 8], (await NextAsync<AudioMessage>(page)).Data.ToArray());
    }

    [Fact]
    public async Task Without_a_connection_a_reply_is_kept_and_what_is_worth_nothing_later_is_lost()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.Role = PeerRole.Companion);
        link.Cut();
        await Limits.UntilAsync(() => client.State == ConnectionState.Reconnecting, "the loss to be noticed");
        await client.SendAsync(new TurnMessage { Channel = "default", Turn = 1, State = TurnState.Thinking }, Token);
        await client.SendAsync(new LlmDeltaMessage { Id = "r", Part = 0, Content = "He" }, Token);
        await client.SendAsync(Sound(AudioKind.Speech, 1, 0, 0), Token);
        await client.SendAsync(new LlmResponseMessage { Id = "r", Content = "Hello", Receipt = ReceiptLevel.Spoken }, Token);
        link = await hub.AcceptAsync();
        var reply = await link.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal(("r", "Hello"), (reply.Id, reply.Content));
        await link.StoredAsync(reply, 1, pages: 1);
        Assert.Equal(ReceiptStatus.Stored, Assert.IsType<ReceiptMessage>(await client.HearAsync()).Status);

        // Until the last word it is asked for again, and not after it.
        link.Cut();
        link = await hub.AcceptAsync();
        await link.StoredAsync(await link.ReceiveAsync<LlmResponseMessage>(), 1, pages: 1, duplicate: true);
        await link.LastAsync(reply, ReceiptStatus.Done);
        Assert.False(Assert.IsType<ReceiptMessage>(await client.HearAsync()).Final == true);
        Assert.True(Assert.IsType<ReceiptMessage>(await client.HearAsync()).Final);
        link.Cut();
        await Limits.UntilAsync(() => client.State == ConnectionState.Reconnecting, "the loss to be noticed");
        link = await hub.AcceptAsync();
        await Limits.UntilAsync(() => client.State == ConnectionState.Connected, "the client to be back");
        await client.SendAsync(new TurnMessage { Channel = "default", Turn = 2, State = TurnState.Idle }, Token);
        Assert.Equal(2, (await link.ReceiveAsync<TurnMessage>()).Turn);
    }

    [Fact]
    public async Task A_publication_that_the_hub_refuses_comes_back_as_an_error()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.ClientAsync(o => o.Role = PeerRole.Companion);
        await companion.SendAsync(new LlmResponseMessage { Id = "long", Content = new string('x', 20_000) }, Token);
        Assert.Equal(("long", ErrorCode.TooLong), await NextAsync<ErrorMessage>(companion) is var error ? (error.Id, error.Code) : default);
    }

    private static AudioMessage Sound(AudioKind kind, uint turn, params byte[] bytes) => new() { Kind = kind, Stream = turn, Clause = 0, Number = 0, Offset = 0, Data = bytes };

    private static async Task<T> NextAsync<T>(IPeer peer)
        where T : Message
    {
        while (true)
        {
            if (await peer.HearAsync() is T message)
                return message;
        }
    }

    /// <summary>A page that hears comes, and the voice says what is published.</summary>
    private static async Task SpokenAsync(TestHub hub, string text)
    {
        await using var page = await hub.ClientAsync(o =>
        {
            o.Role = PeerRole.Viewer;
            o.Capabilities.Add(HelloMessage.DisplayCapability);
            o.Capabilities.Add(HelloMessage.SpeakCapability);
        });
        await page.SendAsync(new SoundMessage { State = SoundState.On }, Token);
        while (!(await NextAsync<VoiceMessage>(page)).On)
        {
        }

        await hub.Stage.SendLlmResponseAsync(text, cancellationToken: Token);
        var start = await NextAsync<SpeechStartMessage>(page);
        Assert.Equal("default", start.Channel);
        Assert.True((await NextAsync<AudioMessage>(page)).Data.Length > 0);
    }

    private static async Task AnsweredAsync(TestHub hub, string question, string answer)
    {
        await using var page = await hub.ClientAsync(o =>
        {
            o.Role = PeerRole.Viewer;
            o.Capabilities.Add(HelloMessage.DisplayCapability);
        });
        while (!(await NextAsync<CompanionMessage>(page)).On)
        {
        }

        await page.SendAsync(new UserTextMessage { Content = question }, Token);
        Assert.Equal(question, (await NextAsync<TranscriptMessage>(page)).Content);
        Assert.Contains(answer, (await NextAsync<LlmResponseMessage>(page)).Content, StringComparison.Ordinal);
    }
}
