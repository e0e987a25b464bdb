using System.Diagnostics;

namespace Kotodama.Bench.Beside;

/// <summary>The process of a rival.</summary>
internal sealed class RivalServer : IDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-beside-").FullName;

    /// <param name="rival">What to start.</param>
    /// <param name="processors">On which processors it may run, as taskset takes them.</param>
    public RivalServer(Rival rival, string processors)
    {
        Port = PublishedServer.FreePort();
        var command = rival.Command.Select(part => part == "PORT" ? $"{Port}" : part == "DATA" ? _data : part);
        var start = new ProcessStartInfo("taskset", ["-c", processors, .. command])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = rival.Folder ?? _data,
        };
        foreach (var (name, value) in rival.Settings)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        var started = Stopwatch.GetTimestamp();
        while (!PublishedServer.Listens(Port))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > StartsWithin)
                throw new InvalidOperationException($"{rival.Name} does not start.");
        }
    }

    public int Port { get; }

    public TimeSpan ProcessorTime => Kernel.ProcessorTime(_process.Id);

    public double ResidentKiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0;
        }
    }

    public void Dispose() => PublishedServer.End(_process, _data);
}
