using System.Text.Json;
using Kotodama.Voice.Engines.Espeak;

namespace Kotodama.EndToEnd.Browser.Spoken;

/// <summary>What tests have in common that listen to the real voice in a real page.</summary>
[Collection(BrowserTests.Name)]
public abstract class SpokenTests
{
    private readonly BrowserFixture _browser;

    protected SpokenTests(BrowserFixture browser)
    {
        Assert.SkipUnless((Recognizer.IsInstalled && EspeakLibrary.IsInstalled) || Environment.GetEnvironmentVariable("CI") == "true", "espeak-ng or PocketSphinx is not installed.");
        _browser = browser;
    }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <summary>The audible page; the test listens to it.</summary>
    private protected async Task<TestPage> OpenAsync(Uri hub)
    {
        var page = await TestPage.OpenAsync(await _browser.LoudAsync(), hub, initScript: TestPage.Ears);
        await ReadyAsync(page, isSpeaker: true);
        return page;
    }

    /// <summary>Waits until the test listens to a page, and until the page knows whether it is the audible one.</summary>
    private protected static Task ReadyAsync(TestPage page, bool isSpeaker) =>
        page.HoldsAsync($"() => {{ const {{ sound, speaker, voice }} = window.kotodama.inspect().speech; return voice && sound === 'on' && speaker === {(isSpeaker ? "true" : "false")} && ears.blocks.length > 0; }}");

    /// <summary>A page that the test does not listen to.</summary>
    private protected async Task<TestPage> OpenAsync(Uri hub, string path) => await TestPage.OpenAsync(await _browser.LoudAsync(), hub, path);

    /// <summary>What a page told of its replies, in order: by the numbers of messages and turns.</summary>
    private protected static async Task<string[]> ToldAsync(TestPage page)
    {
        var told = (await page.Page.EvaluateAsync("() => ears.told.map(({ message }) => message)"))!.Value;
        return [.. told.EnumerateArray().SelectMany(Lines)];

        static IEnumerable<string> Lines(JsonElement message)
        {
            foreach (var name in new[] { "displayed", "superseded", "spoken" })
                if (message.TryGetProperty(name, out var numbers))
                    foreach (var number in numbers.EnumerateArray())
                        yield return $"{name} {number}";
            if (message.TryGetProperty("event", out var what) && what.GetString() != "progress")
                yield return what.GetString()!;
        }
    }

    /// <summary>Waits until a page has told something so often, and until its listener has everything that was played before.</summary>
    private protected static async Task ToldAsync(TestPage page, string what, int times = 1)
    {
        await page.HoldsAsync($"() => ears.told.filter(({{ message }}) => message.event === '{what}').length >= {times}");
        await page.HoldsAsync($"() => {{ const {{ at }} = ears.told.filter(({{ message }}) => message.event === '{what}')[{times - 1}]; const {{ frame, samples }} = ears.blocks.at(-1); return frame + samples.length > (at + 0.1) * ears.rate; }}");
    }

    private protected static async Task<string> WordsAsync(TestPage page) => await Recognizer.WordsAsync(await Recording.OfAsync(page));
}
