using System.Diagnostics;
using Kotodama.EndToEnd.Integration;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>A phone, played by a Chromium that has installed the hub's root, comes in over the local network.</summary>
[Collection(BrowserTests.Name)]
public sealed class LanPageTests(BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_phone_that_trusts_the_root_opens_the_page_with_its_token_and_has_a_microphone()
    {
        await using var hub = await LanHub.StartAsync();
        var (url, address) = await hub.InviteAsync();
        await using var chromium = await TrustingAsync(hub);
        await using var page = await TestPage.OpenAsync(chromium, new Uri(address), url[address.Length..]);

        Assert.DoesNotContain("kt_", page.Page.Url, StringComparison.Ordinal);
        Assert.True(await page.Page.EvaluateAsync<bool>("() => isSecureContext"));
        Assert.Equal(1, await page.Page.EvaluateAsync<int>("async () => (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks().length"));
        await hub.SayAsync("Hello, phone");
        await page.ShownAsync("Hello, phone");

        // It is a guest: the button that invites others is the owner's.
        await Assertions.Expect(page.Page.Locator("#phone-button")).ToBeHiddenAsync();

        // The page comes back without the token in its address.
        await page.Page.ReloadAsync();
        await page.OpenedAsync();
    }

    [Fact]
    public async Task Without_the_root_a_browser_refuses_the_page()
    {
        await using var hub = await LanHub.StartAsync();
        var (url, _) = await hub.InviteAsync();
        var page = await browser.Chromium.NewPageAsync();
        var refused = await Assert.ThrowsAsync<PlaywrightException>(() => page.GotoAsync(url));
        Assert.Contains("ERR_CERT_AUTHORITY_INVALID", refused.Message, StringComparison.Ordinal);
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_page_of_this_machine_shows_the_code_and_how_to_trust_it()
    {
        await using var hub = await LanHub.StartAsync();
        var (url, address) = await hub.InviteAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.Page.Locator("#phone-button").ClickAsync();
        var panel = page.Page.GetByTestId("phone");
        await Assertions.Expect(panel).ToContainTextAsync(address);
        await Assertions.Expect(panel).ToContainTextAsync("The browser warns");
        Assert.DoesNotContain("kt_", await panel.InnerHTMLAsync(), StringComparison.Ordinal);
        var path = await page.Page.GetByTestId("phone-code").Locator("path").GetAttributeAsync("d");
        Assert.Equal(url, QrReader.ReadPath(path!));

        var download = await page.Page.RunAndWaitForDownloadAsync(() => panel.GetByRole(AriaRole.Link, new() { Name = "Root certificate" }).ClickAsync());
        Assert.Equal("kotodama-root.crt", download.SuggestedFilename);
        Assert.Equal(await hub.RootAsync(), await File.ReadAllBytesAsync(await download.PathAsync(), Token));

        await page.Page.Locator("#language").SelectOptionAsync("ja");
        await Assertions.Expect(panel).ToContainTextAsync("スマートフォンで開く");
        await page.Page.Locator("#language").SelectOptionAsync("zh");
        await Assertions.Expect(panel).ToContainTextAsync("在手机上打开");
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(panel).ToHaveAttributeAsync("data-state", "closed");
    }

    [Fact]
    public async Task A_hub_that_keeps_to_itself_says_how_to_let_phones_in()
    {
        await using var hub = await LanHub.StartAsync(lan: false);
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);

        // The browser writes the hub's refusal into its console, as it does for every answer that is one.
        page.Expected = complaint => complaint.Contains("404", StringComparison.Ordinal);
        await page.Page.Locator("#phone-button").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page.GetByTestId("phone")).ToContainTextAsync("kotodama --lan");
    }

    /// <summary>A Chromium of its own, whose user has installed the root as on a phone.</summary>
    private async Task<IBrowser> TrustingAsync(LanHub hub)
    {
        var store = Directory.CreateDirectory(Path.Combine(hub.Home, ".pki", "nssdb")).FullName;
        var root = Path.Combine(hub.Home, "root.crt");
        await File.WriteAllBytesAsync(root, await hub.RootAsync(), Token);
        await CertutilAsync("-N", "-d", $"sql:{store}", "--empty-password");
        await CertutilAsync("-A", "-d", $"sql:{store}", "-n", "kotodama", "-t", "C,,", "-i", root);
        return await browser.TrustingAsync(
            hub.Home, ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", .. LanHub.Rules]);
    }

    private static async Task CertutilAsync(params string[] arguments)
    {
        using var certutil = TestProcess.Start(new ProcessStartInfo("certutil", arguments) { RedirectStandardError = true, UseShellExecute = false });
        var error = await certutil.StandardError.ReadToEndAsync(Token);
        await certutil.WaitForExitAsync(Token).InTime("certutil to end");
        Assert.True(certutil.ExitCode == 0, error);
    }
}
