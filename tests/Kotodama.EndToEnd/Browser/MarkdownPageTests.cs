using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>The bubble shows Markdown as users expect it, and never more than text, elements of its own and an address to ask about.</summary>
[Collection(BrowserTests.Name)]
public sealed class MarkdownPageTests(BrowserFixture browser)
{
    private const string Marked = "() => [...CSS.highlights.get('kotodama-word')].map(range => range.toString()).join()";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_code_tables_and_emphasis_are_elements_and_their_signs_are_gone()
    {
        const string Reply = "# Title\n\n**Bold**, *soft*, ~~gone~~, `code`.\n\n1. one\n   - inner\n2. two\n\n> quoted\n\n"
            + "```sh\nls -l\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n![A cat](https://example.org/cat.png) 2 * 3 * 4 (´・ω・`)";
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.Stage.SendLlmResponseAsync(Reply, TimeSpan.FromMinutes(1), cancellationToken: Token);
        foreach (var (selector, text) in new[]
        {
            ("h3", "Title"), ("strong", "Bold"), ("em", "soft"), ("s", "gone"), ("p code", "code"), ("ol > li:nth-child(2)", "two"),
            ("ol ul li", "inner"), ("blockquote", "quoted"), ("pre code", "ls -l"), (".code-info", "sh"), ("th:nth-child(2)", "b"), ("td:nth-child(1)", "1"),
        })
            await Assertions.Expect(page.Bubble.Locator(selector)).ToHaveTextAsync(text);
        await page.ShownAsync("A cat");
        await page.ShownAsync("2 * 3 * 4 (´・ω・`)");
        await Assertions.Expect(page.Bubble).Not.ToContainTextAsync("**");
        Assert.Equal(0, await page.Page.Locator("[data-testid=bubble] :is(img, a, script, iframe)").CountAsync());
        await Assertions.Expect(page.History.Locator("strong")).ToHaveTextAsync("Bold");
        Assert.Equal(Reply, (await page.InspectAsync()).GetProperty("bubble").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("今日は雨です(´・ω・`)でも明日は晴れますよ。一緒に出かけましょう(´・ω・`)またね。")]
    [InlineData("I can`t believe it, you`re really here! 2 * 3 * 4, snake_case_name, C:\\a\\b, a < b > c")]
    [InlineData("<b>no element</b> **none**\nand its next line")]
    public async Task A_text_without_Markdown_is_one_text_as_it_was_sent(string text)
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.Stage.SendLlmResponseAsync("**Loads the part**", TimeSpan.FromMinutes(1), cancellationToken: Token);
        await Assertions.Expect(page.Bubble.Locator("strong")).ToHaveTextAsync("Loads the part");
        await hub.Stage.SendLlmResponseAsync(text, TimeSpan.FromMinutes(1), cancellationToken: Token);
        await page.ShownAsync(text);
        Assert.Equal(text, await page.Page.EvaluateAsync<string>("() => document.querySelector('.bubble-text').textContent"));
        Assert.Equal(0, await page.Bubble.Locator(".bubble-text *").CountAsync());
    }

    [Fact]
    public async Task A_growing_reply_keeps_what_is_finished_and_ends_as_if_it_had_come_whole()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var gate = new TaskCompletionSource();
        var saying = hub.Stage.SayAsync(Pieces(), cancellationToken: Token);
        await Assertions.Expect(page.Bubble.Locator("pre code")).ToHaveTextAsync("a = 1");
        await page.Page.EvaluateAsync("() => { window.kept = [...document.querySelectorAll('.bubble-text li')]; window.code = document.querySelector('.bubble-text pre'); }");
        gate.SetResult();
        await saying;
        await Assertions.Expect(page.Bubble.Locator("pre code")).ToHaveTextAsync("a = 1\nb = 2");
        await page.HoldsAsync("() => !window.kotodama.inspect().bubble.streaming");
        Assert.True(await page.Page.EvaluateAsync<bool>("() => window.kept.length === 2 && [...window.kept, window.code].every(e => e.isConnected)"));
        await Assertions.Expect(page.Bubble.Locator("strong")).ToHaveTextAsync("Done");

        async IAsyncEnumerable<string> Pieces()
        {
            yield return "- o";
            yield return "ne\n- *tw";
            yield return "o*\n\n```py\na = ";
            yield return "1";
            await gate.Task;
            yield return "\nb = 2\n``";
            yield return "`\n\n**Do";
            yield return "ne**";
        }
    }

    [Fact]
    public async Task The_spoken_word_is_marked_and_what_was_not_heard_is_struck_out_where_it_stands()
    {
        const string Reply = "- **One** *two*\n- `three` four";
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = new() { Channel = "default", On = true, Name = "Koto", Character = "koto" };
        await using var page = await TestPage.OpenAsync(await browser.LoudAsync(), hub.Url, initScript: TestPage.Ears);
        await page.HoldsAsync("() => window.kotodama.inspect().speech.sound === 'on' && ears.blocks.length > 0");
        await Limits.UntilAsync(() => hub.Pages.Any(p => p.IsSpeaker), "a page to be the speaker");
        await hub.ReplyAsync("r", Reply, 60_000);
        await Assertions.Expect(page.Bubble.Locator("li")).ToHaveCountAsync(2);
        await hub.StartAsync(1, 0, "r", Sounds.Rate);
        await hub.BroadcastAsync(new SpeechMarksMessage
        {
            Channel = "default",
            Turn = 1,
            Clause = 0,
            Words = [0, 4, 3, 300, Reply.IndexOf("two", StringComparison.Ordinal), 3],
        });
        await hub.SoundAsync(1, 0, 0, Sounds.Sine(Sounds.Rate / 2));
        await page.HoldsAsync($"() => ({Marked})() === 'two'");
        await hub.BroadcastAsync(Turn(TurnState.Speaking));
        await hub.BroadcastAsync(Turn(TurnState.Listening, "interrupted"));
        await page.HoldsAsync("() => [...CSS.highlights.get('kotodama-unheard')].join().endsWith('three four')");
        await Assertions.Expect(page.History.Locator("li li .history-unheard").Last).ToHaveTextAsync(" four");

        static TurnMessage Turn(TurnState state, string? reason = null) =>
            new() { Channel = "default", Turn = 1, State = state, Reason = reason };
    }

    [Fact]
    public async Task An_address_opens_only_after_the_user_has_seen_the_whole_of_it_and_agreed()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var target = new Uri(hub.Url, "healthz?long=" + new string('x', 200));
        await hub.Stage.SendLlmResponseAsync($"A [link]({target}), [none](javascript:alert(1)) and [a file](docs/x.md).", TimeSpan.FromMinutes(1), cancellationToken: Token);
        var address = page.Bubble.Locator("button.address");
        await Assertions.Expect(address).ToHaveTextAsync(target.ToString());
        Assert.Equal(1, await page.Bubble.Locator("[data-address]:not(button)").CountAsync());
        await page.ShownAsync("[none](javascript:alert(1))");
        await page.ShownAsync("a file docs/x.md");
        await address.ClickAsync();
        var question = page.Page.GetByTestId("link-question");
        await Assertions.Expect(question).ToContainTextAsync(target.ToString());
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(question).ToBeHiddenAsync();
        Assert.Single(page.Page.Context.Pages);
        await address.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        var opened = await page.Page.Context.RunAndWaitForPageAsync(() => question.GetByText("Open", new() { Exact = true }).ClickAsync());
        Assert.Equal(target.ToString(), opened.Url);
    }

    [Fact]
    public async Task The_copy_button_copies_the_code_alone()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, options: new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await hub.Stage.SendLlmResponseAsync("```sh\nls -l\ncd ..\n```", TimeSpan.FromMinutes(1), cancellationToken: Token);
        await page.Bubble.GetByLabel("Copy the code").ClickAsync();
        await Assertions.Expect(page.Bubble.GetByLabel("Copied")).ToBeVisibleAsync();
        Assert.Equal("ls -l\ncd ..", await page.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task Off_shows_each_sign_as_it_was_written_by_the_address_and_by_the_settings()
    {
        const string Reply = "**Bold** and\n- a list";
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = new() { Channel = "default", On = true, Name = "Koto", Character = "koto" };
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, "?markdown=off");
        await hub.ReplyAsync("r", Reply, 60_000);
        await page.ShownAsync("**Bold** and - a list");
        await page.GotoAsync();
        await hub.ReplyAsync("s", Reply, 60_000);
        await Assertions.Expect(page.Bubble.Locator("strong")).ToHaveTextAsync("Bold");
        await page.Page.Locator("#settings-button").ClickAsync();
        var choice = page.Page.GetByTestId("settings-replies").GetByRole(AriaRole.Checkbox);
        await choice.UncheckAsync();
        await page.ShownAsync("**Bold** and - a list");
        await Assertions.Expect(page.History.Locator("strong")).ToHaveCountAsync(0);
        await choice.CheckAsync();
        await Assertions.Expect(page.Bubble.Locator("strong")).ToHaveTextAsync("Bold");
        await choice.UncheckAsync();
        await page.GotoAsync();
        await hub.ReplyAsync("t", Reply, 60_000);
        await page.ShownAsync("**Bold** and - a list");
    }
}
