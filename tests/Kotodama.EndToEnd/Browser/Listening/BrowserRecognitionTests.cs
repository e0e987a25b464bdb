using System.Text.RegularExpressions;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.EndToEnd.Browser.Spoken;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>Speech that the browser recognizes by itself: with consent, and as text.</summary>
[Collection(BrowserTests.Name)]
public sealed class BrowserRecognitionTests(BrowserFixture browser)
{
    /// <summary>A browser that understands what <c>hear</c> says.</summary>
    private const string Recognizer = """
        window.recognizers = [];
        window.SpeechRecognition = window.webkitSpeechRecognition = class {
          constructor() { recognizers.push(this); }
          start() { setTimeout(() => this.onstart?.()); }
          stop() { setTimeout(() => this.onend?.()); }
          abort() { setTimeout(() => this.onend?.()); }
        };
        window.hear = (transcript, isFinal) => recognizers.at(-1).onresult({ results: [Object.assign([{ transcript }], { isFinal })] });
        """;

    /// <summary>Such a browser that sends no sound to its maker.</summary>
    private const string Local = "window.SpeechRecognition.available = async ({ langs, processLocally }) => processLocally && langs[0] === 'en-US' ? 'available' : 'unavailable';";

    private static readonly CompanionMessage Deaf = new() { Channel = "default", On = true, Name = "Koto" };

    [Fact]
    public async Task Without_consent_nothing_is_heard_and_with_it_words_go_to_the_companion_as_they_come()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub, Deaf, Recognizer);
        await page.Page.Locator("#ear-button").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#ear-notice")).ToContainTextAsync("goes to its maker");
        await page.Page.Locator("#ear-dismiss").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#ear-notice")).ToBeHiddenAsync();
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => recognizers.length"));

        await page.Page.Locator("#ear-button").ClickAsync();
        await page.Page.GetByText("Use the browser").ClickAsync();
        await ShowsAsync(page, "listening");
        await page.Page.EvaluateAsync("() => hear('what time', false)");
        await ShowsAsync(page, "hearing");
        await page.Page.EvaluateAsync("() => hear('what time is it', true)");
        await Limits.UntilAsync(() => hub.Said.OfType<UserTextMessage>().Any(t => t.Final), "the words");
        Assert.Equal([("what time", false), ("what time is it", true)], hub.Said.OfType<UserTextMessage>().Select(t => (t.Content, t.Final)));
        Assert.All(hub.Said.OfType<UserTextMessage>(), t => Assert.Equal((true, "en-US"), (t.Spoken, t.Lang)));
        var mic = Assert.Single(hub.Said.OfType<MicMessage>());
        Assert.Equal((MicState.On, MicMode.HandsFree, "en-US"), (mic.State, mic.Mode, mic.Lang));
        Assert.Empty(hub.Said.OfType<VadMessage>());

        // Who has allowed it once is not asked again, and it is not on by itself.
        await page.GotoAsync();
        await ShowsAsync(page, "off");
        await page.Page.Locator("#ear-button").ClickAsync();
        await ShowsAsync(page, "listening");

        // The consent is withdrawn.
        await page.Page.Locator("#ear-more").ClickAsync();
        await page.Page.GetByLabel("The browser understands my words").UncheckAsync();
        await ShowsAsync(page, "off");
        await page.Page.Locator("#ear-button").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#ear-agree")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_browser_that_sends_no_sound_to_its_maker_needs_no_consent()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub, Deaf, Recognizer + Local);
        await page.Page.Locator("#ear-more").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#ear-menu")).ToContainTextAsync("stays on this computer");
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Locator("#ear-button").ClickAsync();
        await ShowsAsync(page, "listening");
        Assert.True(await page.Page.EvaluateAsync<bool>("() => recognizers.at(-1).processLocally"));
    }

    [Fact]
    public async Task A_companion_that_understands_speech_hears_it_itself_unless_the_browser_is_wanted()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub, FakeHub.Listener, Recognizer);
        Assert.False((await page.InspectAsync()).GetProperty("microphone").GetProperty("browser").GetBoolean());
        await page.Page.Locator("#ear-more").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#ear-menu")).ToContainTextAsync("goes to the maker of the browser");
        await page.Page.GetByLabel("The browser understands my words").CheckAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await page.Page.Locator("#ear-button").ClickAsync();
        await ShowsAsync(page, "listening");
        Assert.Equal(1, await page.Page.EvaluateAsync<int>("() => recognizers.length"));
    }

    [Fact]
    public async Task Why_a_real_browser_does_not_understand_is_said_in_words()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var refusing = await OpenAsync(hub, Deaf, null);
        await refusing.Page.Locator("#ear-button").ClickAsync();
        await refusing.Page.GetByText("Use the browser").ClickAsync();
        await Assertions.Expect(refusing.Page.Locator("#ear-reason")).ToContainTextAsync("not allowed to use the microphone", new() { Timeout = 15_000 });
        await ShowsAsync(refusing, "off");

        // Allowed, Chromium finds no microphone for it, or no service.
        using var file = SpokenFile.Tone();
        await using var chromium = await browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(hub, Deaf, null, chromium);
        await page.Page.Locator("#ear-button").ClickAsync();
        await page.Page.GetByText("Use the browser").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#ear-reason")).ToContainTextAsync(new Regex("No microphone was found|could not reach the service", RegexOptions.None, TimeSpan.FromSeconds(1)), new() { Timeout = 15_000 });
        await ShowsAsync(page, "off");
    }

    [Fact]
    public async Task A_browser_without_a_recognizer_has_no_microphone_until_the_companion_understands_speech()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, initScript: "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;");
        await hub.BroadcastAsync(Deaf);
        await Assertions.Expect(page.Page.GetByTestId("composer")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#ear-button")).ToBeHiddenAsync();
        await hub.BroadcastAsync(FakeHub.Listener);
        await Assertions.Expect(page.Page.Locator("#ear-button")).ToBeVisibleAsync();
    }

    private async Task<TestPage> OpenAsync(FakeHub hub, CompanionMessage companion, string? initScript, IBrowser? other = null)
    {
        hub.Companion = companion;
        var page = await TestPage.OpenAsync(other ?? browser.Chromium, hub.Url, initScript: initScript);
        await page.Page.Locator("#ear-button").WaitForAsync();
        return page;
    }

    private static Task ShowsAsync(TestPage page, string state) =>
        Assertions.Expect(page.Page.GetByTestId("microphone")).ToHaveAttributeAsync("data-state", state, new() { Timeout = 15_000 });
}
