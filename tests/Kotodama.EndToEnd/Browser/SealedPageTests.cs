using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Kotodama.Client;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>What is encrypted between publishers and a page in a real browser, through a hub that passes it on.</summary>
[Collection(BrowserTests.Name)]
public sealed class SealedPageTests(BrowserFixture browser) : IDisposable
{
    private const string Planted = "planted-words-of-a-secret";

    /// <summary>A browser without voices of its own gets one that says everything at once and keeps what it was given.</summary>
    private const string OneVoice = """
        window.spoken = [];
        Object.defineProperty(window, 'speechSynthesis', { value: {
          getVoices: () => [{ name: 'test', lang: 'en-US', localService: true, default: true }], addEventListener() {}, pause() {}, resume() {}, cancel() {},
          speak(utterance) { window.spoken.push(utterance.text); setTimeout(() => utterance.onend?.(), 100); },
        } });
        Object.defineProperty(SpeechSynthesisUtterance.prototype, 'voice', { set() {}, get: () => null });
        """;

    private readonly MessageKey _key = MessageKey.Create();
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-data-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_page_with_the_key_shows_it_and_neither_the_hub_nor_the_network_has_its_words_or_the_key()
    {
        ConcurrentQueue<string> sent = [];
        await using (var hub = await TestHub.StartAsync(o => o.DataFolder = _data))
        {
            await using var page = await WatchedAsync(hub, sent);
            await using var client = await hub.ClientAsync(o => o.EncryptionKey = _key);
            var receipt = await client.SendLlmResponseAsync(Planted, emotion: "joy", until: ReceiptLevel.Displayed, cancellationToken: Token);
            Assert.Equal((ReceiptStatus.Done, 1), (receipt.Status, receipt.Counts!.Displayed));
            await page.ShownAsync(Planted);
            await Assertions.Expect(page.Page.GetByTestId("sealed-sign")).ToBeVisibleAsync();
            Assert.Equal("Encrypted", await page.Page.GetByTestId("sealed-sign").GetAttributeAsync("aria-label"));
            await client.SendStatusAsync($"{Planted} status", cancellationToken: Token);
            await Assertions.Expect(page.Status).ToHaveTextAsync($"{Planted} status");
            Assert.DoesNotContain(_key.Reveal(), page.Page.Url, StringComparison.Ordinal);

            // Another tab has nothing but the key and what the hub has stored.
            await using var other = await WatchedAsync(hub, sent);
            await ListsAsync(other, Planted);
            await page.GotoAsync("?again");
            await ListsAsync(page, Planted);
            await client.SendLlmResponseAsync("after the reload", cancellationToken: Token);
            await page.ShownAsync("after the reload");
            Assert.DoesNotContain(hub.Log.Lines, line => HasSecret(line.Text));
            Assert.DoesNotContain(await page.Page.Context.CookiesAsync(), cookie => HasSecret(cookie.Value));
            using var http = hub.Http();
            var history = await http.GetStringAsync(new Uri("api/history", UriKind.Relative), Token);
            Assert.False(HasSecret(history), history);
            Assert.Contains("\"sealed\"", history, StringComparison.Ordinal);
        }

        Assert.NotEmpty(sent);
        Assert.DoesNotContain(sent, HasSecret);
        Assert.All(Directory.GetFiles(_data, "*", SearchOption.AllDirectories), file => Assert.False(HasSecret(Encoding.Latin1.GetString(File.ReadAllBytes(file))), file));
    }

    [Fact]
    public async Task What_was_caught_on_its_way_is_not_shown_again()
    {
        await using var hub = await TestHub.StartAsync();

        // In a tab where the page is open already a browser loads nothing anew.
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.GotoAsync($"#k={_key.Reveal()}");
        await page.HoldsAsync("() => location.hash === '' && sessionStorage.getItem('kotodama.key') !== null");
        await page.OpenedAsync();
        var caught = _key.Seal(new LlmResponseMessage { Id = "m1", Content = Planted }, "default", TimeProvider.System.GetUtcNow());
        await hub.Stage.PublishAsync(caught, Token);
        await page.ShownAsync(Planted);
        Assert.True((await hub.Stage.PublishAsync(caught, Token)).Duplicate);
        foreach (var (message, code, words) in new[]
        {
            (caught with { Id = "m2" }, "undecryptable", "changed on its way"),
            (caught with { Until = caught.Until + 1, Id = "m3" }, "undecryptable", "changed on its way"),
            (caught with { Ttl = 0 }, null, "came again"),
        })
        {
            await hub.Stage.SendStatusAsync("", cancellationToken: Token);
            var receipt = await hub.Stage.PublishAsync(message with { Receipt = null }, Token);
            await Assertions.Expect(page.Status).ToContainTextAsync(words);
            Assert.Equal(code is null, receipt.Seq is null);
        }

        await ListsAsync(page, Planted);
        await hub.Stage.SendLlmResponseAsync("open", cancellationToken: Token);
        await page.ShownAsync("open");
        await Assertions.Expect(page.Page.GetByTestId("sealed-sign")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("en-US", false, "that this page has no key for")]
    [InlineData("zh-CN", true, "此页面没有对应的密钥")]
    [InlineData("ja-JP", true, "このページには鍵がありません")]
    public async Task A_page_without_the_key_says_so_and_so_does_the_receipt(string locale, bool hasAnother, string words)
    {
        await using var hub = await TestHub.StartAsync();
        var path = hasAnother ? $"#k={MessageKey.Create().Reveal()}" : "";
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, path, new() { Locale = locale });
        await using var client = await hub.ClientAsync(o => o.EncryptionKey = _key);
        var reply = new LlmResponseMessage { Content = Planted, Receipt = ReceiptLevel.Displayed, Ttl = 1_000 };
        var publishing = client.PublishAsync(reply, Token);
        await Assertions.Expect(page.Status).ToContainTextAsync(words);
        var receipt = await publishing;
        Assert.Equal((ReceiptStatus.Expired, "no_key"), (receipt.Status, receipt.Failed));
        await ListsAsync(page);
        Assert.Equal("hidden", await page.Bubble.GetAttributeAsync("data-state"));
    }

    [Fact]
    public async Task A_streamed_reply_grows_and_every_kind_of_content_arrives()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, $"#k={_key.Reveal()}");
        await using var client = await hub.ClientAsync(o => o.EncryptionKey = _key);
        await client.PublishAsync(new LlmDeltaMessage { Id = "r", Part = 0, Content = "Once " }, Token);
        await page.ShownAsync("Once");
        await client.PublishAsync(new LlmDeltaMessage { Id = "r", Part = 1, Content = "upon" }, Token);
        await page.ShownAsync("Once upon");
        await client.PublishAsync(new LlmResponseMessage { Id = "r", Content = "Once upon a **time**" }, Token);
        await page.ShownAsync("Once upon a time");
        await ListsAsync(page, "Once upon a **time**");
        foreach (var send in new Func<Task<ReceiptMessage>>[]
        {
            () => client.PublishAsync(new ExpressionMessage { Name = "joy", Receipt = ReceiptLevel.Displayed }, Token),
            () => client.PublishAsync(new MotionMessage { Name = "wave", Receipt = ReceiptLevel.Displayed }, Token),
        })
            Assert.Equal(ReceiptStatus.Done, (await send()).Status);
        await client.StopAsync(cancellationToken: Token);
        await page.HiddenAsync();
    }

    [Fact]
    public async Task The_browser_says_it_and_the_publisher_is_told_when_it_was_heard()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(await browser.LoudAsync(), hub.Url, $"#k={_key.Reveal()}", initScript: OneVoice);
        await using var client = await hub.ClientAsync(o => o.EncryptionKey = _key);
        await HeardAsync(page);
        var receipt = await client.SendLlmResponseAsync("One. *Two!*", until: ReceiptLevel.Spoken, cancellationToken: Token);
        Assert.Equal((ReceiptStatus.Done, 11), (receipt.Status, receipt.Heard!.Chars));
        Assert.Equal(["One. ", "Two!"], await page.Page.EvaluateAsync<string[]>("() => window.spoken"));
    }

    [Fact]
    public async Task A_sound_that_the_publisher_brings_is_played_and_a_page_that_is_silent_says_so()
    {
        await using var hub = await TestHub.StartAsync();
        await using var client = await hub.ClientAsync(o => o.EncryptionKey = _key);
        var reply = new LlmResponseMessage
        {
            Content = "A tone.",
            Audio = Convert.ToBase64String(Sounds.Wav(Sounds.Sine(8_000, rate: 8_000), 8_000)),
            Receipt = ReceiptLevel.Spoken,
        };
        await using (var page = await TestPage.OpenAsync(await browser.LoudAsync(), hub.Url, $"#k={_key.Reveal()}", initScript: TestPage.Ears))
        {
            await HeardAsync(page);
            Assert.Equal(ReceiptStatus.Done, (await client.PublishAsync(reply, Token)).Status);
            var gaps = (await page.Page.EvaluateAsync("() => ears.jumps(440, 300)"))!.Value;
            Assert.InRange(gaps.GetProperty("seconds").GetDouble(), 0.95, 1.05);
        }

        await using var silent = await TestPage.OpenAsync(browser.Chromium, hub.Url, $"?sound=off#k={_key.Reveal()}");
        var stopped = await client.PublishAsync(reply with { Id = null }, Token);
        Assert.Equal((ReceiptStatus.Stopped, new ReceiptHeard(0, 0)), (stopped.Status, stopped.Heard));
    }

    private static Task HeardAsync(TestPage page) => page.HoldsAsync("() => window.kotodama.inspect().speech.audible");

    /// <summary>Waits until the history has exactly these replies.</summary>
    private static Task ListsAsync(TestPage page, params string[] texts) => page.HoldsAsync(
        $"() => JSON.stringify(window.kotodama.inspect().history.map(entry => entry.text)) === {JsonSerializer.Serialize(JsonSerializer.Serialize(texts))}");

    /// <summary>A page whose requests and frames are kept.</summary>
    private async Task<TestPage> WatchedAsync(TestHub hub, ConcurrentQueue<string> sent)
    {
        var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        page.Page.Request += (_, request) =>
        {
            // What a browser sends of an address ends before the fragment, as the hub's own log of requests shows.
            sent.Enqueue($"{new Uri(request.Url).PathAndQuery} {string.Join(' ', request.Headers.Select(h => $"{h.Key}: {h.Value}"))} {request.PostData}");
        };
        page.Page.WebSocket += (_, socket) =>
        {
            sent.Enqueue(socket.Url);
            socket.FrameSent += (_, frame) => sent.Enqueue(frame.Text ?? "");
        };
        await page.GotoAsync($"?watched#k={_key.Reveal()}");
        return page;
    }

    private bool HasSecret(string text) =>
        text.Contains(Planted, StringComparison.Ordinal) || text.Contains(_key.Reveal(), StringComparison.Ordinal);
}
