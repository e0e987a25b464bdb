using System.Text.Json.Nodes;

namespace Kotodama.Voice;

/// <summary>Has a server on this machine load its model before the first question, because that takes longer than people wait.</summary>
internal static class LlmWarmUp
{
    /// <summary>How long it may take.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Loads the model. Ends when it is loaded, or cannot be: then the question will say why.</summary>
    /// <param name="server">The server; models on other machines are left alone, where a question may cost money.</param>
    /// <param name="isOllama">Whether it is Ollama, which loads a model without being asked anything.</param>
    /// <param name="http">The client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task RunAsync(ChatServer server, bool isOllama, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
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
                ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hi" }),
                ["max_tokens"] = 1,
            });
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body.ToJsonString(), null, "application/json") };
        if (server.Key is not null)
            request.Headers.Authorization = new("Bearer", server.Key);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, running.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The question will say why.
        }
    }
}
