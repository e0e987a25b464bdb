
namespace Kotodama.Companion.Conversations;

/// <summary>
/// What can happen in a conversation. An utterance has a number, and so has each exchange: an event that belongs to an old one is
/// discarded.
/// </summary>
internal abstract record ConversationEvent
{
    /// <summary>Something of an utterance.</summary>
    /// <param name="Utterance">Its number.</param>
    public abstract record OfUtterance(long Utterance) : ConversationEvent;

    /// <summary>Something of the answer that the language model gives.</summary>
    /// <param name="Exchange">The number of its exchange.</param>
    public abstract record OfExchange(long Exchange) : ConversationEvent;

    /// <summary>Something of the speech of an answer.</summary>
    /// <param name="Reply">The id of the answer's reply.</param>
    public abstract record OfReply(string Reply) : ConversationEvent;

    /// <summary>There is sound that may be the user's voice.</summary>
    /// <param name="Utterance">Its number.</param>
    /// <param name="Pressed">Whether the user holds a button, so that it is certainly meant.</param>
    /// <param name="Late">
    /// Whether it is only known now, from its first words, and nothing has taken the character's own speech out of it: a browser's
    /// recognizer heard it.
    /// </param>
    public sealed record SpeechStarted(long Utterance, bool Pressed, bool Late = false) : OfUtterance(Utterance);

    /// <summary>It is speech.</summary>
    public sealed record SpeechConfirmed(long Utterance) : OfUtterance(Utterance);

    /// <summary>The sound has ended.</summary>
    public sealed record SpeechEnded(long Utterance) : OfUtterance(Utterance);

    /// <summary>It was no speech, or cannot be heard to its end.</summary>
    public sealed record SpeechDropped(long Utterance) : OfUtterance(Utterance);

    /// <summary>What was recognized so far.</summary>
    public sealed record Partial(long Utterance, string Text) : OfUtterance(Utterance);

    /// <summary>What was recognized.</summary>
    public sealed record Recognized(long Utterance, string Text, string? Language, string? Emotion) : OfUtterance(Utterance);

    /// <summary>No recognizer could recognize it.</summary>
    public sealed record RecognitionFailed(long Utterance, string Code) : OfUtterance(Utterance);

    /// <summary>The user speaks, and the companion has no recognizer.</summary>
    public sealed record RecognitionMissing : ConversationEvent;

    /// <summary>The character begins the conversation with these words.</summary>
    public sealed record Greeted(string Text) : ConversationEvent;

    /// <summary>The user touches the character.</summary>
    /// <param name="Line">What it says to that; null: see <paramref name="Prompt"/>.</param>
    /// <param name="Prompt">What the language model is told, to say something to it.</param>
    /// <param name="Pause">How long after an answer to a touch no other one is answered.</param>
    public sealed record Touched(string? Line, string? Prompt, TimeSpan Pause) : ConversationEvent;

    /// <summary>The user typed.</summary>
    public sealed record Typed(string Text, string? Language) : ConversationEvent;

    /// <summary>The user, or a publisher, ends the answer.</summary>
    public sealed record Cancelled : ConversationEvent;

    /// <summary>Another conversation goes on from here.</summary>
    /// <param name="Remembered">Whether what was said in the one before is remembered; otherwise it was deleted.</param>
    public sealed record Changed(bool Remembered) : ConversationEvent;

    /// <summary>The language model gave a piece of its answer.</summary>
    /// <param name="Exchange">The exchange.</param>
    /// <param name="Text">The piece, as it is shown and spoken; may be empty when only the emotion changes.</param>
    /// <param name="Emotion">The emotion from here on; null: as before.</param>
    public sealed record Answered(long Exchange, string Text, string? Emotion) : OfExchange(Exchange);

    /// <summary>The language model uses a tool, or, with null, is done with it.</summary>
    public sealed record ToolUsed(long Exchange, string? Tool) : OfExchange(Exchange);

    /// <summary>What the language model gave of its answer so far was none: it was its reasoning.</summary>
    public sealed record WasReasoning(long Exchange) : OfExchange(Exchange);

    /// <summary>The answer is complete.</summary>
    public sealed record AnswerEnded(long Exchange) : OfExchange(Exchange);

    /// <summary>There is no answer, or not all of it.</summary>
    public sealed record AnswerFailed(long Exchange, string Code) : OfExchange(Exchange);

    /// <summary>The speech of an answer begins.</summary>
    /// <param name="Reply">The id of the reply.</param>
    /// <param name="Engine">How long the engine took for its first sound; null: unknown.</param>
    public sealed record SpeechBegan(string Reply, TimeSpan? Engine) : OfReply(Reply);

    /// <summary>A page has played an answer up to a place.</summary>
    /// <param name="Reply">The id of the reply.</param>
    /// <param name="Chars">How many characters of its text were played.</param>
    public sealed record Played(string Reply, int Chars) : OfReply(Reply);

    /// <summary>An answer was played to its end, was cut off, or no voice speaks it.</summary>
    /// <param name="Reply">The id of the reply.</param>
    /// <param name="Cut">Whether its speech was cut off.</param>
    public sealed record SpeechOver(string Reply, bool Cut) : OfReply(Reply);

    /// <summary>How many pages there are, and whether one of them is audible.</summary>
    public sealed record Audience(int Pages, bool IsAudible) : ConversationEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : ConversationEvent;
}
