using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to <see cref="AskName.Conversations"/>.</summary>
/// <param name="Current">The id of the conversation that goes on; null before anything was said.</param>
/// <param name="Conversations">The stored conversations, the newest first, at most 1000.</param>
[Answers(AskName.Conversations)]
public sealed record ConversationsAnswer(string? Current, IReadOnlyList<ConversationSummary> Conversations) : AnswerValue;

/// <summary>A conversation as lists show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">The beginning of the user's first words; null before there are any.</param>
/// <param name="Character">The id of the character that talks in it.</param>
/// <param name="StartedAt">When it was made.</param>
/// <param name="LastAt">When something was added last.</param>
/// <param name="Messages">How many entries it has.</param>
public sealed record ConversationSummary(
    string Id, string? Title, string Character, DateTimeOffset StartedAt, DateTimeOffset LastAt, int Messages);

/// <summary>The answer to <see cref="AskName.NewConversation"/>.</summary>
/// <param name="Id">The id of the new conversation.</param>
[Answers(AskName.NewConversation)]
public sealed record NewConversationAnswer(string Id) : AnswerValue;
