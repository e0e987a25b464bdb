using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Audio;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Speaking;

/// <summary>Makes chunks of the sound that a publisher brings: samples of a WAV file as they come, other files as they are.</summary>
internal static class BroughtSound
{
    /// <summary>The rate of samples that come without a file.</summary>
    private const int RawRate = 22_050;

    /// <exception cref="EngineException">It is a WAV file that cannot be played.</exception>
    public static async IAsyncEnumerable<SpeechChunk> ReadAsync(
        SoundBuffer sound,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = true;
        WavReader? wav = null;
        var announced = false;
        await foreach (var piece in sound.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (first)
            {
                first = false;
                if (piece.Kind == AudioKind.Encoded && piece.Data.Span.StartsWith("RIFF"u8))
                    wav = new WavReader();
                else
                    yield return FormatOf(piece);
            }

            if (wav is null)
            {
                yield return new SpeechSoundChunk(piece.Data);
                continue;
            }

            var samples = wav.Read(piece.Data.Span);
            if (!announced && wav.Rate > 0)
            {
                announced = true;
                yield return new SpeechFormatChunk(SpeechFormat.Pcm, wav.Rate);
            }

            if (samples.Length > 0)
                yield return new SpeechSoundChunk(samples);
        }

        wav?.End();
    }

    private static SpeechFormatChunk FormatOf(AudioMessage piece) => piece.Kind == AudioKind.Encoded
        ? new SpeechFormatChunk(SpeechFormat.Encoded)
        : new SpeechFormatChunk(SpeechFormat.Pcm, RawRate);
}
