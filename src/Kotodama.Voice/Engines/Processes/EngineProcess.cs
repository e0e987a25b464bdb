using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Kotodama.Voice.Faults;

namespace Kotodama.Voice.Engines.Processes;

/// <summary>A program that runs for one clause or utterance. It never outlives its owner.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _program;
    private readonly TimeProvider _time;
    private readonly Tail _complaint = new();
    private readonly Task _writing, _complaining;

    private EngineProcess(Process process, string program, ReadOnlyMemory<byte> input, TimeProvider time)
    {
        (_process, _program, _time) = (process, program, time);
        _writing = WriteAsync(input);
        _complaining = _complaint.ReadAsync(process.StandardError.BaseStream);
    }

    /// <summary>
    /// Starts it, without a shell, in the folder of this program: an interpreter would take modules from the folder in which the user
    /// happens to be.
    /// </summary>
    /// <param name="program">The program, by its whole path or as found on the PATH.</param>
    /// <param name="arguments">Its arguments as they are.</param>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="settings">The settings that name it, for people.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="EngineException">It cannot be started.</exception>
    public static EngineProcess Start(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        string settings,
        TimeProvider time)
    {
        if (ProgramPath.Find(program) is not { } file)
        {
            var where = Path.GetFileName(program) == program
                ? "it is not on the PATH"
                : "there is no such file, or its path is not a whole one";
            throw new EngineException($"'{program}' could not be started: {where}. Install it, or name another program in {settings}.")
            {
                Fault = EngineFault.Unreachable,
            };
        }

        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException("there is no process");
            return new EngineProcess(process, program, input, time);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            var problem = $"'{program}' could not be started: {e.Message}. Install it, or name another program in {settings}.";
            throw new EngineException(problem, innerException: e) { Fault = EngineFault.Unreachable };
        }
    }

    /// <summary>The next bytes of its standard output; 0 at the end.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="silence">What it did when there are none in time: <c>made no sound</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">There are none in time.</exception>
    public async Task<int> ReadAsync(Memory<byte> buffer, TimeSpan limit, string silence, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        // A pipe's read may not end when its token does, before the process is killed.
        var reading = _process.StandardOutput.BaseStream.ReadAsync(buffer, either.Token).AsTask();
        try
        {
            return await reading.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException($"'{_program}' {silence} for {limit.TotalSeconds:0.#} s and was ended.")
            {
                Fault = EngineFault.TimedOut,
            };
        }
        catch (IOException e)
        {
            throw new EngineException($"The output of '{_program}' broke off: {e.Message}", innerException: e);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its exit code, and the last that it said on standard error.</returns>
    /// <exception cref="EngineException">It does not end.</exception>
    public async Task<(int Code, string Complaint)> ExitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await _process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException($"'{_program}' did not end after its output and was ended.") { Fault = EngineFault.TimedOut };
        }

        await _complaining.WaitAsync(cancellationToken).ConfigureAwait(false);
        return (_process.ExitCode, _complaint.ToString());
    }

    /// <summary>Ends it and all that it started.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended at this moment.
        }

        await _writing.ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> input)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(input).ConfigureAwait(false);
            _process.StandardInput.BaseStream.Close();
        }
        catch (IOException)
        {
            // A program may end without having read all; its exit code says whether that is well.
        }
    }

    /// <summary>The last of what a program said about its failure.</summary>
    private sealed class Tail
    {
        private const int LongestComplaint = 400;

        private readonly byte[] _last = new byte[LongestComplaint];
        private int _length;

        public async Task ReadAsync(Stream stream)
        {
            var buffer = new byte[LongestComplaint];
            try
            {
                while (await stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
                {
                    var kept = Math.Min(_length, LongestComplaint - read);
                    _last.AsSpan(_length - kept, kept).CopyTo(_last);
                    buffer.AsSpan(0, read).CopyTo(_last.AsSpan(kept));
                    _length = kept + read;
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The process was killed.
            }
        }

        public override string ToString()
        {
            var text = Encoding.UTF8.GetString(_last, 0, _length).Trim();
            return text.Length == 0 ? "." : $": {text}";
        }
    }
}
