using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to <see cref="AskName.Characters"/>.</summary>
/// <param name="Current">The id of the character that talks on the channel.</param>
/// <param name="Characters">All characters of the companion.</param>
[Answers(AskName.Characters)]
public sealed record CharactersAnswer(string Current, IReadOnlyList<CharacterSummary> Characters) : AnswerValue;

/// <summary>A character as lists show it.</summary>
/// <param name="Id">Its id, for <see cref="AskName.ChooseCharacter"/>.</param>
/// <param name="Name">Its name in the language of the page.</param>
/// <param name="Language">The language that it speaks, BCP 47; null when it speaks the user's.</param>
/// <param name="Description">What it is like, in the language of the page; null when its author does not say.</param>
public sealed record CharacterSummary(string Id, string Name, string? Language, string? Description);
