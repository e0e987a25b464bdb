using Kotodama.Protocol;

namespace Kotodama.Companion.Conversations;

/// <summary>What a conversation wants done, in this order.</summary>
internal abstract record ConversationCommand
{
    /// <summary>Recognize an utterance.</summary>
    public sealed record Listen(long Utterance) : ConversationCommand;

    /// <summary>The sound of the utterance has ended.</summary>
    public sealed record EndListening(long Utterance) : ConversationCommand;

    /// <summary>The utterance is discarded.</summary>
    public sealed record DropListening(long Utterance) : ConversationCommand;

    /// <summary>Ask the language model.</summary>
    /// <param name="Exchange">The number of the exchange.</param>
    /// <param name="Text">What the user said; null: the character speaks of its own accord.</param>
    /// <param name="Language">The language of it; null: unknown.</param>
    /// <param name="Emotion">How the user sounded; null: unknown.</param>
    public sealed record Ask(long Exchange, string? Text, string? Language, string? Emotion) : ConversationCommand
    {
        /// <summary>What the language model is told when the character speaks of its own accord; null: as after a silence.</summary>
        public string? Prompt { get; init; }
    }

    /// <summary>The answer is not wanted any more.</summary>
    public sealed record CancelAsk(long Exchange) : ConversationCommand
    {
        /// <summary>Because the answer is longer than a reply may be.</summary>
        public bool IsTooLong { get; init; }
    }

    /// <summary>Say a piece of an answer.</summary>
    public sealed record Say(string Reply, int Part, string Text, string? Emotion) : ConversationCommand;

    /// <summary>The answer is complete.</summary>
    public sealed record Close(string Reply, string Text, IReadOnlyList<ReplyEmotion> Emotions) : ConversationCommand;

    /// <summary>Stop the speech.</summary>
    public sealed record StopSpeech : ConversationCommand;

    /// <summary>Make the speech quieter; 0 holds it.</summary>
    public sealed record Duck(double Gain) : ConversationCommand;

    /// <summary>Show what the companion is doing.</summary>
    public sealed record Show(long Exchange, TurnState State, string? Reason, string? Tool) : ConversationCommand;

    /// <summary>Show what the user said.</summary>
    public sealed record ShowTranscript(long Exchange, string Text, bool Final) : ConversationCommand;

    /// <summary>Show how long it took.</summary>
    public sealed record ShowMarks(long Exchange, TurnMarks Marks) : ConversationCommand;

    /// <summary>Something to remember.</summary>
    public abstract record OfMemory : ConversationCommand;

    /// <summary>Remember what the user said.</summary>
    public sealed record StoreUser(long Exchange, string Text, string? Language) : OfMemory;

    /// <summary>Remember what was played of an answer.</summary>
    public sealed record StoreAssistant(long Exchange, string Text, bool Interrupted) : OfMemory;

    /// <summary>
    /// Remember what the user has of an answer so far, in the place of what was remembered of it before: more may follow, and the process
    /// may be killed.
    /// </summary>
    public sealed record StoreProgress(long Exchange, string Text) : OfMemory;

    /// <summary>Forget what <see cref="StoreProgress"/> remembered: it was no answer.</summary>
    public sealed record ForgetProgress(long Exchange) : OfMemory;

    /// <summary>It is known what became of an exchange.</summary>
    /// <param name="Exchange">The exchange; null: what the user said did not become one.</param>
    /// <param name="Outcome">What became of it.</param>
    public sealed record EndExchange(long? Exchange, ExchangeOutcome Outcome) : ConversationCommand;

    /// <summary>Show the emotion that the user sounds like.</summary>
    public sealed record Mirror(string Emotion) : ConversationCommand;
}
