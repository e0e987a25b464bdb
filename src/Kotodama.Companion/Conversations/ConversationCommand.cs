using Kotodama.Protocol;

namespace Kotodama.Companion.Conversations;

/// <summary>What a conversation wants done, in this order.</summary>
internal abstract record ConversationCommand
{
    /// <summary>Find out what is said.</summary>
    public sealed record Listen(long Utterance) : ConversationCommand;

    /// <summary>All of it was said.</summary>
    public sealed record EndListening(long Utterance) : ConversationCommand;

    /// <summary>Nobody wants to know any more.</summary>
    public sealed record DropListening(long Utterance) : ConversationCommand;

    /// <summary>Ask the language model.</summary>
    /// <param name="Turn">The number of the answer.</param>
    /// <param name="Text">What the person said; null: the character speaks of its own accord.</param>
    /// <param name="Language">The language of it; null: unknown.</param>
    /// <param name="Emotion">How the person sounded; null: unknown.</param>
    public sealed record Ask(long Turn, string? Text, string? Language, string? Emotion) : ConversationCommand;

    /// <summary>The answer is not wanted any more.</summary>
    public sealed record CancelAsk(long Turn) : ConversationCommand
    {
        /// <summary>Because the answer is longer than a reply may be.</summary>
        public bool IsTooLong { get; init; }
    }

    /// <summary>Say a piece of an answer.</summary>
    public sealed record Say(string Reply, int Part, string Text, string? Emotion) : ConversationCommand;

    /// <summary>The answer is complete.</summary>
    public sealed record Close(string Reply, string Text, IReadOnlyList<ReplyEmotion> Emotions) : ConversationCommand;

    /// <summary>Silence the character.</summary>
    public sealed record StopSpeech : ConversationCommand;

    /// <summary>Make the speech quieter; 0 holds it.</summary>
    public sealed record Duck(double Gain) : ConversationCommand;

    /// <summary>Show what the companion is doing.</summary>
    public sealed record Show(long Turn, TurnState State, string? Reason, string? Tool) : ConversationCommand;

    /// <summary>Show what the person said.</summary>
    public sealed record ShowTranscript(long Turn, string Text, bool Final) : ConversationCommand;

    /// <summary>Show how long it took.</summary>
    public sealed record ShowMarks(long Turn, TurnMarks Marks) : ConversationCommand;

    /// <summary>Remember what the person said.</summary>
    public sealed record StoreUser(long Turn, string Text, string? Language) : ConversationCommand;

    /// <summary>Remember what the person heard of an answer.</summary>
    public sealed record StoreAssistant(long Turn, string Text, bool Interrupted) : ConversationCommand;

    /// <summary>It is known what became of a turn.</summary>
    /// <param name="Turn">The turn; null: what was said did not become one.</param>
    /// <param name="Outcome">What became of it.</param>
    public sealed record Over(long? Turn, ExchangeOutcome Outcome) : ConversationCommand;

    /// <summary>Look as the person sounds.</summary>
    public sealed record Mirror(string Emotion) : ConversationCommand;
}
