using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kotodama.Voice.Engines.Http;

namespace Kotodama.Companion.Chat;

/// <summary>Where servers on this machine listen unless the user changed it.</summary>
internal sealed record LlmPorts(int Ollama = 11434, int LmStudio = 1234, int LlamaCpp = 8080, int Vllm = 8000);

/// <summary>Looks for servers of language models, and asks one what it is and has. Safe for threads.</summary>
/// <param name="local">The client for this machine, impatient to connect.</param>
/// <param name="remote">The client for other machines.</param>
/// <param name="time">The clock.</param>
/// <param name="ports">Where to look.</param>
internal sealed class LlmDiscovery(HttpClient local, HttpClient remote, TimeProvider time, LlmPorts ports)
{
    /// <summary>What Ollama is called.</summary>
    public const string Ollama = "Ollama";

    /// <summary>What a server is called that does not say what it is.</summary>
    public const string Unknown = "OpenAI-compatible";

    private const string LmStudio = "LM Studio", LlamaCpp = "llama.cpp", Vllm = "vLLM";
    private const int MostBytes = 1024 * 1024, MostModels = 1000;

    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(1), AskLimit = TimeSpan.FromSeconds(5);

    /// <summary>A client for servers.</summary>
    /// <param name="connect">How long a connection may take.</param>
    /// <param name="isLocal">Whether the servers are on this machine, where no proxy is asked.</param>
    public static HttpClient CreateClient(TimeSpan connect, bool isLocal) => new(new SocketsHttpHandler
    {
        ConnectTimeout = connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // A redirect would take what was said, and the key, somewhere else.
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLocal,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The servers on this machine. It takes a second at most.</summary>
    public async Task<IReadOnlyList<LlmServer>> FindAsync(CancellationToken cancellationToken)
    {
        using var watch = new CancellationTokenSource(LookLimit, time);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Token);
        var found = await Task.WhenAll(
            LookAsync(() => TagsAsync(local, Base(ports.Ollama), running.Token)),
            LookAsync(() => ListAsync(Base(ports.LmStudio), LmStudio, running.Token)),
            LookAsync(() => LlamaAsync(Base(ports.LlamaCpp), running.Token)),
            LookAsync(() => ListAsync(Base(ports.Vllm), Vllm, running.Token))).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. found.OfType<LlmServer>()];
    }

    /// <summary>Asks a server what it is and has.</summary>
    /// <exception cref="LlmException">It cannot be reached, refuses the key, or is no server of language models.</exception>
    public async Task<LlmServer> AskAsync(Uri address, string? key, CancellationToken cancellationToken)
    {
        using var watch = new CancellationTokenSource(AskLimit, time);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Token);
        var http = LlmAddress.IsLocal(address) ? local : remote;
        try
        {
            // Only Ollama has this page, and no other server must see a key there.
            if (key is null && await LookAsync(() => TagsAsync(http, address, running.Token)).ConfigureAwait(false) is { } ollama)
                return ollama;
            var (status, answer) = await GetAsync(http, LlmAddress.At(address, "/models"), key, running.Token).ConfigureAwait(false);
            if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw new LlmException(
                    LlmCode.Key,
                    $"The server of the language model refuses the key: status {(int)status}. "
                    + $"Set {LlmKeys.Own}, or {LlmOptions.Section}:{nameof(LlmOptions.Key)}.");
            if (answer is { } list && Models(list, address, Unknown) is { } server)
                return server;
            // Not every server lists its models, or can while it loads one; whether it can answer shows when it is asked to.
            var mayAnswer = status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.TooManyRequests
                or >= HttpStatusCode.InternalServerError;
            if (mayAnswer)
                return new LlmServer(Unknown, address, []);
            throw new LlmException(
                LlmCode.Unreachable,
                $"What answers at {address} is no server of language models: it lists no models (status {(int)status}). "
                + "The address of most servers ends with /v1.");
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var problem = $"The server of the language model at {address} cannot be reached. Is it running?";
            throw new LlmException(LlmCode.Unreachable, problem, innerException: e);
        }
    }

    private static Uri Base(int port) => new($"http://127.0.0.1:{port}/v1");

    // Whatever else listens there is not ours to judge.
    private static async Task<LlmServer?> LookAsync(Func<Task<LlmServer?>> look)
    {
        try
        {
            return await look().ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<LlmServer?> TagsAsync(HttpClient http, Uri address, CancellationToken cancellationToken)
    {
        var (_, answer) = await GetAsync(http, new Uri(address, "/api/tags"), null, cancellationToken).ConfigureAwait(false);
        if (ListOf(answer, "models") is not { } models)
            return null;
        var talking = Talking(models.EnumerateArray().Take(MostModels).Where(m => !IsBert(m)), "name");
        return new LlmServer(Ollama, address, talking) { Listed = Names(models, "name") };
    }

    private static JsonElement? ListOf(JsonElement? answer, string field)
    {
        if (answer is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty(field, out var list))
            return null;
        return list.ValueKind == JsonValueKind.Array ? list : null;
    }

    private static string[] Talking(IEnumerable<JsonElement> models, string field) =>
        [.. models.Select(m => JsonText.Of(m, field)).OfType<string>().Where(LlmModels.CanTalk)];

    private static bool IsBert(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object
        && model.TryGetProperty("details", out var details)
        && JsonText.Of(details, "family")?.Contains("bert", StringComparison.OrdinalIgnoreCase) == true;

    private static LlmServer? Models(JsonElement answer, Uri address, string server)
    {
        if (ListOf(answer, "data") is not { } data)
            return null;
        var owner = data.EnumerateArray().Select(m => JsonText.Of(m, "owned_by")).FirstOrDefault(o => o is not null);
        var name = owner switch
        {
            "library" => Ollama,
            "llamacpp" => LlamaCpp,
            "vllm" => Vllm,
            "organization_owner" => LmStudio,
            _ => server,
        };
        var talking = Talking(data.EnumerateArray().Take(MostModels), "id");
        return new LlmServer(name, address, talking) { Listed = Names(data, "id") };
    }

    private static string[] Names(JsonElement models, string field) =>
        [.. models.EnumerateArray().Select(m => JsonText.Of(m, field)).OfType<string>()];

    private static async Task<(
        HttpStatusCode Status,
        JsonElement? Answer)> GetAsync(HttpClient http, Uri address, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken).ConfigureAwait(false);
            return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (response.StatusCode, null);
        }
    }

    private async Task<LlmServer?> ListAsync(Uri address, string server, CancellationToken cancellationToken)
    {
        var (status, answer) = await GetAsync(local, LlmAddress.At(address, "/models"), null, cancellationToken).ConfigureAwait(false);
        var found = status == HttpStatusCode.OK && answer is { } list ? Models(list, address, server) : null;
        // On the port of vLLM speech servers listen, too; they have models that cannot talk.
        return found is { Models.Count: 0 } && server == Vllm ? null : found;
    }

    private async Task<LlmServer?> LlamaAsync(Uri address, CancellationToken cancellationToken)
    {
        var (status, answer) = await GetAsync(local, new Uri(address, "/health"), null, cancellationToken).ConfigureAwait(false);
        var isLoading = status == HttpStatusCode.ServiceUnavailable
            && answer is { ValueKind: JsonValueKind.Object } said
            && said.TryGetProperty("error", out _);
        if (isLoading)
            return new LlmServer(LlamaCpp, address, []);
        return await ListAsync(address, LlamaCpp, cancellationToken).ConfigureAwait(false);
    }
}
