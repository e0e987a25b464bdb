using Kotodama.Protocol;
using Kotodama.Voice.Synthesis;
using Xunit;

namespace Kotodama.Testing;

/// <summary>
/// What every synthesizer promises, whatever it speaks with. Derive a class in a test project with xunit.v3, and make the engine in
/// <see cref="StartAsync"/>: all facts here then are its tests.
/// </summary>
public abstract class SpeechSynthesizerSuite
{
    /// <summary>What is said.</summary>
    protected const string Text = "The quick brown fox, a secret sentence.";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>The request for <see cref="Text"/>.</summary>
    protected static SpeechRequest Request { get; } = new(Text, "en");

    /// <summary>Makes a synthesizer that can say <see cref="Text"/>. Each fact makes one or more, and disposes them.</summary>
    protected abstract Task<SpeechRig> StartAsync();

    /// <summary>The first chunk is the format, and it is the only one; samples are whole.</summary>
    [Fact]
    public async Task The_format_comes_first_and_once_and_samples_are_whole()
    {
        await using var rig = await StartAsync();
        var chunks = await ReadAsync(rig.Synthesizer, Request);
        var format = Assert.IsType<SpeechFormatChunk>(chunks[0]);
        Assert.Single(chunks.OfType<SpeechFormatChunk>());
        Assert.Equal(0, format.Start);
        Assert.Equal(format.Format == SpeechFormat.Pcm, format.Rate is >= 8_000 and <= 48_000);
        foreach (var sound in chunks.OfType<SpeechSoundChunk>())
        {
            Assert.NotEqual(0, sound.Data.Length);
            if (format.Format == SpeechFormat.Pcm)
                Assert.Equal(0, sound.Data.Length % 2);
        }
    }

    /// <summary>Marks of words and of the mouth come in their order, and words lie in the text.</summary>
    [Fact]
    public async Task Marks_never_go_back_and_lie_in_the_text()
    {
        await using var rig = await StartAsync();
        var marks = (await ReadAsync(rig.Synthesizer, Request)).OfType<SpeechMarksChunk>().ToArray();
        var words = marks.SelectMany(m => m.Words).ToArray();
        Assert.Equal(words.OrderBy(w => w.At).ThenBy(w => w.Start), words);
        Assert.All(words, w => Assert.InRange(w.Start + w.Length, 1, Text.Length));
        var visemes = marks.SelectMany(m => m.Visemes).Select(v => v.At).ToArray();
        Assert.Equal(visemes.Order(), visemes);
    }

    /// <summary>Clauses may be asked for at the same time, and come out as one after the other.</summary>
    [Fact]
    public async Task Several_clauses_may_be_asked_for_at_once()
    {
        await using var rig = await StartAsync();
        var one = await ReadAsync(rig.Synthesizer, Request);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReadAsync(rig.Synthesizer, Request)));
        Assert.All(all, chunks => Assert.Equal(one[0], chunks[0]));
        // espeak-ng does not say the same twice in exactly the same time.
        Assert.All(all, chunks => Assert.InRange(Sound(chunks).Length, Sound(one).Length * 0.95, Sound(one).Length * 1.05));
    }

    /// <summary>A request whose token is cancelled already throws and makes no sound.</summary>
    [Fact]
    public async Task A_request_that_is_canceled_already_is_not_spoken()
    {
        await using var rig = await StartAsync();
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ReadAsync(rig.Synthesizer, Request, canceled).WaitAsync(Longest, TimeProvider.System));
    }

    /// <summary>All sound of a clause.</summary>
    /// <param name="chunks">What the synthesizer made.</param>
    protected static byte[] Sound(IEnumerable<SpeechChunk> chunks) =>
        [.. chunks.OfType<SpeechSoundChunk>().SelectMany(s => s.Data.ToArray())];

    /// <summary>Reads all that a synthesizer makes of a request.</summary>
    /// <param name="synthesizer">The synthesizer.</param>
    /// <param name="request">What to say.</param>
    /// <param name="stop">Stops it; null: the end of the test does.</param>
    protected static async Task<IReadOnlyList<SpeechChunk>> ReadAsync(
        ISpeechSynthesizer synthesizer,
        SpeechRequest request,
        CancellationTokenSource? stop = null)
    {
        ArgumentNullException.ThrowIfNull(synthesizer);
        var chunks = new List<SpeechChunk>();
        await foreach (var chunk in synthesizer.SynthesizeAsync(request, stop?.Token ?? TestContext.Current.CancellationToken))
            chunks.Add(chunk);
        return chunks;
    }
}
