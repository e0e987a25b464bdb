using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.EndToEnd.Browser.Spoken;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Talking;

/// <summary>What tests have in common in which the user and the character talk: with a real page, hub, companion, recognizer and voice.</summary>
public abstract class TalkingTests : SpokenTests
{
    protected TalkingTests(BrowserFixture browser)
        : base(browser)
    {
        var installed = PocketSphinxModel.Find(new PocketSphinxOptions()).Model is not null && File.Exists("/usr/bin/flite");
        Assert.SkipUnless(installed || Environment.GetEnvironmentVariable("CI") == "true", "PocketSphinx, its English model or flite is not installed.");
        Browser = browser;
    }

    protected BrowserFixture Browser { get; }

    /// <summary>A page that is heard, and that knows its companion.</summary>
    private protected static async Task<TestPage> OpenAsync(IBrowser chromium, TalkingHub hub)
    {
        var page = await TestPage.OpenAsync(chromium, hub.Url, initScript: TestPage.Ears);
        await ReadyAsync(page, isSpeaker: true);
        await Assertions.Expect(page.Page.GetByTestId("composer")).ToBeVisibleAsync();
        return page;
    }

    private protected static Task TurnOnAsync(TestPage page) => page.Page.Locator("#ear-button").ClickAsync();

    private protected static async Task TypeAsync(TestPage page, string text)
    {
        await page.Page.Locator("#composer-text").FillAsync(text);
        await page.Page.Locator("#composer-text").PressAsync("Enter");
    }

    /// <summary>Waits until a reply is heard, and so far.</summary>
    private protected static Task SpeaksAsync(TestPage page, int ms = 0) => page.HoldsAsync($"() => window.kotodama.inspect().speech.position > {ms}");

    /// <summary>How loud the speech should be, one value after the other.</summary>
    private protected static async Task<string> DucksAsync(TestPage page) =>
        await page.Page.EvaluateAsync<string>("() => ears.got.filter(({ message }) => message.type === 'duck').map(({ message }) => message.gain).join(' ')");

    /// <summary>What the companion did, as the page showed it.</summary>
    private protected static async Task<string> StatesAsync(TestPage page) => await page.Page.EvaluateAsync<string>("() => ears.states.join(' ')");
}
