using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Bench;

/// <summary>F7 of the fault matrix: what a page that takes a byte a second costs the others.</summary>
internal static class SlowPageBench
{
    private const int Good = 99, Messages = 150, Rounds = 3;

    /// <summary>Below what the hub takes from one publisher.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(70);

    private static readonly string Filling = new('x', 16_000);

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title($"{Good} viewers and a slow one, messages of 16 kB");
        using var server = PublishedServer.Start(folder);
        var viewers = new List<KotodamaClient>();
        try
        {
            for (var i = 0; i < Good; i++)
            {
                var options = new KotodamaClientOptions { Role = PeerRole.Viewer };
                viewers.Add(await KotodamaClient.ConnectAsync(server.Socket, options, cancellationToken));
            }

            await using var publisher = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
            await RoundAsync(viewers, publisher, cancellationToken);
            var (without, with) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                without.AddRange(await RoundAsync(viewers, publisher, cancellationToken));
                using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var slow = CrawlAsync(server.Socket, end.Token);
                with.AddRange(await RoundAsync(viewers, publisher, cancellationToken));
                await end.CancelAsync();
                Figures.Line($"round {round}, times that the slow one came", $"{await slow}");
            }

            Figures.Spread("without the slow one", without, "ms");
            Figures.Spread("with it", with, "ms");
            var (before, after) = (without.Order().ToArray().Percentile(0.99), with.Order().ToArray().Percentile(0.99));
            Figures.Line("p99 of the others", $"{before:0.0} ms without, {after:0.0} ms with: {after / before:0.00} times");
        }
        finally
        {
            foreach (var viewer in viewers)
                await viewer.DisposeAsync();
        }
    }

    /// <summary>How late each message was at each viewer, in ms.</summary>
    private static async Task<IEnumerable<double>> RoundAsync(
        List<KotodamaClient> viewers,
        KotodamaClient publisher,
        CancellationToken cancellationToken)
    {
        var sent = new long[Messages];
        var reading = viewers.Select(ReadAsync).ToArray();
        using var pace = new PeriodicTimer(Pace);
        for (var i = 0; i < Messages; i++)
        {
            await pace.WaitForNextTickAsync(cancellationToken);
            sent[i] = Stopwatch.GetTimestamp();
            await publisher.SendStatusAsync($"{i} {Filling}", cancellationToken: cancellationToken);
        }

        return (await Task.WhenAll(reading)).SelectMany(late => late);

        async Task<List<double>> ReadAsync(KotodamaClient viewer)
        {
            var late = new List<double>();
            while (late.Count < Messages && await viewer.Incoming.ReadAsync(cancellationToken) is StatusMessage status)
            {
                var end = status.Content.IndexOf(' ', StringComparison.Ordinal);
                var number = int.Parse(status.Content.AsSpan(0, end), CultureInfo.InvariantCulture);
                late.Add(Stopwatch.GetElapsedTime(sent[number]).TotalMilliseconds);
            }

            return late;
        }
    }

    /// <summary>Takes a byte a second, and comes back every six seconds. Returns how often it came.</summary>
    private static async Task<int> CrawlAsync(Uri hub, CancellationToken end)
    {
        var times = 0;
        var one = new byte[1];
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                await socket.ConnectAsync(hub.Host, hub.Port, end);
                var request = $"GET / HTTP/1.1\r\nHost: {hub.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
                await socket.SendAsync(Encoding.ASCII.GetBytes(request), end);
                times++;
                for (var second = 0; second < 6; second++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, end);
                    await socket.ReceiveAsync(one, end);
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The hub had enough of it, or the round is over.
            }
        }

        return times;
    }
}
