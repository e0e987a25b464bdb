using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Kotodama.Voice.Engines.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>How long a server may take.</summary>
/// <param name="FirstToken">From the request to the first word, or reasoning, or part of a call.</param>
/// <param name="Stall">From one to the next.</param>
internal sealed record ChatPatience(TimeSpan FirstToken, TimeSpan Stall);

/// <summary>One request to a chat server and its answer. Not safe for threads.</summary>
internal sealed class ChatExchange : IAsyncDisposable
{
    private const int ProblemLimit = 4096;

    /// <summary>After the answer is whole only its cost follows; not every server says that, or closes the connection.</summary>
    internal static readonly TimeSpan AfterTheEnd = TimeSpan.FromSeconds(1);

    /// <summary>The same for a server that also tells an end where there is none.</summary>
    internal static readonly TimeSpan AfterADoubtfulEnd = TimeSpan.FromSeconds(5);

    private readonly ChatPatience _patience;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _watch, _running;
    private readonly CancellationToken _caller;
    private readonly Queue<ChatResponseUpdate> _updates = [];
    private readonly ChatAnswerReader _reader;
    private HttpResponseMessage? _response;
    private IAsyncEnumerator<ChatEvent>? _events;
    private LlmException? _failure;
    private int _progress;
    private bool _ended;

    /// <summary>Makes one. Nothing is sent yet.</summary>
    /// <param name="patience">How long the server may take.</param>
    /// <param name="begun">Whether the answer begins within reasoning, because the model's prompt opens it.</param>
    /// <param name="tools">The schemas of the tools that the model has, by name; null: none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public ChatExchange(
        ChatPatience patience,
        bool begun,
        IReadOnlyDictionary<string, JsonElement>? tools,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        (_patience, _time, _caller) = (patience, time, cancellationToken);
        _reader = new ChatAnswerReader(begun, tools);
        _watch = new CancellationTokenSource(patience.FirstToken, time);
        _running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _watch.Token);
    }

    /// <summary>Whether anything of an answer came.</summary>
    public bool Received => _progress > 0;

    /// <inheritdoc cref="ChatAnswerReader.BeginsInReasoning"/>
    public bool? BeginsInReasoning => _reader.BeginsInReasoning;

    /// <summary>
    /// How the server complained about the request, in lower case; null when it did not. Never shown: it may quote what was said.
    /// </summary>
    public string? Complaint { get; private set; }

    /// <summary>Sends the request.</summary>
    /// <param name="http">The client. It does not follow redirects.</param>
    /// <param name="request">The request. It is sent once.</param>
    /// <exception cref="LlmException">There is no answer.</exception>
    public async Task SendAsync(HttpClient http, HttpRequestMessage request)
    {
        try
        {
            _response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _running.Token).ConfigureAwait(false);
            if (!_response.IsSuccessStatusCode)
                throw await RefusedAsync(_response).ConfigureAwait(false);
            var body = await _response.Content.ReadAsStreamAsync(_running.Token).ConfigureAwait(false);
            _events = ChatEvents.ReadAsync(new AnswerStream(body), _running.Token).GetAsyncEnumerator(_running.Token);
        }
        catch (Exception e) when (IsNetwork(e))
        {
            throw Broken(e, answered: false);
        }
    }

    /// <summary>The next piece of the answer; null when it is whole.</summary>
    /// <exception cref="LlmException">The answer breaks off, or is none.</exception>
    public async ValueTask<ChatResponseUpdate?> NextAsync()
    {
        try
        {
            while (_updates.Count == 0 && !_ended)
                await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsNetwork(e) && MayBeWhole(e))
        {
            End(isTold: false);
        }
        catch (Exception e) when (IsNetwork(e))
        {
            throw Broken(e, answered: true);
        }
        catch (LlmException e) when (_updates.Count > 0)
        {
            // What came before it is said first.
            _failure = e;
        }

        // The reader of the answer may take its time.
        _watch.CancelAfter(Timeout.InfiniteTimeSpan);
        return _updates.TryDequeue(out var update) ? update : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _running.CancelAsync().ConfigureAwait(false);
        if (_events is not null)
            await _events.DisposeAsync().ConfigureAwait(false);
        _response?.Dispose();
        _running.Dispose();
        _watch.Dispose();
    }

    private static bool IsUnsure(int status) => status is 429 or 502 or 503 or 504;

    private async ValueTask ReadAsync()
    {
        if (_failure is not null)
            throw _failure;
        if (_progress > 0)
            Wait();
        while (_updates.Count == 0)
        {
            if (!await _events!.MoveNextAsync().ConfigureAwait(false))
            {
                End(isTold: false);
                return;
            }

            var progress = _progress;
            try
            {
                foreach (var piece in _events.Current.Pieces)
                    if (_reader.Read(piece) is { } update)
                        _updates.Enqueue(update);
            }
            finally
            {
                _progress = _reader.Progress;
            }

            // Signs of life of the server are no words of the model.
            if (_progress > progress || _reader.Ending.IsSettled)
                Wait();
            if (_events.Current.IsEnd)
            {
                End(isTold: true);
                return;
            }
        }
    }

    private void Wait()
    {
        var end = _reader.Ending.IsDoubtful ? AfterADoubtfulEnd : AfterTheEnd;
        _watch.CancelAfter(_reader.Ending.IsSettled && end < _patience.Stall ? end : _patience.Stall);
    }

    // Silence ends what the server said is whole; a connection that breaks does so unless it said that before and went on.
    private bool MayBeWhole(Exception e) =>
        _reader.Ending.IsWhole && (e is OperationCanceledException || !_reader.Ending.IsDoubtful || _reader.Ending.IsSettled);

    private void End(bool isTold)
    {
        _ended = true;
        _updates.Enqueue(_reader.End(isTold));
    }

    private bool IsNetwork(Exception e) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !_caller.IsCancellationRequested);

    private LlmException Broken(Exception e, bool answered)
    {
        _caller.ThrowIfCancellationRequested();
        if (_watch.IsCancellationRequested)
            return new LlmException(LlmCode.Timeout, Received
                ? $"The language model said nothing for {_patience.Stall.TotalSeconds} s ({LlmOptions.Section}:{nameof(LlmOptions.Stall)})."
                : $"The language model gave no word within {_patience.FirstToken.TotalSeconds} s "
                    + $"({LlmOptions.Section}:{nameof(LlmOptions.FirstToken)}). "
                    + "It may still be loading, or be too large for this machine.");
        if (answered)
            return new LlmException(LlmCode.Failed, "The server of the language model broke off.", innerException: e) { IsPassing = true };
        var reason = e is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } ? $" ({error})" : "";
        var slow = e is OperationCanceledException or { InnerException: OperationCanceledException or TimeoutException };
        var problem = $"The server of the language model cannot be reached{reason}. Is it running? "
            + $"Check {LlmOptions.Section}:{nameof(LlmOptions.Server)}.";
        return new LlmException(LlmCode.Unreachable, problem, innerException: e) { IsPassing = !slow };
    }

    private async Task<LlmException> RefusedAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var answer = await ProblemAsync(response).ConfigureAwait(false);
        if (status is 400 or 422)
            Complaint = Encoding.UTF8.GetString(answer).ToLowerInvariant();
        var code = ProblemCode.Quote(answer);
        var hasNoModel = status == 404 && ProblemCode.NamesMissingModel(answer);
        var what = status switch
        {
            401 or 403 => $"The server of the language model refuses the key: status {status}{code}. "
                + $"Set {LlmKeys.Own}, or {LlmOptions.Section}:{nameof(LlmOptions.Key)}.",
            404 when hasNoModel => $"The server has no such model: status {status}{code}. "
                + $"Choose another one ({LlmOptions.Section}:{nameof(LlmOptions.Model)}), or fetch it.",
            404 => $"The server has no such model or page: status {status}{code}. "
                + $"Check {LlmOptions.Section}:{nameof(LlmOptions.Model)}, and {nameof(LlmOptions.Server)}: "
                + "the address of most servers ends with /v1.",
            >= 300 and < 400 => $"The server of the language model is somewhere else: status {status}. "
                + $"Check {LlmOptions.Section}:{nameof(LlmOptions.Server)}.",
            429 => $"The server of the language model has too much to do, or the account has nothing left: status {status}{code}.",
            503 => $"The server of the language model is not ready, it may be loading a model: status {status}{code}.",
            >= 400 and < 500 => $"The server of the language model does not understand the request: status {status}{code}. "
                + "Its own log says more.",
            _ => $"The server of the language model failed: status {status}{code}. Its own log says more.",
        };
        var kind = status is 401 or 403 ? LlmCode.Key : hasNoModel ? LlmCode.Model : LlmCode.Failed;
        return new LlmException(kind, what, RetryAfter(response.Headers.RetryAfter)) { IsPassing = IsUnsure(status) };
    }

    private async Task<byte[]> ProblemAsync(HttpResponseMessage response)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(_running.Token).ConfigureAwait(false);
            var answer = new byte[ProblemLimit];
            var length = await body.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, _running.Token)
                .ConfigureAwait(false);
            return answer[..length];
        }
        catch (Exception e) when (IsNetwork(e))
        {
            return [];
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? said)
    {
        var wait = said?.Delta ?? (said?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
