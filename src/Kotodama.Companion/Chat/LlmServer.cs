namespace Kotodama.Companion.Chat;

/// <summary>A server of language models that was found.</summary>
/// <param name="Server">
/// What it is, for people: <c>Ollama</c>, <c>LM Studio</c>, <c>llama.cpp</c>, <c>vLLM</c> or <c>OpenAI-compatible</c>.
/// </param>
/// <param name="Address">Its base address.</param>
/// <param name="Models">What it has, without models that cannot talk. Empty: it has none, or is still loading one.</param>
public sealed record LlmServer(string Server, Uri Address, IReadOnlyList<string> Models)
{
    /// <summary>All that it lists, also what cannot talk; null: it lists nothing.</summary>
    internal IReadOnlyList<string>? Listed { get; init; }

    /// <summary>The model to take when none is chosen; null when there is none.</summary>
    public string? DefaultModel => LlmModels.Choose(Models);

    /// <summary>
    /// Whether it may have a model. Ollama calls <c>name:latest</c> also <c>name</c>; others list names with a folder before.
    /// </summary>
    internal bool MayHave(string model) => Listed?.Any(listed =>
        listed.Equals(model, StringComparison.OrdinalIgnoreCase)
        || listed.EndsWith($"/{model}", StringComparison.OrdinalIgnoreCase)
        || (Server == LlmDiscovery.Ollama && listed.Equals($"{model}:latest", StringComparison.OrdinalIgnoreCase))) ?? true;
}

/// <summary>Who answers.</summary>
/// <param name="Server">What it is, for people: the name of a server, <c>built-in demo</c>, or <c>off</c>.</param>
/// <param name="Address">The base address of the server; null when there is none.</param>
/// <param name="Model">The model; null when there is none.</param>
/// <param name="IsDemo">Whether the built-in demo answers, because no model is chosen.</param>
public sealed record LlmChoice(string Server, Uri? Address = null, string? Model = null, bool IsDemo = false);
