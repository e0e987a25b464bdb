using System.Collections.Concurrent;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Memory;
using Kotodama.EndToEnd.Browser.Spoken;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>A page whose microphone hears a file, and what it makes of it by itself.</summary>
[Collection(BrowserTests.Name)]
public sealed class HandsFreeTests(BrowserFixture browser) : ListeningTests(browser)
{
    [Fact]
    public async Task Each_phrase_is_an_utterance_with_all_its_sound_and_silence_is_none()
    {
        using var file = await SpokenFile.SayAsync(1.5, "what time is it", "good morning");
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TurnOnAsync(page);
        await Limits.UntilAsync(() => Utterance.Of(hub).Count == 2, "two utterances");
        await EndOfFileAsync(page, file);
        var utterances = Utterance.Of(hub);
        Assert.Equal(["start real end", "start real end"], utterances.Select(u => u.Course));
        Assert.Equal([1, 2], utterances.Select(u => u.Number));
        foreach (var u in utterances)
        {
            var (start, real, end) = (352 - u.Onset, u.At(VadEvent.Real) - u.Onset, u.Milliseconds - u.Offset);
            Write($"start {start:0} ms, real {real:0} ms after the first sound; end {end:0} ms after the last one; {u.Milliseconds:0} ms in all");
            Assert.InRange(start, 0, 200);
            Assert.InRange(real, 130, 400);
            Assert.InRange(end, 330, 620);
        }

        Assert.Equal("what time is it", await WordsAsync(utterances[0]));
        Assert.Equal("good morning", await WordsAsync(utterances[1]));
        var mic = Assert.Single(hub.Said.OfType<MicMessage>());
        Assert.Equal((MicState.On, MicMode.HandsFree, "en"), (mic.State, mic.Mode, mic.Lang));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Noise_and_a_tone_are_no_utterance(bool tone)
    {
        using var file = tone ? SpokenFile.Tone() : SpokenFile.Noise();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TurnOnAsync(page);
        await EndOfFileAsync(page, file);
        Assert.True(await page.Page.EvaluateAsync<double>("() => window.kotodama.inspect().microphone.loudest") > 0.3);
        Assert.Empty(hub.Said.OfType<VadMessage>());
        Assert.Empty(hub.Said.OfType<AudioMessage>());
    }

    [Fact]
    public async Task Nothing_for_the_microphone_is_loaded_before_it_is_switched_on_and_then_for_good()
    {
        using var file = SpokenFile.Tone();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        var requests = new ConcurrentQueue<IResponse>();
        page.Page.Response += (_, response) => requests.Enqueue(response);
        await page.GotoAsync();
        await Button(page).WaitForAsync();
        Assert.DoesNotContain(requests, r => IsForMicrophone(r.Url));
        await TurnOnAsync(page);
        var model = Assert.Single(requests, r => r.Url.Contains("/silero", StringComparison.Ordinal));
        Assert.Contains("immutable", (await model.AllHeadersAsync())["cache-control"], StringComparison.Ordinal);

        static bool IsForMicrophone(string url) => url.Contains("/silero", StringComparison.Ordinal) || url.Contains("/capture", StringComparison.Ordinal);
    }

    private static Task<string> WordsAsync(Utterance utterance) => Recognizer.WordsAsync(new Recording(utterance.Samples, Utterance.Rate, 0));
}
