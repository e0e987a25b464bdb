using Kotodama.Companion.Chat;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Support;

/// <summary>A model that gives the answers of a script, one for each question, and keeps what it was asked.</summary>
internal sealed class ScriptedChat(params AIContent[][] answers) : IChatClient
{
    public List<(ChatMessage[] Messages, ChatOptions? Options)> Asked { get; } = [];

    /// <summary>Fails after the answer, if it is not null.</summary>
    public LlmException? Failure { get; set; }

    public static FunctionCallContent Call(string id, string name, params (string Name, object? Value)[] arguments) =>
        new(id, name, arguments.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal));

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var answer = answers.ElementAtOrDefault(Asked.Count) ?? answers.LastOrDefault() ?? [];
        Asked.Add(([.. messages], options));
        foreach (var content in answer)
            yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { AdditionalProperties = content.AdditionalProperties };
        if (Failure is not null)
            throw Failure;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
