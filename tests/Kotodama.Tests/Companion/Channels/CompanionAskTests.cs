using System.Text.Json;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Memory;
using Kotodama.Companion.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>What pages ask a companion, and what they are told.</summary>
public sealed class CompanionAskTests
{
    [Fact]
    public async Task A_test_of_an_engine_says_whether_it_works_how_long_it_took_and_what_it_did()
    {
        await using var stage = new Stage();
        var answer = await stage.AskAsync("test", new { kind = "tts", engine = "espeak" });
        Assert.Equal("""{"ok":false,"ms":12.5,"detail":"tts espeak is hoarse"}""", answer.Value.ToString());
        Assert.Equal(ErrorCode.BadValue, (await stage.AskAsync("test", new { kind = "nose", engine = "espeak" })).Error?.Code);
    }

    [Fact]
    public async Task An_engine_with_a_bug_is_an_error_and_who_leaves_and_comes_back_is_answered()
    {
        await using var stage = new Stage(new ScriptedChat([new TextContent("Hi.")]), greet: false);
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        var error = (await stage.AskAsync("test", new { kind = "tts", engine = "buggy" })).Error!;
        Assert.Equal("failed", error.Code);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 0, Speaker = false });
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        await stage.SendAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        Assert.Equal("Hi.", (await stage.ReceiveAsync<LlmResponseMessage>()).Content);
    }

    [Fact]
    public async Task Characters_are_listed_in_the_language_of_the_page_that_asks_and_all_pages_learn_the_name_in_it()
    {
        await using var stage = new Stage();
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        Assert.Equal("Koto", (await stage.ReceiveAsync<CompanionMessage>()).Name);
        var names = (await stage.AskAsync("characters", null, "zh-CN")).Value!.Value.GetProperty("characters").EnumerateArray().Select(c => c.GetProperty("name").GetString());
        Assert.Contains("小言", names);
        Assert.Contains(stage.Said.OfType<CompanionMessage>(), c => c.Name == "小言");
    }

    [Fact]
    public async Task A_character_that_is_chosen_greets_in_the_language_of_the_user_who_chose_it()
    {
        await using var stage = new Stage();
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        await stage.AskAsync("choose_character", new { id = "nagi" }, "ja");
        var character = new CharacterFolder(null).Read().Find("nagi")!;
        var spoken = string.Concat(new ReplyTags().Append(character.Greeting!.Of("ja")).Select(p => p.Text)).Trim();
        var said = (await stage.ReceiveAsync<LlmResponseMessage>()).Content;
        Assert.StartsWith(said[..4], spoken, StringComparison.Ordinal);
        Assert.NotEqual(character.Greeting.Of("ja"), character.Greeting.Of("en"));
    }

    [Fact]
    public async Task Who_opens_a_page_before_anything_was_said_is_greeted_once_in_their_language()
    {
        await using var stage = new Stage();
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        var asked = (await stage.AskAsync("conversation", null, "zh-CN")).Value!.Value;
        Assert.Equal((JsonValueKind.Null, 0), (asked.GetProperty("id").ValueKind, asked.GetProperty("entries").GetArrayLength()));
        var reply = await stage.ReceiveAsync<LlmResponseMessage>();
        var greeting = new CharacterFolder(null).Read().Find("koto")!.GreetingAt(12)!.Of("zh-CN");
        Assert.Equal(string.Concat(new ReplyTags().Append(greeting).Select(p => p.Text)), reply.Content);
        await stage.SendAsync(new ReceiptMessage { Id = reply.Id!, Channel = "default", Status = ReceiptStatus.Stopped, Final = true });
        await stage.ReceiveAsync<TurnMessage>(turn => turn.State == TurnState.Idle);

        // Every page leaves, and one comes back to the same conversation.
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 0, Speaker = false });
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        Assert.Single((await stage.AskAsync("conversation", null, "zh-CN")).Value!.Value.GetProperty("entries").EnumerateArray());
        await stage.SendAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        Assert.Equal(TurnState.Thinking, (await stage.ReceiveAsync<TurnMessage>()).State);
        Assert.Empty(stage.Said.OfType<LlmResponseMessage>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_demo_greets_no_user_and_neither_does_a_companion_that_is_told_not_to(bool isDemo)
    {
        using var demo = new LlmSelector(new LlmOptions { Server = LlmOptions.Demo }, _ => null, TimeProvider.System, NullLogger.Instance, new LlmPorts());
        await using var stage = new Stage(isDemo ? demo : new ScriptedChat([new TextContent("Hi.")]), greet: isDemo);
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        for (var i = 0; i < 10; i++)
            await stage.AskAsync("conversation", null);
        await stage.SendAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        Assert.Equal(TurnState.Thinking, (await stage.ReceiveAsync<TurnMessage>()).State);
        Assert.DoesNotContain(stage.Said, m => m is LlmResponseMessage or LlmDeltaMessage);
    }

    [Fact]
    public async Task Looking_makes_no_conversation_and_the_one_that_goes_on_after_a_deletion_is_the_current_one()
    {
        await using var stage = new Stage(greet: false);
        await stage.AskAsync("conversation", null);
        var none = (await stage.AskAsync("conversations", null)).Value!.Value;
        Assert.Equal((JsonValueKind.Null, 0), (none.GetProperty("current").ValueKind, none.GetProperty("conversations").GetArrayLength()));
        var first = await stage.Store.CreateAsync("default", "koto", TestContext.Current.CancellationToken);
        await stage.Store.AppendAsync("default", first.Id, new Said(ConversationRole.User, "one"), TestContext.Current.CancellationToken);
        var second = await stage.Store.CreateAsync("default", "koto", TestContext.Current.CancellationToken);
        await stage.AskAsync("delete_conversation", new { id = second.Id });
        Assert.Equal(first.Id, (await stage.AskAsync("conversations", null)).Value!.Value.GetProperty("current").GetString());
        Assert.Equal(first.Id, (await stage.AskAsync("conversation", null)).Value!.Value.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, false)]
    public async Task Pages_are_told_when_the_character_is_not_to_be_interrupted(bool allowed, bool? told)
    {
        await using var stage = new Stage(greet: false, bargeIn: allowed);
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        Assert.Equal(told, (await stage.ReceiveAsync<CompanionMessage>()).BargeIn);
    }

    [Fact]
    public async Task A_long_conversation_is_told_in_messages_that_every_link_carries()
    {
        await using var stage = new Stage(greet: false);
        var conversation = await stage.Store.CreateAsync("default", "koto", TestContext.Current.CancellationToken);
        for (var i = 0; i < 200; i++)
            await stage.Store.AppendAsync("default", conversation.Id, new Said(ConversationRole.User, string.Concat(Enumerable.Repeat("話が長い。", 300))), TestContext.Current.CancellationToken);
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        var answer = await stage.AskAsync("conversation", new { limit = 200 });
        var (of, text) = (answer.Id, answer.Value!.Value.GetString()!);
        while (answer.Rest == true)
        {
            Assert.InRange(MessageCodec.Write(answer).Length, 1, ProtocolLimits.Default.Frame);
            answer = await stage.AskAsync("rest", new { of });
            text += answer.Value!.Value.GetString();
        }

        Assert.Equal(200, JsonDocument.Parse(text).RootElement.GetProperty("entries").GetArrayLength());
        Assert.Equal("not_found", (await stage.AskAsync("rest", new { of })).Error?.Code);
    }

    [Fact]
    public async Task Exchanges_of_a_channel_keep_their_numbers_apart_when_every_page_leaves_and_comes_back()
    {
        await using var stage = new Stage(new ScriptedChat([new TextContent("Hi.")]), greet: false);
        var turns = new List<long>();
        for (var i = 0; i < 2; i++)
        {
            await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
            await stage.SendAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
            var reply = await stage.ReceiveAsync<LlmResponseMessage>();
            await stage.SendAsync(new ReceiptMessage { Id = reply.Id!, Channel = "default", Status = ReceiptStatus.Stopped, Final = true });
            turns.Add((await stage.ReceiveAsync<TurnMessage>(turn => turn.State == TurnState.Idle)).Turn);
            await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 0, Speaker = false });
        }

        Assert.Equal([1, 2], turns);
    }

    /// <summary>A hub's end with a companion behind it.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ending = new();
        private readonly IPeer _hub;
        private readonly Task _running;
        private int _asked;

        public Stage(IChatClient? mind = null, bool greet = true, bool bargeIn = true)
        {
            (_hub, var peer) = PeerPair.Create();
            _running = new CompanionPeer(peer, new CompanionParts { Mind = mind ?? new ScriptedChat(), Store = Store, Engines = new Desk(), Conversation = { Greet = greet, BargeIn = bargeIn } }).RunAsync(_ending.Token);
        }

        public IConversationStore Store { get; } = ConversationStores.Open(null, TimeProvider.System, NullLogger.Instance);

        /// <summary>What was received while something else was waited for.</summary>
        public List<Message> Said { get; } = [];

        public ValueTask SendAsync(Message message) => _hub.SendAsync(message, TestContext.Current.CancellationToken);

        /// <summary>Where it is noon now.</summary>
        private static long Noon => 720 - (long)TimeProvider.System.GetUtcNow().TimeOfDay.TotalMinutes;

        public async Task<AnswerMessage> AskAsync(string name, object? value, string? language = null)
        {
            var id = $"q{++_asked}";
            await SendAsync(new AskMessage { Channel = "default", Page = "p", Id = id, Name = name, Value = value is null ? null : JsonSerializer.SerializeToElement(value), Lang = language, Offset = Noon });
            return await ReceiveAsync<AnswerMessage>(a => a.Id == id);
        }

        public async Task<T> ReceiveAsync<T>(Func<T, bool>? which = null)
            where T : Message
        {
            while (true)
            {
                var message = await _hub.Incoming.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime(typeof(T).Name);
                if (message is T wanted && which?.Invoke(wanted) != false)
                    return wanted;
                Said.Add(message);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            await _running;
            await Store.DisposeAsync();
            _ending.Dispose();
        }
    }

    private sealed class Desk : IEngineDesk
    {
        public IReadOnlyList<EngineReport> List() => [];

        public Task<EngineTrial> TryAsync(EngineKind kind, string engine, CancellationToken cancellationToken) =>
            engine == "buggy" ? throw new InvalidOperationException("the secret key") : Task.FromResult(new EngineTrial(false, 12.5, $"{kind.ToString().ToLowerInvariant()} {engine} is hoarse"));
    }
}
