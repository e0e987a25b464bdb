using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Settings;

namespace Kotodama.Voice.Synthesis;

/// <summary>Moves the mouth for as long as speaking would take, without a sound: the end of every chain.</summary>
internal sealed class SilentSynthesizer : ISpeechSynthesizer
{
    /// <inheritdoc/>
    public string Name => SilentKind.SilentName;

    /// <summary>True: every text can be kept silent about.</summary>
    public bool CanSpeak(SpeechRequest request) => true;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ValueTask.CompletedTask.ConfigureAwait(false);
        yield return new SpeechFormatChunk(SpeechFormat.Silent);
    }

    /// <summary>None.</summary>
    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SpeechVoice>>([]);

    /// <inheritdoc/>
    public Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult("no sound; the mouth moves");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The engine <c>silent</c>.</summary>
internal sealed class SilentKind() : SpeechEngineKind(SilentName)
{
    public const string SilentName = "silent";

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) => new SilentSynthesizer();
}
