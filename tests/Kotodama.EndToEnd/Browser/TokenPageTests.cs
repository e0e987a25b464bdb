using Kotodama.Server.Access;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>The page on another machine: here a proxy that the hub knows, so that whatever comes is from elsewhere.</summary>
[Collection(BrowserTests.Name)]
public sealed class TokenPageTests(BrowserFixture browser) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-token-page-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_token_in_the_fragment_lets_the_page_in_and_is_nowhere_afterwards()
    {
        await using var hub = await StartAsync();
        using var tokens = new TokenStore(_folder, TimeProvider.System);
        var token = tokens.Create(AccessRole.Talker, "phone", null, null);

        // While there is another one, the hub serves other machines, and the page can load the form.
        tokens.Create(AccessRole.Viewer, "another phone", null, null);
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, $"?lang=en#token={token}");
        Assert.Equal($"{hub.Url}?lang=en", page.Page.Url);
        await hub.Stage.SendLlmResponseAsync("Hello, phone.", cancellationToken: TestContext.Current.CancellationToken);
        await page.ShownAsync("Hello, phone.");
        Assert.Equal("", await page.Page.EvaluateAsync<string>("document.cookie"));
        Assert.DoesNotContain(token, await page.Page.EvaluateAsync<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.documentElement.outerHTML])"), StringComparison.Ordinal);
        var cookie = Assert.Single(await page.Page.Context.CookiesAsync());
        Assert.Equal((true, SameSiteAttribute.Strict), (cookie.HttpOnly, cookie.SameSite));

        // It outlives a reload, and goes with its token.
        await page.Page.ReloadAsync();
        await page.OpenedAsync();
        page.Expected = _ => true;
        tokens.Revoke(token[3..11]);
        await Assertions.Expect(page.Page.GetByTestId("token-form")).ToBeVisibleAsync();
        await Assertions.Expect(page.Connection).ToHaveAttributeAsync("data-state", "closed");
    }

    [Fact]
    public async Task Without_a_token_the_page_asks_for_one_in_plain_words()
    {
        await using var hub = await StartAsync();
        using var tokens = new TokenStore(_folder, TimeProvider.System);
        var token = tokens.Create(AccessRole.Viewer, null, null, null);
        var context = await browser.Chromium.NewContextAsync(new() { Locale = "en-US" });
        var page = await context.NewPageAsync();
        await page.GotoAsync(hub.Url.ToString());
        var form = page.GetByTestId("token-form");
        await Assertions.Expect(form).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByTestId("banner")).ToContainTextAsync("A token, please");
        var field = form.Locator("input");
        await field.FillAsync("kt_abcdefgh_" + new string('A', 43));
        await form.Locator("button").ClickAsync();
        await Assertions.Expect(form).ToContainTextAsync("does not count here");
        Assert.Equal("", await field.InputValueAsync());
        await field.FillAsync(token);
        await form.Locator("button").ClickAsync();
        await Assertions.Expect(page.GetByTestId("connection")).ToHaveAttributeAsync("data-state", "open");
        await Assertions.Expect(page.GetByTestId("banner")).ToBeHiddenAsync();
        await context.CloseAsync();
    }

    private Task<TestHub> StartAsync() => TestHub.StartAsync(o =>
    {
        o.DataFolder = _folder;
        o.TrustedProxies.Add("127.0.0.1");
    });
}
