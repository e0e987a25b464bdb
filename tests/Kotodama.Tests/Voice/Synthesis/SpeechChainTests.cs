using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Browser;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Voice.Synthesis;

public sealed class SpeechChainTests
{
    private const string Text = "One two, three four. Five";

    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();
    private readonly ScriptedSynthesizer _spare = ScriptedSynthesizer.Speaking("spare");

    [Fact]
    public async Task The_first_that_speaks_the_language_speaks()
    {
        var japanese = new ScriptedSynthesizer("japanese", (_, _) => throw new InvalidOperationException()) { Language = "ja" };
        var first = ScriptedSynthesizer.Speaking("first");
        await using var chain = Chain(japanese, first, _spare);
        var chunks = await ReadAsync(chain);
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), chunks[0]);
        Assert.Equal(5, chunks.OfType<SpeechMarksChunk>().Count());
        Assert.Equal((0, 1, 0), (japanese.Requests.Count, first.Requests.Count, _spare.Requests.Count));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_failure_before_any_sound_leaves_no_trace()
    {
        var first = new ScriptedSynthesizer("first", (_, _) => FailAfterAsync(new SpeechFormatChunk(SpeechFormat.Pcm, 22_050), new SpeechMarksChunk([new WordMark(TimeSpan.Zero, 0, 3)], [])));
        using var telemetry = new TelemetryListener();
        await using var chain = Chain(first, _spare);
        var chunks = await ReadAsync(chain);
        Assert.Equal(["provider_errors kind=tts code=tts_failed"], telemetry.Measured);
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), Assert.Single(chunks.OfType<SpeechFormatChunk>()));
        Assert.Equal(Text, _spare.Requests.Single().Text);
        Assert.Equal(ScriptedSynthesizer.Words(Text), Words(chunks));
    }

    [Fact]
    public async Task A_file_that_the_page_could_not_play_before_is_no_sound()
    {
        var first = new ScriptedSynthesizer("first", (_, _) => FileAsync());
        await using var chain = Chain(first, _spare);
        Assert.Equal(SpeechFormat.Encoded, Assert.IsType<SpeechFormatChunk>((await ReadAsync(chain))[0]).Format);
        var request = new SpeechRequest(Text, "en") { Unplayable = new HashSet<SpeechFormat> { SpeechFormat.Encoded } };
        var chunks = new List<SpeechChunk>();
        await foreach (var chunk in chain.SynthesizeAsync(request, TestContext.Current.CancellationToken))
            chunks.Add(chunk);
        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), chunks[0]);
        Assert.DoesNotContain(chunks.Skip(1), c => c is SpeechFormatChunk);

        static async IAsyncEnumerable<SpeechChunk> FileAsync()
        {
            await Task.CompletedTask;
            yield return new SpeechFormatChunk(SpeechFormat.Encoded);
            yield return new SpeechSoundChunk("ID3 an mp3 file"u8.ToArray());
        }
    }

    [Fact]
    public async Task Wherever_it_breaks_off_each_word_is_said_once()
    {
        for (var broken = 2; broken < 20_000; broken += 98)
        {
            var spare = ScriptedSynthesizer.Speaking("spare");
            await using var chain = Chain(ScriptedSynthesizer.Speaking("first", breakAfter: broken), spare);
            var chunks = await ReadAsync(chain);
            var whole = broken / 4000;
            var said = whole + (broken % 4000 >= 1200 ? 1 : 0);
            var rest = ScriptedSynthesizer.Words(Text).Skip(said).ToArray();
            Assert.Equal(rest.Select(w => Text.Substring(w.Start, w.Length)), spare.Requests.SelectMany(r => ScriptedSynthesizer.Words(r.Text).Select(w => r.Text.Substring(w.Start, w.Length))));
            if (rest.Length == 0)
                continue;
            Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000, said == 0 ? 0 : rest[0].Start), chunks.OfType<SpeechFormatChunk>().Last());
            Assert.Equal(rest, Words(chunks.SkipWhile((c, i) => i == 0 || c is not SpeechFormatChunk)));
        }
    }

    [Theory]
    [InlineData(2, "One two, three four. Five")]
    [InlineData(4_000, "two, three four. Five")]
    [InlineData(8_400, "three four. Five")]
    [InlineData(15_000, "four. Five")]
    [InlineData(19_000, "Five")]
    [InlineData(25_000, null)]
    [InlineData(200_000, null)]
    public async Task Without_marks_the_rest_is_estimated_and_begins_with_a_word(int bytes, string? rest)
    {
        var first = new ScriptedSynthesizer("first", (_, _) => FailAfterAsync(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), new SpeechSoundChunk(new byte[bytes])));
        await using var chain = Chain(first, _spare);
        await ReadAsync(chain);
        Assert.Equal(rest, _spare.Requests.SingleOrDefault()?.Text);
    }

    [Fact]
    public async Task Scripts_without_spaces_go_on_with_the_next_letter()
    {
        var first = new ScriptedSynthesizer("first", (_, _) => FailAfterAsync(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), new SpeechSoundChunk(new byte[9_000])));
        await using var chain = Chain(first, _spare);
        await ReadAsync(chain, new SpeechRequest("今天天气，很好。", "zh"));
        Assert.Equal("气，很好。", _spare.Requests.Single().Text);
    }

    [Fact]
    public async Task A_part_of_a_file_is_never_given_on()
    {
        var first = new ScriptedSynthesizer("first", (_, _) => FailAfterAsync(new SpeechFormatChunk(SpeechFormat.Encoded), new SpeechSoundChunk(new byte[5_000])));
        await using var chain = Chain(first, _spare);
        var chunks = await ReadAsync(chain);
        Assert.Equal(SpeechFormat.Pcm, Assert.Single(chunks.OfType<SpeechFormatChunk>()).Format);
        Assert.Equal(Text, _spare.Requests.Single().Text);
    }

    [Fact]
    public async Task A_whole_file_is_given_on()
    {
        var first = new ScriptedSynthesizer("first", (_, _) => GiveAsync(new SpeechFormatChunk(SpeechFormat.Encoded), new SpeechSoundChunk(new byte[3]), new SpeechSoundChunk(new byte[4])));
        await using var chain = Chain(first, _spare);
        Assert.Equal(7, (await ReadAsync(chain)).OfType<SpeechSoundChunk>().Sum(s => s.Data.Length));
    }

    [Fact]
    public async Task What_makes_no_sound_itself_is_given_on()
    {
        await using var chain = Chain(ScriptedSynthesizer.Failing("first"), new ScriptedSynthesizer("silent", (_, _) => GiveAsync(new SpeechFormatChunk(SpeechFormat.Silent))));
        Assert.Equal([new SpeechFormatChunk(SpeechFormat.Silent)], await ReadAsync(chain));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_engine_that_is_slow_to_begin_is_left_for_the_next(bool listens)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        var first = new ScriptedSynthesizer("first", (_, token) => HangAsync(asked, listens ? never.Task.WaitAsync(token) : never.Task, new SpeechFormatChunk(SpeechFormat.Pcm, 22_050)));
        await using var chain = Chain(first, _spare);
        var reading = ReadAsync(chain);
        await asked.Task.InTime("the request");
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Empty(_spare.Requests);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await reading.InTime("the spare engine");
        Assert.Contains("5 s (Kotodama:Voice:FirstSound)", chain.States[0].Reason, StringComparison.Ordinal);

        // The next clause does not wait again.
        await ReadAsync(chain).InTime("the spare engine, at once");
        Assert.Equal(2, _spare.Requests.Count);
    }

    [Fact]
    public async Task An_engine_that_stalls_is_left_for_the_next_which_says_the_rest()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = new ScriptedSynthesizer("first", (_, token) => HangAsync(asked, new TaskCompletionSource().Task.WaitAsync(token), new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), new SpeechSoundChunk(new byte[4_000])));
        await using var chain = Chain(first, _spare);
        var reading = ReadAsync(chain);
        await asked.Task.InTime("the stall");
        _time.Advance(TimeSpan.FromSeconds(3.1));
        Assert.Equal(4, (await reading.InTime("the spare engine")).OfType<SpeechFormatChunk>().Last().Start);
        Assert.Contains("3 s (Kotodama:Voice:Stall)", chain.States[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_that_is_slow_is_no_stall()
    {
        await using var chain = Chain(ScriptedSynthesizer.Speaking("first"), _spare);
        await foreach (var chunk in chain.SynthesizeAsync(new SpeechRequest(Text, "en"), CancellationToken.None))
            _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(chain.States[0].FailingSince);
        Assert.Empty(_spare.Requests);
    }

    [Fact]
    public async Task Three_failures_leave_an_engine_alone_for_half_a_minute_and_then_one_clause_tries_it()
    {
        var works = false;
        var trial = new TaskCompletionSource();
        var first = new ScriptedSynthesizer("first", (_, _) => works ? HangAsync(new TaskCompletionSource(), trial.Task) : throw new EngineException("The server is not there."));
        await using var chain = Chain(first, _spare);
        for (var i = 0; i < 5; i++)
            await ReadAsync(chain);
        Assert.Equal((3, 5), (first.Requests.Count, _spare.Requests.Count));
        Assert.Equal(new EngineState("first", _time.GetUtcNow(), "The server is not there.", _time.GetUtcNow() + TimeSpan.FromSeconds(30)), chain.States[0]);
        Assert.Equal(2, _log.Lines.Count(l => l.Level == LogLevel.Warning));

        _time.Advance(TimeSpan.FromSeconds(30));
        await ReadAsync(chain);
        await ReadAsync(chain);
        Assert.Equal(4, first.Requests.Count);

        _time.Advance(TimeSpan.FromSeconds(30));
        works = true;
        var trying = ReadAsync(chain);
        await Limits.UntilAsync(() => first.Requests.Count == 5, "the trial");
        await ReadAsync(chain);
        Assert.Equal(5, first.Requests.Count);
        trial.SetResult();
        await trying.InTime("the trial");
        await ReadAsync(chain);
        Assert.Equal(6, first.Requests.Count);
        Assert.Equal(new EngineState("first", null, null, null), chain.States[0]);
        Assert.Equal(["Speech engine first works again."], _log.Lines.Skip(2).Select(l => l.Text));
    }

    [Fact]
    public async Task A_server_that_says_when_to_come_again_is_left_alone_until_then()
    {
        var first = ScriptedSynthesizer.Failing("first", TimeSpan.FromSeconds(90));
        await using var chain = Chain(first, _spare);
        await ReadAsync(chain);
        _time.Advance(TimeSpan.FromSeconds(89));
        await ReadAsync(chain);
        Assert.Single(first.Requests);
        _time.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync(chain);
        Assert.Equal(2, first.Requests.Count);
    }

    [Fact]
    public async Task Stopping_is_no_failure_and_ends_a_trial()
    {
        var asked = new SemaphoreSlim(0);
        var ended = new SemaphoreSlim(0);
        var first = new ScriptedSynthesizer("first", (_, token) => UntilCanceledAsync(asked, ended, token));
        await using var chain = Chain(first, _spare);
        for (var i = 0; i < 5; i++)
        {
            using var stop = new CancellationTokenSource();
            var reading = ReadAsync(chain, null, stop);
            await asked.WaitAsync(TestContext.Current.CancellationToken).InTime("the request");
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.InTime("the end"));
            await ended.WaitAsync(TestContext.Current.CancellationToken).InTime("the end at the engine");
        }

        Assert.Equal(5, first.Requests.Count);
        Assert.Null(chain.States[0].FailingSince);
    }

    [Theory]
    [InlineData("nova", "first:nova")]
    [InlineData("first:nova", "first:nova")]
    [InlineData("spare:en-us+f3", "spare:en-us+f3")]
    [InlineData("unknown:nova", "first:unknown:nova")]
    [InlineData("spare:", "spare:")]
    [InlineData(null, "first:")]
    public async Task A_voice_may_name_its_engine(string? voice, string asked)
    {
        var first = ScriptedSynthesizer.Speaking("first");
        await using var chain = Chain(first, _spare);
        await ReadAsync(chain, new SpeechRequest(Text, "en", voice));
        Assert.Equal(asked, first.Requests.Count > 0 ? $"first:{first.Requests[0].Voice}" : $"spare:{_spare.Requests[0].Voice}");
    }

    [Fact]
    public async Task A_voice_that_an_engine_does_not_have_is_no_reason_to_leave_it_alone()
    {
        var first = new ScriptedSynthesizer("first", (r, _) => r.Voice is null ? GiveAsync(new SpeechFormatChunk(SpeechFormat.Silent)) : throw new EngineException("No such voice.") { OnlyThisRequest = true });
        await using var chain = Chain(first, _spare);
        for (var i = 0; i < 5; i++)
            await ReadAsync(chain, new SpeechRequest(Text, "en", "first:unknown"));
        Assert.All(_spare.Requests, r => Assert.Null(r.Voice));
        await ReadAsync(chain);
        Assert.Equal((6, 5), (first.Requests.Count, _spare.Requests.Count));
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task A_bug_in_an_engine_is_a_failure_like_others_and_its_words_are_not_repeated()
    {
        await using var chain = Chain(new ScriptedSynthesizer("first", (r, _) => throw new InvalidOperationException(r.Text)), _spare);
        await ReadAsync(chain);
        Assert.Equal("The engine failed with InvalidOperationException. This is a bug; please report it.", chain.States[0].Reason);
        Assert.DoesNotContain(_log.Lines, l => l.Text.Contains("three", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_all_fail_the_last_reason_is_told()
    {
        await using var chain = Chain(ScriptedSynthesizer.Failing("first"), ScriptedSynthesizer.Failing("second"));
        Assert.Equal("second is broken.", (await Assert.ThrowsAsync<EngineException>(() => ReadAsync(chain))).Message);
        await Assert.ThrowsAsync<EngineException>(() => ReadAsync(chain));
        await Assert.ThrowsAsync<EngineException>(() => ReadAsync(chain));
        Assert.Contains("Kotodama:Voice:Engines", (await Assert.ThrowsAsync<EngineException>(() => ReadAsync(chain))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_voices_of_all_engines_that_answer_are_listed_with_their_engine()
    {
        var broken = ScriptedSynthesizer.Speaking("broken");
        var chain = Chain(broken, _spare);
        Assert.Equal(["spare:v"], (await chain.ListVoicesAsync(CancellationToken.None)).Select(v => v.Name));
        await chain.DisposeAsync();
        Assert.True(broken.Disposed && _spare.Disposed);
    }

    private static IEnumerable<(int Start, int Length)> Words(IEnumerable<SpeechChunk> chunks) => chunks.OfType<SpeechMarksChunk>().SelectMany(m => m.Words).Select(w => (w.Start, w.Length));

    [Fact]
    public async Task A_language_that_nothing_here_speaks_is_told_once()
    {
        var english = new ScriptedSynthesizer("english", (_, _) => GiveAsync(new SpeechFormatChunk(SpeechFormat.Pcm, 10_000), new SpeechSoundChunk(new byte[2]))) { Language = "en" };
        await using var chain = Chain(english, new SilentSynthesizer());
        var unplayable = new HashSet<SpeechFormat> { SpeechFormat.Pcm, SpeechFormat.Encoded, SpeechFormat.Browser };
        await ReadAsync(chain, new SpeechRequest("漢字", "ja") { Unplayable = unplayable });
        await ReadAsync(chain, new SpeechRequest("Hello", "en"));
        Assert.Empty(_log.Lines);
        for (var i = 0; i < 2; i++)
            Assert.Equal([new SpeechFormatChunk(SpeechFormat.Silent)], await ReadAsync(chain, new SpeechRequest("漢字", "ja")));
        Assert.Contains("language 'ja' is silent", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
        await using var silence = Chain(new SilentSynthesizer());
        await ReadAsync(silence, new SpeechRequest("漢字", "ja"));
        Assert.Single(_log.Lines);
    }

    private static async Task<List<SpeechChunk>> ReadAsync(SpeechChain chain, SpeechRequest? request = null, CancellationTokenSource? stop = null)
    {
        var chunks = new List<SpeechChunk>();
        await foreach (var chunk in chain.SynthesizeAsync(request ?? new SpeechRequest(Text, "en"), stop?.Token ?? TestContext.Current.CancellationToken))
            chunks.Add(chunk);
        return chunks;
    }

    private static async IAsyncEnumerable<SpeechChunk> GiveAsync(params SpeechChunk[] chunks)
    {
        await Task.CompletedTask;
        foreach (var chunk in chunks)
            yield return chunk;
    }

    private static async IAsyncEnumerable<SpeechChunk> FailAfterAsync(params SpeechChunk[] chunks)
    {
        await foreach (var chunk in GiveAsync(chunks))
            yield return chunk;
        throw new EngineException("It broke off.");
    }

    private static async IAsyncEnumerable<SpeechChunk> HangAsync(TaskCompletionSource here, Task until, params SpeechChunk[] chunks)
    {
        await foreach (var chunk in GiveAsync(chunks))
            yield return chunk;
        here.SetResult();
        await until;
    }

    private static async IAsyncEnumerable<SpeechChunk> UntilCanceledAsync(SemaphoreSlim asked, SemaphoreSlim ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new SpeechFormatChunk(SpeechFormat.Pcm, 22_050);
        asked.Release();
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
        finally
        {
            ended.Release();
        }
    }

    private SpeechChain Chain(params ISpeechSynthesizer[] engines) =>
        new([.. engines.Select(e => new SpeechEngine(e, new SpeechPatience(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3), "Kotodama:Voice:FirstSound")))], _time, _log);
}
