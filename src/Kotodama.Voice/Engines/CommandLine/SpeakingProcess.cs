using System.Runtime.CompilerServices;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Engines.Processes;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.CommandLine;

/// <summary>One run of a program that speaks.</summary>
internal static class SpeakingProcess
{
    // 50 ms at the usual rates.
    private const int Piece = 2_400;

    /// <summary>Runs the program and hands its sound on while it comes.</summary>
    /// <param name="options">The program and its limits.</param>
    /// <param name="arguments">Its arguments as they are.</param>
    /// <param name="input">What it reads on standard input; null: nothing.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the program and all that it started.</param>
    /// <exception cref="EngineException">It cannot be started, is too slow, fails, or writes something else than sound.</exception>
    public static async IAsyncEnumerable<SpeechChunk> RunAsync(
        CommandLineOptions options,
        IReadOnlyList<string> arguments,
        string? input,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = Encoding.UTF8.GetBytes(input ?? "");
        var process = EngineProcess.Start(options.Program, arguments, read, "the settings of the voice", time);
        await using var end = process.ConfigureAwait(false);
        var wav = new WavReader();
        var raw = new PcmConverter();
        var buffer = new byte[Piece];
        var begun = false;
        for (var limit = options.FirstByte; ; limit = options.Stall)
        {
            var length = await process.ReadAsync(buffer, limit, "made no sound", cancellationToken).ConfigureAwait(false);
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

        var (code, complaint) = await process.ExitAsync(options.Stall, cancellationToken).ConfigureAwait(false);
        if (code != 0 || !begun)
            throw new EngineException($"'{options.Program}' {(code != 0 ? $"failed with code {code}" : "made no sound")}{complaint}");
    }

    private static byte[] Read(WavReader wav, ReadOnlySpan<byte> piece, string program)
    {
        try
        {
            return wav.Read(piece);
        }
        catch (EngineException e)
        {
            throw new EngineException($"'{program}' wrote what cannot be played: {e.Message}", innerException: e);
        }
    }
}
