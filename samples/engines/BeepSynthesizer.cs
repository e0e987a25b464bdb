using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kotodama.Protocol;
using Kotodama.Voice;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Samples.Engines;

/// <summary>An engine of one's own that speaks: a tone for each word. An app adds it with <c>AddSpeechEngine(new BeepKind())</c>.</summary>
public sealed class BeepSynthesizer(BeepOptions options) : ISpeechSynthesizer
{
    private const int Rate = 16_000;

    public string Name => "beep";

    public bool CanSpeak(SpeechRequest request) => !request.Unplayable.Contains(SpeechFormat.Pcm);

    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new SpeechFormatChunk(SpeechFormat.Pcm, Rate);
        foreach (var word in request.Text.Split(' '))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new SpeechSoundChunk(Tone(word.Length * 0.08 / request.Speed));
            await Task.Yield();
        }
    }

    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SpeechVoice>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private byte[] Tone(double seconds)
    {
        // Never no sound at all, and silence at its end, by which words are told apart.
        var samples = new short[Math.Max(1, (int)(seconds * Rate))];
        for (var i = 0; i < samples.Length * 3 / 4; i++)
            samples[i] = (short)(8_000 * Math.Sin(2 * Math.PI * options.Pitch * i / Rate));
        return MemoryMarshal.AsBytes<short>(samples).ToArray();
    }
}

/// <summary>Its settings; configuration section <c>Kotodama:Voice:Beep</c>.</summary>
public sealed class BeepOptions
{
    /// <summary>How high it is, 50 to 5000 vibrations a second.</summary>
    public double Pitch { get; set; } = 440;
}

/// <summary>What Kotodama knows of it.</summary>
public sealed class BeepKind() : SpeechEngineKind("beep", "Beep")
{
    public override object SettingsOf(VoiceOptions options) => options.Of<BeepOptions>();

    public override string? Validate(VoiceOptions options, bool isAsked)
    {
        var pitch = options.Of<BeepOptions>().Pitch;
        return pitch is >= 50 and <= 5_000 ? null : Bad("Pitch", "50 to 5000 vibrations a second", pitch);
    }

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) =>
        new BeepSynthesizer(options.Of<BeepOptions>());
}
