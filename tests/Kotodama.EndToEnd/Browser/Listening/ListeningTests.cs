using Kotodama.Companion.Channels;
using Kotodama.Companion.Hearing;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>What tests have in common in which the user speaks to the page.</summary>
public abstract class ListeningTests
{
    private static readonly bool HasTools = new[] { "flite", "pocketsphinx_continuous" }.All(tool =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool))));

    protected ListeningTests(BrowserFixture browser)
    {
        Assert.SkipUnless(HasTools || Environment.GetEnvironmentVariable("CI") == "true", "flite or PocketSphinx is not installed.");
        Browser = browser;
    }

    protected BrowserFixture Browser { get; }

    private protected static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <summary>A page with a companion that understands speech.</summary>
    private protected static async Task<TestPage> OpenAsync(IBrowser chromium, FakeHub hub, string? initScript = null)
    {
        hub.Companion = FakeHub.Listener;
        var page = await TestPage.OpenAsync(chromium, hub.Url, initScript: initScript);
        await Button(page).WaitForAsync();
        return page;
    }

    private protected static ILocator Button(TestPage page) => page.Page.Locator("#ear-button");

    private protected static async Task TurnOnAsync(TestPage page)
    {
        await Button(page).ClickAsync();
        await ShowsAsync(page, "listening");
    }

    /// <summary>Waits until the microphone shows a state.</summary>
    private protected static Task ShowsAsync(TestPage page, string state) =>
        Assertions.Expect(page.Page.GetByTestId("microphone")).ToHaveAttributeAsync("data-state", state, new() { Timeout = 15_000 });

    /// <summary>Waits until a page has heard all of a file but its last second.</summary>
    private protected static Task EndOfFileAsync(TestPage page, SpokenFile file) =>
        page.HoldsAsync($"() => window.kotodama.inspect().microphone.heard > {(int)((file.Seconds - 1) * 1_000)}");
}
