namespace Kotodama.EndToEnd.Browser;

/// <summary>The bubble under the pointer of a user who reads.</summary>
[Collection(BrowserTests.Name)]
public sealed class BubblePageTests(BrowserFixture browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pointer_that_rests_on_the_bubble_holds_whatever_reply_comes_there()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.Stage.SendLlmResponseAsync("The first one", TimeSpan.FromMinutes(1), cancellationToken: Token);
        await page.ShownAsync("The first one");
        var box = (await page.Bubble.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await page.HoldsAsync("() => window.kotodama.inspect().bubble.held");
        var gate = new TaskCompletionSource();
        var saying = hub.Stage.SayAsync(Pieces(), cancellationToken: Token);
        await page.ShownAsync("Another one");
        await page.HoldsAsync("() => window.kotodama.inspect().bubble.held && window.kotodama.inspect().bubble.streaming");
        gate.SetResult();
        await saying;
        await page.ShownAsync("Another one that has grown");
        await hub.Stage.SendLlmResponseAsync("Short", TimeSpan.FromSeconds(1), cancellationToken: Token);
        await page.ShownAsync("Short");
        await page.HoldsAsync("() => { const { held, until } = window.kotodama.inspect().bubble; return held && Date.now() > until + 500; }");
        await page.ShownAsync("Short");
        await page.Page.Mouse.MoveAsync(5, 700);
        await page.HiddenAsync();

        async IAsyncEnumerable<string> Pieces()
        {
            yield return "Another one";
            await gate.Task;
            yield return " that has grown";
        }
    }
}
