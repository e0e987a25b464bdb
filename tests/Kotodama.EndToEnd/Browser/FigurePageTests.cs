using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>The figure on the page: it is touched, placed and exchanged.</summary>
[Collection(BrowserTests.Name)]
public sealed class FigurePageTests(BrowserFixture browser)
{
    private const string Figure = "window.kotodama.inspect().avatar";

    [Fact]
    public async Task A_tap_and_a_stroke_are_answered_and_told_and_what_happens_beside_it_is_not()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var touches = await TouchesAsync(page);
        var (x, head, body) = await FigureAsync(page);

        await page.Page.Mouse.ClickAsync(x + 500, head);
        await page.Page.Locator("#help-button").ClickAsync();
        await page.Page.Mouse.ClickAsync(x, body);
        await page.HoldsAsync($"() => {Figure}.emotion !== 'neutral'");
        await page.HoldsAsync($"() => {Figure}.emotion === 'neutral'");
        await StrokeAsync(page.Page, x, head);
        await page.HoldsAsync($"() => {Figure}.emotion !== 'neutral'");

        Assert.Equal(["tap", "stroke"], touches.Select(t => Text(t, "gesture")));
        Assert.Equal("body", Text(touches.First(), "area"));
        Assert.Contains(Text(touches.Last(), "area"), (string[])["head", "face"]);
        Assert.All(touches, t => Assert.Equal(("default", "koto"), (Text(t, "channel"), Text(t, "avatar"))));
        Assert.Equal((0, 0, 1), await PlaceAsync(page));
    }

    [Fact]
    public async Task Enter_taps_the_figure_that_has_the_keyboard()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var touches = await TouchesAsync(page);
        await Assertions.Expect(page.Page.Locator("#avatar")).ToHaveAttributeAsync("aria-label", "The character. Enter taps her, Shift and Enter let you place her.");
        await page.Page.Locator("#avatar").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.HoldsAsync($"() => {Figure}.emotion !== 'neutral'");
        Assert.Equal("tap", Text(Assert.Single(touches), "gesture"));
    }

    [Fact]
    public async Task A_press_on_the_figure_takes_the_keyboard_away_from_no_text()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await ReadyAsync(page);
        var (x, head, _) = await FigureAsync(page);
        await page.Page.Locator("#help-button").FocusAsync();
        await page.Page.Mouse.ClickAsync(x, head);
        Assert.Equal("help-button", await page.Page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [Fact]
    public async Task A_long_press_lets_the_user_place_it_and_the_place_is_kept()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await ReadyAsync(page);
        var (x, head, _) = await FigureAsync(page);

        await page.Page.Mouse.MoveAsync(x, head);
        await page.Page.Mouse.DownAsync();
        var line = page.Page.GetByTestId("arranging");
        await Assertions.Expect(line).ToBeVisibleAsync();
        await page.Page.Mouse.MoveAsync(x + 144, head - 72, new() { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        Assert.Equal((0.2, 0.1, 1), await PlaceAsync(page));

        await page.Page.Mouse.WheelAsync(0, -100);
        await page.HoldsAsync($"() => {Figure}.placement.scale > 1.1");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(line).ToBeHiddenAsync();
        var placed = await PlaceAsync(page);
        Assert.InRange(placed.Scale, 1.1, 1.2);

        await page.GotoAsync();
        await ReadyAsync(page);
        Assert.Equal(placed, await PlaceAsync(page));
        await page.Page.Locator("#avatar").FocusAsync();
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(line).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("0");
        Assert.Equal((0, 0, 1), await PlaceAsync(page));
    }

    [Fact]
    public async Task Alt_moves_and_scales_it_at_once()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var touches = await TouchesAsync(page);
        var (x, head, _) = await FigureAsync(page);
        await page.Page.Keyboard.DownAsync("Alt");
        await page.Page.Mouse.MoveAsync(x, head);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(x - 72, head, new() { Steps = 3 });
        await page.Page.Mouse.UpAsync();
        Assert.Equal((-0.1, 0, 1), await PlaceAsync(page));
        await page.Page.Mouse.WheelAsync(0, 100);
        await page.HoldsAsync($"() => {Figure}.placement.scale < 0.95");
        await page.Page.Keyboard.UpAsync("Alt");
        Assert.Empty(touches);
    }

    [Fact]
    public async Task The_address_says_where_it_stands_and_whether_there_are_subtitles()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, "?view=obs&x=0.25&y=-0.1&scale=1.5&subtitles=off");
        await page.HoldsAsync($"() => {Figure}.placement?.scale === 1.5");
        Assert.Equal((0.25, -0.1, 1.5), await PlaceAsync(page));
        await hub.Stage.SendLlmResponseAsync("not to be read", cancellationToken: TestContext.Current.CancellationToken);
        await page.HoldsAsync("() => window.kotodama.inspect().bubble.state === 'shown'");
        await Assertions.Expect(page.Bubble).ToBeHiddenAsync();

        await page.GotoAsync("?view=obs&subtitles=only");
        await hub.Stage.SendLlmResponseAsync("to be read", cancellationToken: TestContext.Current.CancellationToken);
        await page.ShownAsync("to be read");
        await Assertions.Expect(page.Bubble).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#avatar")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData("x=0.4")]
    [InlineData("x=0.8&scale=0.8")]
    [InlineData("x=-0.5")]
    [InlineData("x=-0.3&y=0.2&scale=0.7")]
    public async Task The_bubble_is_beside_the_mouth_wherever_the_character_stands(string place)
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, $"?view=obs&{place}");
        await page.HoldsAsync($"() => {Figure}.placement !== undefined && {Figure}.placement.x !== 0");
        await hub.Stage.SendLlmResponseAsync("The sea is calm tonight, and the kettle is on.", cancellationToken: TestContext.Current.CancellationToken);
        await page.ShownAsync("The sea is calm tonight, and the kettle is on.");
        var face = await page.Page.Locator("#avatar [data-area=face]").First.BoundingBoxAsync();
        var bubble = await page.Bubble.BoundingBoxAsync();
        Assert.NotNull(face);
        Assert.NotNull(bubble);
        Assert.True(bubble.X > face.X + face.Width || bubble.X + bubble.Width < face.X, $"The bubble, {bubble.X} to {bubble.X + bubble.Width}, covers the face, {face.X} to {face.X + face.Width}.");
        Assert.InRange(bubble.X, 0, page.Page.ViewportSize!.Width - bubble.Width);
        Assert.InRange(bubble.Y, 0, page.Page.ViewportSize.Height - bubble.Height);
    }

    [Fact]
    public async Task Another_drawn_character_takes_the_part_without_an_empty_moment()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(
            browser.Chromium,
            hub.Url,
            "?avatar=kitsu",
            initScript: """
                window.leastFigures = 9;
                addEventListener('DOMContentLoaded', () => {
                  const host = document.querySelector('#avatar');
                  const count = () => {
                    if (host.childElementCount > 0 || window.figureSeen) {
                      window.figureSeen = true;
                      window.leastFigures = Math.min(window.leastFigures, host.childElementCount);
                    }
                    requestAnimationFrame(count);
                  };
                  count();
                });
                """);
        await page.HoldsAsync($"() => {Figure}.name === 'kitsu'");
        await page.HoldsAsync("() => document.querySelector('#avatar').childElementCount === 1");
        Assert.Equal(1, await page.Page.EvaluateAsync<int>("() => window.leastFigures"));
    }

    [Fact]
    public async Task An_avatar_that_there_is_not_leaves_the_stage_to_the_one_before_and_is_told_in_words()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url, "?avatar=no-such-model", new() { Locale = "ja-JP" });
        page.Expected = complaint => complaint.Contains("404", StringComparison.Ordinal);
        var notice = page.Page.GetByTestId("figure-notice");
        await Assertions.Expect(notice).ToContainTextAsync("no-such-model");
        await Assertions.Expect(notice).ToContainTextAsync("アバター");
        Assert.Equal("koto", await page.Page.EvaluateAsync<string>($"() => {Figure}.name"));
        await notice.GetByRole(AriaRole.Button).Last.ClickAsync();
        await Assertions.Expect(notice).ToBeHiddenAsync();
    }

    private static Task ReadyAsync(TestPage page) => page.HoldsAsync($"() => {Figure}.name === 'koto'");

    /// <summary>Waits for the figure's part, and collects what the page tells of touches from then on.</summary>
    private static async Task<ConcurrentQueue<JsonElement>> TouchesAsync(TestPage page)
    {
        var touches = new ConcurrentQueue<JsonElement>();
        await ReadyAsync(page);
        await page.Page.ExposeFunctionAsync<string>("touchTold", data => touches.Enqueue(JsonDocument.Parse(data).RootElement));
        await page.Page.EvaluateAsync("""
            () => {
              const send = WebSocket.prototype.send;
              WebSocket.prototype.send = function (data) {
                if (typeof data === 'string' && data.includes('"type":"touch"')) window.touchTold(data);
                return send.call(this, data);
              };
            }
            """);
        return touches;
    }

    private static async Task<(float X, float Head, float Body)> FigureAsync(TestPage page)
    {
        var box = (await page.Page.Locator("#avatar").BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height * 0.25f), box.Y + (box.Height * 0.8f));
    }

    private static async Task StrokeAsync(IPage page, float x, float y)
    {
        await page.Mouse.MoveAsync(x - 40, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 40, y, new() { Steps = 10 });
        await page.Mouse.UpAsync();
    }

    private static async Task<(double X, double Y, double Scale)> PlaceAsync(TestPage page)
    {
        var place = (await page.InspectAsync()).GetProperty("avatar").GetProperty("placement");
        return (Number("x"), Number("y"), Number("scale"));

        double Number(string name) => Math.Round(place.GetProperty(name).GetDouble(), 4);
    }

    private static string Text(JsonElement message, string name) => message.GetProperty(name).GetString()!;
}
