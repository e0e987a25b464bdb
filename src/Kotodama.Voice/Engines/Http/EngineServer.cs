using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Http;

/// <summary>What people are told to check, each as a sentence.</summary>
/// <param name="Address">When the server is not there.</param>
/// <param name="Key">When it refuses the key.</param>
/// <param name="Request">When it does not understand the request.</param>
internal sealed record EngineServerAdvice(string Address, string Key, string Request);

/// <summary>A server that is asked over HTTP for speech, or for what was said. Safe for threads; it does not own the client.</summary>
/// <param name="title">How people call it, at the beginning of a sentence.</param>
/// <param name="advice">What people are told when it fails.</param>
/// <param name="http">The client. How long it waits is up to who asks; redirects must be off.</param>
/// <param name="time">The clock.</param>
internal sealed class EngineServer(string title, EngineServerAdvice advice, HttpClient http, TimeProvider time)
{
    private const int Piece = 16 * 1024, ProblemLimit = 4096;
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>A server of this network answers within milliseconds; one that takes longer is better passed over.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(2);

    /// <summary>A client as speech servers want it: impatient to connect, and never following a redirect with a key.</summary>
    public static HttpClient CreateClient() => new(
        new SocketsHttpHandler
        {
            ConnectTimeout = ConnectWithin,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            AllowAutoRedirect = false,
            UseCookies = false,
        })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends a request and gives the sound of the answer as it comes.</summary>
    /// <param name="message">The request.</param>
    /// <param name="unsigned">What sound is that says nothing of itself.</param>
    /// <param name="rate">The rate of samples where the server does not say it; 0: it must say it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async IAsyncEnumerable<SpeechChunk> SpeakAsync(
        HttpRequestMessage message,
        UnsignedSound unsigned,
        int rate,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        var sound = Reader(response, unsigned, rate);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[Piece];
        var received = 0L;
        while (true)
        {
            var read = await ReadAsync(body, buffer, cancellationToken).ConfigureAwait(false);
            received += read;
            if (received > MostBytes)
                throw new EngineException($"{title} does not stop sending: more than {MostBytes} bytes came for one clause.");
            foreach (var chunk in Understand(() => read == 0 ? sound.End() : sound.Read(buffer.AsSpan(0, read))))
                yield return chunk;
            if (read == 0)
                yield break;
        }
    }

    /// <summary>Asks for JSON. Null when the server has no such page.</summary>
    public async Task<JsonDocument?> GetJsonAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
                return null;
            if (!response.IsSuccessStatusCode)
                throw await RefusedAsync(response, cancellationToken).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken).ConfigureAwait(false);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (Exception e) when (IsNetwork(e, cancellationToken))
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Sends a request.</summary>
    /// <returns>An answer that is no refusal; its body is still to come.</returns>
    /// <exception cref="EngineException">The server is not there, or refuses.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsNetwork(e, cancellationToken))
        {
            throw Unreachable(e);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusedAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the next bytes of an answer; 0 at its end.</summary>
    /// <exception cref="EngineException">The server broke off.</exception>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsNetwork(e, cancellationToken))
        {
            throw new EngineException($"{title} broke off.", innerException: e) { Fault = EngineFault.Broken };
        }
    }

    private static bool IsNetwork(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Reads the answer by what its headers say of samples; where they say nothing, by what was asked for.</summary>
    private static SoundReader Reader(HttpResponseMessage response, UnsignedSound unsigned, int rate)
    {
        // As they stand: a type that is not written by the rules still says what it means.
        var headers = response.Content.Headers.NonValidated;
        var type = headers.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
        var others = response.Headers.NonValidated.Concat(headers).Select(h => KeyValuePair.Create(h.Key, h.Value.ToString()));
        var samples = SampleFormat.Read(type, others);
        var media = type?.Split(';')[0].Trim() ?? "";
        var saysText = media.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || media.EndsWith("json", StringComparison.OrdinalIgnoreCase);
        return new SoundReader(unsigned, samples with { Rate = samples.Rate ?? (rate > 0 ? rate : null) }, saysText);
    }

    private IReadOnlyList<SpeechChunk> Understand(Func<IReadOnlyList<SpeechChunk>> read)
    {
        try
        {
            return read();
        }
        catch (EngineException e)
        {
            throw new EngineException($"{title} gave no sound: {e.Message} {advice.Request}", innerException: e);
        }
    }

    private EngineException Unreachable(Exception e)
    {
        var reason = e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } ? $" ({error})" : "";
        return new EngineException($"{title} cannot be reached{reason}. {advice.Address}", innerException: e)
        {
            Fault = EngineFault.Unreachable,
        };
    }

    private async Task<EngineException> RefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var code = await CodeAsync(response, cancellationToken).ConfigureAwait(false);
        var what = status switch
        {
            401 or 403 => $"{title} refuses the key: status {status}{code}. {advice.Key}",
            >= 300 and < 400 => $"{title} is somewhere else: status {status}. {advice.Address}",
            429 or 503 => $"{title} has too much to do: status {status}{code}.",
            >= 400 and < 500 => $"{title} does not understand the request: status {status}{code}. {advice.Request}",
            _ => $"{title} failed: status {status}{code}. Its own log says more.",
        };
        var fault = status switch
        {
            401 or 403 => EngineFault.KeyRefused,
            429 or 503 => EngineFault.Busy,
            >= 500 => EngineFault.Broken,
            _ => EngineFault.Failed,
        };
        return new EngineException(what, RetryAfter(response)) { OnlyThisRequest = status is 400 or 422, Fault = fault };
    }

    private static async Task<string> CodeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var answer = new byte[ProblemLimit];
            var length = await body
                .ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            return ProblemCode.Quote(answer.AsSpan(0, length));
        }
        catch (Exception e) when (IsNetwork(e, cancellationToken))
        {
            return "";
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var said = response.Headers.RetryAfter;
        var wait = said?.Delta ?? (said?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
