using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Browser;

/// <summary>Lets the page speak with a voice of its browser. Only the text goes out.</summary>
internal sealed class BrowserSynthesizer : ISpeechSynthesizer
{
    /// <inheritdoc/>
    public string Name => BrowserKind.BrowserName;

    /// <summary>True: what the browser cannot say, it reports.</summary>
    public bool CanSpeak(SpeechRequest request) => !request.Unplayable.Contains(SpeechFormat.Browser);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SpeechChunk> SynthesizeAsync(
        SpeechRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ValueTask.CompletedTask.ConfigureAwait(false);
        yield return new SpeechFormatChunk(SpeechFormat.Browser);
    }

    /// <summary>None: the voices are the page's.</summary>
    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SpeechVoice>>([]);

    /// <inheritdoc/>
    public Task<string> ProbeAsync(CancellationToken cancellationToken) =>
        Task.FromResult("the browser's own voices, when the page has any");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The engine <c>browser</c>.</summary>
internal sealed class BrowserKind() : SpeechEngineKind(BrowserName)
{
    public const string BrowserName = "browser";

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) => new BrowserSynthesizer();
}
