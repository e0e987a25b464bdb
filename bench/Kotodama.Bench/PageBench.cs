using System.Diagnostics;
using Kotodama.Client;

namespace Kotodama.Bench;

/// <summary>How soon a message is visible, and what an idle page costs.</summary>
internal static class PageBench
{
    private const int Messages = 50;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    /// <summary>Notes, for each text of the bubble, when the frame that shows it is drawn: Unix time in ms, with fractions.</summary>
    private const string Watch = """
        () => {
          const bubble = document.querySelector('[data-testid=bubble]');
          window.shownAt = {};
          new MutationObserver(() => {
            const text = bubble.textContent.match(/message \d+/)?.[0];
            if (text && bubble.dataset.state === 'shown' && !(text in window.shownAt)) {
              window.shownAt[text] = null;
              requestAnimationFrame(() => { window.shownAt[text] = performance.timeOrigin + performance.now(); });
            }
          }).observe(bubble, { subtree: true, childList: true, characterData: true, attributes: true });
        }
        """;

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title("Page");
        using var server = PublishedServer.Start(folder);
        await using var browser = await PageBrowser.StartAsync();
        var page = await browser.OpenAsync(server.Page);
        await using var client = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
        await client.SendLlmResponseAsync("warm", cancellationToken: cancellationToken);
        await page.EvaluateAsync(Watch);
        var delays = new List<double>();
        for (var i = 0; i < Messages; i++)
        {
            var text = $"message {i}";
            var sent = TimeProvider.System.GetUtcNow();
            await client.SendLlmResponseAsync(text, TimeSpan.FromSeconds(3), cancellationToken: cancellationToken);
            await page.WaitForFunctionAsync("text => window.shownAt[text]", text);
            var shown = await page.EvaluateAsync<double>("text => window.shownAt[text]", text);
            delays.Add(shown - (sent - DateTimeOffset.UnixEpoch).TotalMilliseconds);
        }

        Figures.Spread("message sent to bubble drawn", delays, "ms");
        await client.StopAsync(cancellationToken: cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
        var (before, serverBefore, started) = (browser.ProcessorTime, server.ProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Idle, TimeProvider.System, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        Figures.Line("idle page, all Chromium processes", $"{(browser.ProcessorTime - before) / elapsed:0.0 %} of one core");
        Figures.Line("idle server with one page", $"{(server.ProcessorTime - serverBefore) / elapsed:0.00 %} of one core");
    }
}
