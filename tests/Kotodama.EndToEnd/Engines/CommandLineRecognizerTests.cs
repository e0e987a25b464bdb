using Kotodama.Companion.Engines.CommandLine;
using Kotodama.Companion.Hearing;

namespace Kotodama.EndToEnd.Engines;

public sealed class CommandLineRecognizerTests : RecognizerSuite
{
    private static readonly byte[] Samples = SpeechSounds.Samples(20_000);

    private const string Secret = SecretWatch.Sentence;

    private readonly ManualTime _time = new();

    public CommandLineRecognizerTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of these tests are written for sh.");

    [Fact]
    public async Task The_sound_comes_on_standard_input_as_a_wav_file()
    {
        await using var rig = Start("head -c 4; printf ' '; cat | wc -c");
        Assert.Equal("RIFF 40040", (await rig.HearAsync(Samples))[^1].Text);
    }

    [Fact]
    public async Task The_sound_comes_as_a_file_that_no_other_account_reads_and_that_is_gone_afterwards()
    {
        await using var rig = new RecognizerRig(
            new CommandLineRecognizer(new CommandLineHearingOptions { Program = "/bin/sh", Arguments = ["-c", "printf '%s %s %s' \"$1\" \"$(wc -c < \"$1\")\" $(stat -c %a \"$(dirname \"$1\")\")", "sh", "{input}"] }, TimeSpan.FromSeconds(10), _time), Samples, "");
        var answer = (await rig.HearAsync(Samples))[^1].Text.Split(' ');
        Assert.Equal(["40044", "700"], answer[1..]);
        Assert.EndsWith("speech.wav", answer[0], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(answer[0])));
    }

    [Theory]
    [InlineData("en-GB", "en")]
    [InlineData(null, "auto")]
    [InlineData("$(id)", "$(id)")]
    public async Task The_language_is_filled_in_and_no_shell_reads_it(string? language, string expected)
    {
        await using var rig = new RecognizerRig(new CommandLineRecognizer(new CommandLineHearingOptions { Program = "/usr/bin/env", Arguments = ["printf", "%s", "said in {language}"] }, TimeSpan.FromSeconds(10), _time), Samples, "");
        Assert.Equal("said in " + expected, (await rig.HearAsync(Samples, new RecognitionRequest(language)))[^1].Text);
    }

    [Fact]
    public async Task Lines_with_times_become_one_text()
    {
        await using var rig = Start("printf '[00:00:00.000 --> 00:00:02.000]   Hello there,\\n[00:00:02.000 --> 00:00:04.000]   how are you?\\n'");
        Assert.Equal("Hello there, how are you?", (await rig.HearAsync(Samples))[^1].Text);
    }

    [Theory]
    [InlineData("""{"text":"<|ja|>こんにちは"}""", "こんにちは", "ja")]
    [InlineData("""{"language":"english","text":"Hi. Thank you for watching!","segments":[{"text":" Hi.","no_speech_prob":0.1},{"text":" Thank you for watching!","no_speech_prob":0.93,"avg_logprob":-1.3}]}""", "Hi.", "en")]
    [InlineData("[BLANK_AUDIO] (coughs)", "", null)]
    [InlineData("{laughter} well", "well", null)]
    public async Task What_a_program_writes_is_understood_as_what_a_server_answers(string written, string text, string? language)
    {
        await using var rig = Start($"cat > /dev/null; printf '%s' '{written}'");
        var result = (await rig.HearAsync(Samples))[^1];
        Assert.Equal((text, language), (result.Text, result.Language));
    }

    [Theory]
    [InlineData("echo 'the secret sentence' >&2; exit 3", "failed with code 3")]
    [InlineData("printf '\\377\\376'", "no text in UTF-8")]
    [InlineData("yes the secret sentence", "does not stop")]
    public async Task A_program_that_fails_says_why_but_not_what_was_said(string script, string message)
    {
        await using var rig = Start(script);
        var e = await rig.FailAsync();
        Assert.Equal(RecognitionException.Failed, e.Code);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
        Assert.Equal(script.Contains("exit", StringComparison.Ordinal) ? Secret : null, e.Detail);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await using var rig = new RecognizerRig(new CommandLineRecognizer(new CommandLineHearingOptions { Program = "no-such-listener" }, TimeSpan.FromSeconds(10), _time), Samples, "");
        var e = await rig.FailAsync();
        Assert.Equal(RecognitionException.Unreachable, e.Code);
        Assert.Contains("'no-such-listener' could not be started", e.Message, StringComparison.Ordinal);
        Assert.Contains("Kotodama:Hearing:Command", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_program_is_ended()
    {
        await using var rig = Start("exec sleep 600");
        var hearing = rig.FailAsync();
        await Limits.UntilAsync(() => _time.Timers > 0, "the limit of the text");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(RecognitionException.TimedOut, (await hearing.InTime("the end of the program")).Code);
    }

    protected override Task<RecognizerRig> StartAsync() => Task.FromResult(Start("cat > /dev/null; echo ' what was said '"));

    private RecognizerRig Start(string script) =>
        new(new CommandLineRecognizer(new CommandLineHearingOptions { Program = "/bin/sh", Arguments = ["-c", script] }, TimeSpan.FromSeconds(10), _time), Samples, "what was said");
}
