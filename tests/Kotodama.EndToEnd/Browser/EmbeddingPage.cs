using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Kotodama.EndToEnd.Browser;

/// <summary>A page of another site with <c>&lt;kotodama-stage&gt;</c> in it, in a fresh browser context.</summary>
internal sealed class EmbeddingPage : IAsyncDisposable
{
    /// <summary>Notes the sockets that the page opens and the messages that its elements tell of.</summary>
    private const string Notes = """
        window.sockets = [];
        window.messages = [];
        window.WebSocket = class extends WebSocket { constructor(...given) { super(...given); window.sockets.push(this); } };
        addEventListener('kotodama-message', ({ detail }) => window.messages.push(detail));
        """;

    private readonly IBrowserContext _context;

    private EmbeddingPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) => (message.Type switch
        {
            "error" => Complaints,
            "warning" => Warnings,
            _ => [],
        }).Enqueue(message.Text);
        page.PageError += (_, error) => PageErrors.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>What was written to the console as a warning.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

    /// <summary>What was thrown and not caught.</summary>
    public ConcurrentQueue<string> PageErrors { get; } = new();

    /// <summary>The same, and errors in the console that are not the browser's own about a policy of the page or a hub that is not there.</summary>
    public IEnumerable<string> Errors => [.. PageErrors, .. Complaints.Where(text => !IsBrowsers(text))];

    private ConcurrentQueue<string> Complaints { get; } = new();

    public static async Task<EmbeddingPage> OpenAsync(IBrowser browser, Uri url, BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.Locale ??= "en-US";
        options.ViewportSize ??= new() { Width = 1280, Height = 720 };
        var context = await browser.NewContextAsync(options);
        await context.AddInitScriptAsync(Notes);
        var page = new EmbeddingPage(context, await context.NewPageAsync());
        await page.Page.GotoAsync(url.ToString());
        return page;
    }

    public ILocator Stage(int number = 0) => Page.Locator("kotodama-stage").Nth(number);

    public ILocator Bubble(int number = 0) => Stage(number).GetByTestId("bubble");

    public ILocator Card(int number = 0) => Stage(number).GetByTestId("card");

    public Task OpenedAsync(int number = 0) => Page.WaitForFunctionAsync(
        "number => document.querySelectorAll('kotodama-stage')[number]?.state?.state === 'open'",
        number,
        new() { Timeout = 15_000 });

    public Task ShownAsync(string text, int number = 0) => Task.WhenAll(
        Expect(Bubble(number)).ToHaveAttributeAsync("data-state", "shown"),
        Expect(Bubble(number)).ToContainTextAsync(text));

    /// <summary>Nothing was thrown, nothing stands in the console.</summary>
    public void AssertCalm()
    {
        Assert.Empty(PageErrors);
        Assert.Empty(Complaints);
        Assert.Empty(Warnings);
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private static bool IsBrowsers(string text) =>
        text.Contains("Content Security Policy", StringComparison.Ordinal) || text.Contains("WebSocket connection to", StringComparison.Ordinal)
        || text.Contains("Failed to load resource", StringComparison.Ordinal);
}
