using System.Diagnostics;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Espeak;
using Microsoft.Playwright;

namespace Kotodama.Bench;

/// <summary>
/// Speech in a real page: when its audio thread makes the first sample and the last one, and what it costs. What a device adds is not in
/// it.
/// </summary>
internal static class SpeechPageBench
{
    private const int Replies = 50, WarmUp = 3, Stops = 20;

    private const string Sentence =
        "The rain had stopped before we reached the harbour, and the ships lay there as if they had never known the sea. ";

    /// <summary>A reply of a minute is over by then.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    public static async Task RunAsync(string folder, EspeakSynthesizer engine, CancellationToken cancellationToken)
    {
        Figures.Title("Speech in the page (espeak-ng, Chromium)");
        using var server = PublishedServer.Start(folder, ("KOTODAMA_VOICE", "espeak"));
        await using var client = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
        await using var browser = await PageBrowser.StartAsync();
        var page = await OpenAsync(browser, server, await EarAsync(cancellationToken));
        await FirstAsync(page, client, engine, cancellationToken);
        await StopAsync(page, client, cancellationToken);
        await page.CloseAsync();
        await LongAsync(await OpenAsync(browser, server, null), client, server, browser, cancellationToken);
    }

    /// <summary>What is to run before a page, so that it tells what is heard.</summary>
    public static async Task<string> EarAsync(CancellationToken cancellationToken)
    {
        await using var ear = typeof(SpeechPageBench).Assembly.GetManifestResourceStream("Ear.js")!;
        using var text = new StreamReader(ear);
        return await text.ReadToEndAsync(cancellationToken);
    }

    /// <summary>Opens the page and waits until it is the one that is heard.</summary>
    public static async Task<IPage> OpenAsync(PageBrowser browser, PublishedServer server, string? script)
    {
        var page = await browser.OpenAsync(server.Page, script);
        await page.WaitForFunctionAsync("() => { const { audible, voice } = window.kotodama.inspect().speech; return audible && voice; }");
        return page;
    }

    /// <summary>The clock of the page; milliseconds since 1970.</summary>
    public static double Now => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    private static async Task FirstAsync(IPage page, KotodamaClient client, EspeakSynthesizer engine, CancellationToken cancellationToken)
    {
        var (engines, arrived, sounded, reported) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = -WarmUp; i < Replies; i++)
        {
            var text = $"Number {i + WarmUp}.";
            var alone = await SpeechBench.EngineAsync(engine, text, cancellationToken);
            await page.EvaluateAsync("() => { ear.begins.length = ear.ends.length = ear.pieces.length = ear.reports.length = 0; }");
            var sent = Now;
            await client.SendLlmResponseAsync(text, TimeSpan.FromMilliseconds(100), cancellationToken: cancellationToken);
            await page.WaitForFunctionAsync("() => ear.ends.length > 0 && ear.reports.some(({ event }) => event === 'done')");
            if (i < 0)
                continue;
            engines.Add(alone);
            arrived.Add(await page.EvaluateAsync<double>("() => ear.pieces[0]") - sent);
            sounded.Add(await page.EvaluateAsync<double>("() => ear.begins[0]") - sent);
            reported.Add(await page.EvaluateAsync<double>("() => ear.reports.find(({ event }) => event === 'first').at") - sent);
        }

        Figures.Spread("beyond the engine: first piece in the script", arrived.Beyond(engines), "ms");
        Figures.Spread("beyond the engine: first sample in the graph", sounded.Beyond(engines), "ms");
        Figures.Spread("beyond the engine: the page reports `first`", reported.Beyond(engines), "ms");
    }

    private static async Task StopAsync(IPage page, KotodamaClient client, CancellationToken cancellationToken)
    {
        var silent = new List<double>();
        for (var i = 0; i < Stops; i++)
        {
            await page.EvaluateAsync("() => { ear.begins.length = ear.ends.length = 0; }");
            await client.SendLlmResponseAsync(Sentence, cancellationToken: cancellationToken);
            await page.WaitForFunctionAsync("() => window.kotodama.inspect().speech.position > 700");
            var sent = Now;
            await client.StopAsync(cancellationToken: cancellationToken);
            await page.WaitForFunctionAsync("() => ear.ends.length > 0");
            silent.Add(await page.EvaluateAsync<double>("() => ear.ends[0]") - sent);
        }

        Figures.Spread("`stop` sent to the last sample in the graph", silent, "ms");
    }

    private static async Task LongAsync(
        IPage page,
        KotodamaClient client,
        PublishedServer server,
        PageBrowser browser,
        CancellationToken cancellationToken)
    {
        await client.SendLlmResponseAsync(string.Concat(Enumerable.Repeat(Sentence, 10)), cancellationToken: cancellationToken);
        await page.WaitForFunctionAsync("() => window.kotodama.inspect().speech.state === 'speaking'");
        var (hub, pages, started) = (server.ProcessorTime, browser.ProcessorTime, Stopwatch.GetTimestamp());
        var limit = new PageWaitForFunctionOptions { Timeout = (float)Limit.TotalMilliseconds };
        await page.WaitForFunctionAsync("() => window.kotodama.inspect().speech.state === 'idle'", null, limit);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var (hubSpent, pagesSpent) = (server.ProcessorTime - hub, browser.ProcessorTime - pages);
        var underruns = await page.EvaluateAsync<int>("() => window.kotodama.inspect().speech.underruns");
        Figures.Line($"underruns in a reply of {elapsed.TotalSeconds:0} s", $"{underruns}");
        Figures.Line("speaking page, all Chromium processes", $"{pagesSpent / elapsed:0.0 %} of one core");
        Figures.Line("hub that speaks, espeak-ng included", $"{hubSpent / elapsed:0.00 %} of one core");
    }
}
