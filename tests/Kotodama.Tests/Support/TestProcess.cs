using System.Diagnostics;

namespace Kotodama.Tests.Support;

/// <summary>
/// A program that a test started. It handles signals as if a user had started it in a terminal, and it is gone, with all that it started
/// itself, when the test disposes it or when the test runner ends, in whatever way. What it prints is shown to the watch for secrets.
/// </summary>
internal sealed class TestProcess : Process
{
    /// <summary>
    /// What stands before a command. A shell starts background jobs with SIGINT and SIGQUIT ignored, programs inherit that, and .NET
    /// respects it: the program would not see the signal by which a test stops it. A session of its own makes the program the leader of a
    /// group that can be killed whole.
    /// </summary>
    public static readonly IReadOnlyList<string> Prefix = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT,QUIT", "setsid"] : [];

    private readonly ProcessWarden? _warden;
    private readonly int _id;
    private readonly string _command;
    private StreamReader? _output, _error;
    private bool _isDisposed;

    private TestProcess(ProcessStartInfo start, ProcessWarden? warden)
    {
        StartInfo = start;
        _command = string.Join(' ', start.ArgumentList);
        Start();
        (_id, _warden) = (Id, warden);
        _warden?.Watch(_id);
    }

    /// <summary>Starts a program that ends with the test run at the latest.</summary>
    public static new TestProcess Start(ProcessStartInfo start) => Start(start, ProcessWarden.OfThisRun);

    /// <summary>Starts a program that ends with the test run, or earlier, when the process that the warden stands for ends.</summary>
    public static TestProcess Start(ProcessStartInfo start, ProcessWarden? warden)
    {
        string[] command = [.. Prefix, start.FileName, .. start.ArgumentList];
        start.FileName = command[0];
        start.ArgumentList.Clear();
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        return new TestProcess(start, warden);
    }

    /// <inheritdoc cref="Process.StandardOutput"/>
    public new StreamReader StandardOutput => _output ??= Watched(base.StandardOutput);

    /// <inheritdoc cref="Process.StandardError"/>
    public new StreamReader StandardError => _error ??= Watched(base.StandardError);

    /// <summary>Sends a signal, for example INT.</summary>
    public static async Task SignalAsync(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken).InTime("kill to send the signal");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            if (!HasExited)
            {
                Kill(entireProcessTree: true);
                WaitForExit(Limits.Wait);
            }

            ReadRest();
            _warden?.Forget(_id);
        }

        base.Dispose(disposing);
    }

    private StreamReader Watched(StreamReader read)
    {
        var mayHaveTokens = _command.Contains("token create", StringComparison.Ordinal);
        var watched = new WatchedStream(read.BaseStream, line => SecretWatch.OfThisRun.See(_command, line, mayHaveTokens: mayHaveTokens));
        return new StreamReader(watched, read.CurrentEncoding);
    }

    /// <summary>What no test has read is looked at too. A program that left one of its own running keeps the end away.</summary>
    private void ReadRest()
    {
        var readers = new[] { StartInfo.RedirectStandardOutput ? StandardOutput : null, StartInfo.RedirectStandardError ? StandardError : null };
        var reading = Task.Run(() =>
        {
            foreach (var stream in readers.OfType<StreamReader>().Select(r => r.BaseStream).OfType<WatchedStream>())
                stream.ReadRest();
        });
        reading.Wait(TimeSpan.FromSeconds(2));
    }
}
