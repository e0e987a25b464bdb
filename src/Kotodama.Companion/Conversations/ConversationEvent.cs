
namespace Kotodama.Companion.Conversations;

/// <summary>What can happen in a conversation. An utterance has a number, and so has each answer, its turn: what belongs to an old one is ignored.</summary>
internal abstract record ConversationEvent
{
    /// <summary>Perhaps somebody speaks.</summary>
    /// <param name="Utterance">Its number.</param>
    /// <param name="Pressed">Whether a button is held, so that it is certainly meant.</param>
    /// <param name="Late">Whether it is only known now, from its first words, and nothing has taken the character's own voice out of it: a browser heard it.</param>
    public sealed record SpeechStarted(long Utterance, bool Pressed, bool Late = false) : ConversationEvent;

    /// <summary>It is speech.</summary>
    public sealed record SpeechConfirmed(long Utterance) : ConversationEvent;

    /// <summary>It is over.</summary>
    public sealed record SpeechEnded(long Utterance) : ConversationEvent;

    /// <summary>It was nothing, or cannot be heard to its end.</summary>
    public sealed record SpeechDropped(long Utterance) : ConversationEvent;

    /// <summary>What was recognised so far.</summary>
    public sealed record Partial(long Utterance, string Text) : ConversationEvent;

    /// <summary>What was recognised.</summary>
    public sealed record Recognised(long Utterance, string Text, string? Language, string? Emotion) : ConversationEvent;

    /// <summary>Nothing could recognise it.</summary>
    public sealed record RecognitionFailed(long Utterance, string Code) : ConversationEvent;

    /// <summary>Somebody speaks, and there is nothing that could recognise it.</summary>
    public sealed record RecognitionMissing : ConversationEvent;

    /// <summary>The character begins the conversation with these words.</summary>
    public sealed record Greeted(string Text) : ConversationEvent;

    /// <summary>Somebody typed.</summary>
    public sealed record Typed(string Text, string? Language) : ConversationEvent;

    /// <summary>Somebody wants it to end.</summary>
    public sealed record Cancelled : ConversationEvent;

    /// <summary>Another conversation goes on from here.</summary>
    /// <param name="Kept">Whether what was said in the one before is remembered; otherwise it was deleted.</param>
    public sealed record Changed(bool Kept) : ConversationEvent;

    /// <summary>The language model gave a piece of its answer.</summary>
    /// <param name="Turn">The answer.</param>
    /// <param name="Text">The piece, as it is shown and spoken; may be empty when only the emotion changes.</param>
    /// <param name="Emotion">The emotion from here on; null: as before.</param>
    public sealed record Answered(long Turn, string Text, string? Emotion) : ConversationEvent;

    /// <summary>The language model uses a tool, or, with null, is done with it.</summary>
    public sealed record ToolUsed(long Turn, string? Tool) : ConversationEvent;

    /// <summary>What the language model gave of its answer so far was none: it reasoned.</summary>
    public sealed record WasReasoning(long Turn) : ConversationEvent;

    /// <summary>The answer is complete.</summary>
    public sealed record AnswerEnded(long Turn) : ConversationEvent;

    /// <summary>There is no answer, or not all of it.</summary>
    public sealed record AnswerFailed(long Turn, string Code) : ConversationEvent;

    /// <summary>The speech of an answer begins.</summary>
    /// <param name="Reply">The id of the answer.</param>
    /// <param name="Engine">How long the engine took for its first sound; null: unknown.</param>
    public sealed record SpeechBegan(string Reply, TimeSpan? Engine) : ConversationEvent;

    /// <summary>An answer is heard up to a place.</summary>
    public sealed record Heard(string Reply, int Chars) : ConversationEvent;

    /// <summary>An answer was heard to its end, was cut off, or nobody speaks it.</summary>
    /// <param name="Reply">The id of the answer.</param>
    /// <param name="Cut">Whether its speech was cut off.</param>
    public sealed record SpeechOver(string Reply, bool Cut) : ConversationEvent;

    /// <summary>Who is there to listen, and whether one of them is heard.</summary>
    public sealed record Audience(int Pages, bool IsHeard) : ConversationEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : ConversationEvent;
}
