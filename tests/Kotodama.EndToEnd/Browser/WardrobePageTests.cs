using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>The avatar panel: who is on the stage, models that are added, and how they are set up. The models of the hub are played here.</summary>
[Collection(BrowserTests.Name)]
public sealed class WardrobePageTests(BrowserFixture browser)
{
    private static readonly string[] Looks = ["koto", "kitsu", "nagi"];

    private static readonly object Manifest = new
    {
        name = "Mao",
        title = "Mao",
        kind = "cubism",
        expressions = new[] { new { name = "smile", file = "s.exp3.json" }, new { name = "tears", file = "t.exp3.json" } },
        motions = new[] { new { name = "dance", file = "d.motion3.json" } },
        emotions = new { joy = new { expressions = new[] { "smile" } } },
    };

    [Fact]
    public async Task A_chosen_folder_is_sent_checked_and_shown_once_the_Core_is_there()
    {
        var folder = Directory.CreateTempSubdirectory("model");
        try
        {
            var model = folder.CreateSubdirectory("Mao");
            await File.WriteAllTextAsync(Path.Combine(model.FullName, "Mao.model3.json"), "{}", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(model.FullName, "Mao.moc3"), "MOC3", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(model.FullName, "Mao.psd"), "huge", TestContext.Current.CancellationToken);
            await using var hub = await FakeHub.StartAsync();
            await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
            page.Expected = text => text.Contains("409", StringComparison.Ordinal);
            var models = await PlayedModels.StartAsync(page.Page);
            await page.Page.Locator("#avatar-button").ClickAsync();
            var panel = page.Page.GetByTestId("wardrobe");
            await Assertions.Expect(panel).ToContainTextAsync("No model here yet");
            await panel.Locator("input[type=file][webkitdirectory]").SetInputFilesAsync(model.FullName);
            var adding = panel.GetByTestId("wardrobe-adding");
            await Assertions.Expect(adding).ToContainTextAsync("“Mao” is here.");
            await Assertions.Expect(adding).ToContainTextAsync("A texture is large.");
            var form = Encoding.UTF8.GetString(models.Asked("POST", "").Single());
            Assert.Contains("filename=\"Mao/Mao.model3.json\"", form, StringComparison.Ordinal);
            Assert.Contains("filename=\"Mao/Mao.moc3\"", form, StringComparison.Ordinal);
            Assert.DoesNotContain("psd", form, StringComparison.Ordinal);

            await adding.GetByText("Show it now").ClickAsync();
            var dialog = page.Page.GetByTestId("core-dialog");
            await Assertions.Expect(dialog.GetByText("Read Live2D’s licence")).ToHaveAttributeAsync(
                "href", "https://www.live2d.com/eula/live2d-proprietary-software-license-agreement_en.html");
            Assert.Empty(models.Asked("POST", "/core/download"));
            await page.Page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
            await Assertions.Expect(panel).ToHaveAttributeAsync("data-state", "open");
            Assert.Empty(models.Chosen);

            await panel.GetByText("Mao", new() { Exact = true }).ClickAsync();
            models.CoreFails = true;
            await dialog.GetByText("Accept and fetch from Live2D").ClickAsync();
            await Assertions.Expect(dialog).ToContainTextAsync("That did not work: Live2D's host did not answer Try again.");
            models.CoreFails = false;
            await dialog.GetByText("Accept and fetch from Live2D").ClickAsync();
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
            Assert.Equal("{\"accepted\":true}", Encoding.UTF8.GetString(models.Asked("POST", "/core/download")[^1]));
            await Limits.UntilAsync(() => models.Chosen.Contains("Mao"), "the choice of the model");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_is_set_up_is_saved_and_never_lost_silently()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var models = await PlayedModels.StartAsync(page.Page);
        models.HasModel = true;
        models.Mapping = """{"placement":{"x":0,"y":0,"scale":2}}""";
        await page.Page.Locator("#avatar-button").ClickAsync();
        var panel = page.Page.GetByTestId("wardrobe");
        await panel.GetByLabel("Set up “Mao”").ClickAsync();
        await panel.GetByTestId("wardrobe-emotions").Locator("> summary").ClickAsync();
        var joy = panel.Locator("[data-key=joy]");
        await Assertions.Expect(joy.Locator("summary")).ToContainTextAsync("Automatic: smile");
        await joy.Locator("summary").ClickAsync();
        await joy.GetByText("tears").ClickAsync();
        await joy.Locator("select").SelectOptionAsync("dance");
        await Assertions.Expect(joy.Locator("summary")).ToContainTextAsync("smile · tears · dance");

        await panel.GetByText("All avatars").ClickAsync();
        await Assertions.Expect(panel).ToContainTextAsync("There are changes that are not saved.");
        await panel.GetByText("Keep editing").ClickAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(panel).ToHaveAttributeAsync("data-state", "closed");
        await page.Page.Locator("#language").SelectOptionAsync("ja");
        await page.Page.Locator("#avatar-button").ClickAsync();
        await panel.GetByTestId("wardrobe-emotions").Locator("> summary").ClickAsync();
        await Assertions.Expect(joy.Locator("summary")).ToContainTextAsync("smile · tears · dance");
        await panel.GetByText("保存", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(panel).ToContainTextAsync("保存しました。");
        var saved = JsonSerializer.Deserialize<JsonElement>(models.Asked("PUT", "/Mao/avatar.json").Single());
        Assert.Equal(2, saved.GetProperty("placement").GetProperty("scale").GetDouble());
        var act = saved.GetProperty("emotions").GetProperty("joy");
        Assert.Equal("dance", act.GetProperty("motion").GetString());
        Assert.Equal(["smile", "tears"], act.GetProperty("expressions").EnumerateArray().Select(e => e.GetString()));
        await panel.GetByText("アバター一覧").ClickAsync();
        await Assertions.Expect(panel.GetByTestId("wardrobe-picker")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_drop_anywhere_opens_the_panel_and_says_what_cannot_be_used()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await PlayedModels.StartAsync(page.Page);
        await page.HoldsAsync("document.querySelector('#avatar').tabIndex === 0");
        Assert.True(await DropAsync(page.Page, "hiyori.cmo3"));
        await Assertions.Expect(page.Page.GetByTestId("wardrobe-adding")).ToContainTextAsync("“hiyori.cmo3” is a file of Live2D’s editor.");
        await Assertions.Expect(page.Page.Locator(".drop-veil")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_view_without_controls_takes_no_drop()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.Page.GotoAsync(new Uri(hub.Url, "?view=obs").ToString());
        await page.HoldsAsync("document.querySelector('#avatar').tabIndex === 0");
        Assert.False(await DropAsync(page.Page, "hiyori.zip"));
    }

    /// <summary>Drops a file onto the stage. True: the page took it.</summary>
    private static Task<bool> DropAsync(IPage page, string name) => page.EvaluateAsync<bool>(
        """
        (name) => {
          const entry = { name, isFile: true, isDirectory: false, file: (done) => done(new File(['x'], name)) };
          const taken = ['dragenter', 'dragover', 'drop'].map((type) => {
            const event = new DragEvent(type, { bubbles: true, cancelable: true });
            Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], items: [{ webkitGetAsEntry: () => entry }] } });
            document.querySelector('.stage').dispatchEvent(event);
            return event.defaultPrevented;
          });
          return taken.every((one) => one);
        }
        """,
        name);

    /// <summary>Answers what a page asks about models, and notes what it sends.</summary>
    private sealed class PlayedModels
    {
        private readonly ConcurrentQueue<(string Method, string Path, byte[] Body)> _asked = new();

        public bool HasModel { get; set; }

        public bool CoreFails { get; set; }

        public string Mapping { get; set; } = "{}";

        /// <summary>What pages chose for their channel.</summary>
        public ConcurrentQueue<string?> Chosen { get; } = new();

        private bool HasCore { get; set; }

        public static async Task<PlayedModels> StartAsync(IPage page)
        {
            var models = new PlayedModels();
            await page.RouteAsync("**/api/models**", models.AnswerAsync);
            // The socket is open already: what is sent over it is seen where it leaves the page.
            await page.ExposeFunctionAsync("noteSent", (string text) => models.Note(text));
            await page.EvaluateAsync(
                "() => { const send = WebSocket.prototype.send; WebSocket.prototype.send = function (data) { if (typeof data === 'string') noteSent(data); return send.call(this, data); }; }");
            return models;
        }

        public IReadOnlyList<byte[]> Asked(string method, string path) => [.. _asked.Where(a => a.Method == method && a.Path == path).Select(a => a.Body)];

        private void Note(string text)
        {
            var message = JsonSerializer.Deserialize<JsonElement>(text);
            if (message.GetProperty("type").GetString() == "avatar")
                Chosen.Enqueue(message.GetProperty("name").GetString());
        }

        private Task AnswerAsync(IRoute route)
        {
            var request = route.Request;
            var path = Uri.UnescapeDataString(new Uri(request.Url).AbsolutePath["/api/models".Length..]);
            _asked.Enqueue((request.Method, path, request.PostDataBuffer ?? []));
            switch (request.Method, path)
            {
                case ("GET", ""):
                    object[] all = HasModel ? [new { name = "Mao", title = "Mao", kind = "cubism", problems = 1 }] : [];
                    return Json(route, new { models = all, core = new { present = HasCore }, core2 = new { present = false }, looks = Looks });
                case ("POST", ""):
                    HasModel = true;
                    return Json(route, new { added = "Mao", models = new[] { "Mao" } }, 201);
                case ("GET", "/Mao/check"):
                    var text = new { en = "A texture is large.", zh = "贴图很大。", ja = "テクスチャが大きいです。" };
                    return Json(route, new { findings = new[] { new { code = "large", severity = "warning", file = "t.png", text } } });
                case ("GET", "/Mao/avatar.json"):
                    return route.FulfillAsync(new() { ContentType = "application/json", Body = Mapping });
                case ("PUT", "/Mao/avatar.json"):
                    return route.FulfillAsync(new() { Status = 204 });
                case ("POST", "/core/download") when CoreFails:
                    return Json(route, new { type = "error", code = "fetch_failed", message = "Live2D's host did not answer", hint = "Try again." }, 409);
                case ("POST", "/core/download"):
                    HasCore = true;
                    return Json(route, new { core = new { file = "live2dcubismcore.min.js", bytes = 1 } });
                default:
                    return Json(route, Manifest);
            }
        }

        private static Task Json(IRoute route, object value, int status = 200) => route.FulfillAsync(
            new() { Status = status, ContentType = "application/json", Body = JsonSerializer.Serialize(value) });
    }
}
