using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Bench;

/// <summary>
/// What one attacking client costs a pair of strangers: a page and a publisher on a channel of their own, one message with its receipt
/// every 100 ms. The hub has its usual limits.
/// </summary>
internal static class HostileBench
{
    private const string Epoch = "EPOCH";

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10), Pace = TimeSpan.FromMilliseconds(100);

    private static readonly string Numbers = string.Join(',', Enumerable.Repeat("9", 1_024));

    private static readonly string TooMany = string.Join(',', Enumerable.Repeat("9", 30_000));

    private static readonly byte[] Sound = new AudioMessage
    {
        Kind = AudioKind.Encoded,
        Stream = 1,
        Clause = 0,
        Number = 0,
        Offset = 0,
        Data = ReadOnlyMemory<byte>.Empty,
    }.ToBytes();

    private static readonly Attack[] Attacks =
    [
        new("nothing", null, false, null),
        new("acks of 1024 numbers", Viewer, true, _ => Ack(Numbers)),
        new("acks that are too long", Viewer, true, _ => Ack(TooMany)),
        new("resume, never reading", Viewer, false, _ => Resume()),
        new("resume, reading", Viewer, true, _ => Resume()),
        new("sound", Publisher, true, _ => Frame(0x82, Sound)),
        new("pings", null, true, _ => Frame(0x89, [])),
        new("a new channel each time", null, true, i => Delta($"c{i}")),
    ];

    private const string Viewer = """{"type":"hello","role":"viewer","channels":["big"]}""";

    private const string Publisher = """{"type":"hello","role":"publisher"}""";

    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        Figures.Title("A pair of strangers beside one client that attacks");
        foreach (var attack in Attacks)
        {
            using var server = PublishedServer.Start(
                folder, ("Kotodama__Limits__PublishRate", "100"), ("Kotodama__Limits__FrameRate", "500"));
            var epoch = await FillAsync(server, cancellationToken);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            end.CancelAfter(Time);
            var attacking = attack.Next is null ? Task.CompletedTask : RunAsync(attack, server, epoch, end.Token);
            var (late, most) = await ProbeAsync(server, end.Token, cancellationToken);
            await attacking;
            var sorted = late.Order().ToArray();
            Figures.Line(
                attack.Name,
                $"p50 {sorted.Percentile(0.5):0.0} ms, p99 {sorted.Percentile(0.99):0.0} ms, max {sorted[^1]:0.0} ms; {most:0} MiB  "
                + $"(n={late.Count})");
        }
    }

    /// <summary>Fills a channel with 12 MB that wait for a page.</summary>
    private static async Task<string> FillAsync(PublishedServer server, CancellationToken cancellationToken)
    {
        await using var publisher = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
        var content = new string('x', 16_000);
        var epoch = "";
        for (var i = 0; i < 750; i++)
        {
            var message = new StatusMessage { Channel = "big", Content = content, Ttl = 3_600_000 };
            epoch = (await publisher.PublishAsync(message, cancellationToken)).Epoch!;
        }

        return epoch;
    }

    private static async Task<(List<double> Late, double MostMiB)> ProbeAsync(
        PublishedServer server,
        CancellationToken end,
        CancellationToken cancellationToken)
    {
        var options = new KotodamaClientOptions { Role = PeerRole.Viewer, Channels = ["strangers"] };
        await using var page = await KotodamaClient.ConnectAsync(server.Socket, options, cancellationToken);
        await using var publisher = await KotodamaClient.ConnectAsync(server.Socket, cancellationToken: cancellationToken);
        var (late, most) = (new List<double>(), 0.0);
        using var pace = new PeriodicTimer(Pace);
        while (!end.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync(cancellationToken);
            var start = Stopwatch.GetTimestamp();
            await publisher.SendStatusAsync("probe", "strangers", cancellationToken);
            while (await page.Incoming.ReadAsync(cancellationToken) is not StatusMessage)
            {
            }

            late.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            most = Math.Max(most, server.ResidentMiB);
        }

        return (late, most);
    }

    private static async Task RunAsync(Attack attack, PublishedServer server, string epoch, CancellationToken end)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server.Socket.Host, server.Socket.Port, end);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes(
                    $"GET / HTTP/1.1\r\nHost: {server.Socket.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
                end);
            if (attack.Hello is { } hello)
                await socket.SendAsync(Text(hello), end);
            var reading = attack.Reads ? ReadAsync(socket, end) : Task.CompletedTask;
            for (var i = 0; !end.IsCancellationRequested; i++)
                await socket.SendAsync(attack.Bytes(i, epoch), end);
            await reading;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The hub had enough of it, or the time is over.
        }
    }

    private static async Task ReadAsync(Socket socket, CancellationToken end)
    {
        var buffer = new byte[65_536];
        while (await socket.ReceiveAsync(buffer, end) > 0)
        {
        }
    }

    private static byte[] Ack(string numbers) =>
        Text($$"""{"type":"ack","channel":"big","epoch":"{{Epoch}}","displayed":[{{numbers}}]}""");

    private static byte[] Resume() => Text($$"""{"type":"resume","channel":"big","epoch":"{{Epoch}}","seq":0}""");

    private static byte[] Delta(string channel) =>
        Text($$"""{"type":"llm_delta","id":"r","channel":"{{channel}}","part":0,"content":"x"}""");

    private static byte[] Text(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    /// <summary>A client's frame whose mask is zero, which changes nothing.</summary>
    private static byte[] Frame(byte first, byte[] payload)
    {
        byte[] length = payload.Length < 126
            ? [(byte)(0x80 | payload.Length)]
            : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        return [first, .. length, 0, 0, 0, 0, .. payload];
    }

    /// <param name="Name">What it is.</param>
    /// <param name="Hello">What it says first; null: nothing.</param>
    /// <param name="Reads">Whether it takes what it is sent.</param>
    /// <param name="Next">What it sends again and again; null: there is no attack.</param>
    private sealed record Attack(string Name, string? Hello, bool Reads, Func<int, byte[]>? Next)
    {
        private byte[]? _same;

        /// <summary>The bytes of one step, with the channel's epoch in its place.</summary>
        public byte[] Bytes(int step, string epoch)
        {
            if (_same is not null)
                return _same;
            var bytes = Next!(step);
            var text = Encoding.Latin1.GetString(bytes);
            if (!text.Contains(Epoch, StringComparison.Ordinal))
                return bytes;
            var payload = text[text.IndexOf('{', StringComparison.Ordinal)..].Replace(Epoch, epoch, StringComparison.Ordinal);
            return _same = Text(payload);
        }
    }
}
