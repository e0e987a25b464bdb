using Kotodama.Companion.Channels;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>Why there is no microphone, or no longer, in words that say what to do.</summary>
[Collection(BrowserTests.Name)]
public sealed class RefusalTests(BrowserFixture browser) : ListeningTests(browser)
{
    private static string Refuses(string name) => $"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{name}'));";

    [Theory]
    [InlineData("NotFoundError", "No microphone was found.")]
    [InlineData("NotReadableError", "in use by another program")]
    public async Task A_microphone_that_cannot_be_had_is_explained(string error, string reason)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(Browser.Chromium, hub, Refuses(error));
        await Button(page).ClickAsync();
        await ReasonAsync(page, reason);
        await ShowsAsync(page, "off");
        Assert.Empty(hub.Said.OfType<MicMessage>());
        await page.Page.Locator("#ear-dismiss").ClickAsync();
        await Assertions.Expect(page.Page.Locator("#ear-notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Who_does_not_allow_it_is_told_how_to()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(null, "--use-fake-device-for-media-stream");
        await using var page = await OpenAsync(chromium, hub);
        await Button(page).ClickAsync();
        await ReasonAsync(page, "not allowed to use the microphone");
        await ShowsAsync(page, "off");
    }

    [Fact]
    public async Task A_page_from_an_unsafe_address_says_how_to_make_it_safe()
    {
        await using var hub = await FakeHub.StartAsync("avatar.lan");
        hub.Companion = FakeHub.Listener;
        await using var chromium = await Browser.ListeningAsync(null, "--host-resolver-rules=MAP avatar.lan 127.0.0.1");
        await using var page = await TestPage.OpenAsync(chromium, new Uri($"http://avatar.lan:{hub.Url.Port}/"));
        await Button(page).ClickAsync();
        await ReasonAsync(page, "SSH tunnel");
        Assert.False(await page.Page.EvaluateAsync<bool>("() => isSecureContext"));

        // Browsers say that the policies of a page mean nothing there.
        page.Expected = complaint => complaint.Contains("Cross-Origin-Opener-Policy", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_model_a_button_does()
    {
        using var file = SpokenFile.Tone();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        page.Expected = complaint => complaint.Contains("ERR_FAILED", StringComparison.Ordinal);
        await page.Page.RouteAsync("**/silero*", route => route.AbortAsync());
        await TurnOnAsync(page);
        await ReasonAsync(page, "Push to talk works");
        Assert.Equal(MicMode.PushToTalk, hub.Said.OfType<MicMessage>().Single().Mode);
    }

    [Fact]
    public async Task A_browser_that_never_says_whether_its_audio_runs_is_not_waited_for()
    {
        using var file = SpokenFile.Tone();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub, "AudioContext.prototype.resume = () => new Promise(() => {});");
        await TurnOnAsync(page);
        await page.HoldsAsync("() => window.kotodama.inspect().microphone.heard > 0");
    }

    [Fact]
    public async Task A_device_that_is_taken_away_turns_it_off()
    {
        using var file = SpokenFile.Tone();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub, """
            { const media = navigator.mediaDevices, ask = media.getUserMedia.bind(media); media.getUserMedia = async (wanted) => window.given = await ask(wanted); }
            """);
        await TurnOnAsync(page);
        await page.Page.EvaluateAsync("() => window.given.getTracks()[0].dispatchEvent(new Event('ended'))");
        await ReasonAsync(page, "unplugged");
        await ShowsAsync(page, "off");
        await Limits.UntilAsync(() => hub.Said.OfType<MicMessage>().LastOrDefault() is { State: MicState.Off }, "the word that it is off");
        Assert.Equal("ended", await page.Page.EvaluateAsync<string>("() => window.given.getTracks()[0].readyState"));
    }

    [Fact]
    public async Task It_is_gone_with_the_companion_and_never_there_in_a_view_without_controls()
    {
        using var file = SpokenFile.Tone();
        await using var hub = await FakeHub.StartAsync();
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await using var stream = await TestPage.OpenAsync(chromium, hub.Url, "?view=obs");
        await TurnOnAsync(page);
        await hub.BroadcastAsync(new CompanionMessage { Channel = "default", On = false });
        await Assertions.Expect(Button(page)).ToBeHiddenAsync();
        await Limits.UntilAsync(() => hub.Said.OfType<MicMessage>().LastOrDefault() is { State: MicState.Off }, "the word that it is off");
        await hub.BroadcastAsync(new CompanionMessage { Channel = "default", On = true, Hears = true });
        await Button(page).WaitForAsync();
        Assert.Equal(0, await stream.Page.EvaluateAsync<int>("() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('hearing')).length"));
        await Assertions.Expect(Button(stream)).ToBeHiddenAsync();
    }

    private static Task ReasonAsync(TestPage page, string reason) =>
        Assertions.Expect(page.Page.Locator("#ear-notice")).ToContainTextAsync(reason, new() { Timeout = 15_000 });
}
