using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to <see cref="AskName.Search"/>.</summary>
/// <param name="Hits">The places that were found, at most 100.</param>
[Answers(AskName.Search)]
public sealed record SearchAnswer(IReadOnlyList<SearchHit> Hits) : AnswerValue;

/// <summary>A place where the words were found.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Number">The number of the entry, from 1.</param>
/// <param name="At">When it was said.</param>
/// <param name="Role"><see cref="ConversationLine.User"/> or <see cref="ConversationLine.Assistant"/>.</param>
/// <param name="Text">The words around the place.</param>
public sealed record SearchHit(string Conversation, int Number, DateTimeOffset At, string Role, string Text);
