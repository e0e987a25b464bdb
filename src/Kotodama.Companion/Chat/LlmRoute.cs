using System.Runtime.CompilerServices;
using Kotodama.Protocol;
using Kotodama.Voice.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Chat;

/// <summary>
/// Asks the client that is chosen, and when it fails before it has said anything, the fallbacks in their order. Safe for threads.
/// </summary>
/// <param name="chosen">Gives the chosen client, when it is ready, and whether fallbacks may take its place.</param>
/// <param name="fallbacks">The others.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures are told.</param>
internal sealed partial class LlmRoute(
    Func<CancellationToken, ValueTask<(IChatClient Client, bool MayFall)>> chosen,
    IReadOnlyList<IChatClient> fallbacks,
    TimeProvider time,
    ILogger logger) : IChatClient
{
    // So long a client that failed is asked last, because the user should not wait for it each time.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private readonly ConditionalWeakTable<IChatClient, object> _failedAt = [];

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var all = messages.ToArray();
        var (first, mayFall) = await chosen(cancellationToken).ConfigureAwait(false);
        IChatClient[] clients = mayFall ? [.. fallbacks.Prepend(first).OrderBy(IsResting)] : [first];
        for (var i = 0; ; i++)
        {
            var client = clients[i];
            var asked = client == first ? options : WithoutModel(options);
            var updates = client.GetStreamingResponseAsync(all, asked, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var end = updates.ConfigureAwait(false);
            var begun = false;
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    {
                        _failedAt.Remove(client);
                        yield break;
                    }
                }
                catch (LlmException e) when (!begun && i + 1 < clients.Length)
                {
                    _failedAt.AddOrUpdate(client, time.GetTimestamp());
                    VoiceTelemetry.Failed("llm", e.Code);
                    Falls(logger, e.Message);
                    break;
                }

                begun |= updates.Current.Contents.Any(c => c is TextContent or FunctionCallContent);
                yield return updates.Current;
            }
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    // The name of a model means nothing to another server.
    private static ChatOptions? WithoutModel(ChatOptions? options)
    {
        var same = options?.Clone();
        same?.ModelId = null;
        return same;
    }

    private bool IsResting(IChatClient client) => _failedAt.TryGetValue(client, out var at) && time.GetElapsedTime((long)at) < Rest;

    [LoggerMessage(403, LogLevel.Warning, "The language model fails, the next one answers: {Reason}")]
    private static partial void Falls(ILogger logger, PlainText reason);
}
