using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kotodama.Protocol;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>A server that is asked, and how.</summary>
/// <param name="Address">Its base address.</param>
/// <param name="Model">The model, unless the request names one. Null: servers with one model do not mind.</param>
/// <param name="Key">Its key; null when it needs none.</param>
/// <param name="Patience">How long it may take.</param>
internal sealed record ChatServer(Uri Address, string? Model, string? Key, ChatPatience Patience)
{
    /// <summary>How freely the model chooses its words; null: as the server likes.</summary>
    public float? Temperature { get; init; }

    /// <summary>Whether the server is told not to reason. Only Ollama knows how.</summary>
    public bool WithoutReasoning { get; init; }

    // The key is not for logs.
    public override string ToString() => $"{Model} at {Address}";
}

/// <summary>
/// Asks a server that speaks as OpenAI's chat completions do. Reasoning comes as <see cref="TextReasoningContent"/> and never as text,
/// calls of tools when they are whole. A request of which nothing was answered is sent once more. Safe for threads; it does not own the
/// client.
/// </summary>
internal sealed partial class OpenAiChatClient(ChatServer server, HttpClient http, TimeProvider time, ILogger logger) : IChatClient
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300), LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Models whose prompt opens their reasoning, of which only the end comes then.</summary>
    private readonly ConcurrentDictionary<string, bool> _begun = new(StringComparer.Ordinal);
    private readonly ChatClientMetadata _metadata = new("openai", server.Address, server.Model);
    private int _parts = (int)(RequestParts.StreamOptions | RequestParts.Tools
        | (server.WithoutReasoning ? RequestParts.Effort : RequestParts.None));

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
        var model = options?.ModelId ?? server.Model ?? "";
        var parts = (RequestParts)_parts;
        var repeated = false;
        while (true)
        {
            var exchange = new ChatExchange(server.Patience, _begun.ContainsKey(model), Schemas(options), time, cancellationToken);
            await using var end = exchange.ConfigureAwait(false);
            LlmException? failure = null;
            try
            {
                using var request = Request(all, options, parts);
                await exchange.SendAsync(http, request).ConfigureAwait(false);
            }
            catch (LlmException e)
            {
                failure = e;
            }

            while (failure is null)
            {
                ChatResponseUpdate? update = null;
                try
                {
                    update = await exchange.NextAsync().ConfigureAwait(false);
                    Volatile.Write(ref _parts, (int)parts);
                    Learn(model, exchange.BeginsInReasoning);
                }
                catch (LlmException e)
                {
                    failure = e;
                    break;
                }

                if (update is null)
                    yield break;
                yield return update;
            }

            if (exchange.Received)
                throw failure;
            var fewer = exchange.Complaint is { } complaint ? Fewer(parts, complaint, options) : parts;
            if (fewer != parts)
            {
                Simplified(logger, server.Address.AbsoluteUri, parts & ~fewer);
                parts = fewer;
                continue;
            }

            if (repeated || !failure.IsPassing || failure.RetryAfter > LongestPause)
                throw failure;
            repeated = true;
            Repeated(logger, server.Address.AbsoluteUri, failure.Message);
            await Task.Delay(failure.RetryAfter ?? Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Later answers of a model are taken as this one was.</summary>
    /// <param name="model">The model.</param>
    /// <param name="beginsInReasoning">Whether its prompt opens its reasoning. Null: nothing was learned.</param>
    public void Learn(string model, bool? beginsInReasoning)
    {
        if (beginsInReasoning == true && _begun.TryAdd(model, true))
            Begins(logger, server.Address.AbsoluteUri);
        else if (beginsInReasoning == false)
            _begun.TryRemove(model, out _);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return _metadata;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    // What the server names goes first; if it names nothing that we sent, all that is not needed for an answer.
    private static RequestParts Fewer(RequestParts parts, string complaint, ChatOptions? options)
    {
        if (parts.HasFlag(RequestParts.Tools) && options?.Tools is { Count: > 0 } && Names("tool"))
            return parts & ~RequestParts.Tools;
        if (parts.HasFlag(RequestParts.Effort) && (Names("effort") || Names("think")))
            return parts & ~RequestParts.Effort;
        return Names("stream_options") ? parts & ~RequestParts.StreamOptions : parts & RequestParts.Tools;

        bool Names(string part) => complaint.Contains(part, StringComparison.Ordinal);
    }

    private static Dictionary<string, JsonElement> Schemas(ChatOptions? options) =>
        options?.Tools?.OfType<AIFunctionDeclaration>().DistinctBy(tool => tool.Name, StringComparer.Ordinal)
            .ToDictionary(tool => tool.Name, tool => tool.JsonSchema, StringComparer.Ordinal) ?? [];

    private HttpRequestMessage Request(ChatMessage[] messages, ChatOptions? options, RequestParts parts)
    {
        var content = new ByteArrayContent(ChatRequestBody.Write(messages, options, server.Model, server.Temperature, parts));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, LlmAddress.At(server.Address, "/chat/completions")) { Content = content };
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (server.Key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
        return request;
    }

    [LoggerMessage(
        406,
        LogLevel.Information,
        "The language model at {Address} begins its answers in the middle of its reasoning; "
        + "what comes before the end of it is not said.")]
    private static partial void Begins(ILogger logger, PlainText address);

    [LoggerMessage(400, LogLevel.Warning, "The language model at {Address} refuses a request with {Parts}; it is asked without.")]
    private static partial void Simplified(ILogger logger, PlainText address, RequestParts parts);

    [LoggerMessage(401, LogLevel.Warning, "The language model at {Address} is asked once more: {Reason}")]
    private static partial void Repeated(ILogger logger, PlainText address, PlainText reason);
}
