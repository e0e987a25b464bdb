using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to <see cref="AskName.Conversation"/>.</summary>
/// <param name="Id">The conversation; null before anything was said.</param>
/// <param name="Entries">Its newest entries, the oldest of them first.</param>
[Answers(AskName.Conversation)]
public sealed record ConversationAnswer(string? Id, IReadOnlyList<ConversationLine> Entries) : AnswerValue;

/// <summary>What the user or the character said.</summary>
/// <param name="Number">The number of the entry, from 1.</param>
/// <param name="At">When it was said.</param>
/// <param name="Role"><see cref="User"/> or <see cref="Assistant"/>.</param>
/// <param name="Text">What was said.</param>
/// <param name="Interrupted">Whether the character was interrupted in it.</param>
public sealed record ConversationLine(int Number, DateTimeOffset At, string Role, string Text, bool Interrupted)
{
    /// <summary>The user said it.</summary>
    public const string User = "user";

    /// <summary>The character said it.</summary>
    public const string Assistant = "assistant";
}
