using System.Diagnostics;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Bench;

/// <summary>How soon a reply is heard, beyond what its engine takes; how soon there is silence; what speaking costs.</summary>
internal static class SpeechBench
{
    private const int Speeches = 200, WarmUp = 20, More = 2000;

    /// <summary>Between two speeches, so that one does not wait for the end of the other.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        await using var engine = new EspeakSynthesizer(new EspeakOptions(), TimeProvider.System);
        await SocketAsync(folder, engine, cancellationToken);
        await SpeechPageBench.RunAsync(folder, engine, cancellationToken);
        await SlowEngineBench.RunAsync(folder, cancellationToken);
    }

    /// <summary>Milliseconds until an engine, asked directly, gives its first sound.</summary>
    public static async Task<double> EngineAsync(EspeakSynthesizer engine, string text, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await foreach (var chunk in engine.SynthesizeAsync(new SpeechRequest(text, "en"), cancellationToken))
            if (chunk is SpeechSoundChunk)
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        throw new InvalidOperationException("espeak-ng made no sound.");
    }

    private static async Task SocketAsync(string folder, EspeakSynthesizer engine, CancellationToken cancellationToken)
    {
        Figures.Title("Speech: from the text to the first sound on the socket (espeak-ng)");
        using var server = PublishedServer.Start(folder, ("KOTODAMA_VOICE", "espeak"));
        await using var client = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
        await using var page = await ScriptedPage.OpenAsync(server.Socket, TimeSpan.Zero, cancellationToken);
        var stored = new List<double>();
        await RoundAsync(WarmUp, "", WholeAsync);
        await RoundAsync(WarmUp, "", StreamedAsync);
        stored.Clear();
        var before = server.ResidentMiB;
        await RoundAsync(Speeches, "reply", WholeAsync);
        Figures.Spread("of it, sent to receipt: it is on the disk", stored, "ms");
        var between = server.ResidentMiB;
        await RoundAsync(Speeches, "streamed reply", StreamedAsync);
        var after = server.ResidentMiB;
        for (var i = 0; i < More; i++)
            await WholeAsync(i);
        Figures.Line(
            "resident memory of the hub",
            $"{before:0} MiB before, {between:0} after {Speeches} speeches, {after:0} after {2 * Speeches}, "
            + $"{server.ResidentMiB:0} after {(2 * Speeches) + More}");

        async Task RoundAsync(int count, string what, Func<int, Task<double>> speakAsync)
        {
            var (engines, totals) = (new List<double>(), new List<double>());
            for (var i = 0; i < count; i++)
            {
                engines.Add(await EngineAsync(engine, Text(i), cancellationToken));
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                totals.Add(await speakAsync(i));
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }

            if (what.Length == 0)
                return;
            Figures.Spread("the engine alone", engines, "ms");
            Figures.Spread($"{what}: beyond the engine", totals.Beyond(engines), "ms");
        }

        async Task<double> WholeAsync(int number)
        {
            var speech = page.Expect();
            var sent = Stopwatch.GetTimestamp();
            await client.SendLlmResponseAsync(Text(number), cancellationToken: cancellationToken);
            stored.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            return await EndAsync(speech, sent);
        }

        // What follows the full stop tells that it is the end of a clause.
        async Task<double> StreamedAsync(int number)
        {
            var id = $"streamed-{number}-{Guid.NewGuid():N}";
            var speech = page.Expect();
            var begin = new LlmDeltaMessage { Id = id, Part = 0, Content = Text(number)[..^1], Receipt = ReceiptLevel.None };
            await client.PublishAsync(begin, cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            var sent = Stopwatch.GetTimestamp();
            var end = new LlmDeltaMessage { Id = id, Part = 1, Content = ". And", Receipt = ReceiptLevel.None };
            await client.PublishAsync(end, cancellationToken);
            await speech.First.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
            await client.PublishAsync(new LlmResponseMessage { Id = id, Content = Text(number) + " And so on." }, cancellationToken);
            return await EndAsync(speech, sent);
        }

        async Task<double> EndAsync(ScriptedPage.Speech speech, long sent)
        {
            await speech.Over.Task.WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System, cancellationToken);
            return Stopwatch.GetElapsedTime(sent, await speech.First.Task).TotalMilliseconds;
        }
    }

    private static string Text(int number) => $"This is the number {number} of all.";
}
