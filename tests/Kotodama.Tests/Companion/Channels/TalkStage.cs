using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>A <see cref="CompanionPeer"/> whose hub, language model and recogniser are a test.</summary>
internal sealed class TalkStage : IAsyncDisposable
{
    private readonly IPeer _hub, _companion;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public TalkStage(bool hears = true, IConversationStore? store = null, IReadOnlyList<AIFunction>? tools = null, ILogger? logger = null, TimeProvider? time = null, IChatClient? mind = null, CharacterFolder? characters = null, string character = "koto")
    {
        (_hub, _companion) = PeerPair.Create();
        Store = store ?? new MemoryConversationStore(new ConversationLimits(), TimeProvider.System);
        var clock = time ?? TimeProvider.System;
        _running = new CompanionPeer(_companion, new CompanionParts { Mind = new ToolLoop(mind ?? Mind, clock, NullLogger.Instance), Time = clock, Hearing = hears ? Ear : null, Store = Store, Tools = tools ?? [], Logger = logger ?? NullLogger.Instance, Characters = characters ?? new CharacterFolder(null), Character = character, Conversation = { Greet = false } }).RunAsync(_end.Token);
    }

    public TestMind Mind { get; } = new();

    public TestEar Ear { get; } = new();

    public IConversationStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task SayAsync(params Message[] messages)
    {
        foreach (var message in messages)
            await _hub.SendAsync(message, Token);
    }

    /// <summary>The next message of a kind; others are passed over.</summary>
    public async Task<T> HearAsync<T>(Func<T, bool>? which = null)
        where T : Message
    {
        while (true)
            if (await _hub.HearAsync() is T message && which?.Invoke(message) != false)
                return message;
    }

    /// <summary>A page is there.</summary>
    public Task ComeAsync(bool isHeard = true) => SayAsync(new AudienceMessage { Channel = "default", Pages = 1, Speaker = isHeard });

    /// <summary>A page asks, and gets its answer.</summary>
    public async Task<AnswerMessage> AskAsync(string name, object? value = null)
    {
        var id = Guid.NewGuid().ToString("N");
        await SayAsync(new AskMessage { Channel = "default", Id = id, Page = "page", Name = name, Value = value is null ? null : JsonSerializer.SerializeToElement(value) });
        return await HearAsync<AnswerMessage>(answer => answer.Id == id);
    }

    /// <summary>Says an answer to its end, as a page does that is not audible.</summary>
    public async Task<LlmResponseMessage> ReadAsync()
    {
        var reply = await HearAsync<LlmResponseMessage>();
        await SayAsync(new ReceiptMessage { Id = reply.Id!, Channel = "default", Status = ReceiptStatus.Stopped, Final = true });
        await HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle);
        return reply;
    }

    /// <summary>What is remembered.</summary>
    public async Task<IEnumerable<string>> HistoryAsync(string? id = null)
    {
        var answer = await AskAsync("conversation", id is null ? null : new { id });
        return [.. answer.Value!.Value.GetProperty("entries").EnumerateArray().Select(e => $"{e.GetProperty("role").GetString()}: {e.GetProperty("text").GetString()}{(e.GetProperty("interrupted").GetBoolean() ? " (interrupted)" : "")}")];
    }

    /// <summary>The companion is stopped; its store remains.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _running.InTime("the companion's end");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _hub.DisposeAsync();
        await _companion.DisposeAsync();
        await Store.DisposeAsync();
        _end.Dispose();
    }
}

/// <summary>A language model that says what a test writes, when it writes it.</summary>
internal sealed class TestMind : IChatClient
{
    private readonly Channel<Channel<AIContent>> _asked = Channel.CreateBounded<Channel<AIContent>>(1000);

    /// <summary>What it was told, question by question.</summary>
    public List<IReadOnlyList<ChatMessage>> Told { get; } = [];

    /// <summary>The next question; what is written there is the answer.</summary>
    public async Task<ChannelWriter<AIContent>> AskedAsync() => (await _asked.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime("a question")).Writer;

    public async Task AnswerAsync(params string[] pieces)
    {
        var answer = await AskedAsync();
        foreach (var piece in pieces)
            answer.TryWrite(new TextContent(piece));
        answer.Complete();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = Channel.CreateBounded<AIContent>(1000);
        lock (Told)
            Told.Add([.. messages]);
        _asked.Writer.TryWrite(answer);
        await foreach (var content in answer.Reader.ReadAllAsync(cancellationToken))
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { AdditionalProperties = content.AdditionalProperties };
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

/// <summary>A recogniser that understands what a test says.</summary>
internal sealed class TestEar : ISpeechRecognizer
{
    private readonly Channel<Utterance> _heard = Channel.CreateBounded<Utterance>(1000);

    public string Id => "test";

    /// <summary>The next utterance that is begun.</summary>
    public Task<Utterance> HeardAsync() => _heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime("an utterance");

    public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
    {
        var utterance = new Utterance(request);
        _heard.Writer.TryWrite(utterance);
        return new(utterance);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal sealed class Utterance(RecognitionRequest request) : IRecognition
    {
        private readonly Channel<RecognitionResult> _results = Channel.CreateBounded<RecognitionResult>(1000);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RecognitionRequest Request { get; } = request;

        public List<byte> Sound { get; } = [];

        public Task Ended => _ended.Task.InTime("the end of an utterance");

        public Task Disposed => _disposed.Task.InTime("the companion to stop listening");

        public void Guess(string text) => _results.Writer.TryWrite(new RecognitionResult(text, false));

        /// <summary>Whether it throws when it is given sound.</summary>
        public bool IsClogged { get; set; }

        public void Understand(string text, string? emotion = null, string? language = "en")
        {
            _results.Writer.TryWrite(new RecognitionResult(text, true, language, emotion));
            _results.Writer.Complete();
        }

        public void Fail(string code) => Fail(new RecognitionException(code, "The recogniser is out of order."));

        public void Fail(Exception failure) => _results.Writer.Complete(failure);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> sound, CancellationToken cancellationToken)
        {
            if (IsClogged)
                throw new InvalidOperationException("the secret sentence");
            Sound.AddRange(sound.ToArray());
            return ValueTask.CompletedTask;
        }

        public ValueTask EndAsync(CancellationToken cancellationToken)
        {
            _ended.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public IAsyncEnumerable<RecognitionResult> ReadAsync(CancellationToken cancellationToken) => _results.Reader.ReadAllAsync(cancellationToken);

        public ValueTask DisposeAsync()
        {
            _disposed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
