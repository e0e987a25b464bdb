using System.Collections.Concurrent;
using System.Diagnostics;
using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Voice.Audio;

namespace Kotodama.EndToEnd.Engines;

/// <summary>The real PocketSphinx of the system, and phrases that flite says.</summary>
public sealed class PocketSphinxTests : RecognizerSuite, IDisposable
{
    private const string Phrases = "what time is it | open the window and close the door | turn on the light | turn off the light | good morning | yes | no thank you";

    private static readonly ConcurrentDictionary<string, byte[]> Said = new(StringComparer.Ordinal);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kotodama-grammar-");

    public PocketSphinxTests()
    {
        var installed = PocketSphinxModel.Find(new PocketSphinxOptions()).Model is not null && File.Exists("/usr/bin/flite");
        Assert.SkipUnless(installed || Environment.GetEnvironmentVariable("CI") == "true", "PocketSphinx, its English model or flite is not installed.");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("hello how are you today")]
    [InlineData("what time is it")]
    [InlineData("tell me a story please")]
    [InlineData("good morning")]
    [InlineData("yes")]
    [InlineData("no thank you")]
    [InlineData("what is your name")]
    [InlineData("one two three four five")]
    public async Task Free_speech_is_understood(string phrase)
    {
        await using var rig = new RecognizerRig(new PocketSphinxRecognizer(new PocketSphinxOptions()), await SayAsync(phrase), phrase);
        var start = Stopwatch.GetTimestamp();
        var results = await rig.HearAsync(rig.Sound);
        TestContext.Current.TestOutputHelper!.WriteLine($"{rig.Sound.Length / 32_000.0:0.0} s of sound, with the model {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s: {string.Join(" | ", results.Select(r => r.Text))}");
        Assert.Equal(new RecognitionResult(phrase, true, "en"), results[^1]);
    }

    [Fact]
    public async Task One_after_the_other_the_phrases_stay_what_they_are()
    {
        await using var recognizer = new PocketSphinxRecognizer(new PocketSphinxOptions());
        foreach (var phrase in new[] { "what time is it", "good morning", "no thank you", "what time is it" })
            Assert.Equal(phrase, (await new RecognizerRig(recognizer, await SayAsync(phrase), phrase).HearAsync(await SayAsync(phrase)))[^1].Text);
    }

    [Theory]
    [InlineData("what time is it")]
    [InlineData("open the window and close the door")]
    [InlineData("turn off the light")]
    public async Task A_grammar_is_surer(string phrase)
    {
        await using var rig = await WithGrammarAsync(Phrases, phrase);
        Assert.Equal(phrase, (await rig.HearAsync(rig.Sound))[^1].Text);
    }

    [Fact]
    public async Task Silence_and_noise_are_nothing_that_a_grammar_allows()
    {
        await using var rig = await WithGrammarAsync("open the window and close the door", "yes");
        Assert.Equal("", (await rig.HearAsync(new byte[32_000]))[^1].Text);
    }

    [Theory]
    [InlineData("#JSGF V1.0;\ngrammar g;\npublic <c> = kotodamax;\n", "words in small letters")]
    [InlineData("#JSGF V1.0;\ngrammar g;\npublic <c> = (((;\n", "cannot use the grammar")]
    [InlineData("#JSGF V1.0;\ngrammar g;\n<c> = yes;\n", "public rule")]
    [InlineData("#JSGF \0\u00FF", "cannot use the grammar")]
    [InlineData("yes or no", "begins with #JSGF")]
    [InlineData("", "begins with #JSGF")]
    [InlineData(null, "Could not find")]
    public async Task A_grammar_that_is_no_good_is_named_and_does_no_harm(string? grammar, string message)
    {
        var path = Path.Combine(_folder.FullName, "bad.jsgf");
        if (grammar is not null)
            await File.WriteAllTextAsync(path, grammar, TestContext.Current.CancellationToken);
        await using var rig = new RecognizerRig(new PocketSphinxRecognizer(new PocketSphinxOptions { Grammar = path }), new byte[3_200], "");
        var e = await rig.FailAsync();
        Assert.Equal(RecognitionException.Unreachable, e.Code);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en-us/means", "")]
    [InlineData("en-us/transition_matrices", "<html>")]
    [InlineData("en-us.lm.bin", "version https://git-lfs.github.com/spec/v1")]
    [InlineData("cmudict-en-us.dict", null)]
    public void A_model_that_is_none_is_seen_before_PocketSphinx_gets_it(string damaged, string? content)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "en-us"));
        foreach (var name in new[] { "en-us/feat.params", "en-us/mdef", "en-us/means", "en-us/variances", "en-us/transition_matrices", "cmudict-en-us.dict", "en-us.lm.bin" })
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, name), Path.Combine("/usr/share/pocketsphinx/model/en-us", name));
        Assert.NotNull(PocketSphinxModel.Find(new PocketSphinxOptions(), _folder.FullName).Model);
        var file = Path.Combine(_folder.FullName, damaged);
        File.Delete(file);
        if (content is not null)
            File.WriteAllText(file, content);
        var (model, problem) = PocketSphinxModel.Find(new PocketSphinxOptions(), _folder.FullName);
        Assert.Null(model);
        Assert.Contains(damaged, problem, StringComparison.Ordinal);
        Assert.Contains("apt install", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_utterances_that_are_left_leave_nothing_behind()
    {
        await using var rig = await WithGrammarAsync(Phrases, "open the window and close the door");
        await LeaveAsync(rig, 20);
        var before = Resident();
        await LeaveAsync(rig, 100);
        var grown = Resident() - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"The process has {grown / 1024 / 1024} MB more.");
        Assert.Equal(rig.Text, (await rig.HearAsync(rig.Sound))[^1].Text);
        Assert.InRange(grown, long.MinValue, 40L * 1024 * 1024);
    }

    protected override Task<RecognizerRig> StartAsync() => WithGrammarAsync(Phrases, "what time is it");

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static async Task LeaveAsync(RecognizerRig rig, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await using var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
            await recognition.WriteAsync(rig.Sound.AsMemory(0, rig.Sound.Length * (i % 10) / 10), TestContext.Current.CancellationToken);
            await using var results = recognition.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
            if (i % 10 > 6)
                Assert.True(await results.MoveNextAsync().AsTask().InTime("a guess"));
        }
    }

    private async Task<RecognizerRig> WithGrammarAsync(string phrases, string phrase)
    {
        var path = Path.Combine(_folder.FullName, "phrases.jsgf");
        await File.WriteAllTextAsync(path, $"#JSGF V1.0;\ngrammar phrases;\npublic <phrase> = {phrases};\n", TestContext.Current.CancellationToken);
        return new RecognizerRig(new PocketSphinxRecognizer(new PocketSphinxOptions { Grammar = path }), await SayAsync(phrase), phrase);
    }

    private static async Task<byte[]> SayAsync(string phrase)
    {
        if (Said.TryGetValue(phrase, out var said))
            return said;
        var file = Path.GetTempFileName();
        try
        {
            using var flite = Process.Start("flite", ["-voice", "slt", "-t", phrase, "-o", file]);
            await flite.WaitForExitAsync(TestContext.Current.CancellationToken).InTime("flite");
            Assert.Equal(0, flite.ExitCode);
            var wav = new WavReader();
            var samples = wav.Read(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            Assert.Equal(RecordedSound.Rate, wav.Rate);
            return Said[phrase] = samples;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
