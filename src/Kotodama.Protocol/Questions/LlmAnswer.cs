using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to <see cref="AskName.Llm"/>.</summary>
/// <param name="Server">The name of the server whose language model answers.</param>
/// <param name="Url">The base address of that server; null when there is none.</param>
/// <param name="Model">The language model; null when the server chooses it.</param>
/// <param name="Demo">Whether no language model is connected and the built-in demo answers.</param>
/// <param name="Found">The servers that were found on the companion's machine.</param>
[Answers(AskName.Llm)]
public sealed record LlmAnswer(string Server, string? Url, string? Model, bool Demo, IReadOnlyList<LlmServerSummary> Found) : AnswerValue;

/// <summary>A server of language models as lists show it.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Url">Its base address, for <see cref="AskName.ChooseLlm"/>.</param>
/// <param name="Models">The models that can talk.</param>
/// <param name="Model">The model to begin with; null when it has none.</param>
public sealed record LlmServerSummary(string Server, string Url, IReadOnlyList<string> Models, string? Model);

/// <summary>The answer to <see cref="AskName.ChooseLlm"/>: what answers from now on.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Address">Its base address; null for the demo.</param>
/// <param name="Model">The language model; null when the server chooses it.</param>
/// <param name="IsDemo">Whether the built-in demo answers.</param>
[Answers(AskName.ChooseLlm)]
public sealed record ChooseLlmAnswer(string Server, Uri? Address, string? Model, bool IsDemo) : AnswerValue;
