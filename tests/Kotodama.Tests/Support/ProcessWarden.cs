using System.Diagnostics;

namespace Kotodama.Tests.Support;

/// <summary>
/// Kills the programs that a test runner leaves behind. It is a shell that reads process ids from a pipe; the kernel closes the pipe when
/// the runner ends, also when the runner itself is killed and can clean up nothing. PR_SET_PDEATHSIG is no way: it fires when the thread
/// ends that started the program. Linux only; elsewhere only a test's own dispose ends its programs.
/// </summary>
internal sealed class ProcessWarden : IDisposable
{
    private const string Script = """
        trap '' HUP INT QUIT TERM
        exec >/dev/null 2>&1
        alive=
        while read -r verb group; do
          case $verb in
            watch) alive="$alive $group" ;;
            forget)
              kept=
              for one in $alive; do [ "$one" = "$group" ] || kept="$kept $one"; done
              alive=$kept
              ;;
          esac
        done
        for group in $alive; do kill -s KILL -- "-$group"; done
        """;

    private readonly Lock _gate = new();
    private readonly Process _shell;
    private bool _isClosed;

    public ProcessWarden() => _shell = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Script])
    {
        RedirectStandardInput = true,
        UseShellExecute = false,
    })!;

    /// <summary>The one that looks after the programs of this test run; it ends with the run.</summary>
    public static ProcessWarden? OfThisRun { get; } = OperatingSystem.IsLinux() ? new ProcessWarden() : null;

    /// <summary>From now on the program, which leads a process group, is killed with its group when this runner ends.</summary>
    public void Watch(int processId) => Tell("watch", processId);

    /// <summary>The program has ended; its number may be given to another one.</summary>
    public void Forget(int processId) => Tell("forget", processId);

    /// <summary>Does what the end of the runner does: closes the pipe, and waits until the shell has killed what it watched.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _shell.StandardInput.Close();
        }

        _shell.WaitForExit(Limits.Wait);
        _shell.Dispose();
    }

    private void Tell(string verb, int processId)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            _shell.StandardInput.WriteLine($"{verb} {processId}");
            _shell.StandardInput.Flush();
        }
    }
}
