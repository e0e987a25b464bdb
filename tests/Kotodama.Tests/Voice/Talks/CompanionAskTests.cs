using System.Text.Json;
using Kotodama.Protocol;
using Kotodama.Tests.Voice.Chat;
using Kotodama.Voice;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Voice.Talks;

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
    public async Task Characters_are_told_in_the_language_of_whoever_asks_and_the_pages_learn_their_name_in_it()
    {
        await using var stage = new Stage();
        await stage.SendAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = true });
        Assert.Equal("Koto", (await stage.ReceiveAsync<CompanionMessage>()).Name);
        var names = (await stage.AskAsync("characters", null, "zh-CN")).Value!.Value.GetProperty("characters").EnumerateArray().Select(c => c.GetProperty("name").GetString());
        Assert.Contains("小言", names);
        Assert.Contains(stage.Said.OfType<CompanionMessage>(), c => c.Name == "小言");
    }

    [Fact]
    public async Task A_character_that_is_chosen_greets_in_the_language_of_whoever_chose_it()
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

    /// <summary>A hub's end with a companion behind it.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ending = new();
        private readonly IConversationStore _store = ConversationStores.Open(null, TimeProvider.System, NullLogger.Instance);
        private readonly IPeer _hub;
        private readonly Task _running;
        private int _asked;

        public Stage()
        {
            (_hub, var peer) = PeerPair.Create();
            _running = new Companion(peer, new CompanionParts { Mind = new ScriptedChat(), Store = _store, Engines = new Desk() }).RunAsync(_ending.Token);
        }

        /// <summary>What was received while something else was waited for.</summary>
        public List<Message> Said { get; } = [];

        public ValueTask SendAsync(Message message) => _hub.SendAsync(message, TestContext.Current.CancellationToken);

        public async Task<AnswerMessage> AskAsync(string name, object? value, string? language = null)
        {
            var id = $"q{++_asked}";
            await SendAsync(new AskMessage { Channel = "default", Page = "p", Id = id, Name = name, Value = value is null ? null : JsonSerializer.SerializeToElement(value), Lang = language });
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
            await _store.DisposeAsync();
            _ending.Dispose();
        }
    }

    private sealed class Desk : IEngineDesk
    {
        public IReadOnlyList<EngineReport> List() => [];

        public Task<EngineTrial> TryAsync(EngineKind kind, string engine, CancellationToken cancellationToken) =>
            Task.FromResult(new EngineTrial(false, 12.5, $"{kind.ToString().ToLowerInvariant()} {engine} is hoarse"));
    }
}
