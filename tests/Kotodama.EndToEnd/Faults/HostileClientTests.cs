using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.EndToEnd.Faults;

/// <summary>
/// One client attacks the real program while a pair of strangers, a page and a publisher on a channel of their own, goes on: nothing of theirs is
/// lost or late, and the program's memory is bounded. How late exactly is the benchmark's business; here the bound is one that a busy machine keeps.
/// </summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileClientTests : IAsyncLifetime
{
    private const string Name = "hostile clients";

    private const double MostMiB = 400;

    private static readonly TimeSpan AttackTime = TimeSpan.FromSeconds(3), MostLate = TimeSpan.FromSeconds(2);

    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-hostile-").FullName;
    private readonly int _port = Ports.Free();
    private TestProcess _hub = null!;

    private Uri Url => new($"http://127.0.0.1:{_port}/");

    private Uri Sockets => new($"ws://127.0.0.1:{_port}/");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string[] arguments = [Repository.Program, "--port", $"{_port}", "--page-port", "0", "--open", "never", "--llm", "off", "--data", _data];
        _hub = TestProcess.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _data,
        });
        while (await _hub.StandardOutput.ReadLineAsync(Token).AsTask().InTime("the hub to start") is { } line)
            if (line.Contains("Ctrl+C", StringComparison.Ordinal))
                break;

        // The program must not wait for a reader of its lines.
        _ = _hub.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = _hub.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _hub.Dispose();
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Acknowledgements_without_end()
    {
        var (attacker, epoch) = await ViewerAsync("acks", messages: 10, length: 100, ttl: 1);
        var numbers = string.Join(',', Enumerable.Repeat("9", 1_024));
        var good = Wire.Text($$"""{"type":"ack","channel":"acks","epoch":"{{epoch}}","displayed":[{{numbers}}],"spoken":[{{numbers}}]}""");
        var bad = Wire.Text($$"""{"type":"ack","channel":"acks","epoch":"{{epoch}}","displayed":[{{string.Join(',', Enumerable.Repeat("9", 30_000))}}]}""");
        await UndisturbedAsync(stop => FloodAsync(attacker, i => i % 8 == 0 ? bad : good, reads: true, stop));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_question_for_a_large_channel_again_and_again(bool reads)
    {
        var (attacker, epoch) = await ViewerAsync("big", messages: 150, length: 16_000, ttl: 3_600_000);
        var resume = Wire.Text($$"""{"type":"resume","channel":"big","epoch":"{{epoch}}","seq":0}""");
        await UndisturbedAsync(stop => FloodAsync(attacker, _ => resume, reads, stop));
    }

    [Fact]
    public async Task Sound_pings_and_names_without_end()
    {
        using var sound = await RawSocket.ConnectAsync(Url);
        await sound.SendAsync(Wire.Text("""{"type":"hello","role":"publisher"}"""));
        byte[] piece = new AudioMessage { Kind = AudioKind.Encoded, Stream = 1, Clause = 0, Number = 0, Offset = 0, Data = ReadOnlyMemory<byte>.Empty }.ToBytes();
        byte[] pieces = [.. Enumerable.Repeat(Wire.Frame(Opcode.Binary, piece), 500).SelectMany(f => f)];
        await UndisturbedAsync(stop => FloodAsync(sound, _ => pieces, reads: true, stop));

        using var pings = await RawSocket.ConnectAsync(Url);
        byte[] many = [.. Enumerable.Repeat(Wire.Frame(Opcode.Ping, []), 500).SelectMany(f => f)];
        await UndisturbedAsync(stop => FloodAsync(pings, _ => many, reads: true, stop));

        using var names = await RawSocket.ConnectAsync(Url);
        await UndisturbedAsync(stop => FloodAsync(
            names, i => Wire.Text($$"""{"type":"llm_delta","id":"r{{i}}","channel":"random{{i}}","part":0,"content":"x"}"""), reads: true, stop));
    }

    [Fact]
    public async Task Sound_files_and_halves_of_them()
    {
        using var http = new HttpClient { BaseAddress = Url };
        await UndisturbedAsync(async stop =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var body = new ByteArrayContent(SpeechSounds.Samples(8_000));
                body.Headers.TryAddWithoutValidation("Content-Type", "audio/L16;rate=16000");
                (await http.PostAsync(new Uri("api/speak?content=x&channel=loud", UriKind.Relative), body, Token)).Dispose();
            }
        });

        var halves = new List<RawSocket>();
        await UndisturbedAsync(async stop =>
        {
            var half = new byte[4 * 1024 * 1024];
            while (!stop.IsCancellationRequested && halves.Count < 60)
            {
                var socket = await RawSocket.OpenAsync(Url);
                halves.Add(socket);
                await socket.SendAsync(Encoding.ASCII.GetBytes(
                    $"POST /api/speak?content=x HTTP/1.1\r\nHost: {Url.Authority}\r\nContent-Type: audio/wav\r\nContent-Length: 10000000\r\n\r\n"));
                _ = SendHalfAsync(socket, half);
            }
        });
        foreach (var socket in halves)
            socket.Dispose();

        static async Task SendHalfAsync(RawSocket socket, byte[] half)
        {
            try
            {
                await socket.SendAsync(half);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // Nothing more of it is read.
            }
        }
    }

    /// <summary>Runs an attack, and proves that the strangers do not notice.</summary>
    private async Task UndisturbedAsync(Func<CancellationToken, Task> attackAsync)
    {
        using var page = await TestSocket.ConnectAsync(Sockets);
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Channels = ["strangers"], Caps = [HelloMessage.DisplayCapability] });
        await page.WelcomeAsync();
        using var publisher = await TestSocket.ConnectAsync(Sockets);
        await publisher.SendAsync("""{"type":"hello","role":"publisher","channels":["strangers"]}""");
        await publisher.ReceiveJsonAsync();

        using var stop = new CancellationTokenSource(AttackTime, TimeProvider.System);
        var attack = Task.Run(() => attackAsync(stop.Token), Token);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var (longest, most, sent) = (TimeSpan.Zero, 0.0, 0);
        while (!stop.IsCancellationRequested || !attack.IsCompleted)
        {
            await pace.WaitForNextTickAsync(Token);
            var start = TimeProvider.System.GetTimestamp();
            await publisher.SendAsync(new StatusMessage { Content = $"{++sent}" });
            while ((await page.ReceiveAsync()) is not StatusMessage status || status.Content != $"{sent}")
            {
            }

            while ((await publisher.ReceiveAsync()) is not ReceiptMessage { Status: ReceiptStatus.Stored })
            {
            }

            var late = TimeProvider.System.GetElapsedTime(start);
            longest = late > longest ? late : longest;
            most = Math.Max(most, ResidentMiB());
        }

        await attack;
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} messages, the latest after {longest.TotalMilliseconds:0} ms; {most:0} MiB");
        Assert.InRange(longest, TimeSpan.Zero, MostLate);
        Assert.InRange(most, 1, MostMiB);
    }

    /// <summary>The program runs below the process that the test has started.</summary>
    private double ResidentMiB()
    {
        using var program = Process.GetProcessById(int.Parse(
            File.ReadAllText(Path.Combine(_data, "hub.pid")), System.Globalization.CultureInfo.InvariantCulture));
        return program.WorkingSet64 / 1024.0 / 1024.0;
    }

    /// <summary>A viewer of a channel in which messages are stored, and the channel's epoch.</summary>
    private async Task<(RawSocket Viewer, string Epoch)> ViewerAsync(string channel, int messages, int length, int ttl)
    {
        using var publisher = await TestSocket.ConnectAsync(Sockets);
        await publisher.SendAsync($$"""{"type":"hello","role":"publisher","channels":["{{channel}}"]}""");
        await publisher.ReceiveJsonAsync();
        var epoch = "";
        for (var i = 0; i < messages; i++)
        {
            await publisher.SendAsync(new StatusMessage { Content = new string('x', length), Ttl = ttl });
            epoch = (await publisher.ReceiveAsync<ReceiptMessage>()).Epoch!;
        }

        var viewer = await RawSocket.ConnectAsync(Url);
        await viewer.SendAsync(Wire.Text($$"""{"type":"hello","role":"viewer","channels":["{{channel}}"]}"""));
        return (viewer, epoch);
    }

    /// <summary>Sends as fast as the hub takes it, until the attack is over or the hub has closed the connection.</summary>
    private static async Task FloodAsync(RawSocket socket, Func<int, byte[]> next, bool reads, CancellationToken stop)
    {
        var reading = reads ? ReadAsync(socket) : Task.CompletedTask;
        try
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                await socket.SendAsync(next(i)).AsTask().WaitAsync(stop);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The hub takes no more, or the attack is over.
        }

        socket.Reset();
        await reading;
    }

    private static async Task ReadAsync(RawSocket socket)
    {
        try
        {
            while (await socket.ReadFrameAsync() is not null)
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or TimeoutException)
        {
            // The attack is over.
        }
    }
}
