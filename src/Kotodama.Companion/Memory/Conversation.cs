using Kotodama.Companion.Characters;

namespace Kotodama.Companion.Memory;

/// <summary>A conversation as lists show it.</summary>
public sealed record Conversation
{
    /// <summary>Its name, made by the store; it cannot be guessed.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is. Another channel does not find it.</summary>
    public required string Channel { get; init; }

    /// <summary>The <see cref="Characters.Character.Id"/> of who talks.</summary>
    public required string Character { get; init; }

    /// <summary>The beginning of the first text of the user, cut at a word; null until there is one.</summary>
    public string? Title { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When something was added last, or when it was made.</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>How many entries it has, and the number of the newest.</summary>
    public required int Messages { get; init; }
}

/// <summary>Who said something.</summary>
public enum ConversationRole
{
    /// <summary>A person.</summary>
    User,

    /// <summary>The character.</summary>
    Assistant,
}

/// <summary>What was said.</summary>
/// <param name="Role">By whom.</param>
/// <param name="Text">The words; of an interrupted reply those that were heard.</param>
public sealed record Said(ConversationRole Role, string Text)
{
    /// <summary>Whether the reply was cut short, and <see cref="Text"/> is what was heard of it.</summary>
    public bool Interrupted { get; init; }

    /// <summary>The language, as a BCP 47 tag; null when it is not known.</summary>
    public string? Language { get; init; }

    /// <summary>What was felt; null when it is not known.</summary>
    public string? Emotion { get; init; }
}

/// <summary>What was said, as it is kept.</summary>
/// <param name="Number">Its place in the conversation, from 1 on and without holes.</param>
/// <param name="At">When it was added.</param>
/// <param name="Said">What was said.</param>
public sealed record ConversationEntry(int Number, DateTimeOffset At, Said Said);

/// <summary>A place where a text was found.</summary>
/// <param name="Conversation">In which conversation.</param>
/// <param name="Number">The entry's number.</param>
/// <param name="At">When it was said.</param>
/// <param name="Role">By whom.</param>
/// <param name="Text">
/// The words around it, at most <see cref="ConversationLimits.Excerpt"/> characters and two signs for what was left out.
/// </param>
public sealed record ConversationHit(string Conversation, int Number, DateTimeOffset At, ConversationRole Role, string Text);
