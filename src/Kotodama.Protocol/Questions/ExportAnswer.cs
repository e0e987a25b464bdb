using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to <see cref="AskName.Export"/>: a conversation as a file.</summary>
/// <param name="Name">A name for the file, safe on every system.</param>
/// <param name="Text">What is in it.</param>
[Answers(AskName.Export)]
public sealed record ExportAnswer(string Name, string Text) : AnswerValue;
