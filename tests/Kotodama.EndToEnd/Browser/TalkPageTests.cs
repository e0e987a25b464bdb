using System.Text.Json;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>The page's side of a conversation: what a person can do, and what the page sends and shows.</summary>
[Collection(BrowserTests.Name)]
public sealed class TalkPageTests(BrowserFixture browser)
{
    private static readonly CompanionMessage Koto = new() { Channel = "default", On = true, Name = "Koto", Character = "koto", Model = "qwen3:8b" };

    private static readonly CompanionMessage Demo = new() { Channel = "default", On = true, Name = "Koto", Character = "koto", Demo = true };

    private static readonly object[] Found = [new { server = "Ollama", url = "http://localhost:11434/v1", models = new[] { "qwen3:8b", "llama3.2" } }];

    [Fact]
    public async Task What_the_user_types_goes_to_the_companion_and_stands_in_the_history_once()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await Assertions.Expect(Composer(page)).ToBeHiddenAsync();
        await hub.BroadcastAsync(Koto);
        await Assertions.Expect(Composer(page)).ToBeVisibleAsync();
        var text = Text(page);
        await text.FillAsync("How are");
        await text.PressAsync("Shift+Enter");
        await page.Page.Keyboard.TypeAsync("you?");
        await text.PressAsync("Enter");
        Assert.Equal("How are\nyou?", (await SaidAsync<UserTextMessage>(hub)).Content);
        await Assertions.Expect(text).ToHaveValueAsync("");
        await Assertions.Expect(page.Page.GetByTestId("heard")).ToHaveAttributeAsync("data-state", "interim");
        await hub.BroadcastAsync(new TranscriptMessage { Channel = "default", Turn = 1, Content = "How are\nyou?", Final = true });
        await Assertions.Expect(page.Page.GetByTestId("heard")).ToHaveAttributeAsync("data-state", "final");
        await hub.ReplyAsync("r", "Fine!");
        await hub.BroadcastAsync(Turn(TurnState.Speaking));
        await hub.BroadcastAsync(Turn(TurnState.Listening, "interrupted"));
        await page.HoldsAsync("() => window.kotodama.inspect().history.at(-1).heard === 0");
        var history = (await page.InspectAsync()).GetProperty("history").EnumerateArray().Select(h => $"{h.GetProperty("from")}: {h.GetProperty("text")}");
        Assert.Equal(["user: How are\nyou?", "character: Fine!"], history);
        await Assertions.Expect(page.History.Locator("li")).ToHaveCountAsync(2);
        await text.PressAsync("ArrowUp");
        await Assertions.Expect(text).ToHaveValueAsync("How are\nyou?");
    }

    [Fact]
    public async Task An_enter_that_ends_a_composition_sends_nothing()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var text = Text(page);
        await Assertions.Expect(text).ToBeVisibleAsync();
        await text.FocusAsync();
        var input = await page.Page.Context.NewCDPSessionAsync(page.Page);
        await input.SendAsync("Input.imeSetComposition", new() { ["text"] = "にほん", ["selectionStart"] = 3, ["selectionEnd"] = 3 });
        await text.EvaluateAsync("t => t.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))");
        await input.SendAsync("Input.insertText", new() { ["text"] = "日本" });
        await Assertions.Expect(text).ToHaveValueAsync("日本");
        Assert.DoesNotContain(hub.Said, m => m is UserTextMessage);
        await text.PressAsync("Enter");
        Assert.Equal("日本", (await SaidAsync<UserTextMessage>(hub)).Content);
    }

    [Fact]
    public async Task What_the_companion_does_is_seen_on_the_character_and_said_in_words()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await Assertions.Expect(Composer(page)).ToBeVisibleAsync();
        var (state, cloud) = (page.Page.GetByTestId("turn"), page.Page.GetByTestId("pondering"));
        await hub.BroadcastAsync(Turn(TurnState.Listening));
        await page.HoldsAsync("() => { const a = window.kotodama.inspect().avatar; return a.attending === 'listening' && a.parameters.ParamBrowLY > 0.2; }");
        await Assertions.Expect(state).ToContainTextAsync("Listening");
        await Assertions.Expect(cloud).ToHaveAttributeAsync("data-state", "hidden");
        await hub.BroadcastAsync(Turn(TurnState.Thinking));
        await Assertions.Expect(cloud).ToHaveAttributeAsync("data-state", "shown");
        await page.HoldsAsync("() => { const a = window.kotodama.inspect().avatar; return a.motion === 'ponder' && a.parameters.ParamEyeBallY > 0.5; }");
        await hub.BroadcastAsync(Turn(TurnState.Thinking) with { Tool = "current_time" });
        await Assertions.Expect(cloud).ToContainTextAsync("Using current_time");
        await hub.BroadcastAsync(Turn(TurnState.Idle, "llm_unreachable"));
        await Assertions.Expect(page.Status).ToContainTextAsync("cannot be reached");
        await page.HiddenAsync();
        await Assertions.Expect(cloud).ToHaveAttributeAsync("data-state", "hidden");
        await page.HoldsAsync("() => { const a = window.kotodama.inspect().avatar; return a.attending === 'idle' && Math.abs(a.parameters.ParamBrowLY) < 0.1; }");
    }

    [Theory]
    [InlineData("en", "Built-in demo companion: no language model connected", "Ollama found: use qwen3:8b?")]
    [InlineData("zh", "内置演示伙伴：未连接语言模型", "发现 Ollama：使用 qwen3:8b？")]
    [InlineData("ja", "内蔵デモ：言語モデルは未接続です", "Ollama を検出：qwen3:8b を使う？")]
    public async Task The_demo_says_what_it_is_and_one_click_connects_the_model_that_was_found(string language, string label, string offer)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Demo;
        hub.Answer = ask => ask.Name switch
        {
            "llm" => new { server = "", url = "", model = "", demo = true, found = Found },
            "choose_llm" => new { },
            _ => null,
        };
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, $"?lang={language}");
        var badge = page.Page.GetByTestId("companion");
        await Assertions.Expect(badge).ToContainTextAsync(label);
        await badge.GetByText(offer).ClickAsync();
        await Limits.UntilAsync(() => hub.Said.OfType<AskMessage>().Any(a => a.Name == "choose_llm"), "the choice");
        var choice = hub.Said.OfType<AskMessage>().Single(a => a.Name == "choose_llm").Value!.Value;
        Assert.Equal(("http://localhost:11434/v1", "qwen3:8b"), (choice.GetProperty("url").GetString(), choice.GetProperty("model").GetString()));
        await hub.BroadcastAsync(Koto);
        await Assertions.Expect(badge).Not.ToContainTextAsync(label);
        await Assertions.Expect(badge).ToContainTextAsync("qwen3:8b");
    }

    [Fact]
    public async Task A_reload_keeps_what_was_not_sent_and_brings_the_conversation_back()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        hub.Answer = ask => ask.Name == "conversation" ? new
        {
            id = "c1",
            entries = new object[]
            {
                new { number = 1, at = now - 9_000, role = "user", text = "What is the sea?", interrupted = false },
                new { number = 2, at = now - 8_000, role = "assistant", text = "Water, and", interrupted = true },
            },
        } : null;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await Text(page).FillAsync("not yet");
        await page.GotoAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync("not yet");
        await Assertions.Expect(page.History.Locator("li")).ToHaveCountAsync(2);
        await Assertions.Expect(page.History.Locator("li.history-mine")).ToContainTextAsync("What is the sea?");
        await Assertions.Expect(page.History.Locator("li").First).ToContainTextAsync("interrupted");
    }

    [Fact]
    public async Task The_stop_button_and_Escape_end_the_reply_but_an_open_panel_only_closes()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var stop = page.Page.Locator("#composer-stop");
        await Assertions.Expect(Composer(page)).ToBeVisibleAsync();
        await Assertions.Expect(stop).ToBeHiddenAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await hub.BroadcastAsync(Turn(TurnState.Speaking));
        await stop.ClickAsync();
        await Limits.UntilAsync(() => hub.Said.OfType<CancelMessage>().Count() == 1, "the stop button to be heard");
        await page.Page.Locator("#history-button").ClickAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.History).ToHaveAttributeAsync("data-state", "closed");
        await page.Page.Keyboard.PressAsync("Escape");
        await Limits.UntilAsync(() => hub.Said.OfType<CancelMessage>().Count() == 2, "Escape to be heard");
    }

    [Fact]
    public async Task Without_a_connection_the_text_stays_and_says_why()
    {
        var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        page.Expected = _ => true;
        await Assertions.Expect(Composer(page)).ToBeVisibleAsync();
        await hub.DisposeAsync();
        await page.HoldsAsync("() => window.kotodama.inspect().connection.state !== 'open'");
        await Text(page).FillAsync("Are you there?");
        await Text(page).PressAsync("Enter");
        await Assertions.Expect(Text(page)).ToHaveValueAsync("Are you there?");
        await Assertions.Expect(page.Page.Locator(".composer-note")).ToContainTextAsync("Not connected");
    }

    [Fact]
    public async Task The_face_changes_with_the_word_that_is_said()
    {
        const string Face = "window.kotodama.inspect().avatar.emotion";
        await using var hub = await FakeHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.BroadcastAsync(new LlmResponseMessage
        {
            Id = "r",
            Channel = "default",
            Content = "Sad and then happy",
            Duration = 1_000,
            Epoch = "e1",
            Seq = 1,
            Emotion = "thinking",
            Emotions = [new(0, "sad"), new(13, "joy")],
        });
        await page.HoldsAsync($"() => {Face} === 'thinking'");
        await hub.StartAsync(1, 0, "r", Sounds.Rate);
        await hub.BroadcastAsync(new SpeechMarksMessage { Channel = "default", Turn = 1, Clause = 0, Words = [0, 0, 3, 400, 4, 3, 700, 8, 4, 1_500, 13, 5] });
        await hub.SoundAsync(1, 0, 0, Sounds.Sine(Sounds.Rate / 2));
        await page.HoldsAsync($"() => {Face} === 'sad'");
        for (var half = 1; half < 4; half++)
            await hub.SoundAsync(1, 0, half * Sounds.Rate / 2, Sounds.Sine(Sounds.Rate / 2));
        await hub.EndAsync(1, 0, final: true);
        await page.HoldsAsync($"() => {Face} === 'joy' && window.kotodama.inspect().speech.position > 1400");
        await page.HiddenAsync();
        await page.HoldsAsync($"() => {Face} === 'neutral'");
    }

    [Fact]
    public async Task A_view_for_streaming_shows_the_character_and_no_controls()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Demo;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, "?view=obs");
        await hub.BroadcastAsync(Turn(TurnState.Thinking));
        await page.HoldsAsync("() => window.kotodama.inspect().avatar.attending === 'thinking'");
        await Assertions.Expect(Composer(page)).ToBeHiddenAsync();
        await Assertions.Expect(page.Page.GetByTestId("pondering")).ToBeHiddenAsync();
        Assert.DoesNotContain(hub.Said, m => m is AskMessage);
    }

    [Fact]
    public async Task A_notice_ends_with_the_next_turn_and_the_status_of_a_program_does_not()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await Assertions.Expect(Composer(page)).ToBeVisibleAsync();
        await hub.BroadcastAsync(Turn(TurnState.Idle, "llm_failed"));
        await Assertions.Expect(page.Status).ToContainTextAsync("no usable answer");
        await hub.BroadcastAsync(Turn(TurnState.Thinking, turn: 2));
        await page.HoldsAsync("() => window.kotodama.inspect().status.text === ''");
        await hub.BroadcastAsync(Turn(TurnState.Idle, "llm_failed", turn: 2));
        await page.HoldsAsync("() => window.kotodama.inspect().status.text !== ''");
        await Text(page).FillAsync("Again");
        await Text(page).PressAsync("Enter");
        await page.HoldsAsync("() => window.kotodama.inspect().status.text === ''");
        await hub.BroadcastAsync(new StatusMessage { Channel = "default", Content = "Backing up" });
        await Assertions.Expect(page.Status).ToContainTextAsync("Backing up");
        await hub.BroadcastAsync(Turn(TurnState.Thinking, turn: 3));
        await Assertions.Expect(page.Page.GetByTestId("turn")).ToContainTextAsync("Thinking");
        await Assertions.Expect(page.Status).ToHaveAttributeAsync("data-state", "shown");
    }

    [Fact]
    public async Task On_a_phone_the_first_run_sheet_leaves_the_place_to_whom_one_talks_with()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, options: new() { ViewportSize = new() { Width = 390, Height = 844 } });
        var sheet = page.Page.GetByTestId("first-run");
        await Assertions.Expect(sheet).ToBeVisibleAsync();
        await hub.BroadcastAsync(Koto);
        await Assertions.Expect(sheet).ToBeHiddenAsync();
        await Text(page).ClickAsync();
        hub.Companion = Koto;
        await page.Page.EvaluateAsync("() => localStorage.clear()");
        await page.GotoAsync();
        await Text(page).ClickAsync();
        await Assertions.Expect(sheet).ToHaveAttributeAsync("data-state", "closed");
    }

    [Fact]
    public async Task Beside_the_first_run_panel_there_is_room_to_write_and_Escape_closes_only_that()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var panel = page.Page.GetByTestId("first-run");
        await Text(page).ClickAsync();
        await Assertions.Expect(panel).ToBeVisibleAsync();
        await hub.BroadcastAsync(Turn(TurnState.Speaking));
        await Assertions.Expect(page.Page.Locator("#composer-stop")).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(panel).ToBeHiddenAsync();
        Assert.DoesNotContain(hub.Said, m => m is CancelMessage);
        await page.Page.Keyboard.PressAsync("Escape");
        await SaidAsync<CancelMessage>(hub);
    }

    [Fact]
    public async Task The_greeting_of_a_new_conversation_stands_in_the_history()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        hub.Answer = ask => ask.Name switch
        {
            "conversations" => new { current = "c1", conversations = Array.Empty<object>() },
            "new_conversation" => new { id = "c2" },
            _ => null,
        };
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.ReplyAsync("old", "What I said before.");
        await page.ShownAsync("What I said before.");
        await page.Page.Locator("#settings-button").ClickAsync();
        var before = Asked().Length;
        await page.Page.GetByTestId("settings-talks").GetByText("New conversation").ClickAsync();
        await Limits.UntilAsync(() => Asked().Length > before, "the question for the other conversation");
        await hub.ReplyAsync("greeting", "Hello, I am Koto.");
        await page.ShownAsync("Hello, I am Koto.");
        await hub.BroadcastAsync(new AnswerMessage { Page = "fake", Id = Asked()[^1].Id, Value = JsonSerializer.SerializeToElement(new { id = "c2", entries = Array.Empty<object>() }) });
        await Assertions.Expect(page.History).Not.ToContainTextAsync("What I said before.");
        await Assertions.Expect(page.History).ToContainTextAsync("Hello, I am Koto.");

        AskMessage[] Asked() => [.. hub.Said.OfType<AskMessage>().Where(a => a.Name == "conversation")];
    }

    [Fact]
    public async Task What_was_not_heard_is_struck_out_in_the_bubble_too()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Companion = Koto;
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.ReplyAsync("r", "A long story.", 60_000);
        await page.ShownAsync("A long story.");
        await hub.BroadcastAsync(Turn(TurnState.Speaking));
        await hub.BroadcastAsync(Turn(TurnState.Listening, "interrupted"));
        await page.HoldsAsync("() => [...CSS.highlights.get('kotodama-unheard')].join() === 'A long story.'");
        await hub.ReplyAsync("s", "Another one.", 60_000);
        await page.HoldsAsync("() => CSS.highlights.get('kotodama-unheard').size === 0");
    }

    private static TurnMessage Turn(TurnState state, string? reason = null, int turn = 1) => new() { Channel = "default", Turn = turn, State = state, Reason = reason };

    private static ILocator Composer(TestPage page) => page.Page.GetByTestId("composer");

    private static ILocator Text(TestPage page) => page.Page.Locator("#composer-text");

    private static async Task<T> SaidAsync<T>(FakeHub hub)
        where T : Message
    {
        await Limits.UntilAsync(() => hub.Said.OfType<T>().Any(), $"a {typeof(T).Name}");
        return hub.Said.OfType<T>().Single();
    }
}
