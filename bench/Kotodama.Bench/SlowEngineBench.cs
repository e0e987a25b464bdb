using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Kotodama.Client;

namespace Kotodama.Bench;

/// <summary>A long sentence from an engine that is only some times faster than speech: what is heard when.</summary>
internal static class SlowEngineBench
{
    private const int Rounds = 5;

    private const string Sentence =
        "When the rain had stopped at last, and the lanterns along the harbour were lit one after the other, she took the letter out of "
        + "her coat and read it again from the beginning, slowly, as if it were written in a language that she had known as a child.";

    /// <summary>The page begins when it has so much.</summary>
    private static readonly TimeSpan Cushion = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title(
            $"Speech of an engine that makes {SlowEngine.Factor} s of sound in a second, a sentence of {Sentence.Length} characters");
        await using var engine = SlowEngine.Start();
        using var server = PublishedServer.Start(
            folder,
            ("KOTODAMA_VOICE", "openai"),
            ("Kotodama__Voice__OpenAi__Address", engine.Address.ToString()),
            ("Kotodama__Voice__OpenAi__Rate", $"{SlowEngine.Rate}"));
        await using var client = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
        await using var page = await ScriptedPage.OpenAsync(server.Socket, Cushion, cancellationToken);
        var (whole, streamed) = (new List<double>(), new List<double>());
        for (var i = 0; i <= Rounds; i++)
        {
            var speech = page.Expect();
            var sent = Stopwatch.GetTimestamp();
            await client.SendLlmResponseAsync(Sentence, cancellationToken: cancellationToken);
            await speech.Over.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellationToken);
            var ours = Stopwatch.GetElapsedTime(sent, await speech.First.Task).TotalMilliseconds;
            var others = await WholeAsync(engine, cancellationToken);
            if (i == 0)
                continue;
            streamed.Add(ours);
            whole.Add(others);
        }

        Figures.Spread("the whole sentence in one message, base64", whole, "ms");
        Figures.Spread("Kotodama: clauses, streamed", streamed, "ms");
    }

    /// <summary>As others do it: the sound of the whole sentence is made first and then sent as one message of JSON.</summary>
    private static async Task<double> WholeAsync(SlowEngine engine, CancellationToken cancellationToken)
    {
        var (backend, page) = await engine.ConnectAsync(cancellationToken);
        using (backend)
        using (page)
        {
            using var http = new HttpClient();
            var sent = Stopwatch.GetTimestamp();
            var wish = new StringContent(JsonSerializer.Serialize(new { input = Sentence }));
            using var answer = await http.PostAsync(new Uri(engine.Address, "audio/speech"), wish, cancellationToken);
            var audio = Convert.ToBase64String(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            var message = JsonSerializer.SerializeToUtf8Bytes(new { type = "audio", audio });
            var sending = backend.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            var buffer = new byte[message.Length];
            var count = 0;
            while (true)
            {
                var part = await page.ReceiveAsync(buffer.AsMemory(count), cancellationToken);
                count += part.Count;
                if (part.EndOfMessage)
                    break;
            }

            using var received = JsonDocument.Parse(buffer.AsMemory(0, count));
            _ = received.RootElement.GetProperty("audio").GetBytesFromBase64();
            await sending;
            return Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        }
    }
}
