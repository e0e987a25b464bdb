using Kotodama.Companion.Channels;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>The user speaks while the character does.</summary>
[Collection(BrowserTests.Name)]
public sealed class BargeInTests(BrowserFixture browser) : ListeningTests(browser)
{
    /// <summary>Keeps how loud the speech was when that changed.</summary>
    private const string Gains = """
        window.gains = []; setInterval(() => { const gain = window.kotodama?.inspect().speech.gain; if (gain !== undefined && gain !== gains.at(-1)) gains.push(gain); }, 4);
        """;

    [Fact]
    public async Task The_page_holds_the_speech_for_the_user_and_releases_it_when_the_companion_does_not_decide()
    {
        using var file = await SpokenFile.SayAsync(1, "good morning");
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub, Gains);
        await TurnOnAsync(page);
        await SpeakAsync(hub);
        await Limits.UntilAsync(() => Utterance.Of(hub) is [{ Course: "start real end" }], "an utterance");
        Assert.Equal("1 0.2 0", await GainsAsync(page));
        var held = await PositionAsync(page);
        await page.HoldsAsync("() => gains.at(-1) === 1");
        Assert.InRange(await PositionAsync(page) - held, -1, 400);
        Assert.Equal("1 0.2 0 1", await GainsAsync(page));
    }

    [Fact]
    public async Task It_goes_on_at_once_when_the_companion_says_so()
    {
        using var file = await SpokenFile.SayAsync(1, "good morning");
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub, Gains);
        await TurnOnAsync(page);
        await SpeakAsync(hub);
        await Limits.UntilAsync(() => Utterance.Of(hub).Count == 1, "an utterance");
        await hub.BroadcastAsync(new DuckMessage { Channel = "default", Gain = 1 });
        await page.HoldsAsync("() => gains.at(-1) === 1");
        Assert.False((await page.InspectAsync()).GetProperty("microphone").GetProperty("awaiting").GetBoolean());
    }

    [Fact]
    public async Task It_speaks_on_when_it_may_not_be_interrupted()
    {
        using var file = await SpokenFile.SayAsync(1, "good morning");
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub, Gains);
        await page.Page.Locator("#ear-more").ClickAsync();
        await page.Page.GetByLabel("may be interrupted").UncheckAsync();
        await TurnOnAsync(page);
        await SpeakAsync(hub);
        await EndOfFileAsync(page, file);
        Assert.Empty(hub.Said.OfType<VadMessage>());
        Assert.Equal("1", await GainsAsync(page));
    }

    [Fact]
    public async Task It_speaks_on_when_its_companion_is_not_to_be_interrupted()
    {
        using var file = await SpokenFile.SayAsync(1, "good morning");
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub, Gains);
        await hub.BroadcastAsync(FakeHub.Listener with { BargeIn = false });
        await page.Page.Locator("#ear-more").ClickAsync();
        await Assertions.Expect(page.Page.GetByLabel("may be interrupted")).ToBeDisabledAsync();
        await TurnOnAsync(page);
        await SpeakAsync(hub);
        await EndOfFileAsync(page, file);
        Assert.Empty(hub.Said.OfType<VadMessage>());
        Assert.Equal("1", await GainsAsync(page));
        await hub.BroadcastAsync(FakeHub.Listener);
        await Assertions.Expect(page.Page.GetByLabel("may be interrupted")).ToBeCheckedAsync();
    }

    /// <summary>Something long, in the silence before the file speaks.</summary>
    private static async Task SpeakAsync(FakeHub hub)
    {
        await hub.ReplyAsync("r", "Something long.");
        await hub.SayAsync(1, 0, "r", Sounds.Syllables(20, seed: 1), Sounds.Rate, final: true);
        await hub.PlayedAsync(1, PlaybackEvent.First);
    }

    private static async Task<string> GainsAsync(TestPage page) => await page.Page.EvaluateAsync<string>("() => gains.join(' ')");

    private static async Task<double> PositionAsync(TestPage page) => (await page.InspectAsync()).GetProperty("speech").GetProperty("position").GetDouble();
}
