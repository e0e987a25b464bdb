using Kotodama.Companion.Characters;
using Kotodama.Companion.Conversations;
using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>What the companion's loop does next.</summary>
internal abstract record CompanionEvent
{
    /// <summary>The hub said something.</summary>
    public sealed record Heard(Message Message) : CompanionEvent;

    /// <summary>Something happened in a conversation.</summary>
    public sealed record Happened(string Channel, ConversationEvent What) : CompanionEvent;

    /// <summary>Somebody else answers now.</summary>
    public sealed record MindChanged : CompanionEvent;

    /// <summary>It was found out who talks on a channel since its last conversation.</summary>
    public sealed record Known(string Channel, Character Character) : CompanionEvent;

    /// <summary>A channel has another character, or another conversation.</summary>
    /// <param name="Channel">The channel.</param>
    /// <param name="Character">Who talks there now.</param>
    /// <param name="Greet">Whether it says its greeting when nothing was said yet.</param>
    /// <param name="Kept">Whether the conversation before is still there.</param>
    public sealed record Settled(string Channel, Character Character, bool Greet, bool Kept) : CompanionEvent;
}
