using System.Collections.Concurrent;
using System.Diagnostics;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Integration;

/// <summary>
/// F1 and F14 of the fault matrix: the real program is killed (SIGKILL) or asked to end (SIGTERM) at random moments while messages are published,
/// and starts again on the same data. KOTODAMA_KILLS and KOTODAMA_RESTARTS do it more often, KOTODAMA_SEED at other moments.
/// They run alone, because one of them measures how soon publishers are served again.
/// </summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KillTests : IDisposable
{
    private const string Name = "restarts";

    private const int Publishers = 2, Pages = 5;

    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-kill-").FullName;
    private readonly int _port = Ports.Free();
    private readonly ConcurrentDictionary<string, ReceiptMessage> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, TimeSpan> _took = new();
    private volatile int _restarts;

    private Uri Socket => new($"ws://127.0.0.1:{_port}/");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task F1_kill_at_any_moment_loses_and_repeats_nothing_that_was_acknowledged() =>
        await RestartAsync(Volume.Of("KOTODAMA_KILLS", 20), KillAsync);

    [Fact]
    public async Task F14_restarts_under_load_lose_and_repeat_nothing_and_publishers_go_on_soon()
    {
        var pauses = await RestartAsync(Volume.Of("KOTODAMA_RESTARTS", 5), TerminateAsync);

        // How long the process is away is the machine's business; how soon the hub serves every publisher again is ours.
        var late = pauses.Select(p => p.Longest - p.Away).Order().ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"Longest pause of a publisher {pauses.Max(p => p.Longest).TotalSeconds:0.0} s, {late[^1].TotalSeconds:0.0} s of it after the hub was back.");
        Assert.InRange(late[(int)Math.Ceiling(0.99 * late.Length) - 1], TimeSpan.MinValue, TimeSpan.FromSeconds(3));
    }

    /// <summary>Ends and starts the hub again and again under load, and proves that nothing is lost or repeated.</summary>
    /// <returns>For each restart how long the hub was away, and how long the slowest message of that time took until it was stored.</returns>
    private async Task<IReadOnlyList<(TimeSpan Away, TimeSpan Longest)>> RestartAsync(int restarts, Func<Process, Task> endAsync)
    {
        var random = new Random(Volume.Of("KOTODAMA_SEED", 1));
        var server = await StartAsync();
        try
        {
            var pages = new List<Page>();
            for (var i = 0; i < Pages; i++)
                pages.Add(await Page.OpenAsync(Socket));
            using var stop = new CancellationTokenSource();
            var publishing = Enumerable.Range(0, Publishers).Select(number => Task.Run(() => PublishAsync(number, stop.Token))).ToArray();
            var away = new List<TimeSpan>();
            using (var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(1)))
            {
                while (away.Count < restarts)
                {
                    for (var wait = random.Next(20, 900); wait > 0; wait--)
                        await clock.WaitForNextTickAsync(Token);
                    var start = TimeProvider.System.GetTimestamp();
                    await endAsync(server);
                    server = await StartAsync();
                    away.Add(TimeProvider.System.GetElapsedTime(start));
                    _restarts = away.Count;
                }
            }

            await stop.CancelAsync();
            await Task.WhenAll(publishing).InTime("the publishers to get their last receipts");
            Assert.True(_acknowledged.Count > restarts, $"only {_acknowledged.Count} messages were acknowledged");
            var top = _acknowledged.Values.Max(r => r.Seq!.Value);
            foreach (var page in pages)
                await Limits.UntilAsync(() => page.Position >= top, $"a page to catch up with {top}, it is at {page.Position}");
            Check(_acknowledged, pages);
            foreach (var page in pages)
                await page.DisposeAsync();
            return [.. away.Select((time, i) => (time, _took.GetValueOrDefault(i)))];
        }
        finally
        {
            await KillAsync(server);
        }
    }

    private static void Check(ConcurrentDictionary<string, ReceiptMessage> acknowledged, List<Page> pages)
    {
        Assert.Single(acknowledged.Values.Select(r => r.Epoch).Distinct(StringComparer.Ordinal));
        foreach (var page in pages)
        {
            var shown = page.Shown.ToArray();
            Assert.Empty(page.Gaps);
            Assert.Equal(Enumerable.Range(1, shown.Length).Select(i => (long)i), shown.Select(s => s.Seq));
            Assert.Equal(shown.Length, shown.Select(s => s.Id).Distinct(StringComparer.Ordinal).Count());
            foreach (var (id, receipt) in acknowledged)
                Assert.Equal(id, shown[(int)receipt.Seq!.Value - 1].Id);
        }
    }

    private async Task PublishAsync(int number, CancellationToken stop)
    {
        await using var client = await KotodamaClient.ConnectAsync(Socket, Quick(new KotodamaClientOptions { SendTimeout = TimeSpan.FromSeconds(60) }), Token);
        var sending = new List<Task>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            sending.Add(SendAsync($"p{number}-{i}"));
            await pace.WaitForNextTickAsync(Token);
        }

        await Task.WhenAll(sending);

        async Task SendAsync(string id)
        {
            var (restart, start) = (_restarts, TimeProvider.System.GetTimestamp());
            _acknowledged[id] = await client.PublishAsync(new StatusMessage { Id = id, Content = id, Ttl = 3_600_000 }, Token);
            var took = TimeProvider.System.GetElapsedTime(start);
            _took.AddOrUpdate(restart, took, (_, longest) => took > longest ? took : longest);
        }
    }

    private async Task<Process> StartAsync()
    {
        var process = TestProcess.Start(new ProcessStartInfo("dotnet", [Repository.Program, "--port", $"{_port}", "--page-port", "0", "--open", "never", "--data", _data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = _data,
            Environment = { ["Kotodama__Limits__PublishRate"] = "0", ["Kotodama__Limits__FrameRate"] = "0" },
        });
        try
        {
            while (await process.StandardOutput.ReadLineAsync(Token).AsTask().InTime("the hub to start") is { } line)
                if (line.Contains("Ctrl+C", StringComparison.Ordinal))
                    return process;
            throw new InvalidOperationException($"The hub did not start again: {await process.StandardError.ReadToEndAsync(Token)}");
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static async Task TerminateAsync(Process process)
    {
        await TestProcess.SignalAsync(process.Id, "TERM");
        await process.WaitForExitAsync(Token).InTime("the hub to end");
        Assert.Equal(0, process.ExitCode);
        process.Dispose();
    }

    private static KotodamaClientOptions Quick(KotodamaClientOptions options)
    {
        (options.FirstPause, options.LongestPause) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
        return options;
    }

    /// <summary>A page that writes down what it is given.</summary>
    private sealed class Page : IAsyncDisposable
    {
        private readonly KotodamaClient _client;
        private readonly Task _reading;

        private Page(KotodamaClient client)
        {
            _client = client;
            _reading = Task.Run(ReadAsync);
        }

        public ConcurrentQueue<(long Seq, string Id)> Shown { get; } = new();

        public ConcurrentQueue<GapMessage> Gaps { get; } = new();

        public long Position { get; private set; }

        public static async Task<Page> OpenAsync(Uri hub) =>
            new(await KotodamaClient.ConnectAsync(hub, Quick(new KotodamaClientOptions { Role = PeerRole.Viewer, IncomingCapacity = 100_000 }), Token));

        public async ValueTask DisposeAsync()
        {
            await _client.DisposeAsync();
            await _reading;
        }

        private async Task ReadAsync()
        {
            await foreach (var message in _client.Incoming.ReadAllAsync(CancellationToken.None))
            {
                if (message is GapMessage gap)
                    Gaps.Enqueue(gap);
                if (message is not Publication { Seq: { } seq, Id: { } id })
                    continue;
                Shown.Enqueue((seq, id));
                Position = seq;
            }
        }
    }
}
