using Kotodama.Client;
using Kotodama.Protocol;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>F3 of the fault matrix in a real browser: whatever happens to page and hub, each reply is seen once.</summary>
[Collection(BrowserTests.Name)]
public sealed class DeliveryPageTests(BrowserFixture browser) : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-data-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_reload_in_the_middle_of_a_reply_keeps_it_in_the_history_and_does_not_say_it_again()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await SayAsync(hub.Stage, "first");
        await page.ShownAsync("first");
        await page.GotoAsync();
        Assert.Equal(["first"], await HistoryAsync(page.Page));
        Assert.Equal("hidden", await page.Bubble.GetAttributeAsync("data-state"));
        await SayAsync(hub.Stage, "second");
        await page.ShownAsync("second");
        Assert.Equal(["second"], await ArrivedAsync(page.Page));
        Assert.Equal(["first", "second"], await HistoryAsync(page.Page));
    }

    [Fact]
    public async Task A_reload_in_the_middle_of_a_stream_ends_with_the_whole_reply_once()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await hub.Stage.PublishAsync(new LlmDeltaMessage { Id = "s", Part = 0, Content = "Once " }, Token);
        await hub.Stage.PublishAsync(new LlmDeltaMessage { Id = "s", Part = 1, Content = "upon " }, Token);
        await page.ShownAsync("Once upon");
        await page.GotoAsync();
        await hub.Stage.PublishAsync(new LlmDeltaMessage { Id = "s", Part = 2, Content = "a " }, Token);
        await page.ShownAsync("a");
        await SayAsync(hub.Stage, "Once upon a time", "s");
        await page.ShownAsync("Once upon a time");
        Assert.Equal(["Once upon a time"], await HistoryAsync(page.Page));
    }

    [Fact]
    public async Task Replies_around_a_restart_of_the_hub_are_seen_once_each()
    {
        var hub = await StartAsync(0);
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        page.Expected = IsLost;
        await SayAsync(hub.Stage, "one");
        await page.ShownAsync("one");
        var port = hub.Url.Port;
        await SayAsync(hub.Stage, "two");
        await hub.DisposeAsync();
        await Assertions.Expect(page.Connection).Not.ToHaveAttributeAsync("data-state", "open");
        await using var again = await StartAsync(port);
        Assert.Equal(3, (await SayAsync(again.Stage, "three")).Seq);
        await page.OpenedAsync();
        await page.ShownAsync("three");
        await SayAsync(again.Stage, "four");
        await page.ShownAsync("four");
        Assert.Equal(["one", "two", "three", "four"], await ArrivedAsync(page.Page));
        Assert.Equal(["one", "two", "three", "four"], await HistoryAsync(page.Page));
        await page.GotoAsync();
        Assert.Equal(["one", "two", "three", "four"], await HistoryAsync(page.Page));
        Assert.Empty(await ArrivedAsync(page.Page));
    }

    [Fact]
    public async Task Two_tabs_both_show_a_reply_once_and_both_are_counted()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        var other = await page.Page.Context.NewPageAsync();
        await other.GotoAsync(hub.Url.ToString());
        await Assertions.Expect(other.GetByTestId("connection")).ToHaveAttributeAsync("data-state", "open");
        await using var sender = await hub.ClientAsync();
        foreach (var text in new[] { "one", "two" })
        {
            var receipt = await SendAsync(sender, text);
            Assert.Equal((ReceiptStatus.Done, 2, 2), (receipt.Status, receipt.Counts!.Sent, receipt.Counts.Displayed));
        }

        foreach (var tab in new[] { page.Page, other })
        {
            await Assertions.Expect(tab.GetByTestId("bubble")).ToContainTextAsync("two");
            Assert.Equal(["one", "two"], await ArrivedAsync(tab));
            Assert.Equal(["one", "two"], await HistoryAsync(tab));
        }
    }

    [Fact]
    public async Task A_duplicated_tab_and_the_first_one_both_go_on()
    {
        await using var hub = await TestHub.StartAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await SayAsync(hub.Stage, "before");
        await page.ShownAsync("before");

        // A window opened by the page is given a copy of its session storage, as a duplicated tab is.
        var other = await page.Page.RunAndWaitForPopupAsync(() => page.Page.EvaluateAsync("() => void window.open(location.href)"));
        await Limits.UntilAsync(() => Viewers(hub).Length == 2, "both pages to be there");
        foreach (var tab in new[] { page.Page, other })
            await Assertions.Expect(tab.GetByTestId("connection")).ToHaveAttributeAsync("data-state", "open");
        await using var sender = await hub.ClientAsync();
        var receipt = await SendAsync(sender, "after");
        Assert.Equal((ReceiptStatus.Done, new ReceiptCounts(2, 2, 2, 0)), (receipt.Status, receipt.Counts));
        foreach (var tab in new[] { page.Page, other })
            Assert.Equal(["before", "after"], await HistoryAsync(tab));
        var viewers = Viewers(hub);
        await page.GotoAsync();
        await Limits.UntilAsync(() => Viewers(hub).Length == 2, "the reloaded page to be there again");
        Assert.Equal(viewers, Viewers(hub));

        static string[] Viewers(TestHub hub) =>
            [.. hub.Hub.Channels.Single().Subscriptions.Select(s => s.Viewer.Identity).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task A_page_that_was_offline_catches_up_when_it_is_back()
    {
        await using var hub = await TestHub.StartAsync();
        await using var proxy = new FaultProxy(hub.Url);
        await using var page = await TestPage.OpenAsync(browser.Chromium, new UriBuilder(proxy.Socket) { Scheme = "http" }.Uri);
        page.Expected = IsLost;
        await SayAsync(hub.Stage, "before");
        await page.ShownAsync("before");

        // Being offline keeps a page from connecting; the connection that it has ends with the network.
        await page.Page.Context.SetOfflineAsync(true);
        proxy.Drop();
        await Assertions.Expect(page.Connection).Not.ToHaveAttributeAsync("data-state", "open");
        Assert.Equal(0, (await SayAsync(hub.Stage, "meanwhile")).Pages);
        Assert.Equal(0, (await SayAsync(hub.Stage, "just now")).Pages);
        await page.Page.Context.SetOfflineAsync(false);
        await page.OpenedAsync();
        await page.ShownAsync("just now");
        await SayAsync(hub.Stage, "after");
        await page.ShownAsync("after");
        Assert.Equal(["before", "meanwhile", "just now", "after"], await ArrivedAsync(page.Page));
        Assert.Equal(["before", "meanwhile", "just now", "after"], await HistoryAsync(page.Page));
    }

    [Fact]
    public async Task A_reply_from_before_any_page_was_open_appears_when_one_opens()
    {
        await using var hub = await TestHub.StartAsync();
        await using var sender = await hub.ClientAsync();
        var sending = SendAsync(sender, "early");
        await Limits.UntilAsync(() => hub.Hub.Top(ChannelName.Default) == 1, "the reply to be stored");
        Assert.False(sending.IsCompleted);
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await page.ShownAsync("early");
        Assert.Equal(ReceiptStatus.Done, (await sending.InTime("the word that it is displayed")).Status);
        await using var later = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        await SayAsync(hub.Stage, "next");
        await later.ShownAsync("next");
        await Assertions.Expect(later.History).ToContainTextAsync("early");
        Assert.Equal(["next"], await ArrivedAsync(later.Page));
        Assert.Equal(["early", "next"], await HistoryAsync(later.Page));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_closed_page_missed_is_shown_newest_first_in_the_bubble_and_its_senders_hear_of_it(bool sameTab)
    {
        await using var hub = await TestHub.StartAsync();
        await using var sender = await hub.ClientAsync();
        await using var page = await TestPage.OpenAsync(browser.Chromium, hub.Url);
        page.Expected = complaint => complaint.Contains("about:blank", StringComparison.Ordinal);
        await SendAsync(sender, "seen");
        await page.Page.GotoAsync("about:blank");
        await Limits.UntilAsync(() => hub.Hub.Connections.Count() == 1, "the page to be gone");
        var missed = new List<Task<ReceiptMessage>>();
        foreach (var text in new[] { "one", "two", "three" })
        {
            var top = hub.Hub.Top(ChannelName.Default);
            missed.Add(SendAsync(sender, text));
            await Limits.UntilAsync(() => hub.Hub.Top(ChannelName.Default) > top, "the reply to be stored");
        }

        await using var fresh = sameTab ? null : await TestPage.OpenAsync(browser.Chromium, hub.Url);
        if (sameTab)
            await page.GotoAsync();
        var back = fresh ?? page;
        await back.ShownAsync("three");
        foreach (var receipt in await Task.WhenAll(missed).InTime("the last words"))
            Assert.Equal((ReceiptStatus.Done, 1, 1), (receipt.Status, receipt.Counts!.Sent, receipt.Counts.Displayed));
        Assert.Equal(["one", "two", "three"], await ArrivedAsync(back.Page));
        await Assertions.Expect(back.History).ToContainTextAsync("seen");
        Assert.Equal(["seen", "one", "two", "three"], await HistoryAsync(back.Page));
    }

    private Task<TestHub> StartAsync(int port) => TestHub.StartAsync(o => o.DataFolder = _data, port: port);

    private static Task<ReceiptMessage> SayAsync(Stage stage, string text, string? id = null) =>
        stage.PublishAsync(new LlmResponseMessage { Id = id ?? text.Replace(' ', '-'), Content = text, Duration = 120_000 }, Token);

    private static Task<ReceiptMessage> SendAsync(KotodamaClient sender, string text) =>
        sender.PublishAsync(new LlmResponseMessage { Id = text, Content = text, Duration = 120_000, Receipt = ReceiptLevel.Displayed }, Token);

    private static bool IsLost(string complaint) => complaint.Contains("WebSocket", StringComparison.Ordinal) || complaint.Contains("ERR_", StringComparison.Ordinal);

    /// <summary>The replies in the history panel, oldest first.</summary>
    private static async Task<string[]> HistoryAsync(IPage page) => await TextsAsync(page, "history", "text");

    /// <summary>The ids of the kept messages that have arrived since the page was loaded.</summary>
    private static async Task<string[]> ArrivedAsync(IPage page) => [.. (await TextsAsync(page, "messages", "id")).Select(id => id.Replace('-', ' '))];

    private static async Task<string[]> TextsAsync(IPage page, string list, string field) =>
        [.. (await page.EvaluateAsync("() => window.kotodama.inspect()"))!.Value.GetProperty(list).EnumerateArray().Select(e => e.GetProperty(field).GetString()!)];
}
