using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Engines.FunAsr;

/// <summary>
/// Hears with FunASR's WebSocket server, which guesses while one speaks and knows how something was said when it runs SenseVoice.
/// Wire-compatible with the documentation.
/// </summary>
internal sealed class FunAsrRecognizer : ISpeechRecognizer
{
    // 60 ms: the Python server counts on pieces of one length.
    private const int Piece = RecordedSound.Rate * 2 * 60 / 1_000;
    private const int MessageLimit = 1024 * 1024, MostMessages = 10_000, LongestHotwords = 4_000, HotwordWeight = 20;
    private const string Section = HearingOptions.Section + ":FunAsr:";

    // After the end of the sound: the text may come in several parts, and a server that understood nothing often says nothing.
    private static readonly TimeSpan AfterText = TimeSpan.FromMilliseconds(500), AfterNothing = TimeSpan.FromSeconds(3);

    private readonly FunAsrOptions _options;
    private readonly TimeProvider _time;
    private readonly SocketsHttpHandler _handler = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        UseCookies = false,
        AllowAutoRedirect = false,
    };
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Makes a recognizer.</summary>
    /// <param name="options">Settings that make sense, with an address.</param>
    /// <param name="time">The clock.</param>
    public FunAsrRecognizer(FunAsrOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _http = new HttpMessageInvoker(_handler);
        _places = new SemaphoreSlim(options.Connections);
    }

    public string Id => FunAsrKind.FunAsrName;

    public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(RunningRecognition.Start((sound, tell, token) => HearAsync(request, sound, tell, token), _ended.Token));
    }

    /// <summary>Where it is asked. It cannot be asked without sound.</summary>
    public Task<string> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult($"{_options.Address}");

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private static EngineException BrokeOff(Exception? e = null) =>
        new("The FunASR server broke off.", innerException: e) { Fault = EngineFault.Broken };

    private static EngineException Unreachable(Exception e) =>
        new($"The FunASR server cannot be reached. Is it running, and is {Section}Address right?", innerException: e)
        {
            Fault = EngineFault.Unreachable,
        };

    private static EngineException Busy(int status, Exception e) =>
        new($"The FunASR server has too much to do: status {status}.", innerException: e) { Fault = EngineFault.Busy };

    private async Task HearAsync(
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        if (!await sound.BeginsAsync(cancellationToken).ConfigureAwait(false))
        {
            tell(new RecognitionResult("", IsFinal: true));
            return;
        }

        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var socket = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            tell(await HearAsync(socket, request, sound, tell, cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<RecognitionResult> HearAsync(
        ClientWebSocket socket,
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var text = new FunAsrText(_options.Mode);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var giving = GiveAsync(socket, request, sound, text, ended, either.Token);
        try
        {
            await ReceiveAsync(socket, text, tell, ended.Task, either.Token).ConfigureAwait(false);
            if (socket.State == WebSocketState.Open)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, either.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return text.Result(isFinal: true);
        }
        finally
        {
            await either.CancelAsync().ConfigureAwait(false);
            await giving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task GiveAsync(
        ClientWebSocket socket,
        RecognitionRequest request,
        RecordedSound sound,
        FunAsrText text,
        TaskCompletionSource ended,
        CancellationToken cancellationToken)
    {
        await SendAsync(socket, Hello(request), cancellationToken).ConfigureAwait(false);
        var (piece, length) = (new byte[Piece], 0);
        await foreach (var some in sound.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            for (var rest = some; rest.Length > 0;)
            {
                var taken = Math.Min(rest.Length, Piece - length);
                rest[..taken].CopyTo(piece.AsMemory(length));
                (rest, length) = (rest[taken..], length + taken);
                if (length < Piece)
                    continue;
                await SendAsync(socket, piece, cancellationToken).ConfigureAwait(false);
                length = 0;
            }
        }

        if (length > 0)
        {
            piece.AsSpan(length).Clear();
            await SendAsync(socket, piece, cancellationToken).ConfigureAwait(false);
        }

        text.SoundHasEnded();
        ended.SetResult();
        await SendAsync(socket, """{"is_speaking":false}""", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what comes until it is whole, the server closes, or nothing more comes.</summary>
    private async Task ReceiveAsync(
        ClientWebSocket socket,
        FunAsrText text,
        Action<RecognitionResult> tell,
        Task ended,
        CancellationToken cancellationToken)
    {
        using var quiet = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, quiet.Token);
        for (var messages = 0; messages < MostMessages; messages++)
        {
            var receiving = ReceiveAsync(socket, waiting.Token);
            await Task.WhenAny(receiving, ended).ConfigureAwait(false);
            if (ended.IsCompleted)
                quiet.CancelAfter(text.MayBeWhole ? AfterText : AfterNothing);
            string? message;
            try
            {
                message = await receiving.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (message is null)
            {
                // A close is as good as a last message, unless the sound was still to come.
                if (ended.IsCompleted && socket.CloseStatus is (WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.Empty))
                    return;
                throw BrokeOff();
            }

            if (text.Take(message))
                tell(text.Result(isFinal: false));
            if (text.IsWhole)
                return;
        }

        throw new EngineException($"The FunASR server does not stop: {MostMessages} messages came for one utterance.");
    }

    private static Task SendAsync(ClientWebSocket socket, string message, CancellationToken cancellationToken) =>
        SendAsync(socket, WebSocketMessageType.Text, Encoding.UTF8.GetBytes(message), cancellationToken).AsTask();

    private static ValueTask SendAsync(ClientWebSocket socket, byte[] sound, CancellationToken cancellationToken) =>
        SendAsync(socket, WebSocketMessageType.Binary, sound, cancellationToken);

    private static ValueTask SendAsync(
        ClientWebSocket socket,
        WebSocketMessageType type,
        byte[] message,
        CancellationToken cancellationToken) =>
        socket.SendAsync(message.AsMemory(), type, endOfMessage: true, cancellationToken);

    private static async Task<string?> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var message = new MemoryStream();
        var buffer = new byte[4 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            }
            catch (WebSocketException e)
            {
                throw BrokeOff(e);
            }

            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, received.Count);
            if (message.Length > MessageLimit)
                throw new EngineException($"The FunASR server sent a message of more than {MessageLimit} bytes.");
            if (!received.EndOfMessage)
                continue;
            return received.MessageType == WebSocketMessageType.Text
                ? Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length)
                : "";
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        // FunASR's Python server refuses who does not offer it.
        socket.Options.AddSubProtocol("binary");
        try
        {
            await socket.ConnectAsync(_options.Address!, _http, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            var isTooSlow = e is OperationCanceledException && !cancellationToken.IsCancellationRequested;
            if (e is not (WebSocketException or HttpRequestException) && !isTooSlow)
                throw;
            throw status switch
            {
                0 => Unreachable(e),
                429 or 503 => Busy(status, e),
                _ => new EngineException($"The FunASR server refuses: status {status}. Check {Section}Address.", innerException: e),
            };
        }
    }

    private string Hello(RecognitionRequest request)
    {
        var hello = new JsonObject
        {
            ["mode"] = _options.Mode,
            ["wav_name"] = "utterance",
            ["wav_format"] = "pcm",
            ["audio_fs"] = RecordedSound.Rate,
            ["chunk_size"] = new JsonArray(5, 10, 5),
            ["chunk_interval"] = 10,
            ["is_speaking"] = true,
            ["itn"] = _options.NumbersAsDigits,
            ["svs_itn"] = _options.NumbersAsDigits,
        };
        if (request.Language is { Length: > 0 } language)
            hello["svs_lang"] = VoiceLanguage.Primary(language);
        var hotwords = new JsonObject();
        var length = 0;
        foreach (var phrase in request.Phrases ?? [])
        {
            if ((length += phrase.Length) > LongestHotwords)
                break;
            hotwords[phrase] = HotwordWeight;
        }

        if (hotwords.Count > 0)
            hello["hotwords"] = hotwords.ToJsonString();
        return hello.ToJsonString();
    }
}
