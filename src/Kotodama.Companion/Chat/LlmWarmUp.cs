using System.Text.Json.Nodes;
using Kotodama.Companion.Chat.OpenAi;

namespace Kotodama.Companion.Chat;

/// <summary>
/// Has a server on this machine load its model before the first question, because that takes longer than people wait; and finds out with a
/// small question whether the model's prompt opens its reasoning, so that not even the first answer begins with it.
/// </summary>
internal static class LlmWarmUp
{
    /// <summary>More than a model reasons about the question.</summary>
    private const int MostTokens = 256;

    /// <summary>How long it may take.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Loads the model. Ends when it is loaded, or cannot be: then the question will say why.</summary>
    /// <param name="server">The server; models on other machines are left alone, where a question may cost money.</param>
    /// <param name="client">Learns how the model reasons.</param>
    /// <param name="isOllama">Whether it is Ollama, which loads a model without being asked anything, and tells reasoning apart.</param>
    /// <param name="http">The client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task RunAsync(
        ChatServer server,
        OpenAiChatClient client,
        bool isOllama,
        HttpClient http,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!LlmAddress.IsLocal(server.Address) || server.Model is null)
            return;
        using var watch = new CancellationTokenSource(Limit, time);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Token);
        // An hour after the last question Ollama gives the memory back; by itself it would after five minutes.
        var (address, body) = isOllama
            ? (new Uri(server.Address, "/api/generate"), new JsonObject { ["model"] = server.Model, ["keep_alive"] = "1h" })
            : (LlmAddress.At(server.Address, "/chat/completions"), new JsonObject
            {
                ["model"] = server.Model,
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Say OK and nothing else." }),
                ["max_tokens"] = MostTokens,
                ["stream"] = true,
            });
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new StringContent(body.ToJsonString(), null, "application/json");
        if (server.Key is not null)
            request.Headers.Authorization = new("Bearer", server.Key);
        try
        {
            var exchange = new ChatExchange(new ChatPatience(Limit, Limit), begun: false, tools: null, time, running.Token);
            await using var end = exchange.ConfigureAwait(false);
            await exchange.SendAsync(http, request).ConfigureAwait(false);
            while (!isOllama && exchange.BeginsInReasoning is null && await exchange.NextAsync().ConfigureAwait(false) is not null)
            {
                // What it says is not asked for.
            }

            client.Learn(server.Model, exchange.BeginsInReasoning);
        }
        catch (Exception e) when (e is LlmException or OperationCanceledException)
        {
            // The question will say why.
        }
    }
}
