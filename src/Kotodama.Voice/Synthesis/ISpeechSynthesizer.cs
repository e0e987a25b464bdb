using System.Runtime.InteropServices;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Text;

namespace Kotodama.Voice.Synthesis;

/// <summary>
/// Turns text into speech. Members may be called from any thread, and several clauses at the same time; what cannot work in parallel waits
/// inside. The owner disposes it, after which running syntheses end.
/// </summary>
public interface ISpeechSynthesizer : IAsyncDisposable
{
    /// <summary>The name in settings, logs and <c>kotodama voices</c>: lower-case letters, digits and <c>-</c>.</summary>
    string Name { get; }

    /// <summary>Whether it can say this text well: its language above all. Answers at once, without asking a server.</summary>
    /// <param name="request">What to say.</param>
    bool CanSpeak(SpeechRequest request);

    /// <summary>Speaks one clause.</summary>
    /// <param name="request">What to say.</param>
    /// <param name="cancellationToken">Ends the synthesis, also on the server that does the work.</param>
    /// <returns>
    /// A <see cref="SpeechFormatChunk"/> first, then sound as it is made and marks before or with the sound they belong to. Chunks are
    /// small enough to be sent on at once.
    /// </returns>
    /// <exception cref="EngineException">It cannot be spoken; some sound may have come before.</exception>
    IAsyncEnumerable<SpeechChunk> SynthesizeAsync(SpeechRequest request, CancellationToken cancellationToken);

    /// <summary>The voices it has now, for a user to choose from. Empty when it cannot know.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EngineException">The engine or its server is not there; the message says what to do.</exception>
    Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Finds out whether the engine or its server is there, without making it speak, for <c>kotodama voices</c>. By default that is asking
    /// for its voices.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it is ready for, in a few words: <c>ready: 3 voices</c>.</returns>
    /// <exception cref="EngineException">The engine or its server is not there; the message says what to do.</exception>
    async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        var voices = await ListVoicesAsync(cancellationToken).ConfigureAwait(false);
        return voices.Count == 0 ? "ready" : $"ready: {voices.Count} voices";
    }
}

/// <summary>One clause to say.</summary>
/// <param name="Text">What to say: plain text without marks, 1 to some hundred characters.</param>
/// <param name="Language">Its language as a BCP 47 tag, for example <c>zh</c>.</param>
/// <param name="Voice">The voice by the engine's own name. Null: the one of the settings for the language.</param>
/// <param name="Speed">How fast, 0.25 to 4; 1 is natural.</param>
public sealed record SpeechRequest(string Text, string Language, string? Voice = null, double Speed = 1)
{
    /// <summary>What the listener cannot play: engines that make it are passed over.</summary>
    public IReadOnlySet<SpeechFormat> Unplayable { get; init; } = new HashSet<SpeechFormat>();
}

/// <summary>A piece of what a synthesizer makes.</summary>
public abstract record SpeechChunk
{
    private protected SpeechChunk()
    {
    }
}

/// <summary>
/// What the sound is. Comes first, once. Only a <see cref="SpeechChain"/> gives another one later: the engine that spoke has failed, and
/// another engine says the rest. Then times count from there anew, and what was given before ends where it is.
/// </summary>
/// <param name="Format">How the clause becomes sound.</param>
/// <param name="Rate">Samples per second of <see cref="SpeechFormat.Pcm"/>; else 0.</param>
/// <param name="Start">Where in the request's text this sound begins, in UTF-16 code units; 0 for the first one.</param>
public sealed record SpeechFormatChunk(SpeechFormat Format, int Rate = 0, int Start = 0) : SpeechChunk;

/// <summary>
/// Sound: mono samples of 16 bits, whole ones, for <see cref="SpeechFormat.Pcm"/>; a part of the file for
/// <see cref="SpeechFormat.Encoded"/>.
/// </summary>
/// <param name="Data">The bytes. They belong to the reader of the chunk.</param>
public sealed record SpeechSoundChunk(ReadOnlyMemory<byte> Data) : SpeechChunk;

/// <summary>What is said when. Times count from the beginning of the clause.</summary>
/// <param name="Words">The words, in order.</param>
/// <param name="Visemes">The movements of the mouth, in order.</param>
public sealed record SpeechMarksChunk(IReadOnlyList<WordMark> Words, IReadOnlyList<VisemeMark> Visemes) : SpeechChunk;

/// <summary>A word begins to be said.</summary>
/// <param name="At">When.</param>
/// <param name="Start">Where it begins in the request's text, in UTF-16 code units.</param>
/// <param name="Length">How long it is there.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WordMark(TimeSpan At, int Start, int Length);

/// <summary>The mouth takes a shape.</summary>
/// <param name="At">When.</param>
/// <param name="Shape">One of <see cref="SpeechMarksMessage.Shapes"/>' letters: <c>A I U E O N M _</c>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct VisemeMark(TimeSpan At, char Shape);

/// <summary>A voice of an engine.</summary>
/// <param name="Name">What to write into settings and messages.</param>
/// <param name="Language">Its language as a BCP 47 tag; null when the engine does not say, or speaks several.</param>
/// <param name="Description">What a user should know of it.</param>
public sealed record SpeechVoice(string Name, string? Language, string? Description = null);
