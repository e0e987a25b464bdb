using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>One WebSocket. Any number of senders, which take turns; one receiver.</summary>
internal sealed class HubSocket : IDisposable
{
    /// <summary>The hub has checked what it sends, and its limits may be larger than the standard ones.</summary>
    private static readonly ProtocolLimits AnythingTheHubAccepted =
        new() { Content = int.MaxValue, Duration = double.MaxValue, Channels = int.MaxValue };

    /// <summary>A hub that does not take the goodbye within this is left without it.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(1);

    private const string MakeToken = "Make one on its machine: kotodama token create --role publisher.";

    private readonly ClientWebSocket _socket;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly ArrayBufferWriter<byte> _received = new(4096);

    private HubSocket(ClientWebSocket socket, TimeProvider time) => (_socket, _time) = (socket, time);

    /// <summary>The hub's limit for a message in bytes.</summary>
    public int FrameLimit { get; set; } = ProtocolLimits.Default.Frame;

    public int? CloseCode => (int?)_socket.CloseStatus;

    public string CloseReason =>
        string.IsNullOrEmpty(_socket.CloseStatusDescription) ? "the hub closed the connection" : _socket.CloseStatusDescription;

    /// <exception cref="KotodamaException">The hub wants a token, or another one.</exception>
    public static async Task<HubSocket> ConnectAsync(Uri uri, string? token, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");

        // A proxy for the web cannot reach this machine's own loopback, and asking it would say so in the most misleading way.
        if (uri.IsLoopback)
            socket.Options.Proxy = null;
        try
        {
            await socket.ConnectAsync(uri, cancellationToken).ConfigureAwait(false);
            return new HubSocket(socket, time);
        }
        catch (WebSocketException) when (socket.HttpStatusCode == HttpStatusCode.Unauthorized)
        {
            socket.Dispose();
            throw token is null
                ? new KotodamaException(ErrorCode.TokenNeeded, $"the hub at {uri} wants a token", MakeToken)
                : new KotodamaException(ErrorCode.BadToken, $"the hub at {uri} does not know the token, or it counts no more", MakeToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one message. The token ends the wait for the turn, not the sending.</summary>
    public Task SendAsync(byte[] bytes, CancellationToken cancellationToken) =>
        SendAsync(bytes, WebSocketMessageType.Text, cancellationToken);

    /// <inheritdoc cref="SendAsync(byte[], CancellationToken)"/>
    public async Task SendAsync(byte[] bytes, WebSocketMessageType type, CancellationToken cancellationToken)
    {
        if (bytes.Length > FrameLimit)
            throw new KotodamaException(
                ErrorCode.TooBig,
                $"the message has {bytes.Length} bytes, the hub's limit is {FrameLimit}",
                "Send less at a time.");
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A cancelled send would end the whole socket, for every sender.
            await _socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The next message that can be read; null when the hub has closed. Messages of later versions are passed over.</summary>
    public async Task<Message?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _received.ResetWrittenCount();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(_received.GetMemory(1024), cancellationToken).ConfigureAwait(false);
                _received.Advance(part.Count);
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close)
            {
                await AnswerCloseAsync(cancellationToken).ConfigureAwait(false);
                return null;
            }

            // The sound stays in the message, and the buffer is used again.
            var read = part.MessageType == WebSocketMessageType.Text
                ? MessageCodec.Read(_received.WrittenMemory, AnythingTheHubAccepted)
                : AudioMessage.Read(_received.WrittenSpan.ToArray());
            if (read.Message is { } message)
                return message;
        }
    }

    public async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(CloseWithin, _time);
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // It was closed already; that is what was wanted.
        }
    }

    /// <summary>Ends the connection without a goodbye, for a receiver that does not know yet that it is broken.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>Senders that wait for their turn get it and fail; the semaphore is left to the collector for their sake.</summary>
    public void Dispose() => _socket.Dispose();

    /// <summary>Whether an exception says that the connection is no more, or that a wait for it has ended.</summary>
    public static bool IsLost(Exception e) =>
        e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;

    private async Task AnswerCloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_socket.State == WebSocketState.CloseReceived)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException)
        {
            // The hub did not wait for the answer. Its close frame has said everything.
        }
    }
}
