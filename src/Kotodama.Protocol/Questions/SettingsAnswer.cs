using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to <see cref="AskName.Settings"/>.</summary>
/// <param name="Engines">The engines, those that are asked first in front.</param>
[Answers(AskName.Settings)]
public sealed record SettingsAnswer(IReadOnlyList<EngineSummary> Engines) : AnswerValue;

/// <summary>An engine as lists show it.</summary>
/// <param name="Kind"><c>llm</c>, <c>asr</c> or <c>tts</c>.</param>
/// <param name="Name">Its name, for <see cref="AskName.Test"/>.</param>
/// <param name="Problem">Why it cannot be used, for people; null when it can.</param>
public sealed record EngineSummary(string Kind, string Name, string? Problem);

/// <summary>The answer to <see cref="AskName.Test"/>.</summary>
/// <param name="Ok">Whether the engine worked.</param>
/// <param name="Ms">How long it took, in milliseconds.</param>
/// <param name="Detail">What it did, or why it failed, for people.</param>
[Answers(AskName.Test)]
public sealed record TestAnswer(bool Ok, double Ms, string Detail) : AnswerValue;
