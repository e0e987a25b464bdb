using System.Text;
using System.Text.Json;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Hostile;

/// <summary>
/// Hundreds of texts that attack pages go through the real hub into the real page, in every corner that shows texts of others: all as replies,
/// where Markdown is read, and every second one elsewhere. The page's Content Security Policy is off: it would hide that a text became markup.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class HostilePageTests(BrowserFixture browser) : IDisposable
{
    /// <summary>Names of companions and avatars are no longer.</summary>
    private const int LongestName = 64;

    private const string End = "That was all.";

    /// <summary>Hundreds of texts are drawn before what is waited for.</summary>
    private const float Patience = 20_000;

    private static readonly BrowserNewContextOptions WithoutPolicy = new() { BypassCSP = true, ReducedMotion = ReducedMotion.Reduce };

    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-hostile-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task No_text_of_others_runs_a_script_or_sends_a_request_in_any_corner_of_the_page()
    {
        await using var canary = new Canary();
        var texts = new HostileTexts(canary.Url);
        Assert.True(texts.Scripting.Distinct(StringComparer.Ordinal).Count() >= 200, $"{texts.Scripting.Count} texts with scripts");
        Assert.True(texts.Leaking.Distinct(StringComparer.Ordinal).Count() >= 50, $"{texts.Leaking.Count} texts with requests");
        PutModel(texts.All);
        await using var hub = await TestHub.StartAsync(o => o.DataFolder = _data);
        await using var companion = new HostileCompanion(await hub.CompanionAsync());
        companion.Start();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, options: WithoutPolicy);
        var watch = await PageWatch.StartAsync(page, hub.Url);

        await hub.Stage.SendLlmResponseAsync("**Loads the part**", cancellationToken: Token);
        await Assertions.Expect(page.Bubble.Locator("strong")).ToHaveTextAsync("Loads the part", new() { Timeout = Patience });
        await RepliesAsync(hub, page, texts.All, withStatuses: true);
        await ConversationAsync(hub, companion, page, Every(2, 0, texts.All));
        await SettingsAsync(companion, page, Every(2, 1, texts.All));
        await AvatarsAsync(hub, page, texts.All);
        await watch.LookAsync();

        // What is stored comes back with the page, and stands there as it was written.
        await page.GotoAsync("?markdown=off");
        await RepliesAsync(hub, page, Every(2, 1, texts.All), withStatuses: false);
        await watch.LookAsync();

        Assert.True(watch.Noticed.Count == 0, watch.ToString());
        Assert.Equal(0, canary.Connections);
    }

    /// <summary>The test above can fail: each kind of what must not happen is noticed when it does.</summary>
    [Fact]
    public async Task What_must_not_happen_is_noticed()
    {
        await using var canary = new Canary();
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, options: WithoutPolicy);
        page.Expected = _ => true;
        var watch = await PageWatch.StartAsync(page, hub.Url);
        await watch.LookAsync();
        Assert.True(watch.Noticed.Count == 0, watch.ToString());
        foreach (var (script, noticed) in new[]
        {
            ("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=struck(1)>')", "script 1"),
            ("document.body.insertAdjacentHTML('beforeend', '<img src=x2>')", $"request GET {hub.Url}x2"),
            ("document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc=\"<script>struck(2)</script>\"></iframe>')", "script 2"),
            ("0", "frame"),
            ("setTimeout(() => alert(3))", "dialog 3"),
            ("fetch('CANARY4').catch(() => {})", $"request GET {canary.Url}4"),
            ("document.body.insertAdjacentHTML('beforeend', '<style>body{background:url(CANARY5)}</style>')", $"request GET {canary.Url}5"),
            ("0", "element <style>"),
            ("document.head.insertAdjacentHTML('beforeend', '<link rel=preconnect href=CANARY6>')", "element <link"),
            ("document.body.insertAdjacentHTML('beforeend', '<a href=\"javascript:struck(7)\">x</a>')", "attribute href=javascript:struck(7)"),
            ("document.body.insertAdjacentHTML('beforeend', '<p onclick=struck(8)>x</p>')", "attribute onclick"),
            ("window.open('CANARY9')", "window"),
        })
        {
            await page.Page.EvaluateAsync($"() => {{ {script.Replace("CANARY", canary.Url.ToString(), StringComparison.Ordinal)}; }}");
            await watch.LookAsync();
            await Limits.UntilAsync(() => watch.Noticed.Any(n => n.StartsWith(noticed, StringComparison.Ordinal)), $"{noticed} to be noticed");
        }

        Assert.True(canary.Connections > 0);
    }

    /// <summary>Each so many of the texts, from one of the first on.</summary>
    private static string[] Every(int step, int first, IReadOnlyList<string> texts) => [.. texts.Where((_, i) => i % step == first)];

    /// <summary>As replies, whole and in pieces, and as statuses.</summary>
    private static async Task RepliesAsync(TestHub hub, TestPage page, IReadOnlyList<string> texts, bool withStatuses)
    {
        foreach (var (text, i) in texts.Select((text, i) => (text, i)))
        {
            if (i % 5 == 0)
                await hub.Stage.SayAsync(Pieces(text), cancellationToken: Token);
            else
                await hub.Stage.SendLlmResponseAsync(text, cancellationToken: Token);
            if (withStatuses)
                await hub.Stage.SendStatusAsync(text, cancellationToken: Token);
        }

        await hub.Stage.SendStatusAsync(End, cancellationToken: Token);
        await hub.Stage.SendLlmResponseAsync(End, cancellationToken: Token);
        await Assertions.Expect(page.Bubble).ToContainTextAsync(End, new() { Timeout = Patience });
        await Assertions.Expect(page.Status).ToHaveTextAsync(End, new() { Timeout = Patience });

        // The newest ones stand in the history, each whole.
        await page.HoldsAsync("() => document.querySelectorAll('#history li').length >= 200");
        await page.HoldsAsync("() => (document.querySelector('#history').textContent.match(/canary|127\\.0\\.0\\.1/g) ?? []).length > 50");

        static async IAsyncEnumerable<string> Pieces(string text)
        {
            await Task.CompletedTask;
            yield return text[..(text.Length / 2)];
            yield return text[(text.Length / 2)..];
        }
    }

    /// <summary>As names of companions, models and tools, as reasons, and as what the user is said to have said.</summary>
    private static async Task ConversationAsync(TestHub hub, HostileCompanion companion, TestPage page, IReadOnlyList<string> texts)
    {
        foreach (var (text, i) in texts.Select((text, i) => (text, i)))
        {
            var name = text.Any(char.IsControl) ? "x" : text[..Math.Min(text.Length, LongestName)];
            await companion.SayAsync(new CompanionMessage { Channel = "default", On = true, Name = name, Character = i % 40 == 0 ? name : "koto", Model = text, Demo = i % 40 == 0 });
            await companion.SayAsync(new TurnMessage { Channel = "default", Turn = i, State = TurnState.Thinking, Tool = text, Reason = text });
            await companion.SayAsync(new TranscriptMessage { Channel = "default", Turn = i, Content = text, Final = i % 2 == 0 });
        }

        await companion.SayAsync(new CompanionMessage { Channel = "default", On = true, Name = "<b>Last</b>", Character = "<b>Last</b>", Model = "<b>last</b>" });
        await companion.SayAsync(new TurnMessage { Channel = "default", Turn = 100_000, State = TurnState.Thinking, Tool = "<b>last</b>" });
        await Assertions.Expect(page.Page.Locator(".companion-name")).ToHaveTextAsync("<b>Last</b>", new() { Timeout = Patience });
        await Assertions.Expect(page.Page.Locator(".companion-note")).ToHaveTextAsync("<b>last</b>", new() { Timeout = Patience });
        await Assertions.Expect(page.Page.GetByTestId("turn")).ToContainTextAsync("<b>last</b>", new() { Timeout = Patience });
        await companion.SayAsync(new TurnMessage { Channel = "default", Turn = 100_000, State = TurnState.Idle });
        await hub.Stage.StopAsync(cancellationToken: Token);
    }

    /// <summary>As everything that the settings ask a companion for: a part of the texts each time that they open.</summary>
    private static async Task SettingsAsync(HostileCompanion companion, TestPage page, IReadOnlyList<string> texts)
    {
        var settings = page.Page.GetByTestId("settings");
        foreach (var part in texts.Chunk(120))
        {
            companion.Texts = [.. part, "<b>end</b>"];
            await page.Page.Locator("#settings-button").ClickAsync();
            foreach (var section in new[] { "settings-llm", "settings-characters", "settings-talks", "settings-engines" })
                await Assertions.Expect(settings.GetByTestId(section)).ToContainTextAsync("<b>end</b>", new() { Timeout = Patience });
            await settings.Locator("input[type=search]").FillAsync(part[0].ReplaceLineEndings(" "));
            await settings.Locator("form.search button").ClickAsync();
            await Assertions.Expect(settings.Locator(".hits")).ToContainTextAsync("<b>end</b>", new() { Timeout = Patience });
            await settings.GetByTestId("settings-engines").Locator("button").First.ClickAsync();
            await settings.GetByTestId("settings-characters").Locator("input[type=radio]").Nth(1).CheckAsync();
            await Assertions.Expect(settings.GetByTestId("settings-characters").Locator("output")).Not.ToBeEmptyAsync(new() { Timeout = Patience });
            await page.Page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(settings).ToHaveAttributeAsync("data-state", "closed");
        }
    }

    /// <summary>As what a model is called and calls its parts, and as the names of avatars that are chosen.</summary>
    private static async Task AvatarsAsync(TestHub hub, TestPage page, IReadOnlyList<string> texts)
    {
        page.Expected = complaint => complaint.Contains("404", StringComparison.Ordinal);
        await page.Page.Locator("#avatar-button").ClickAsync();
        var panel = page.Page.GetByTestId("wardrobe");
        await panel.Locator(".model-acts button").First.ClickAsync();
        await Assertions.Expect(panel.GetByTestId("wardrobe-check")).ToContainTextAsync("struck(", new() { Timeout = Patience });
        await page.Page.EvaluateAsync("() => { for (const one of document.querySelectorAll('details')) one.open = true; }");
        await Assertions.Expect(panel.GetByTestId("wardrobe-editor")).ToContainTextAsync("onerror=struck(", new() { Timeout = Patience });
        await page.Page.Keyboard.PressAsync("Escape");
        var names = texts.Where(AvatarName.IsValid).Take(12).ToArray();
        foreach (var name in names)
            await hub.Stage.ChooseAvatarAsync(name, cancellationToken: Token);
        await Assertions.Expect(page.Page.GetByTestId("figure-notice")).ToContainTextAsync(names[^1], new() { Timeout = Patience });
        await hub.Stage.ChooseAvatarAsync("koto", cancellationToken: Token);
        await Assertions.Expect(page.Page.GetByTestId("figure-notice")).ToBeHiddenAsync(new() { Timeout = Patience });
    }

    /// <summary>A model whose every name is one of the texts.</summary>
    private void PutModel(IReadOnlyList<string> texts)
    {
        var files = ModelRig.Good();
        files["a.model3.json"] = JsonSerializer.SerializeToUtf8Bytes(new
        {
            Version = 3,
            FileReferences = new
            {
                Moc = "a.moc3",
                Textures = new[] { "a.1024/texture_00.png" },
                Expressions = Every(12, 0, texts).Select(text => new { Name = text, File = "exp/Smile.exp3.json" }).Concat(Every(12, 1, texts).Select(text => new { Name = text, File = text })),
                Motions = Every(12, 2, texts).Distinct().ToDictionary(text => text, _ => new[] { new { File = "motions/idle.motion3.json" } }),
            },
            HitAreas = Every(12, 3, texts).Select(text => new { Id = text, Name = text }),
            Groups = new[] { new { Target = "Parameter", Name = "LipSync", Ids = Every(12, 4, texts) } },
        });
        files["avatar.json"] = Encoding.UTF8.GetBytes("""{"title":"<img src=x onerror=struck(20000)>","credit":"<img src=x onerror=struck(20001)>"}""");
        ModelRig.Write(Path.Combine(_data, "models", "it"), files);
    }
}
