using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kotodama.Bench.Beside;

/// <summary>
/// The hub beside other servers, which do nothing but send each message to every client. All run at the same time on one processor, and the
/// load generator on another visits them in turns, so that what else the machine does meets all of them; compare the ratios, which are made
/// of neighbouring rounds.
/// </summary>
internal static class BesideBench
{
    private const string ServerProcessor = "0";
    private const int OwnProcessor = 1;

    /// <param name="root">The repository.</param>
    /// <param name="products">Published builds of the hub, by the names that the tables give them.</param>
    /// <param name="series">What to measure.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static void Run(
        string root,
        IReadOnlyList<(string Name, string Folder)> products,
        IEnumerable<Series> series,
        int rounds,
        CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64 || Environment.ProcessorCount < 2)
            throw new InvalidOperationException("This needs Linux on x64 with two processors: one for the servers, one for their clients.");
        DescribeMachine();
        Kernel.StayOn(OwnProcessor);
        using var lines = new StreamWriter(Path.Combine(root, "artifacts", "bench-beside.jsonl"), append: true);
        foreach (var one in series)
        {
            Figures.Title(one.Title);
            var rivals = products.Select(p => Rival.Kotodama(p.Name, p.Folder)).ToList();
            foreach (var (rival, missing) in Rival.References(root, one.OffersDeflate))
            {
                if (rival is null)
                    Console.WriteLine($"  left out: {missing}");
                else
                    rivals.Add(rival);
            }

            Measure(one, rivals, rounds, lines, cancellationToken);
        }
    }

    private static void Measure(Series series, List<Rival> rivals, int rounds, StreamWriter lines, CancellationToken cancellationToken)
    {
        var (servers, crowds) = (new List<RivalServer>(), new List<Crowd>());
        try
        {
            var frame = Crowd.Frame(series.Message());
            foreach (var rival in rivals)
            {
                servers.Add(new RivalServer(rival, ServerProcessor));
                var before = servers[^1].ResidentKiB;
                crowds.Add(new Crowd(servers[^1].Port, series.Viewers, series.OffersDeflate ? "permessage-deflate" : null, rival.Hello));
                var idle = (servers[^1].ResidentKiB - before) / series.Viewers;
                crowds[^1].Closed(frame, series.WarmUp, series.InFlight);
                AnswerAll(crowds);
                Console.WriteLine(
                    $"  {rival.Name,-28} connected in {crowds[^1].ConnectTime.TotalSeconds:0.00} s, then {idle:0.0} KiB for each viewer");
            }

            var results = rivals.ConvertAll(_ => new List<Round>());
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < rivals.Count; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    results[i].Add(Once(series, servers[i], crowds[i], frame));
                    AnswerAll(crowds);
                    var line = new { series = series.Name, rival = rivals[i].Name, round, result = results[i][^1] };
                    lines.WriteLine(JsonSerializer.Serialize(line));
                }
            }

            Print(rivals, results);
        }
        finally
        {
            foreach (var crowd in crowds)
                crowd.Dispose();
            foreach (var server in servers)
                server.Dispose();
        }
    }

    private static void AnswerAll(List<Crowd> crowds)
    {
        foreach (var crowd in crowds)
            crowd.Answer();
    }

    private static Round Once(Series series, RivalServer server, Crowd crowd, byte[] frame)
    {
        var before = server.ProcessorTime;
        var elapsed = crowd.Closed(frame, series.Messages, series.InFlight);
        var deliveries = (double)series.Messages * series.Viewers;
        var spent = server.ProcessorTime - before;
        return new Round(spent.TotalMicroseconds / deliveries, deliveries / elapsed.TotalSeconds, spent / elapsed);
    }

    private static void Print(List<Rival> rivals, List<List<Round>> results)
    {
        var reference = rivals.FindIndex(rival => rival.Name == "C epoll");
        Console.WriteLine($"  {"",-28} {"us each",22} {"deliveries/s",14} {"of a core",10} {"of C",22}");
        for (var i = 0; i < rivals.Count; i++)
        {
            var rounds = results[i];
            var ofC = reference < 0 ? "" : Spread(rounds.Select((round, n) => results[reference][n].Cost / round.Cost), "0.00");
            Console.WriteLine(
                $"  {rivals[i].Name,-28} {Spread(rounds.Select(r => r.Cost), "0.00"),22} {Median(rounds.Select(r => r.Rate)),14:0} "
                + $"{Median(rounds.Select(r => r.Load)),10:0 %} {ofC,22}");
        }
    }

    private static string Spread(IEnumerable<double> values, string format)
    {
        var sorted = values.Order().ToArray();
        var told = Array.ConvertAll([sorted.Percentile(0.5), sorted[0], sorted[^1]], v => v.ToString(format, CultureInfo.InvariantCulture));
        return $"{told[0]} [{told[1]}-{told[2]}]";
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray().Percentile(0.5);

    private static void DescribeMachine()
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        Console.WriteLine(
            $"{Environment.ProcessorCount} processors,{model?.Split(':')[1] ?? " unknown"}, {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.FrameworkDescription}, load {load:0.0}");
        if (load > Environment.ProcessorCount / 2.0)
            Console.WriteLine("The machine is busy with something else: believe the ratios at most.");
    }

    /// <summary>One visit to one server.</summary>
    /// <param name="Cost">Processor time of the server for a delivery, in microseconds.</param>
    /// <param name="Rate">Deliveries per second.</param>
    /// <param name="Load">How much of its processor the server used.</param>
    private sealed record Round(double Cost, double Rate, double Load);
}
