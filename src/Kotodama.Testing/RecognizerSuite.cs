using Kotodama.Companion.Hearing;
using Xunit;

namespace Kotodama.Testing;

/// <summary>
/// What every recognizer promises, whatever it recognizes speech with. Derive a class in a test project with xunit.v3, and make the engine
/// in <see cref="StartAsync"/>: all facts here then are its tests.
/// </summary>
public abstract class RecognizerSuite
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>What is known of an utterance.</summary>
    protected internal static RecognitionRequest Request { get; } = new("en", ["Kotodama"]);

    /// <summary>Makes a recognizer, and an utterance that it understands. Each fact makes one, and disposes it.</summary>
    protected abstract Task<RecognizerRig> StartAsync();

    /// <summary>Guesses come first, then one final text, and nothing after it.</summary>
    [Fact]
    public async Task Guesses_come_first_then_one_final_text_and_nothing_after_it()
    {
        await using var rig = await StartAsync();
        var results = await rig.HearAsync(rig.Sound);
        Assert.Equal([.. Enumerable.Repeat(false, results.Count - 1), true], results.Select(r => r.IsFinal));
        Assert.Equal(rig.Text, results[^1].Text);
    }

    /// <summary>Sound may come in pieces of any length.</summary>
    [Fact]
    public async Task Pieces_may_end_in_the_middle_of_a_sample()
    {
        await using var rig = await StartAsync();
        await using var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
        foreach (var piece in rig.Sound.Chunk(1_001))
            await recognition.WriteAsync(piece, TestContext.Current.CancellationToken);
        await recognition.EndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(rig.Text, (await RecognizerRig.ReadAsync(recognition))[^1].Text);
    }

    /// <summary>Utterances may be recognized at the same time.</summary>
    [Fact]
    public async Task Several_utterances_may_be_heard_at_once()
    {
        await using var rig = await StartAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rig.HearAsync(rig.Sound)));
        Assert.All(all, results => Assert.Equal(rig.Text, results[^1].Text));
    }

    /// <summary>An utterance without sound is an empty final text.</summary>
    [Fact]
    public async Task An_utterance_without_sound_is_nothing()
    {
        await using var rig = await StartAsync();
        Assert.Equal("", Assert.Single(await rig.HearAsync([])).Text);
    }

    /// <summary>A request whose token is cancelled already throws.</summary>
    [Fact]
    public async Task What_is_canceled_already_is_not_begun()
    {
        await using var rig = await StartAsync();
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await rig.Recognizer.StartAsync(Request, canceled.Token));
    }

    /// <summary>Disposing the recognizer ends running utterances.</summary>
    [Fact]
    public async Task Disposing_the_recognizer_ends_what_is_heard()
    {
        await using var rig = await StartAsync();
        await using var recognition = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
        await recognition.WriteAsync(rig.Sound, TestContext.Current.CancellationToken);
        await rig.Recognizer.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            RecognizerRig.ReadAsync(recognition).WaitAsync(Longest, TimeProvider.System));
    }

    /// <summary>An utterance that is disposed in its middle does not disturb the next one.</summary>
    [Fact]
    public async Task Leaving_an_utterance_in_its_middle_leaves_the_next_one_alone()
    {
        await using var rig = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await using var left = await rig.Recognizer.StartAsync(Request, TestContext.Current.CancellationToken);
            await left.WriteAsync(rig.Sound.AsMemory(0, i * 2_000), TestContext.Current.CancellationToken);
        }

        Assert.Equal(rig.Text, (await rig.HearAsync(rig.Sound))[^1].Text);
    }
}
