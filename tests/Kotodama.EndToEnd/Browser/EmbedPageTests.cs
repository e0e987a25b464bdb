using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kotodama.EndToEnd.Browser;

/// <summary><c>&lt;kotodama-stage&gt;</c> on pages of other sites.</summary>
[Collection(BrowserTests.Name)]
public sealed class EmbedPageTests(BrowserFixture browser)
{
    private const string Site = "example.test";

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>How many frames the page asks for within ten of them.</summary>
    private const string FramesAsked = """
        () => new Promise((done) => {
          const ask = window.requestAnimationFrame;
          let asked = 0;
          window.requestAnimationFrame = (call) => { asked++; return ask(call); };
          const wait = (left) => left === 0 ? (window.requestAnimationFrame = ask, done(asked)) : ask(() => wait(left - 1));
          wait(10);
        })
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_shows_what_is_published_and_acknowledges_what_the_user_can_see()
    {
        await using var hub = await TestHub.StartAsync();
        await using var site = await OtherSite.StartAsync(Script(hub) + "<kotodama-stage></kotodama-stage>");
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await page.OpenedAsync();
        using var answer = await hub.Http().PostAsJsonAsync(
            "api/messages?wait=displayed",
            new { type = "llm_response", content = "Hello from elsewhere" },
            Token);
        var displayed = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("displayed").GetBoolean();
        Assert.True(displayed);
        await page.ShownAsync("Hello from elsewhere");
        await Expect(page.Stage().Locator(".avatar svg")).ToBeVisibleAsync();
        await Expect(page.Card()).ToBeHiddenAsync();
        Assert.Equal("Hello from elsewhere", await page.Page.EvaluateAsync<string>("() => window.messages.at(-1).content"));
        page.AssertCalm();
    }

    [Fact]
    public async Task A_reload_repeats_nothing_and_brings_what_came_meanwhile()
    {
        await using var hub = await TestHub.StartAsync();
        await using var site = await OtherSite.StartAsync(Script(hub) + "<kotodama-stage></kotodama-stage>");
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await page.OpenedAsync();
        await hub.Stage.SendLlmResponseAsync("The old one", Long, cancellationToken: Token);
        await page.ShownAsync("The old one");
        await page.Page.GotoAsync("about:blank");
        await hub.Stage.SendLlmResponseAsync("The new one", Long, cancellationToken: Token);
        await page.Page.GotoAsync(site.Url.ToString());
        await page.ShownAsync("The new one");
        await page.Page.ReloadAsync();
        await page.OpenedAsync();
        await hub.Stage.SendStatusAsync("after it", cancellationToken: Token);
        await Expect(page.Stage().GetByTestId("status")).ToContainTextAsync("after it");
        await Expect(page.Bubble()).ToHaveAttributeAsync("data-state", "hidden");
        page.AssertCalm();
    }

    [Fact]
    public async Task A_page_that_may_not_connect_says_the_line_that_lets_it_in_and_connects_once_it_was_typed()
    {
        await using var mapped = await browser.ListeningAsync(null, $"--host-resolver-rules=MAP {Site} 127.0.0.1");
        var hub = await TestHub.StartAsync();
        var port = hub.Url.Port;
        await using var site = await OtherSite.StartAsync(Script(hub) + "<kotodama-stage></kotodama-stage>");
        var origin = string.Create(CultureInfo.InvariantCulture, $"http://{Site}:{site.Url.Port}");
        await using var page = await EmbeddingPage.OpenAsync(mapped, new Uri(origin));
        await Expect(page.Card()).ToContainTextAsync("I may not speak on this page yet", new() { Timeout = 15_000 });
        var line = await page.Card().Locator("code").InnerTextAsync();
        Assert.StartsWith("kotodama ", line, StringComparison.Ordinal);
        Assert.EndsWith(" " + origin, line, StringComparison.Ordinal);
        Assert.Contains(page.Warnings, text => text.Contains(line, StringComparison.Ordinal));
        await hub.DisposeAsync();

        await using var kinder = await TestHub.StartAsync(options => options.AllowedOrigins.Add(line.Split(' ')[^1]), port: port);
        await page.Card().GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await page.OpenedAsync();
        await Expect(page.Card()).ToBeHiddenAsync();
        await kinder.Stage.SendLlmResponseAsync("Now I may", Long, cancellationToken: Token);
        await page.ShownAsync("Now I may");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task It_works_where_a_strict_policy_allows_its_hub_and_nothing_else()
    {
        await using var hub = await TestHub.StartAsync();
        var origin = hub.Url.GetLeftPart(UriPartial.Authority);
        var policy = $"default-src 'none'; script-src {origin}; connect-src {origin} {origin.Replace("http", "ws", StringComparison.Ordinal)}; "
            + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
        await using var site = await OtherSite.StartAsync($"<script src=\"{hub.Url}embed.js\" async></script><kotodama-stage sound></kotodama-stage>", policy);
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await page.OpenedAsync();
        await hub.Stage.SendLlmResponseAsync("A list:\n\n- one\n- **two**", Long, cancellationToken: Token);
        await Expect(page.Bubble().Locator("li strong")).ToHaveTextAsync("two");
        await Expect(page.Stage().Locator(".avatar svg")).ToBeVisibleAsync();
        Assert.Equal("fixed", await page.Stage().Locator(".embed").EvaluateAsync<string>("box => getComputedStyle(box).position"));
        Assert.Equal("800", await page.Bubble().Locator("strong").EvaluateAsync<string>("text => getComputedStyle(text).fontWeight"));
        page.AssertCalm();
    }

    [Theory]
    [InlineData("script-src HUB", "blocked", "connect-src HUB WS", "This page does not let me connect")]
    [InlineData("script-src HUBembed.js; connect-src *", "script", "script-src HUB", "A part of me did not arrive")]
    public async Task A_policy_that_forbids_it_is_named_with_what_it_has_to_allow(string rules, string trouble, string line, string title)
    {
        await using var hub = await TestHub.StartAsync();
        var origin = hub.Url.GetLeftPart(UriPartial.Authority);
        var socket = origin.Replace("http", "ws", StringComparison.Ordinal);
        var policy = "default-src 'none'; " + rules.Replace("HUBembed", hub.Url + "embed", StringComparison.Ordinal).Replace("HUB", origin, StringComparison.Ordinal);
        await using var site = await OtherSite.StartAsync($"<script src=\"{hub.Url}embed.js\"></script><kotodama-stage></kotodama-stage>", policy);
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await Expect(page.Card()).ToContainTextAsync(title, new() { Timeout = 15_000 });
        await Expect(page.Card().Locator("code")).ToHaveTextAsync(
            line.Replace("HUB", origin, StringComparison.Ordinal).Replace("WS", socket, StringComparison.Ordinal));
        Assert.Equal(trouble, await page.Page.EvaluateAsync<string>("() => document.querySelector('kotodama-stage').state.trouble"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Two_on_one_page_show_their_channels_and_both_show_a_common_one()
    {
        await using var hub = await TestHub.StartAsync();
        await using var site = await OtherSite.StartAsync(
            Script(hub) + "<kotodama-stage channel=\"left\" side=\"left\"></kotodama-stage><kotodama-stage channel=\"right\"></kotodama-stage>");
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await page.OpenedAsync(0);
        await page.OpenedAsync(1);
        await hub.Stage.SendLlmResponseAsync("To the left", Long, channel: "left", cancellationToken: Token);
        await hub.Stage.SendLlmResponseAsync("To the right", Long, channel: "right", cancellationToken: Token);
        await page.ShownAsync("To the left", 0);
        await page.ShownAsync("To the right", 1);

        await page.Page.EvaluateAsync("() => { for (const stage of document.querySelectorAll('kotodama-stage')) stage.channel = 'both'; }");
        await Limits.UntilAsync(() => hub.Hub.Channels.Any(c => c.Name == "both" && c.Subscriptions.Count == 2), "both to follow one channel");
        await hub.Stage.SendLlmResponseAsync("To both", Long, channel: "both", cancellationToken: Token);
        await page.ShownAsync("To both", 0);
        await page.ShownAsync("To both", 1);
        await page.Page.ReloadAsync();
        await page.OpenedAsync(0);
        await page.OpenedAsync(1);
        page.AssertCalm();
    }

    [Fact]
    public async Task It_leaves_nothing_behind_when_it_is_taken_out_and_comes_back()
    {
        await using var hub = await TestHub.StartAsync();
        await using var site = await OtherSite.StartAsync(Script(hub) + "<main></main><kotodama-stage></kotodama-stage>");
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await page.OpenedAsync();
        await hub.Stage.SendLlmResponseAsync("Before", Long, cancellationToken: Token);
        await page.ShownAsync("Before");

        // A framework that moves an element takes it out and puts it in: that ends nothing.
        await page.Page.EvaluateAsync("() => document.querySelector('main').append(document.querySelector('kotodama-stage'))");
        await page.ShownAsync("Before");
        Assert.Equal(1, await page.Page.EvaluateAsync<int>("() => window.sockets.length"));

        await page.Page.EvaluateAsync("() => { window.taken = document.querySelector('kotodama-stage'); taken.remove(); }");
        await Limits.UntilAsync(() => !hub.Hub.Connections.Any(), "the connection to end with the element");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => taken.shadowRoot.childElementCount"));
        Assert.Equal(0, await page.Page.EvaluateAsync<int>(FramesAsked));

        await page.Page.EvaluateAsync("() => document.body.append(taken)");
        await page.OpenedAsync();
        await hub.Stage.SendLlmResponseAsync("After", Long, cancellationToken: Token);
        await page.ShownAsync("After");
        page.AssertCalm();
    }

    [Fact]
    public async Task Styles_of_the_page_do_not_come_in_and_the_page_keeps_its_clicks()
    {
        const string Hostile = """
            <style>
              * { margin: 13px; padding: 7px; border: 3px solid red; font: italic 40px serif; letter-spacing: 9px; text-transform: uppercase; line-height: 3; }
              body * { display: block; transform: rotate(3deg); filter: invert(1); visibility: hidden; text-align: right; direction: rtl; cursor: none; }
              html { font-size: 4px; } body, button, #waifu { visibility: visible; }
              :root { --ink: red; --surface: red; --figure: 10px; --rem: 40px; --font: monospace; }
              section, p, div, .bubble, .avatar, .card { display: none; }
              .mine { position: fixed; right: 20px; bottom: 20px; z-index: 1; transform: none; filter: none; width: 60px; height: 60px; }
              #waifu { position: fixed; bottom: 0; left: 0; z-index: 1; width: 300px; height: 300px; }
            </style>
            <canvas id="waifu"></canvas><button class="mine" onclick="window.clicked = true">x</button>
            """;
        await using var hub = await TestHub.StartAsync();
        await using var site = await OtherSite.StartAsync(Script(hub) + Hostile + "<kotodama-stage size=\"300\"></kotodama-stage>");
        await using var plain = await OtherSite.StartAsync(Script(hub) + "<kotodama-stage size=\"300\"></kotodama-stage>");
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await using var calm = await EmbeddingPage.OpenAsync(browser.Chromium, plain.Url);
        await page.OpenedAsync();
        await calm.OpenedAsync();
        await hub.Stage.SendLlmResponseAsync("As everywhere", Long, cancellationToken: Token);
        await page.ShownAsync("As everywhere");
        await calm.ShownAsync("As everywhere");
        Assert.Equal(await LookAsync(calm), await LookAsync(page));
        await page.Page.Locator(".mine").ClickAsync(new() { Timeout = 5_000 });
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.clicked"));
        page.AssertCalm();

        static async Task<string> LookAsync(EmbeddingPage page)
        {
            await page.Page.WaitForFunctionAsync("() => document.querySelector('kotodama-stage').shadowRoot.querySelector('.bubble').getAnimations().length === 0");
            return await page.Stage().EvaluateAsync<string>("""
            stage => JSON.stringify(['.embed', '.avatar', '.bubble', '.bubble-text', '.tail', '.status'].map((name) => {
              const element = stage.shadowRoot.querySelector(name);
              const { color, fontSize, fontStyle, fontFamily, letterSpacing, textTransform, lineHeight, visibility, textAlign, direction, cursor, display } = getComputedStyle(element);
              const { width, height, right, bottom } = element.getBoundingClientRect();
              return [name, color, fontSize, fontStyle, fontFamily, letterSpacing, textTransform, lineHeight, visibility, textAlign, direction, cursor, display,
                ...(name === '.tail' ? [] : [width, height, innerWidth - right, innerHeight - bottom].map(Math.round))];
            }))
            """);
        }
    }

    [Fact]
    public async Task Attributes_change_it_while_it_lives()
    {
        await using var hub = await TestHub.StartAsync();
        await using var site = await OtherSite.StartAsync(Script(hub) + "<kotodama-stage theme=\"light\"></kotodama-stage>");
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await page.OpenedAsync();
        await page.Page.EvaluateAsync("() => Object.assign(document.querySelector('kotodama-stage'), { theme: 'dark', side: 'left', size: 120, character: 'nagi' })");
        var box = page.Stage().Locator(".embed");
        await Expect(box).ToHaveAttributeAsync("data-scheme", "dark");
        await Expect(box).ToHaveAttributeAsync("data-side", "left");
        Assert.Equal(120, await page.Stage().Locator(".avatar").EvaluateAsync<double>("figure => figure.offsetHeight"));
        await page.OpenedAsync();
        await Expect(page.Stage().Locator(".avatar svg")).ToHaveCountAsync(1);
        await page.Page.EvaluateAsync("() => document.querySelector('kotodama-stage').setAttribute('side', 'middle')");
        await Expect(box).ToHaveAttributeAsync("data-side", "right");
        Assert.Contains(page.Warnings, text => text.Contains("side=\"middle\" must be left or right", StringComparison.Ordinal));
        await page.Page.EvaluateAsync("() => { document.querySelector('kotodama-stage').hidden = true; }");
        await Expect(box).ToBeHiddenAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_hub_that_goes_is_told_and_found_again_when_it_comes_back()
    {
        var first = await TestHub.StartAsync();
        var port = first.Url.Port;
        await using var site = await OtherSite.StartAsync(Script(first) + "<kotodama-stage lang=\"ja\"></kotodama-stage><kotodama-stage quiet side=\"left\"></kotodama-stage>");
        await using var page = await EmbeddingPage.OpenAsync(browser.Chromium, site.Url);
        await page.OpenedAsync();
        await first.DisposeAsync();
        await Expect(page.Card()).ToContainTextAsync("ハブから応答がありません", new() { Timeout = 30_000 });
        await Expect(page.Card(1)).ToBeHiddenAsync();
        await page.Page.WaitForFunctionAsync("() => document.querySelectorAll('kotodama-stage')[1].state.trouble === 'away'");
        await using var second = await TestHub.StartAsync(port: port);
        await page.Page.EvaluateAsync("() => window.dispatchEvent(new Event('online'))");
        await page.OpenedAsync();
        await Expect(page.Card()).ToBeHiddenAsync();
        Assert.Empty(page.PageErrors);
    }

    [Fact]
    public async Task Everybody_may_load_the_script_and_its_parts_and_nothing_else_without_being_allowed()
    {
        await using var hub = await TestHub.StartAsync();
        var http = hub.Http();
        using var script = await GetAsync("embed.js");
        Assert.Equal("*", script.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("cross-origin", script.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.StartsWith("text/javascript", script.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.True(script.Headers.CacheControl!.MaxAge <= TimeSpan.FromMinutes(5));
        var text = await script.Content.ReadAsStringAsync(Token);
        var part = text[text.IndexOf("embed/stage-", StringComparison.Ordinal)..];
        using var stage = await GetAsync(part[..(part.IndexOf(".js", StringComparison.Ordinal) + 3)]);
        Assert.Equal("*", stage.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.True(stage.Headers.CacheControl!.MaxAge >= TimeSpan.FromDays(365));
        foreach (var other in new[] { "", "api/history", "embed/../index.html", "favicon.svg" })
        {
            using var refused = await http.SendAsync(Request(other), Token);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
        }

        async Task<HttpResponseMessage> GetAsync(string path) => (await http.SendAsync(Request(path), Token)).EnsureSuccessStatusCode();

        static HttpRequestMessage Request(string path) => new(HttpMethod.Get, path) { Headers = { { "Origin", "https://site.example" } } };
    }

    private static string Script(TestHub hub) => $"<script src=\"{hub.Url}embed.js\"></script>";
}
