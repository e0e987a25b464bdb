using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>
/// The page in a fresh browser context. When it ends it proves that nothing was written to the console as an error, nothing threw and no
/// request left the host.
/// </summary>
internal sealed class TestPage : IAsyncDisposable
{
    /// <summary>Listens to what a page plays; see <c>Ears/ears.js</c>.</summary>
    public static readonly string Ears = $"window.earSource = {JsonSerializer.Serialize(EarsFile("ear.js"))};\n{EarsFile("ears.js")}";

    private readonly IBrowserContext _context;
    private readonly Uri _hub;
    private readonly ConcurrentQueue<string> _complaints = new();

    private TestPage(IBrowserContext context, IPage page, Uri hub)
    {
        _context = context;
        _hub = hub;
        Page = page;
        page.Console += (_, message) => Complain(message.Type == "error", $"console: {message.Text}");
        page.PageError += (_, error) => Complain(true, $"error: {error}");
        page.Request += (_, request) => Complain(new Uri(request.Url).Authority != hub.Authority && !request.Url.StartsWith("blob:", StringComparison.Ordinal), $"request: {request.Url}");
    }

    public IPage Page { get; }

    public ILocator Bubble => Page.GetByTestId("bubble");

    public ILocator Status => Page.GetByTestId("status");

    public ILocator Connection => Page.GetByTestId("connection");

    public ILocator History => Page.GetByTestId("history");

    /// <summary>Complaints that the test expects, for example of a lost connection.</summary>
    public Func<string, bool> Expected { get; set; } = _ => false;

    public static async Task<TestPage> OpenAsync(IBrowser browser, Uri hub, string path = "", BrowserNewContextOptions? options = null, string? initScript = null)
    {
        options ??= new();
        options.Locale ??= "en-US";

        // The listener is code that is not the page's own.
        options.BypassCSP ??= initScript is not null;
        options.ViewportSize ??= new() { Width = 1280, Height = 720 };
        var context = await browser.NewContextAsync(options);
        if (initScript is not null)
            await context.AddInitScriptAsync(initScript);
        var page = new TestPage(context, await context.NewPageAsync(), hub);
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>Another tab of the same browser, with the same storage.</summary>
    public async Task<TestPage> AnotherAsync()
    {
        var page = new TestPage(_context, await _context.NewPageAsync(), _hub);
        await page.GotoAsync();
        return page;
    }

    public async Task GotoAsync(string path = "")
    {
        await Page.GotoAsync(new Uri(_hub, path).ToString());
        await OpenedAsync();
    }

    public Task OpenedAsync() => Assertions.Expect(Connection).ToHaveAttributeAsync("data-state", "open", new() { Timeout = 15_000 });

    public Task ShownAsync(string text) => Task.WhenAll(
        Assertions.Expect(Bubble).ToHaveAttributeAsync("data-state", "shown"),
        Assertions.Expect(Bubble).ToContainTextAsync(text));

    public Task HiddenAsync() => Assertions.Expect(Bubble).ToHaveAttributeAsync("data-state", "hidden", new() { Timeout = 10_000 });

    /// <summary>What <c>window.kotodama.inspect()</c> says.</summary>
    public async Task<JsonElement> InspectAsync() => (await Page.EvaluateAsync("() => window.kotodama.inspect()"))!.Value;

    public async Task<double> ParameterAsync(string id) => (await InspectAsync()).GetProperty("avatar").GetProperty("parameters").GetProperty(id).GetDouble();

    /// <summary>Waits until a JavaScript expression holds.</summary>
    public Task HoldsAsync(string expression) => Page.WaitForFunctionAsync(expression, null, new() { Timeout = 15_000 });

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.DoesNotContain(_complaints, c => !Expected(c));
    }

    private static string EarsFile(string name) => File.ReadAllText(Repository.PathOf("tests", "Kotodama.EndToEnd", "Browser", "Ears", name));

    private void Complain(bool isOne, string text)
    {
        if (isOne)
            _complaints.Enqueue(text);
    }
}
