using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Speaking;

/// <summary>Makes chunks of the sound that a publisher brings: samples of a WAV file as they come, other files as they are.</summary>
internal static class BroughtSound
{
    /// <summary>The rate of samples that come without a file.</summary>
    private const int RawRate = 22_050;

    /// <exception cref="EngineException">It is a WAV file that cannot be played, or no sound at all.</exception>
    public static async IAsyncEnumerable<SpeechChunk> ReadAsync(
        SoundBuffer sound,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SoundReader? reader = null;
        await foreach (var piece in sound.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            reader ??= new SoundReader(piece.Kind == AudioKind.Encoded ? UnsignedSound.Brought : UnsignedSound.Samples, RawRate);
            foreach (var chunk in reader.Read(piece.Data.Span))
                yield return chunk;
        }

        // Who brings nothing at all is silent on purpose.
        if (reader is null)
            yield break;
        if (reader.SilentRate > 0)
        {
            yield return new SpeechFormatChunk(SpeechFormat.Pcm, reader.SilentRate);
            yield break;
        }

        foreach (var chunk in reader.End())
            yield return chunk;
    }
}
