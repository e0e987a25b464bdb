using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Kotodama.Protocol;

namespace Kotodama.Voice;

/// <summary>One run of a program that speaks. It never outlives whoever listens to it.</summary>
internal static class SpeakingProcess
{
    // 50 ms at the usual rates.
    private const int Piece = 2_400, LongestComplaint = 400;

    /// <summary>Runs the program and hands its sound on while it comes.</summary>
    /// <param name="options">The program and its limits.</param>
    /// <param name="arguments">Its arguments as they are.</param>
    /// <param name="input">What it reads on standard input; null: nothing.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the program and all that it started.</param>
    /// <exception cref="SpeechException">It cannot be started, is too slow, fails, or writes something else than sound.</exception>
    public static async IAsyncEnumerable<SpeechChunk> RunAsync(CommandLineOptions options, IReadOnlyList<string> arguments, string? input, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var process = Start(options.Program, arguments);
        var writing = WriteAsync(process, input);
        var complaint = new Tail();
        var complaining = complaint.ReadAsync(process.StandardError.BaseStream);
        try
        {
            var wav = new WavReader();
            var raw = new PcmConverter();
            var buffer = new byte[Piece];
            var begun = false;
            for (var limit = options.FirstByte; ; limit = options.Stall)
            {
                var length = await ReadAsync(process, buffer, limit, options.Program, time, cancellationToken).ConfigureAwait(false);
                if (length == 0)
                    break;
                var sound = options.RawRate > 0 ? raw.Convert(buffer.AsSpan(0, length)) : Read(wav, buffer.AsSpan(0, length), options.Program);
                var rate = options.RawRate > 0 ? options.RawRate : wav.Rate;
                if (!begun && rate > 0)
                {
                    yield return new SpeechFormatChunk(SpeechFormat.Pcm, rate);
                    begun = true;
                }

                if (sound.Length > 0)
                    yield return new SpeechSoundChunk(sound);
            }

            await ExitAsync(process, options, time, cancellationToken).ConfigureAwait(false);
            await complaining.ConfigureAwait(false);
            if (process.ExitCode != 0 || !begun)
                throw new SpeechException($"'{options.Program}' {(process.ExitCode != 0 ? $"failed with code {process.ExitCode}" : "made no sound")}{complaint}");
        }
        finally
        {
            Kill(process);
            await writing.ConfigureAwait(false);
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start) ?? throw new SpeechException($"'{program}' could not be started.");
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            throw new SpeechException($"'{program}' could not be started: {e.Message}. Install it, or name another program in the settings of the voice.", innerException: e);
        }
    }

    private static byte[] Read(WavReader wav, ReadOnlySpan<byte> piece, string program)
    {
        try
        {
            return wav.Read(piece);
        }
        catch (SpeechException e)
        {
            throw new SpeechException($"'{program}' wrote what cannot be played: {e.Message}", innerException: e);
        }
    }

    private static async Task<int> ReadAsync(Process process, Memory<byte> buffer, TimeSpan limit, string program, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        // A pipe's read may not end when its token does, before the process is killed.
        var reading = process.StandardOutput.BaseStream.ReadAsync(buffer, either.Token).AsTask();
        try
        {
            return await reading.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SpeechException($"'{program}' made no sound for {limit.TotalSeconds:0.#} s and was ended.");
        }
        catch (IOException e)
        {
            throw new SpeechException($"The sound of '{program}' broke off: {e.Message}", innerException: e);
        }
    }

    private static async Task ExitAsync(Process process, CommandLineOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Stall, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SpeechException($"'{options.Program}' did not end after its sound and was ended.");
        }
    }

    private static async Task WriteAsync(Process process, string? input)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input)).ConfigureAwait(false);
            process.StandardInput.BaseStream.Close();
        }
        catch (IOException)
        {
            // A program may end without having read all; its exit code says whether that is well.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended at this moment.
        }
    }

    /// <summary>The last of what a program said about its failure.</summary>
    private sealed class Tail
    {
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
