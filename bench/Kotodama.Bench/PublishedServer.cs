using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Kotodama.Bench;

/// <summary>A server process of the published build, on a free port.</summary>
internal sealed class PublishedServer : IDisposable
{
    private readonly Process _process;
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-bench-").FullName;

    private PublishedServer(string folder, IEnumerable<(string Name, string Value)> settings)
    {
        Port = FreePort();
        var started = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(Path.Combine(folder, OperatingSystem.IsWindows() ? "kotodama.exe" : "kotodama"),
            ["--port", $"{Port}", "--page-port", "0", "--open", "never", "--data", _data])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,

            // A load that is above the limits on purpose.
            Environment = { ["Kotodama__Limits__PublishRate"] = "0", ["Kotodama__Limits__FrameRate"] = "0" },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        while (!Listens(Port))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The server ended with {_process.ExitCode}.");
        }

        StartTime = Stopwatch.GetElapsedTime(started);
    }

    public int Port { get; }

    public Uri Page => new($"http://127.0.0.1:{Port}/");

    public Uri Socket => new($"ws://127.0.0.1:{Port}/");

    /// <summary>From process start until a TCP connection was accepted.</summary>
    public TimeSpan StartTime { get; }

    public double ResidentMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The repository.</summary>
    public static string Root => Path.GetFullPath(
        typeof(PublishedServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>Publishes the server as its users would, and returns the folder.</summary>
    public static async Task<string> PublishAsync(CancellationToken cancellationToken)
    {
        var root = Root;
        var folder = Path.Combine(root, "artifacts", "bench-server");
        string[] arguments =
        [
            "publish", Path.Combine(root, "src", "Kotodama"), "--configuration", "Release", "--use-current-runtime",
            "--self-contained", "false", "--output", folder, "--nologo", "--verbosity", "quiet",
        ];
        using var publish = Process.Start("dotnet", arguments);
        await publish.WaitForExitAsync(cancellationToken);
        if (publish.ExitCode != 0)
            throw new InvalidOperationException("The server could not be published.");
        return folder;
    }

    /// <param name="folder">The published build.</param>
    /// <param name="settings">More of its environment.</param>
    public static PublishedServer Start(string folder, params (string Name, string Value)[] settings) => new(folder, settings);

    public void Dispose() => End(_process, _data);

    /// <summary>Ends a server and deletes its data.</summary>
    public static void End(Process process, string data)
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Whether something takes connections on a port of this machine.</summary>
    public static bool Listens(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            // Not yet.
            return false;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
