using Kotodama.Companion.Characters;
using Kotodama.Companion.Conversations;
using Kotodama.Protocol;

namespace Kotodama.Companion.Channels;

/// <summary>What the companion's loop processes next.</summary>
internal abstract record CompanionEvent
{
    /// <summary>The hub sent a message.</summary>
    public sealed record FromHub(Message Message) : CompanionEvent;

    /// <summary>Work that runs beside the loop tells the conversation of a channel something.</summary>
    public sealed record InConversation(string Channel, ConversationEvent What) : CompanionEvent;

    /// <summary>The user chose another language model.</summary>
    public sealed record MindChanged : CompanionEvent;

    /// <summary>The store told which character a channel had in its last conversation.</summary>
    public sealed record CharacterFound(string Channel, Character Character) : CompanionEvent;

    /// <summary>A channel has another character, or another conversation.</summary>
    /// <param name="Channel">The channel.</param>
    /// <param name="Character">The character that answers there now.</param>
    /// <param name="Greet">Whether it says its greeting when nothing was said yet.</param>
    /// <param name="Remembered">Whether the conversation before is still there.</param>
    public sealed record Changed(string Channel, Character Character, bool Greet, bool Remembered) : CompanionEvent;
}
