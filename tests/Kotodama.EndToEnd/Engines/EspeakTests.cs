using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Kotodama.EndToEnd.Browser;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Kotodama.Voice.Text;

namespace Kotodama.EndToEnd.Engines;

/// <summary>The real espeak-ng of the system.</summary>
public sealed class EspeakTests
{
    private const string Long = "This is a much longer sentence to see how it behaves when no user wants to hear the rest of it. ";

    private readonly EspeakSynthesizer _espeak = new(new EspeakOptions(), TimeProvider.System);

    public EspeakTests()
    {
        Assert.SkipUnless(EspeakLibrary.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true", "The library of espeak-ng is not installed.");
    }

    [Theory]
    [InlineData("Hello, nice to meet you. How are you today?", "en", new[] { "Hello", "nice", "to", "meet", "you", "How", "are", "you", "today" })]
    [InlineData("你好，很高兴见到你。", "zh", new[] { "你", "好", "很", "高", "兴", "见", "到", "你" })]
    [InlineData("Schöne Grüße 🎉 aus Köln", "de-DE", null)]
    [InlineData("こんにちは、げんきですか。", "ja", null)]
    [InlineData("我𠮷好", "zh", null)]
    public async Task Words_and_mouth_are_marked_within_the_sound(string text, string language, string[]? words)
    {
        var speech = await SayAsync(new(text, language));

        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 22_050), speech[0]);
        var marks = speech.OfType<SpeechMarksChunk>().ToArray();
        var said = marks.SelectMany(m => m.Words).ToArray();
        var mouth = marks.SelectMany(m => m.Visemes).ToArray();
        if (words is not null)
            Assert.Equal(words, said.Select(w => text.Substring(w.Start, w.Length)));
        Assert.NotEmpty(said);
        Assert.All(said, w => Assert.False(char.IsLowSurrogate(text[w.Start]) || w.Start + w.Length > text.Length));
        Assert.Equal(said.OrderBy(w => w.At), said);
        Assert.Equal(mouth.OrderBy(v => v.At), mouth);
        Assert.All(mouth, v => Assert.Contains(v.Shape, "AIUEONM_"));
        Assert.True(mouth.Select(v => v.Shape).Distinct().Count() >= 4 || text.Length < 5);
        Assert.Equal('_', mouth[^1].Shape);
        Assert.InRange(said[^1].At, TimeSpan.Zero, Duration(speech));
        Assert.InRange(mouth[^1].At, TimeSpan.Zero, Duration(speech));
    }

    [Fact]
    public async Task Marks_come_before_their_sound_and_pieces_are_small()
    {
        var heard = TimeSpan.Zero;
        foreach (var chunk in await SayAsync(new(Long, "en")))
        {
            if (chunk is SpeechSoundChunk sound)
            {
                Assert.InRange(sound.Data.Length, 2, 22_050 * 2 / 10);
                heard += Length(sound);
            }
            else if (chunk is SpeechMarksChunk marks)
            {
                Assert.All(marks.Words.Select(w => w.At).Concat(marks.Visemes.Select(v => v.At)), at => Assert.True(at >= heard - TimeSpan.FromMilliseconds(2), $"{at} after {heard}"));
            }
        }
    }

    [Fact]
    public async Task What_is_not_wanted_any_more_is_not_made()
    {
        using var stop = new CancellationTokenSource();
        var writer = new StoppingWriter(stop, sounds: 5);
        var start = Stopwatch.GetTimestamp();
        await EspeakEngine.Instance.BeginAsync(new EspeakUtterance(string.Concat(Enumerable.Repeat(Long, 10)), "en-us", 165, 50, writer, stop.Token), TestContext.Current.CancellationToken);

        await writer.Completed.InTime("the end of the utterance");

        TestContext.Current.TestOutputHelper!.WriteLine($"5 pieces and the stop took {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.00} ms.");
        Assert.Equal(5, writer.Sounds);
    }

    [Fact]
    public async Task A_hundred_stops_leave_the_engine_clean()
    {
        var expected = await SayAsync(new("Everything is as before.", "en"));
        for (var i = 0; i < 100; i++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var seen = 0;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var chunk in _espeak.SynthesizeAsync(new(Long, i % 2 == 0 ? "en" : "de"), stop.Token))
                    if (seen++ == i % 7)
                        await stop.CancelAsync();
            });
        }

        AssertSame(expected, await SayAsync(new("Everything is as before.", "en")));
    }

    [Fact]
    public async Task Clauses_at_the_same_time_do_not_mix()
    {
        string[] texts = ["One two three.", "Vier fünf sechs.", "你好。", "Seven eight nine ten.", "Un deux trois."];
        string[] languages = ["en", "de", "zh", "en-GB", "fr"];
        var requests = texts.Zip(languages, (t, l) => new SpeechRequest(t, l)).ToArray();
        var alone = new List<List<SpeechChunk>>();
        foreach (var request in requests)
            alone.Add(await SayAsync(request));

        var together = await Task.WhenAll(requests.Concat(requests).Select(SayAsync));

        foreach (var (one, other) in alone.Concat(alone).Zip(together))
            AssertSame(one, other);
    }

    [Fact]
    public async Task It_is_far_faster_than_it_is_heard()
    {
        await SayAsync(new("Warm.", "en"));
        var start = Stopwatch.GetTimestamp();
        TimeSpan? first = null;
        var heard = TimeSpan.Zero;
        await foreach (var chunk in _espeak.SynthesizeAsync(new(Long, "en"), TestContext.Current.CancellationToken))
        {
            if (chunk is not SpeechSoundChunk sound)
                continue;
            first ??= Stopwatch.GetElapsedTime(start);
            heard += Length(sound);
        }

        var whole = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"First sound after {first!.Value.TotalMilliseconds:0.00} ms, {heard.TotalSeconds:0.0} s of sound in {whole.TotalMilliseconds:0.0} ms, real-time factor {whole / heard:0.0000}."));
        Assert.InRange(whole / heard, 0, 0.5);
    }

    [Fact]
    public async Task Speed_and_voice_are_heard()
    {
        var natural = Duration(await SayAsync(new(Long, "en")));
        Assert.True(Duration(await SayAsync(new(Long, "en", Speed: 2))) < natural * 0.7);
        Assert.True(Duration(await SayAsync(new(Long, "en", Speed: 0.5))) > natural * 1.5);
        Assert.Equal(Shapes(await SayAsync(new("Wie geht es dir?", "de"))), Shapes(await SayAsync(new("Wie geht es dir?", "en", Voice: "de+m3"))));
        Assert.NotEqual(Shapes(await SayAsync(new("Wie geht es dir?", "en-GB"))), Shapes(await SayAsync(new("Wie geht es dir?", "en", Voice: "de"))));
        Assert.NotEmpty(Sound(await SayAsync(new("Hello.", "en", Voice: "en-gb+f2"))));
    }

    [Theory]
    [InlineData("你好", "zh-CN", null, true)]
    [InlineData("こんにちは", "ja", null, true)]
    [InlineData("今日は", "ja-JP", null, false)]
    [InlineData("今日は", "ja", "ja+f2", false)]
    [InlineData("Bonjour", "fr-CA", null, true)]
    [InlineData("Olá", "pt-BR", null, true)]
    [InlineData("Hello", "tlh", null, false)]
    public void It_knows_what_it_can_say(string text, string language, string? voice, bool can)
    {
        Assert.Equal(can, _espeak.CanSpeak(new(text, language, voice)));
    }

    [Fact]
    public async Task The_program_speaks_where_the_library_is_not_wanted()
    {
        await using var program = new EspeakSynthesizer(new EspeakOptions { InProcess = false }, TimeProvider.System);
        var speech = new List<SpeechChunk>();
        await foreach (var chunk in program.SynthesizeAsync(new("你好，很高兴见到你。", "zh"), TestContext.Current.CancellationToken))
            speech.Add(chunk);

        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 22_050), speech[0]);
        Assert.InRange((Duration(speech) - Duration(await SayAsync(new("你好，很高兴见到你。", "zh")))).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(400));
        Assert.Empty(await program.ListVoicesAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("no-such-voice")]
    [InlineData("../../../etc/passwd")]
    [InlineData("-en")]
    public async Task A_voice_that_is_none_is_refused_and_does_no_harm(string voice)
    {
        Assert.Contains("voice", (await Assert.ThrowsAsync<EngineException>(() => SayAsync(new("Hello.", "en", voice)))).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Sound(await SayAsync(new("Hello.", "en"))));
    }

    [Fact]
    public async Task It_names_its_voices()
    {
        var voices = await _espeak.ListVoicesAsync(TestContext.Current.CancellationToken);

        Assert.Contains(voices, v => v is { Name: "en-US", Language: "en-us", Description: "English (America)" });
        Assert.Contains(voices, v => v.Language == "cmn-latn-pinyin");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u0001 450S \0 ")]
    [InlineData("?!")]
    [InlineData("\uD83D")]
    public async Task Text_without_words_ends_well(string text)
    {
        Assert.IsType<SpeechFormatChunk>((await SayAsync(new(text, "en")))[0]);
    }

    [Fact]
    public async Task A_disposed_one_ends_what_it_was_saying()
    {
        var espeak = new EspeakSynthesizer(new EspeakOptions(), TimeProvider.System);
        await using var speech = espeak.SynthesizeAsync(new(Long, "en"), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await speech.MoveNextAsync());

        await espeak.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await speech.MoveNextAsync())
            {
                // What was made already.
            }
        });
    }

    [Theory]
    [InlineData("h", 'N')]
    [InlineData("oʊ", 'O')]
    [InlineData("ˈaɪ", 'A')]
    [InlineData("uː", 'U')]
    [InlineData("m", 'M')]
    [InlineData("", '_')]
    [InlineData("5", '_')]
    public void A_sound_has_a_shape(string phoneme, char shape) => Assert.Equal(shape, EspeakVisemes.Of(phoneme));

    private static TimeSpan Length(SpeechSoundChunk sound) => TimeSpan.FromSeconds(sound.Data.Length / 2.0 / 22_050);

    private static TimeSpan Duration(List<SpeechChunk> speech) => speech.OfType<SpeechSoundChunk>().Aggregate(TimeSpan.Zero, (sum, s) => sum + Length(s));

    private static string Shapes(List<SpeechChunk> speech) => string.Concat(speech.OfType<SpeechMarksChunk>().SelectMany(m => m.Visemes).Select(v => v.Shape));

    private static byte[] Sound(List<SpeechChunk> speech) => [.. speech.OfType<SpeechSoundChunk>().SelectMany(s => s.Data.ToArray())];

    /// <summary>The engine lets the voice tremble by chance, so that no two sounds are alike by the byte.</summary>
    private static void AssertSame(List<SpeechChunk> expected, List<SpeechChunk> actual)
    {
        static (int, int)[] Words(List<SpeechChunk> speech) => [.. speech.OfType<SpeechMarksChunk>().SelectMany(m => m.Words).Select(w => (w.Start, w.Length))];
        Assert.Equal(Words(expected), Words(actual));
        Assert.InRange((Duration(expected) - Duration(actual)).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
    }

    private async Task<List<SpeechChunk>> SayAsync(SpeechRequest request)
    {
        var chunks = new List<SpeechChunk>();
        await foreach (var chunk in _espeak.SynthesizeAsync(request, TestContext.Current.CancellationToken))
            chunks.Add(chunk);
        return chunks;
    }

    /// <summary>Counts pieces of sound and stops the utterance with the last that it wants.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop, int sounds) : ChannelWriter<SpeechChunk>
    {
        private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Sounds { get; private set; }

        public Task Completed => _completed.Task;

        public override bool TryWrite(SpeechChunk item)
        {
            if (item is SpeechSoundChunk && ++Sounds == sounds)
                stop.Cancel();
            return true;
        }

        public override bool TryComplete(Exception? error = null) => error is null ? _completed.TrySetResult() : _completed.TrySetException(error);

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);
    }
}
