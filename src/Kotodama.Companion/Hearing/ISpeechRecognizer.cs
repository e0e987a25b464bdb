namespace Kotodama.Companion.Hearing;

/// <summary>
/// Turns speech into text. Members may be called from any thread, and several utterances at the same time; what cannot work in parallel
/// waits inside. The owner disposes it, after which running recognitions end.
/// </summary>
public interface ISpeechRecognizer : IAsyncDisposable
{
    /// <summary>The name in settings and logs: lower-case letters, digits and <c>-</c>.</summary>
    string Id { get; }

    /// <summary>Begins an utterance. The caller disposes it.</summary>
    /// <param name="request">What is known of it.</param>
    /// <param name="cancellationToken">Ends the wait for the beginning.</param>
    /// <exception cref="RecognitionException">The engine cannot take it. No other exception means that the engine failed.</exception>
    ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Finds out, without sound, whether the engine or its server is there, for <c>kotodama voices</c>. By default it is believed to be.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it is ready for, in a few words: <c>ready: English</c>.</returns>
    /// <exception cref="RecognitionException">It is not there; the message says what to do.</exception>
    Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult("ready");
}

/// <summary>
/// One utterance that is being recognized. One task writes while another one reads; each of the two does one thing at a time. Disposing
/// ends the work, also on the server that does it. The sound is kept in memory until then and nowhere else.
/// </summary>
public interface IRecognition : IAsyncDisposable
{
    /// <summary>Gives it more sound. What goes beyond a minute is left out.</summary>
    /// <param name="sound">Mono samples of 16 bits, little-endian, 16000 a second. It is copied.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask WriteAsync(ReadOnlyMemory<byte> sound, CancellationToken cancellationToken);

    /// <summary>There is no more sound.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask EndAsync(CancellationToken cancellationToken);

    /// <summary>
    /// What was understood: any number of guesses, each in place of the one before, then one final text, after the end of the sound. May be
    /// read once.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RecognitionException">It could not be recognized. No other exception means that the engine failed.</exception>
    IAsyncEnumerable<RecognitionResult> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What is known of an utterance before it is heard.</summary>
/// <param name="Language">Its language as a BCP 47 tag; null when it is not known.</param>
/// <param name="Phrases">Words that are likely, names above all. Engines that cannot use them leave them out.</param>
public sealed record RecognitionRequest(string? Language = null, IReadOnlyList<string>? Phrases = null);

/// <summary>What was understood.</summary>
/// <param name="Text">The text, without tags for sounds that are no speech. Final and empty: nothing was said.</param>
/// <param name="IsFinal">Whether it is the last word.</param>
/// <param name="Language">The language that was heard, as a BCP 47 tag; null when the engine does not tell.</param>
/// <param name="Emotion">
/// How it was said, by one of the page's names (<c>joy</c>, <c>sad</c> …); null when the engine does not tell.
/// </param>
public sealed record RecognitionResult(string Text, bool IsFinal, string? Language = null, string? Emotion = null);
