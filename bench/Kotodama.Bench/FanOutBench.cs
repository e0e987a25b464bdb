using System.Diagnostics;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Bench;

/// <summary>One publisher, many viewers.</summary>
internal static class FanOutBench
{
    private const int Viewers = 1000;
    private const int Messages = 100;
    private const int Rounds = 6;

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title($"Fan-out: {Viewers} viewers, {Messages} messages of 200 characters");
        using var server = PublishedServer.Start(folder);
        var viewers = new List<KotodamaClient>();
        try
        {
            for (var i = 0; i < Viewers; i++)
            {
                var options = new KotodamaClientOptions { Role = PeerRole.Viewer };
                viewers.Add(await KotodamaClient.ConnectAsync(server.Socket, options, cancellationToken));
            }

            await using var publisher = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
            for (var round = 0; round < Rounds; round++)
                await RoundAsync(round, server, viewers, publisher, cancellationToken);
            Figures.Line("resident memory afterwards", $"{server.ResidentMiB:0} MiB");
        }
        finally
        {
            foreach (var viewer in viewers)
                await viewer.DisposeAsync();
        }
    }

    private static async Task RoundAsync(
        int round,
        PublishedServer server,
        List<KotodamaClient> viewers,
        KotodamaClient publisher,
        CancellationToken cancellationToken)
    {
        var text = new string('a', 200);
        var reading = viewers.Select(viewer => ReadAsync(viewer, cancellationToken)).ToArray();
        var (processor, started) = (server.ProcessorTime, Stopwatch.GetTimestamp());
        for (var i = 0; i < Messages; i++)
            await publisher.SendLlmResponseAsync(text, cancellationToken: cancellationToken);
        var missing = (await Task.WhenAll(reading)).Sum();
        var (elapsed, spent) = (Stopwatch.GetElapsedTime(started), server.ProcessorTime - processor);
        var deliveries = Viewers * Messages;
        var rate = $"{deliveries / elapsed.TotalSeconds,9:0} deliveries/s";
        var cost = $"server {spent.TotalMicroseconds / deliveries:0.0} us each";
        Figures.Line(round == 0 ? "round 0 (warm-up)" : $"round {round}", $"{rate}, {cost}, {missing} missing or out of order");
    }

    /// <summary>How many messages of a round are missing or out of order.</summary>
    private static async Task<int> ReadAsync(KotodamaClient viewer, CancellationToken cancellationToken)
    {
        var wrong = 0;
        long? last = null;
        for (var i = 0; i < Messages; i++)
        {
            var message = await viewer.Incoming.ReadAsync(cancellationToken);
            if (message is not LlmResponseMessage { Seq: { } seq } || (last is not null && seq != last + 1))
                wrong++;
            else
                last = seq;
        }

        return wrong;
    }
}
