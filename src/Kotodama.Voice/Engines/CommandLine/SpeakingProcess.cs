using System.Runtime.CompilerServices;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Http;
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
        var isRaw = options.RawRate > 0;
        var sound = new SoundReader(isRaw ? UnsignedSound.Samples : UnsignedSound.Nothing, options.RawRate) { TextIsLines = true };
        var buffer = new byte[Piece];
        var wrote = false;
        for (var limit = options.FirstByte; ; limit = options.Stall)
        {
            var length = await process.ReadAsync(buffer, limit, "made no sound", cancellationToken).ConfigureAwait(false);
            if (length == 0)
                break;
            wrote = true;
            foreach (var chunk in Understand(() => sound.Read(buffer.AsSpan(0, length)), options))
                yield return chunk;
        }

        var (code, complaint) = await process.ExitAsync(options.Stall, cancellationToken).ConfigureAwait(false);
        if (code != 0 || !wrote)
            throw new EngineException($"'{options.Program}' {(code != 0 ? $"failed with code {code}" : "made no sound")}{complaint}");
        if (sound.SilentRate > 0)
        {
            // It had nothing to say, which is no failure: a clause may be nothing but signs to it.
            yield return new SpeechFormatChunk(SpeechFormat.Pcm, sound.SilentRate);
            yield break;
        }

        foreach (var chunk in Understand(sound.End, options))
            yield return chunk;
    }

    private static IReadOnlyList<SpeechChunk> Understand(Func<IReadOnlyList<SpeechChunk>> read, CommandLineOptions options)
    {
        try
        {
            return read();
        }
        catch (EngineException e)
        {
            throw new EngineException($"'{options.Program}' wrote what cannot be played: {e.Message}", innerException: e);
        }
    }
}
