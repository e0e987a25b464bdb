using System.Text.Json;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

[Collection(BrowserTests.Name)]
public sealed class PageTests(BrowserFixture browser)
{
    private static readonly string[] Emotions = ["joy", "sad", "angry", "surprised", "shy", "thinking", "sleepy", "love"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_is_shown_for_its_time_and_kept_in_the_history()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        Assert.Equal(1, (await hub.Stage.SendLlmResponseAsync("你好，世界", TimeSpan.FromSeconds(1), cancellationToken: Token)).Pages);
        await page.ShownAsync("你好，世界");
        var until = (await page.InspectAsync()).GetProperty("bubble").GetProperty("until").GetDouble();
        await page.HiddenAsync();
        Assert.True(await page.Page.EvaluateAsync<double>("() => Date.now()") >= until - 50);
        await Assertions.Expect(page.History).ToContainTextAsync("你好，世界");
    }

    [Fact]
    public async Task The_newest_reply_wins_and_a_status_never_touches_the_bubble()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.Stage.SendLlmResponseAsync("first", TimeSpan.FromMinutes(1), cancellationToken: Token);
        await page.ShownAsync("first");
        await hub.Stage.SendStatusAsync("thinking", cancellationToken: Token);
        await Assertions.Expect(page.Status).ToContainTextAsync("thinking");
        await page.ShownAsync("first");
        await hub.Stage.SendLlmResponseAsync("second", TimeSpan.FromMinutes(1), cancellationToken: Token);
        await page.ShownAsync("second");
        await Assertions.Expect(page.Status).ToContainTextAsync("thinking");
        await hub.Stage.StopAsync(cancellationToken: Token);
        await page.HiddenAsync();
        Assert.Equal(["first", "second"], (await page.InspectAsync()).GetProperty("history").EnumerateArray().Select(h => h.GetProperty("text").GetString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_streamed_reply_grows_in_the_bubble_and_ends_whole()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var gate = new TaskCompletionSource();
        var saying = hub.Stage.SayAsync(Pieces(), cancellationToken: Token);
        await page.ShownAsync("Once upon");
        Assert.True((await page.InspectAsync()).GetProperty("bubble").GetProperty("streaming").GetBoolean());
        gate.SetResult();
        await saying;
        await page.ShownAsync("Once upon a time");
        await page.HoldsAsync("() => !window.kotodama.inspect().bubble.streaming");
        Assert.Equal(1, (await page.InspectAsync()).GetProperty("history").GetArrayLength());

        async IAsyncEnumerable<string> Pieces()
        {
            yield return "Once ";
            yield return "upon";
            await gate.Task;
            yield return " a time";
        }
    }

    [Fact]
    public async Task Hostile_text_is_shown_as_text()
    {
        const string Hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>[a](javascript:alert(1)) ![x](http://127.0.0.1:9/x.png)";
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var title = await page.Page.TitleAsync();
        await hub.Stage.SendLlmResponseAsync(Hostile, cancellationToken: Token);
        await hub.Stage.SendStatusAsync(Hostile, cancellationToken: Token);
        await page.ShownAsync(Hostile);
        await Assertions.Expect(page.Status).ToContainTextAsync(Hostile);
        Assert.Equal(0, await page.Page.Locator("[data-testid=bubble] img, [data-testid=bubble] script, [data-testid=bubble] a, [data-testid=history] img").CountAsync());
        Assert.Equal(title, await page.Page.TitleAsync());
    }

    [Fact]
    public async Task Trusted_Types_stop_markup_even_if_the_page_tried()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        page.Expected = complaint => complaint.Contains("TrustedHTML", StringComparison.Ordinal);
        Assert.Equal("TypeError", await page.Page.EvaluateAsync<string>("() => { try { document.body.innerHTML = '<b>x</b>'; return 'none'; } catch (e) { return e.name; } }"));
    }

    [Fact]
    public async Task Every_emotion_changes_the_face_and_wears_off_with_its_bubble()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var faces = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var emotion in Emotions)
        {
            await hub.Stage.ExpressAsync(emotion, cancellationToken: Token);
            await page.HoldsAsync($"() => window.kotodama.inspect().avatar.emotion === '{emotion}'");
            faces[emotion] = emotion;
        }

        Assert.Equal(Emotions.Length, faces.Count);
        await hub.Stage.ExpressAsync("neutral", cancellationToken: Token);
        await hub.Stage.SendLlmResponseAsync("Yay!", TimeSpan.FromMilliseconds(1500), emotion: "joy", cancellationToken: Token);
        await page.HoldsAsync("() => { const a = window.kotodama.inspect().avatar; return a.emotion === 'joy' && a.parameters.ParamEyeLSmile > 0.8; }");
        await page.HiddenAsync();
        await page.HoldsAsync("() => { const a = window.kotodama.inspect().avatar; return a.emotion === 'neutral' && a.parameters.ParamEyeLSmile < 0.2; }");
    }

    [Theory]
    [InlineData("wave")]
    [InlineData("nod")]
    [InlineData("shake")]
    public async Task Motions_play_once(string motion)
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var playing = page.HoldsAsync($"() => window.kotodama.inspect().avatar.motion === '{motion}'");
        await hub.Stage.MoveAsync(motion, MotionPriority.Force, cancellationToken: Token);
        await playing;
        await page.HoldsAsync($"() => window.kotodama.inspect().avatar.motion !== '{motion}'");
    }

    [Fact]
    public async Task The_mouth_moves_with_the_text_and_closes_at_its_end()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.Stage.SendLlmResponseAsync("Hello there, how are you today?", TimeSpan.FromSeconds(4), cancellationToken: Token);
        await page.HoldsAsync("() => window.kotodama.inspect().avatar.parameters.ParamMouthOpenY > 0.3");
        await page.HiddenAsync();
        await page.HoldsAsync("() => window.kotodama.inspect().avatar.parameters.ParamMouthOpenY < 0.05");
        await hub.Stage.PublishAsync(new LlmResponseMessage { Content = "A thought that no user hears, long enough to see a mouth move.", Speak = false, Duration = 1500 }, Token);
        await page.ShownAsync("A thought");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("""
            async () => { let open = 0; for (let i = 0; i < 40; i++) { await new Promise(requestAnimationFrame); if (window.kotodama.inspect().avatar.parameters.ParamMouthOpenY > 0.2) open++; } return open; }
            """));
    }

    [Fact]
    public async Task She_blinks_breathes_and_follows_the_pointer()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.Page.Mouse.MoveAsync(1200, 300);
        await page.HoldsAsync("() => window.kotodama.inspect().avatar.parameters.ParamEyeBallX > 0.3");
        await page.Page.Mouse.MoveAsync(60, 300);
        await page.HoldsAsync("() => window.kotodama.inspect().avatar.parameters.ParamEyeBallX < -0.2");
        await page.HoldsAsync("() => window.kotodama.inspect().avatar.parameters.ParamEyeLOpen < 0.4");
        await page.HoldsAsync("() => { const b = window.kotodama.inspect().avatar.parameters.ParamBreath; window.breaths = window.breaths ?? []; window.breaths.push(b); return Math.max(...window.breaths) - Math.min(...window.breaths) > 0.5; }");
    }

    [Fact]
    public async Task Channels_in_the_address_are_isolated()
    {
        await using var hub = await TestHub.StartAsync();
        await using var left = await TestPage.OpenAsync(browser.Chromium, hub.Url, "?channel=left");
        await using var other = await TestPage.OpenAsync(browser.Chromium, hub.Url, "demo/demo.html");
        await hub.Stage.SendLlmResponseAsync("to the left", channel: "left", cancellationToken: Token);
        await left.ShownAsync("to the left");
        await hub.Stage.SendLlmResponseAsync("to all others", cancellationToken: Token);
        await other.ShownAsync("to all others");
        await left.ShownAsync("to the left");
        Assert.DoesNotContain("to the left", (await other.InspectAsync()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Displayed_is_reported_to_the_caller_that_waits()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        foreach (var message in new[] { """{"type":"llm_response","content":"x"}""", """{"type":"status","content":"x"}""", """{"type":"expression","name":"joy"}""", """{"type":"motion","name":"nod"}""" })
        {
            using var content = new StringContent(message, System.Text.Encoding.UTF8, "application/json");
            using var response = await hub.Http().PostAsync("api/messages?wait=displayed&timeout=10000", content, Token);
            Assert.True(response.StatusCode == System.Net.HttpStatusCode.OK, message);
        }
    }

    [Fact]
    public async Task A_lost_hub_is_visible_and_the_page_comes_back_by_itself()
    {
        var port = new Uri((await StartAndStopAsync()).ToString()).Port;
        var hub = await TestHub.StartAsync(port: port);
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        page.Expected = complaint => complaint.Contains("WebSocket", StringComparison.Ordinal) || complaint.Contains("ERR_CONNECTION", StringComparison.Ordinal);
        await hub.Stage.SendLlmResponseAsync("before", TimeSpan.FromMinutes(2), cancellationToken: Token);
        await page.ShownAsync("before");
        await hub.DisposeAsync();
        await Assertions.Expect(page.Connection).Not.ToHaveAttributeAsync("data-state", "open");
        await page.ShownAsync("before");
        await using var again = await TestHub.StartAsync(port: port);
        await page.OpenedAsync();
        await again.Stage.SendLlmResponseAsync("after", cancellationToken: Token);
        await page.ShownAsync("after");
        Assert.Equal(2, (await page.InspectAsync()).GetProperty("history").GetArrayLength());

        static async Task<Uri> StartAndStopAsync()
        {
            await using var first = await TestHub.StartAsync();
            return first.Url;
        }
    }

    [Fact]
    public async Task A_reload_shows_nothing_twice_and_keeps_the_history()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.Stage.SendLlmResponseAsync("only once", cancellationToken: Token);
        await page.ShownAsync("only once");
        await page.GotoAsync();
        await Assertions.Expect(page.History).ToContainTextAsync("only once");
        Assert.Equal(1, (await page.InspectAsync()).GetProperty("history").GetArrayLength());
    }

    [Fact]
    public async Task The_first_run_panel_goes_with_the_first_message_and_stays_away()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var panel = page.Page.GetByTestId("first-run");
        await Assertions.Expect(panel).ToBeVisibleAsync();
        await hub.Stage.SendLlmResponseAsync("hi", cancellationToken: Token);
        await Assertions.Expect(panel).ToBeHiddenAsync();
        await page.GotoAsync();
        await Assertions.Expect(panel).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("zh-CN", "zh")]
    [InlineData("ja-JP", "ja")]
    [InlineData("en-GB", "en")]
    [InlineData("fr-FR", "en")]
    public async Task The_language_follows_the_browser(string locale, string expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, options: new() { Locale = locale });
        Assert.Equal(expected, (await page.InspectAsync()).GetProperty("language").GetString());
        Assert.StartsWith(expected, await page.Page.GetAttributeAsync("html", "lang"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_does_not_jump_when_a_bubble_comes()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, initScript: """
            window.shift = 0;
            new PerformanceObserver(list => { for (const e of list.getEntries()) window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
            """);
        await hub.Stage.SendLlmResponseAsync(string.Concat(Enumerable.Repeat("这是一段很长的回复，用来看看气泡会不会把页面推来推去。", 30)), cancellationToken: Token);
        await page.ShownAsync("这是一段很长的回复");
        await hub.Stage.SendStatusAsync("status", cancellationToken: Token);
        await Assertions.Expect(page.Status).ToContainTextAsync("status");
        var box = await page.Bubble.BoundingBoxAsync();
        Assert.InRange(box!.Y + box.Height, 0, 720);
        Assert.InRange(box.Y, 0, 720);
        Assert.InRange(await page.Page.EvaluateAsync<double>("() => window.shift"), 0, 0.02);
    }

    [Theory]
    [InlineData(320, 568)]
    [InlineData(844, 390)]
    [InlineData(3840, 2160)]
    public async Task Nothing_overflows_on_any_screen(int width, int height)
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, options: new() { ViewportSize = new() { Width = width, Height = height } });
        await hub.Stage.SendLlmResponseAsync(string.Concat(Enumerable.Repeat("A long reply with averyveryveryveryveryveryverylongword in it. ", 20)), cancellationToken: Token);
        await page.ShownAsync("A long reply");
        Assert.True(await page.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"));
        var box = await page.Bubble.BoundingBoxAsync();
        Assert.True(box!.X >= 0 && box.Y >= 0 && box.X + box.Width <= width && box.Y + box.Height <= height, JsonSerializer.Serialize(box));
    }
}
