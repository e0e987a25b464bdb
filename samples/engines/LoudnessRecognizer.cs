using System.Runtime.InteropServices;
using Kotodama.Companion;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Settings;

namespace Kotodama.Samples.Engines;

/// <summary>
/// An engine of one's own that hears, though only whether the user is loud. An app adds it with <c>AddRecognizer(new LoudnessKind())</c>.
/// </summary>
public sealed class LoudnessRecognizer(LoudnessOptions options) : ISpeechRecognizer
{
    private readonly CancellationTokenSource _ended = new();

    public string Id => "loudness";

    public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(RunningRecognition.Start(ListenAsync, _ended.Token));
    }

    public async ValueTask DisposeAsync() => await _ended.CancelAsync();

    // Reads the sound, tells guesses where it has any, and then the text. It throws RecognitionException when it cannot.
    private async Task ListenAsync(RecordedSound sound, Action<RecognitionResult> tell, CancellationToken cancellationToken)
    {
        var loudest = 0;
        await foreach (var piece in sound.ReadAsync(cancellationToken))
            foreach (var sample in MemoryMarshal.Cast<byte, short>(piece.Span))
                loudest = Math.Max(loudest, Math.Abs((int)sample));
        var text = loudest == 0 ? "" : loudest > options.Loud ? "You are loud." : "You are quiet.";
        tell(new RecognitionResult(text, IsFinal: true, "en"));
    }
}

/// <summary>Its settings; configuration section <c>Kotodama:Hearing:Loudness</c>.</summary>
public sealed class LoudnessOptions
{
    /// <summary>From which sample on it is loud, 1 to 32767.</summary>
    public int Loud { get; set; } = 10_000;
}

/// <summary>What Kotodama knows of it.</summary>
public sealed class LoudnessKind() : RecognizerKind("loudness", "Loudness")
{
    public override object SettingsOf(HearingOptions options) => options.Of<LoudnessOptions>();

    public override string? Validate(HearingOptions options, bool isAsked)
    {
        var loud = options.Of<LoudnessOptions>().Loud;
        return loud is >= 1 and <= short.MaxValue ? null : Bad("Loud", "1 to 32767", loud);
    }

    public override ISpeechRecognizer Create(HearingOptions options, TimeSpan timeout, EngineContext context) =>
        new LoudnessRecognizer(options.Of<LoudnessOptions>());
}
