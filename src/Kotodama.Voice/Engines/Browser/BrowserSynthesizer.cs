using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Browser;

/// <summary>Lets the page speak with a voice of its browser. Only the text goes out.</summary>
internal sealed class BrowserSynthesizer : ISpeechSynthesizer
{
    /// <inheritdoc/>
    public string Name => "browser";

    /// <summary>True: what the browser cannot say, it reports.</summary>
    public bool CanSpeak(SpeechRequest request) => !request.Unplayable.Contains(SpeechFormat.Browser);

    /// <inheritdoc/>
    public IAsyncEnumerable<SpeechChunk> SynthesizeAsync(SpeechRequest request, CancellationToken cancellationToken) => OnPage.Speak(SpeechFormat.Browser, cancellationToken);

    /// <summary>None: the voices are the page's.</summary>
    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SpeechVoice>>([]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Moves the mouth for as long as speaking would take, without a sound: where nothing else speaks.</summary>
internal sealed class SilentSynthesizer : ISpeechSynthesizer
{
    /// <inheritdoc/>
    public string Name => "silent";

    /// <summary>True: every text can be kept silent about.</summary>
    public bool CanSpeak(SpeechRequest request) => true;

    /// <inheritdoc/>
    public IAsyncEnumerable<SpeechChunk> SynthesizeAsync(SpeechRequest request, CancellationToken cancellationToken) => OnPage.Speak(SpeechFormat.Silent, cancellationToken);

    /// <summary>None.</summary>
    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SpeechVoice>>([]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

file static class OnPage
{
    public static async IAsyncEnumerable<SpeechChunk> Speak(SpeechFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ValueTask.CompletedTask.ConfigureAwait(false);
        yield return new SpeechFormatChunk(format);
    }
}
