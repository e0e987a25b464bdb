using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Speaking;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Companion.Hearing;

public sealed class RecognizerChainTests : IAsyncDisposable
{
    private static readonly byte[] Sound = [.. Enumerable.Range(0, 9_000).Select(i => (byte)i)];

    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();
    private readonly Scripted _first = new("first"), _second = new("second");
    private readonly RecognizerChain _chain;

    public RecognizerChainTests() => _chain = Chain("en");

    public async ValueTask DisposeAsync() => await _chain.DisposeAsync();

    [Fact]
    public async Task The_first_engine_hears_and_its_guesses_go_on()
    {
        _first.Hears = _ => [new("hel", false), new("hel", false), new("hello", false), new("Hello.", true, "en", "joy"), new("never", true)];
        Assert.Equal([new("hel", false), new("hello", false), new("Hello.", true, "en", "joy")], await HearAsync());
        Assert.Empty(_second.Heard);
    }

    [Fact]
    public async Task When_one_fails_the_next_hears_the_same_sound_from_its_beginning()
    {
        _first.Hears = _ => throw new RecognitionException(RecognitionException.Failed, "It is broken.");
        using var telemetry = new TelemetryListener();
        Assert.Equal("second", (await HearAsync())[^1].Text);
        Assert.Equal(["provider_errors kind=asr code=asr_failed"], telemetry.Measured);
        Assert.Equal(Sound, Assert.Single(_second.Heard));
        Assert.Equal([(LogLevel.Warning, "Hearing engine first fails, the next one is asked: It is broken.")], _log.Lines);
    }

    [Fact]
    public async Task An_engine_that_fails_while_one_speaks_is_left_at_once()
    {
        _first.Begins = () => throw new RecognitionException(RecognitionException.Unreachable, "It is not there.");
        await using var recognition = await _chain.StartAsync(new(), TestContext.Current.CancellationToken);
        await recognition.WriteAsync(Sound.AsMemory(0, 4_000), TestContext.Current.CancellationToken);
        await _second.Begun.Task.InTime("the second engine");
        await recognition.WriteAsync(Sound.AsMemory(4_000), TestContext.Current.CancellationToken);
        await recognition.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("second", (await ReadAsync(recognition))[^1].Text);
        Assert.Equal(Sound, Assert.Single(_second.Heard));
    }

    [Theory]
    [InlineData(true, 2, "first")]
    [InlineData(false, 1, "second")]
    public async Task What_may_succeed_at_once_is_tried_once_more_with_the_same_sound(bool mayTryAgain, int times, string text)
    {
        _first.Hears = n => n == 1 ? throw new RecognitionException(RecognitionException.Failed, "It broke off.") { MayTryAgain = mayTryAgain } : [new("first", true)];
        Assert.Equal(text, (await HearAsync())[^1].Text);
        Assert.Equal(times, _first.Heard.Count);
        Assert.All(_first.Heard, sound => Assert.Equal(Sound, sound));
    }

    [Fact]
    public async Task A_second_try_that_fails_is_the_last()
    {
        _first.Hears = _ => throw new RecognitionException(RecognitionException.Failed, "It broke off.") { MayTryAgain = true };
        Assert.Equal("second", (await HearAsync())[^1].Text);
        Assert.Equal(2, _first.Heard.Count);
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData(2, 2_000)]
    public async Task A_server_that_is_busy_hears_the_same_sound_a_moment_later(int? retryAfter, int milliseconds)
    {
        await using var server = await BusyAsync(retryAfter);
        await using var chain = Chain(server);
        var hearing = HearAsync(chain: chain);
        await Limits.UntilAsync(() => _time.Timers == 2, "the limit and the pause");
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.Single(server.Requests);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("Hello.", (await hearing)[^1].Text);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Contains(Encoding.Latin1.GetString(Sound), request.Body, StringComparison.Ordinal));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_server_that_wants_a_longer_pause_is_not_waited_for()
    {
        await using var server = await BusyAsync(retryAfter: 3);
        await using var chain = Chain(server);
        Assert.Equal(RecognitionException.Busy, (await FailAsync(chain: chain)).Code);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_engine_that_is_too_slow_is_left_alone_for_a_while(bool deaf)
    {
        _first.Hangs = true;
        _first.IsDeaf = deaf;
        var hearing = HearAsync();
        await Limits.UntilAsync(() => _time.Timers == 1 && _first.Heard.Count == 1, "the limit, and the engine with all of the sound");
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(hearing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("second", (await hearing.InTime("the text"))[^1].Text);
        Assert.Contains("first gave no text within 10 s of the end of the sound (Kotodama:Hearing:Timeout).", _log.Lines.First().Text, StringComparison.Ordinal);
        Assert.Equal("second", (await HearAsync())[^1].Text);
        Assert.Single(_first.Heard);

        _first.Hangs = false;
        _time.Advance(EngineCircuit.Pause);
        Assert.Equal("first", (await HearAsync())[^1].Text);
        Assert.Equal("Hearing engine first works again.", _log.Lines.Last().Text);
    }

    [Fact]
    public async Task What_is_said_may_take_as_long_as_it_wants()
    {
        await using var recognition = await _chain.StartAsync(new(), TestContext.Current.CancellationToken);
        await _first.Begun.Task.InTime("the first engine");
        Assert.Equal(0, _time.Timers);
        _time.Advance(TimeSpan.FromMinutes(5));
        await recognition.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("first", (await ReadAsync(recognition))[^1].Text);
    }

    [Fact]
    public async Task When_all_are_left_alone_the_first_is_asked_all_the_same()
    {
        _first.Hears = _second.Hears = _ => throw new RecognitionException(RecognitionException.Failed, "It is broken.");
        for (var i = 0; i < 3; i++)
            Assert.Equal("It is broken.", (await FailAsync()).Message);
        _first.Hears = _ => [new("again", true)];
        Assert.Equal("again", (await HearAsync())[^1].Text);
        Assert.Equal(3, _second.Heard.Count);
    }

    [Fact]
    public async Task An_engine_that_refuses_one_utterance_is_asked_again()
    {
        _first.Hears = _ => throw new RecognitionException(RecognitionException.Failed, "This is too short.") { OnlyThisRequest = true };
        for (var i = 0; i < 5; i++)
            Assert.Equal("second", (await HearAsync())[^1].Text);
        Assert.Equal(5, _first.Heard.Count);
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task An_engine_that_does_not_know_the_language_is_passed_over()
    {
        await using var chain = new RecognizerChain([Link(_first, "en"), Link(_second, "zh")], null, _time, _log);
        Assert.Equal("second", (await HearAsync("zh-TW", chain))[^1].Text);
        Assert.Equal("first", (await HearAsync("en-GB", chain))[^1].Text);
        Assert.Equal(RecognitionException.Unavailable, (await FailAsync("fr", chain)).Code);
        Assert.Equal(["en-GB"], _first.Languages);
        Assert.Equal(["zh-TW"], _second.Languages);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("en")]
    public async Task The_language_of_the_settings_counts_more_than_what_is_said_of_an_utterance(string? said)
    {
        await using var chain = new RecognizerChain([Link(_first, "en"), Link(_second)], "de", _time, _log);
        Assert.Equal("second", (await HearAsync(said, chain))[^1].Text);
        Assert.Equal(["de"], _second.Languages);
    }

    [Theory]
    [InlineData("zh-CN", "second")]
    [InlineData("en", "first")]
    [InlineData(null, "first")]
    public async Task With_auto_no_engine_is_told_a_language_and_none_is_asked_for_one_that_it_does_not_know(string? said, string asked)
    {
        await using var chain = new RecognizerChain([Link(_first, "en"), Link(_second)], "Auto", _time, _log);
        Assert.Equal(asked, (await HearAsync(said, chain))[^1].Text);
        Assert.Equal([null], _first.Languages.Concat(_second.Languages));
    }

    [Fact]
    public async Task A_bug_in_an_engine_is_named_without_what_it_says()
    {
        _first.Hears = _second.Hears = _ => throw new FormatException("the secret sentence");
        var e = await FailAsync();
        Assert.Contains("FormatException", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, l => l.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_engine_that_ends_without_a_text_has_failed()
    {
        _first.Hears = _ => [new("hel", false)];
        Assert.Equal(["hel", "second"], (await HearAsync()).Select(r => r.Text));
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_engine_and_blames_no_engine()
    {
        _first.Hangs = true;
        for (var i = 0; i < 5; i++)
        {
            await using var recognition = await _chain.StartAsync(new(), TestContext.Current.CancellationToken);
            await recognition.EndAsync(TestContext.Current.CancellationToken);
            await Limits.UntilAsync(() => _first.Heard.Count == i + 1, "the engine");
        }

        Assert.Equal(5, _first.Left);
        Assert.Empty(_log.Lines);
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task What_was_said_stands_in_no_log()
    {
        _first.Hears = _ => throw new RecognitionException(RecognitionException.Failed, "It failed.") { Detail = "the secret sentence" };
        _second.Hears = _ => [new("the secret", false), new("the secret sentence", true)];
        await HearAsync();
        Assert.DoesNotContain(_log.Lines, l => l.Text.Contains("secret", StringComparison.Ordinal));
    }

    private RecognizerChain Chain(params string[] languages) => new([Link(_first, languages), Link(_second, languages)], null, _time, _log);

    private RecognizerChain Chain(FakeSpeechServer server) =>
        new([Link(new OpenAiRecognizer(new OpenAiHearingOptions { Address = new Uri(server.Url, "v1/") }, null, EngineServer.CreateClient(), _time))], null, _time, _log);

    /// <summary>A server that loads its model when it is asked for the first time.</summary>
    private static async Task<FakeSpeechServer> BusyAsync(int? retryAfter)
    {
        var asked = 0;
        return await FakeSpeechServer.StartAsync(
            (context, _) =>
            {
                if (Interlocked.Increment(ref asked) > 1)
                    return context.Response.WriteAsync("""{"text":"Hello."}""");
                context.Response.StatusCode = 503;
                if (retryAfter is not null)
                    context.Response.Headers.RetryAfter = $"{retryAfter}";
                return Task.CompletedTask;
            },
            Encoding.Latin1);
    }

    private static RecognizerLink Link(ISpeechRecognizer recognizer, params string[] languages) => new(recognizer, TimeSpan.FromSeconds(10), "Kotodama:Hearing:Timeout", languages);

    private static async Task<List<RecognitionResult>> ReadAsync(IRecognition recognition)
    {
        var results = new List<RecognitionResult>();
        await foreach (var result in recognition.ReadAsync(TestContext.Current.CancellationToken))
            results.Add(result);
        return results;
    }

    private async Task<List<RecognitionResult>> HearAsync(string? language = null, RecognizerChain? chain = null)
    {
        await using var recognition = await (chain ?? _chain).StartAsync(new(language), TestContext.Current.CancellationToken);
        await recognition.WriteAsync(Sound, TestContext.Current.CancellationToken);
        await recognition.EndAsync(TestContext.Current.CancellationToken);
        return await ReadAsync(recognition).InTime("the text");
    }

    private Task<RecognitionException> FailAsync(string? language = null, RecognizerChain? chain = null) => Assert.ThrowsAsync<RecognitionException>(() => HearAsync(language, chain));

    /// <summary>An engine that does as it is told. It hears all of the sound before it answers.</summary>
    private sealed class Scripted(string id) : ISpeechRecognizer
    {
        private int _left;

        public string Id => id;

        public Func<int, IReadOnlyList<RecognitionResult>> Hears { get; set; } = _ => [new(id, true)];

        public Action? Begins { get; set; }

        public bool Hangs { get; set; }

        /// <summary>Whether it hangs whatever its token says.</summary>
        public bool IsDeaf { get; set; }

        public int Left => _left;

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<byte[]> Heard { get; } = new();

        public ConcurrentQueue<string?> Languages { get; } = new();

        public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
        {
            Begins?.Invoke();
            Begun.TrySetResult();
            Languages.Enqueue(request.Language);
            return new(new Utterance(this));
        }

        public ValueTask DisposeAsync() => default;

        private sealed class Utterance(Scripted owner) : IRecognition
        {
            private readonly MemoryStream _sound = new();
            private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public ValueTask WriteAsync(ReadOnlyMemory<byte> sound, CancellationToken cancellationToken) => _sound.WriteAsync(sound, cancellationToken);

            public ValueTask EndAsync(CancellationToken cancellationToken)
            {
                _ended.SetResult();
                return default;
            }

            public async IAsyncEnumerable<RecognitionResult> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await _ended.Task.WaitAsync(cancellationToken);
                owner.Heard.Enqueue(_sound.ToArray());
                if (owner.Hangs)
                    await new TaskCompletionSource().Task.WaitAsync(owner.IsDeaf ? CancellationToken.None : cancellationToken);
                foreach (var result in owner.Hears(owner.Heard.Count))
                    yield return result;
            }

            public ValueTask DisposeAsync()
            {
                Interlocked.Increment(ref owner._left);
                return default;
            }
        }
    }
}
