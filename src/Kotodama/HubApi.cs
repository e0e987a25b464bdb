using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http.Extensions;

namespace Kotodama.Cli;

/// <summary>The hub's HTTP API, as the commands use it.</summary>
/// <param name="hub">The hub's base address.</param>
/// <param name="token">A token for it; null: none.</param>
internal sealed class HubApi(Uri hub, string? token = null) : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>A hub says its status without waiting for anything; what says nothing within this is none.</summary>
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = !hub.IsLoopback })
    {
        BaseAddress = hub,
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = token is null ? null : new("Bearer", token) },
    };

    public Uri Address => hub;

    public string? Token => token;

    public void Dispose() => _http.Dispose();

    /// <summary>The status report as JSON.</summary>
    /// <exception cref="KotodamaException">No hub answers there.</exception>
    public Task<JsonElement> StatusAsync(CancellationToken cancellationToken) => AskAsync(StatusLimit, async token =>
    {
        using var response = await _http.GetAsync("api/status", token);
        var json = await ReadAsync(response, token);
        return json.TryGetProperty("product", out var product) && product.ValueEquals("kotodama") ? json : throw NotAHub(null);
    }, cancellationToken);

    /// <summary>The newest replies of a channel as JSON.</summary>
    /// <exception cref="KotodamaException">The hub refused, or none answers there.</exception>
    public Task<JsonElement> HistoryAsync(string channel, int limit, CancellationToken cancellationToken) =>
        AskAsync(AnswerLimit, async token =>
    {
        using var response = await _http.GetAsync($"api/history?channel={Uri.EscapeDataString(channel)}&limit={limit}", token);
        return await ReadAsync(response, token);
    }, cancellationToken);

    /// <summary>The models and drawn characters of the hub as JSON; null: the hub has no list of them.</summary>
    /// <exception cref="KotodamaException">The hub refused, or none answers there.</exception>
    public async Task<JsonElement?> ModelsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(AnswerLimit, async token =>
            {
                using var response = await _http.GetAsync("api/models", token);
                return await ReadAsync(response, token);
            }, cancellationToken);
        }
        catch (KotodamaException e) when (e.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Publishes a message; when the hub says that this is too fast, again after the pause that it asks for.</summary>
    /// <param name="message">What to say.</param>
    /// <param name="wait">How long to wait for a page to show it. Null: not at all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer: <c>pages</c>, <c>displayed</c>, <c>hint</c>.</returns>
    /// <exception cref="KotodamaException">The hub refused the message, or none answers there.</exception>
    public Task<JsonElement> PublishAsync(Publication message, TimeSpan? wait, CancellationToken cancellationToken) =>
        AskAsync(AnswerLimit + (wait ?? TimeSpan.Zero), async token =>
    {
        var query = wait is { } time ? $"?wait=displayed&timeout={time.TotalMilliseconds:0}" : "";
        while (true)
        {
            using var body = new ByteArrayContent(MessageCodec.Write(message));
            body.Headers.ContentType = new("application/json");
            using var response = await _http.PostAsync("api/messages" + query, body, token);
            if (response.StatusCode != HttpStatusCode.TooManyRequests || response.Headers.RetryAfter?.Delta is not { } pause)
                return await ReadAsync(response, token);
            await Task.Delay(pause, TimeProvider.System, token);
        }
    }, cancellationToken);

    /// <summary>Publishes a reply together with its sound.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="sound">A sound file.</param>
    /// <param name="wait">How long to wait until it has been heard; at most ten minutes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer: <c>pages</c>, <c>displayed</c>, <c>spoken</c>, <c>hint</c>.</returns>
    /// <exception cref="KotodamaException">The hub refused it, or none answers there.</exception>
    public Task<JsonElement> SpeakAsync(LlmResponseMessage reply, Stream sound, TimeSpan wait, CancellationToken cancellationToken) =>
        AskAsync(AnswerLimit + wait, async token =>
    {
        var query = new QueryBuilder
        {
            { "content", reply.Content },
            { "duration", reply.Duration.ToString(CultureInfo.InvariantCulture) },
        };
        var mode = reply.StatedMode?.ToString().ToLowerInvariant();
        (string Name, string? Value)[] further =
            [("mode", mode), ("channel", reply.Channel), ("emotion", reply.Emotion), ("motion", reply.Motion), ("lang", reply.Lang)];
        foreach (var (name, value) in further)
            if (value is not null)
                query.Add(name, value);
        query.Add("wait", "spoken");
        query.Add("timeout", wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
        using var body = new StreamContent(sound);
        body.Headers.ContentType = new("application/octet-stream");
        using var response = await _http.PostAsync("api/speak" + query, body, token);
        return await ReadAsync(response, token);
    }, cancellationToken);

    private async Task<JsonElement> AskAsync(
        TimeSpan limit,
        Func<CancellationToken, Task<JsonElement>> ask,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(limit);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var owner = hub.IsLoopback && PortOwner.Process(hub.Port) is { } process ? $", {process}," : "";
            throw NotConnected(
                $"what listens at {hub}{owner} has not answered within {limit.TotalSeconds:0.#} s",
                "Name the hub's address with --url.",
                e);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw NotAHub(e);
        }
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
            throw NotAHub(null, $": it answers {(int)response.StatusCode} {response.ReasonPhrase}");
        var json = await response.Content.ReadFromJsonAsync(JsonElementContext.Default.JsonElement, cancellationToken);
        if (json.ValueKind != JsonValueKind.Object)
            throw NotAHub(null);
        if (response.IsSuccessStatusCode)
            return json;
        var error = MessageCodec.Read(System.Text.Encoding.UTF8.GetBytes(json.GetRawText())).Message as ErrorMessage;
        throw error is null ? NotAHub(null) : KotodamaException.From(error);
    }

    private KotodamaException Unreachable(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError =>
            NotConnected($"cannot reach a Kotodama hub at {hub}: there is no machine {hub.Host}", "Name its address with --url.", e),
        HttpRequestError.SecureConnectionError =>
            NotConnected($"cannot reach a Kotodama hub at {hub}: it makes no secure connection", "A hub itself has http:// addresses.", e),
        HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError =>
            NotAHub(e, ": it does not speak HTTP"),
        _ => NotConnected(
            $"cannot reach a Kotodama hub at {hub}: {(hub.IsLoopback ? "nothing listens there" : e.Message.TrimEnd('.'))}",
            "Start it with: dotnet run --project src/Kotodama (or kotodama, where it is installed), or name its address with --url.",
            e),
    };

    private KotodamaException NotAHub(Exception? cause, string why = "") =>
        NotConnected($"what answers at {hub} is not a Kotodama hub{why}", "Name the hub's address with --url.", cause);

    private static KotodamaException NotConnected(string message, string hint, Exception? cause) =>
        new(KotodamaException.NotConnected, message, hint, cause);
}
