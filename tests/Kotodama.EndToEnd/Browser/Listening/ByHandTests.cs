using Kotodama.Companion.Channels;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>Push to talk, by pointer and keyboard.</summary>
[Collection(BrowserTests.Name)]
public sealed class ByHandTests(BrowserFixture browser) : ListeningTests(browser)
{
    [Fact]
    public async Task Holding_the_button_or_the_space_bar_is_an_utterance_and_a_touch_is_none()
    {
        using var file = SpokenFile.Tone();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenByHandAsync(chromium, hub);
        Assert.Equal(MicMode.PushToTalk, hub.Said.OfType<MicMessage>().Single().Mode);

        await Button(page).HoverAsync();
        await page.Page.Mouse.DownAsync();
        await HeardAsync(page, 600);
        await Limits.UntilAsync(() => hub.Said.OfType<VadMessage>().Count() == 2, "the message that the user speaks");
        await page.Page.Mouse.UpAsync();
        await Limits.UntilAsync(() => Utterance.Of(hub).Count == 1, "the end of an utterance");

        await page.Page.EvaluateAsync("() => document.activeElement.blur()");
        await page.Page.Keyboard.DownAsync(" ");
        await HeardAsync(page, 600);
        await page.Page.Keyboard.UpAsync(" ");
        await Limits.UntilAsync(() => Utterance.Of(hub).Count == 2, "the end of another one");

        await page.Page.Keyboard.PressAsync(" ");
        await Limits.UntilAsync(() => Utterance.Of(hub).Count == 3, "a misfire");
        Assert.Equal(["start real end", "start real end", "start real misfire"], Utterance.Of(hub).Select(u => u.Course));
        Assert.All(Utterance.Of(hub).Take(2), u => Assert.InRange(u.Milliseconds, 550, 2_500));

        await page.Page.Locator("#composer-text").FocusAsync();
        await page.Page.Keyboard.DownAsync(" ");
        await HeardAsync(page, 300);
        await page.Page.Keyboard.UpAsync(" ");
        Assert.Equal(3, Utterance.Of(hub).Count);
        Assert.Equal(6 + 3, hub.Said.OfType<VadMessage>().Count());
    }

    [Fact]
    public async Task Who_cannot_hold_presses_once_to_begin_and_once_to_end()
    {
        using var file = SpokenFile.Tone();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenByHandAsync(chromium, hub);

        // A screen reader presses without a pointer.
        await Button(page).EvaluateAsync("button => button.click()");
        await Assertions.Expect(Button(page)).ToHaveAttributeAsync("aria-pressed", "true");
        await HeardAsync(page, 400);
        await Button(page).EvaluateAsync("button => button.click()");
        await Limits.UntilAsync(() => Utterance.Of(hub) is [{ Course: "start real end" }], "an utterance");

        await page.Page.Locator("#ear-more").ClickAsync();
        await page.Page.GetByLabel("Tap instead").CheckAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Button(page).ClickAsync();
        await ShowsAsync(page, "hearing");
        await HeardAsync(page, 400);
        await Button(page).ClickAsync();
        await Limits.UntilAsync(() => Utterance.Of(hub) is [_, { Course: "start real end" }], "another utterance");

        await page.Page.Locator("#ear-more").ClickAsync();
        await page.Page.GetByText("Turn the microphone off").ClickAsync();
        await ShowsAsync(page, "off");
        Assert.Equal(MicState.Off, hub.Said.OfType<MicMessage>().Last().State);

        // What was chosen is remembered, and that it was on is not.
        await page.GotoAsync();
        await Button(page).WaitForAsync();
        await ShowsAsync(page, "off");
        await page.Page.Locator("#ear-more").ClickAsync();
        await Assertions.Expect(page.Page.GetByLabel("Tap instead")).ToBeCheckedAsync();
    }

    private static async Task<TestPage> OpenByHandAsync(IBrowser chromium, FakeHub hub)
    {
        var page = await OpenAsync(chromium, hub);
        await page.Page.Locator("#ear-more").ClickAsync();
        await page.Page.GetByLabel("Push to talk").CheckAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await TurnOnAsync(page);
        await HeardAsync(page, 400);
        return page;
    }

    /// <summary>Waits until the microphone has heard more.</summary>
    private static async Task HeardAsync(TestPage page, int ms)
    {
        var until = (await page.InspectAsync()).GetProperty("microphone").GetProperty("heard").GetDouble() + ms;
        await page.HoldsAsync($"() => window.kotodama.inspect().microphone.heard >= {(int)until}");
    }
}
