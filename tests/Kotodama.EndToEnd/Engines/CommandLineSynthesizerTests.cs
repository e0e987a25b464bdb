using System.Diagnostics;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Browser;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.EndToEnd.Engines;

public sealed class CommandLineSynthesizerTests
{
    private readonly ManualTime _time = new();

    public CommandLineSynthesizerTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of these tests are written for sh.");

    [Fact]
    public async Task The_text_goes_in_and_a_wav_file_comes_out()
    {
        var wav = WavFile.Wav(WavFile.Format(1, 1, 16, 16_000), WavFile.Bytes([1, 2, 3]), 0);

        var speech = await SayAsync(Shell($"test \"$(cat)\" = 'Its 你好; $HOME' && {Printed(wav)}"), new("Its 你好; $HOME", "zh"));

        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 16_000), speech[0]);
        Assert.Equal(WavFile.Bytes([1, 2, 3]), Sound(speech));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Files_in_a_row_are_all_heard_also_where_samples_are_expected(bool raw)
    {
        var wav = WavFile.Wav(WavFile.Format(1, 1, 16, 16_000), WavFile.Bytes([1, 2, 3, 4]), uint.MaxValue);

        var speech = await SayAsync(Shell($"{Printed(wav)}; {Printed(wav)}", raw), new("Hello", "en"));

        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Pcm, 16_000), speech[0]);
        Assert.Equal(WavFile.Bytes([1, 2, 3, 4, 1, 2, 3, 4]), Sound(speech));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compressed_file_is_the_pages(bool raw)
    {
        byte[] file = [.. "OggS"u8, 0, 2, .. new byte[40]];

        var speech = await SayAsync(Shell(Printed(file), raw), new("Hello", "en"));

        Assert.Equal(new SpeechFormatChunk(SpeechFormat.Encoded), speech[0]);
        Assert.Equal(file, Sound(speech));
    }

    [Theory]
    [InlineData("echo 'no such voice'")]
    [InlineData("echo '没有这个声音'; sleep 0; echo 'and so on'")]
    [InlineData("printf 'Traceback (most recent call last): something is wrong with the model.'")]
    public async Task Lines_of_text_are_no_samples(string script)
    {
        var e = await Assert.ThrowsAsync<EngineException>(() => SayAsync(Shell(script, raw: true), new("Hello", "en")));

        Assert.Contains("cannot be played: A text came", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_are_filled_in_and_no_shell_reads_them()
    {
        var options = new CommandLineOptions { Program = "/usr/bin/env", RawRate = 22_050, Arguments = ["printf", "%s", "{language}|{voice}|{speed}|{text}"] };

        var speech = await SayAsync(options, new("$(id) {voice}", "en-GB", "amy", 1.25));

        Assert.Equal("en-GB|amy|1.25|$(id) {voice}", System.Text.Encoding.UTF8.GetString(Sound(speech)));
    }

    [Theory]
    [InlineData("echo 'no such model' >&2; exit 3", "failed with code 3: no such model")]
    [InlineData("true", "made no sound")]
    [InlineData("echo '<html>'; echo 'and so on'", "cannot be played")]
    public async Task A_program_that_fails_says_why(string script, string message)
    {
        Assert.Contains(message, (await Assert.ThrowsAsync<EngineException>(() => SayAsync(Shell(script), new("Hello", "en")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => SayAsync(new CommandLineOptions { Program = "no-such-speaker" }, new("Hello", "en")));

        Assert.Contains("'no-such-speaker' could not be started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_reads_nothing_is_no_trouble()
    {
        Assert.Equal(2, Sound(await SayAsync(Shell("exec 0<&-; printf ab", raw: true), new(new string('x', 500_000), "en"))).Length);
    }

    [Fact]
    public async Task A_silent_program_is_ended()
    {
        var said = SayAsync(Shell("exec sleep 600"), new("Hello", "en"));
        await Limits.UntilAsync(() => _time.Timers > 0, "the limit of the first sound");

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains("made no sound for 5 s", (await Assert.ThrowsAsync<EngineException>(() => said.InTime("the end of the program"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stops_listening_ends_the_program_and_its_children()
    {
        await using var synthesizer = new CommandLineSynthesizer(Shell("sleep 600 & echo $!; sleep 600", raw: true), _time);
        var child = 0;
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                var written = "";
                await foreach (var chunk in synthesizer.SynthesizeAsync(new("Hello", "en"), stop.Token))
                {
                    if (chunk is not SpeechSoundChunk sound)
                        continue;
                    written += System.Text.Encoding.ASCII.GetString(sound.Data.Span);
                    child = int.Parse(written.Trim(), System.Globalization.CultureInfo.InvariantCulture);
                    await stop.CancelAsync();
                }
            });
        }

        await Limits.UntilAsync(() => !Runs(child), "the end of the program's child");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("en-GB", true)]
    [InlineData("enm", false)]
    [InlineData("zh", false)]
    public void It_says_the_languages_that_it_was_given(string language, bool can)
    {
        Assert.Equal(can, new CommandLineSynthesizer(new() { Program = "x", Languages = ["en"] }, _time).CanSpeak(new("x", language)));
    }

    [Fact]
    public async Task The_page_speaks_or_is_silent_for_itself()
    {
        await using ISpeechSynthesizer browser = new BrowserSynthesizer(), silent = new SilentSynthesizer();

        Assert.Equal([new SpeechFormatChunk(SpeechFormat.Browser)], await SayAsync(browser, new("Hello", "en")));
        Assert.Equal([new SpeechFormatChunk(SpeechFormat.Silent)], await SayAsync(silent, new("Hello", "en")));
    }

    private static CommandLineOptions Shell(string script, bool raw = false) => new() { Program = "/bin/sh", Arguments = ["-c", script], RawRate = raw ? 22_050 : 0 };

    /// <summary>A command that writes these bytes.</summary>
    private static string Printed(byte[] bytes) => $"printf '%b' '{string.Concat(bytes.Select(b => $"\\0{Convert.ToString(b, 8)}"))}'";

    private static bool Runs(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    private static byte[] Sound(List<SpeechChunk> speech) => [.. speech.OfType<SpeechSoundChunk>().SelectMany(s => s.Data.ToArray())];

    private static async Task<List<SpeechChunk>> SayAsync(ISpeechSynthesizer synthesizer, SpeechRequest request)
    {
        var chunks = new List<SpeechChunk>();
        await foreach (var chunk in synthesizer.SynthesizeAsync(request, TestContext.Current.CancellationToken))
            chunks.Add(chunk);
        return chunks;
    }

    private async Task<List<SpeechChunk>> SayAsync(CommandLineOptions options, SpeechRequest request)
    {
        await using var synthesizer = new CommandLineSynthesizer(options, _time);
        return await SayAsync(synthesizer, request);
    }
}
