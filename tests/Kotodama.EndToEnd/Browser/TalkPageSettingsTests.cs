using Kotodama.Companion.Characters;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>The panel in which a person chooses who answers, who talks and what about.</summary>
[Collection(BrowserTests.Name)]
public sealed class TalkPageSettingsTests(BrowserFixture browser)
{
    private static readonly CompanionMessage Koto = new() { Channel = "default", On = true, Name = "Koto", Character = "koto", Model = "qwen3:8b" };

    private static readonly CompanionMessage Demo = new() { Channel = "default", On = true, Name = "Koto", Character = "koto", Demo = true };

    private static readonly object[] Found = [new { server = "Ollama", url = "http://localhost:11434/v1", models = new[] { "qwen3:8b", "llama3.2" } }];

    [Fact]
    public async Task The_settings_list_what_there_is_test_it_and_ask_before_they_delete()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Demo;
        hub.Answer = ask => ask.Name switch
        {
            "llm" => new { server = "", url = "", model = "", demo = true, found = Array.Empty<object>() },
            "characters" => new { current = "koto", characters = new[] { new { id = "koto", name = "Koto", language = "zh" }, new { id = "haru", name = "Haru", language = "ja" } } },
            "conversations" => new { current = "c1", conversations = new[] { new { id = "c1", title = "The sea", startedAt = 1, lastAt = 2, messages = 4 } } },
            "settings" => new { engines = new[] { new { kind = "tts", name = "espeak" } } },
            "test" => new { ok = true, ms = 183.4, detail = "22050 Hz" },
            "export" => new { name = "sea.md", text = "# The sea" },
            _ => new { },
        };
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.Page.GetByText("Connect a model").ClickAsync();
        var settings = page.Page.GetByTestId("settings");
        await Assertions.Expect(settings.GetByTestId("settings-llm")).ToContainTextAsync("No language model server was found");
        await settings.GetByLabel("Test espeak").ClickAsync();
        await Assertions.Expect(settings.GetByTestId("settings-engines")).ToContainTextAsync("OK, first sound after 183 ms");
        await settings.GetByText("Haru").ClickAsync();
        await settings.GetByText("Delete", new() { Exact = true }).ClickAsync();
        Assert.DoesNotContain(hub.Said, m => m is AskMessage { Name: "delete_conversation" });
        await settings.GetByText("Yes, delete").ClickAsync();
        await Limits.UntilAsync(() => Asked("delete_conversation", "c1") && Asked("choose_character", "haru"), "the choices");
        var saved = await page.Page.RunAndWaitForDownloadAsync(() => settings.GetByText("Markdown").ClickAsync());
        Assert.Equal("sea.md", saved.SuggestedFilename);
        await page.Page.Locator("#language").SelectOptionAsync("ja");
        await Assertions.Expect(settings.GetByTestId("settings-llm")).ToContainTextAsync("言語モデル");
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(settings).ToHaveAttributeAsync("data-state", "closed");

        bool Asked(string name, string id) => hub.Said.OfType<AskMessage>().Any(a => a.Name == name && a.Value?.GetProperty("id").GetString() == id);
    }

    [Fact]
    public async Task Another_address_does_not_keep_the_model_of_the_one_before()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        hub.Answer = ask => ask.Name == "llm" ? new { server = "OpenAI-compatible", url = "http://localhost:9000/v1", model = "qwen3:8b", demo = false, found = Array.Empty<object>() } : null;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.Page.Locator("#settings-button").ClickAsync();
        var section = page.Page.GetByTestId("settings-llm");
        await section.GetByText("Another server or service").ClickAsync();
        await Assertions.Expect(section.GetByPlaceholder("qwen3:8b")).ToHaveValueAsync("qwen3:8b");
        await section.GetByPlaceholder("http://localhost:11434/v1").FillAsync("http://localhost:9001");
        await Assertions.Expect(section.GetByPlaceholder("qwen3:8b")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task The_settings_tell_servers_by_their_address_and_whose_each_conversation_is()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        hub.Answer = ask => ask.Name switch
        {
            "llm" => new { server = "Ollama", url = "http://192.168.1.20:11434/v1", model = "qwen3:8b", demo = false, found = Found },
            "choose_llm" => new { server = "LM Studio", address = "http://localhost:1234/v1", model = "gemma", isDemo = false },
            "characters" => new { current = "koto", characters = new[] { new { id = "koto", name = "Koto" }, new { id = "haru", name = "Haru" } } },
            "conversations" => new
            {
                current = "c1",
                conversations = new[]
                {
                    new { id = "c1", title = "The sea", character = "koto", messages = 0 }, new { id = "c2", title = "The hill", character = "haru", messages = 2 },
                    new { id = "c3", title = "The moon", character = "gone", messages = 2 }, new { id = "c4", title = "Nothing", character = "koto", messages = 0 },
                },
            },
            _ => null,
        };
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.Page.Locator("#settings-button").ClickAsync();
        var (model, talks) = (page.Page.GetByTestId("settings-llm"), page.Page.GetByTestId("settings-talks"));
        await Assertions.Expect(model).ToContainTextAsync("Now: qwen3:8b · Ollama · http://192.168.1.20:11434/v1");
        await Assertions.Expect(model.GetByText("Use", new() { Exact = true })).ToBeEnabledAsync();
        await model.GetByText("Another server or service").ClickAsync();
        await model.GetByLabel("Address").FillAsync("http://localhost:1234");
        await model.GetByText("Connect", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(model).ToContainTextAsync("Connected to gemma · LM Studio · http://localhost:1234/v1.");
        await Assertions.Expect(talks.Locator("li")).ToContainTextAsync(["Current · 0 messages", "Haru · 2 messages", "gone · 2 messages"]);
        Assert.True(await talks.EvaluateAsync<bool>("t => t.querySelector('.search').compareDocumentPosition(t.querySelector('.talks')) === Node.DOCUMENT_POSITION_FOLLOWING"));
    }
}
