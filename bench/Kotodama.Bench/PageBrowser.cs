using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace Kotodama.Bench;

/// <summary>A headless Chromium. CHROMIUM names another executable than the system's.</summary>
internal sealed class PageBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly HashSet<int> _before;

    private PageBrowser(IPlaywright playwright, IBrowser browser, HashSet<int> before) =>
        (_playwright, _browser, _before) = (playwright, browser, before);

    /// <param name="more">Arguments of Chromium.</param>
    public static async Task<PageBrowser> StartAsync(params string[] more)
    {
        var before = Processes().Select(p => p.Id).ToHashSet();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-quic", "--autoplay-policy=no-user-gesture-required", .. more,
            ],
        });
        return new PageBrowser(playwright, browser, before);
    }

    /// <summary>Opens the page and waits until it is connected.</summary>
    /// <param name="address">The page.</param>
    /// <param name="script">What runs before it; it may load more from where the page itself must not.</param>
    public async Task<IPage> OpenAsync(Uri address, string? script = null)
    {
        var page = await _browser.NewPageAsync(new()
        {
            ViewportSize = new() { Width = 1280, Height = 720 },
            BypassCSP = script is not null,
        });
        if (script is not null)
            await page.AddInitScriptAsync(script);
        await page.GotoAsync(address.ToString());
        await Assertions.Expect(page.GetByTestId("connection")).ToHaveAttributeAsync("data-state", "open");
        return page;
    }

    /// <summary>The processor time of all processes of this browser.</summary>
    public TimeSpan ProcessorTime =>
        Processes().Where(p => !_before.Contains(p.Id)).Aggregate(TimeSpan.Zero, (sum, p) => sum + p.TotalProcessorTime);

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static IEnumerable<Process> Processes() =>
        Process.GetProcesses().Where(p => p.ProcessName.StartsWith("chrom", true, CultureInfo.InvariantCulture));
}
