using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Kotodama.EndToEnd.Browser.Talking;

/// <summary>A model that knows what to say to each thing that is said, however often it is asked, in these pieces.</summary>
internal sealed class Replies : IChatClient, IEnumerable<string>
{
    private readonly Dictionary<string, string[]> _replies = new(StringComparer.Ordinal);

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public void Add(string said, params string[] pieces) => _replies.Add(said, pieces);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var said = messages.Last().Text;
        Asked.Enqueue(said);

        // Hints come first.
        foreach (var piece in _replies[said.Split('\n')[^1]])
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public IEnumerator<string> GetEnumerator() => _replies.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
    }
}
