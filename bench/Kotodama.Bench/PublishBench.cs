using System.Diagnostics;
using System.Net.WebSockets;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Bench;

/// <summary>How fast messages are stored and acknowledged, and how soon pages are back after the hub was killed.</summary>
internal static class PublishBench
{
    private const int InFlight = 64, Total = 20_000, OneByOne = 1_000;

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title("Durable publish (on the disk when the receipt comes)");
        using var server = PublishedServer.Start(folder);
        await using var client = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
        for (var round = 0; round < 3; round++)
        {
            var started = Stopwatch.GetTimestamp();
            var next = 0;
            await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
            {
                while (Interlocked.Increment(ref next) <= Total)
                    await client.SendStatusAsync("a status of forty characters, more or less", cancellationToken: cancellationToken);
            }));
            var rate = Total / Stopwatch.GetElapsedTime(started).TotalSeconds;
            Figures.Line(round == 0 ? $"{InFlight} in flight (warm-up)" : $"{InFlight} in flight", $"{rate:0} messages/s");
        }

        var times = new List<double>();
        for (var i = 0; i < OneByOne; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var receipt = await client.SendStatusAsync("one at a time", cancellationToken: cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (receipt.Durable != true)
                throw new InvalidOperationException("The receipt says that the message is not on the disk.");
        }

        Figures.Spread("one at a time, send to receipt", times, "ms");
        await CatchUpAsync(server, cancellationToken);
    }

    /// <summary>A thousand viewers are dropped at once and must have what they missed.</summary>
    private static async Task CatchUpAsync(PublishedServer server, CancellationToken cancellationToken)
    {
        const int Viewers = 1000, Missed = 20;
        var options = new KotodamaClientOptions { Channels = ["storm"] };
        await using var client = await KotodamaClient.ConnectAsync(server.Socket, options, cancellationToken);
        var first = await client.SendStatusAsync("first", cancellationToken: cancellationToken);
        for (var i = 0; i < Missed; i++)
            await client.PublishAsync(new StatusMessage { Content = "missed", Ttl = 600_000 }, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Viewers).Select(async _ =>
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(server.Socket, cancellationToken);
            var position = new ChannelPosition(first.Epoch!, first.Seq!.Value);
            var hello = new HelloMessage
            {
                Role = PeerRole.Viewer,
                Channels = ["storm"],
                Resume = new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { ["storm"] = position },
            };
            await socket.SendAsync(MessageCodec.Write(hello), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            var buffer = new byte[8192];
            for (var got = 0; got < Missed;)
            {
                var part = await socket.ReceiveAsync(buffer, cancellationToken);
                if (part.EndOfMessage && MessageCodec.Read(buffer.AsMemory(0, part.Count)).Message is StatusMessage)
                    got++;
            }

            socket.Abort();
        }));
        var passed = Stopwatch.GetElapsedTime(started);
        Figures.Line($"{Viewers} viewers back at once, {Missed} missed each", $"{passed.TotalSeconds:0.0} s until all have all");
    }
}
