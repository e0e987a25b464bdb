using System.Net.WebSockets;
using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// Keeps a client connected: sends what is pending, receives, and connects again with growing pauses until it is closed or the hub says to
/// stay away.
/// </summary>
/// <param name="connector">Makes the connections.</param>
/// <param name="positions">How far a viewer has come.</param>
/// <param name="options">The client's settings.</param>
/// <param name="pending">What is to be sent, and waits for the hub's word.</param>
/// <param name="incoming">Where messages go that belong to no call.</param>
/// <param name="touched">Is told that a user touched the character. Must not block.</param>
/// <param name="changed">Is told each change of the state, with its reason and the failed attempts. Must not block.</param>
internal sealed class ConnectionLoop(
    HubConnector connector,
    ViewerPositions positions,
    KotodamaClientOptions options,
    PendingMessages pending,
    ChannelWriter<Message> incoming,
    Action<TouchMessage> touched,
    Action<ConnectionState, string, int> changed) : IAsyncDisposable
{
    /// <summary>Longer than two of the hub's pings: then nothing gets through any more.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(35);

    private readonly CancellationTokenSource _ending = new(Timeout.InfiniteTimeSpan, options.Time);
    private readonly SealedMessages _opener = new(options.EncryptionKey, options.Time);
    private Task _running = Task.CompletedTask;
    private volatile HubSocket? _socket;
    private volatile bool _isClosing;

    /// <summary>The connection; null while there is none.</summary>
    public HubSocket? Socket => _socket;

    /// <summary>Whether this is a voice or a companion, which is sent what is published as it comes and asks for nothing again.</summary>
    private bool Serves => options.Role is PeerRole.Voice or PeerRole.Companion;

    /// <summary>Connects, and stays connected from then on.</summary>
    /// <exception cref="KotodamaException">The hub cannot be reached, or does not let the client in.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var socket = await connector.OpenAsync(cancellationToken).ConfigureAwait(false);
        Use(socket);
        _running = Task.Run(() => StayConnectedAsync(socket), CancellationToken.None);
    }

    /// <summary>Closes the connection cleanly; waits at most a second for the hub to agree. To be called once.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        pending.Close(() => new KotodamaException(
            KotodamaException.NoAnswer,
            "the client was disposed before the hub had answered",
            "The message may or may not have been shown."));
        if (_socket is { } socket)
        {
            await socket.CloseAsync().ConfigureAwait(false);
            _ending.CancelAfter(TimeSpan.FromSeconds(1));
        }
        else
        {
            await _ending.CancelAsync().ConfigureAwait(false);
        }

        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task StayConnectedAsync(HubSocket socket)
    {
        var reason = "closed";
        try
        {
            while (true)
            {
                var end = await ServeAsync(socket).ConfigureAwait(false);
                if (!end.MayReturn || _isClosing)
                    break;
                changed(ConnectionState.Reconnecting, end.Reason, 0);
                socket = await ReconnectAsync(end.RetryAfter).ConfigureAwait(false);
                Use(socket);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Closed while it waited.
        }
        catch (KotodamaException e)
        {
            reason = e.Message;
        }
        finally
        {
            // Whatever ended the loop, no call shall wait for an answer that will not come.
            End(reason);
        }
    }

    /// <summary>Tries until there is a connection, with a longer pause after each failure.</summary>
    private async Task<HubSocket> ReconnectAsync(TimeSpan? firstPause)
    {
        var failures = 0;
        var pause = firstPause ?? Pause(failures);
        while (true)
        {
            await Task.Delay(pause, options.Time, _ending.Token).ConfigureAwait(false);
            try
            {
                return await connector.OpenAsync(_ending.Token).ConfigureAwait(false);
            }
            catch (KotodamaException e) when (e.Code == KotodamaException.NotConnected)
            {
                pause = Pause(++failures);
                changed(ConnectionState.Reconnecting, e.Message, failures);
            }
        }
    }

    /// <summary>Sends and receives until the connection ends.</summary>
    private async Task<ConnectionEnd> ServeAsync(HubSocket socket)
    {
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(() => SendAsync(socket, stop.Token), CancellationToken.None);
        try
        {
            return await ReceiveAsync(socket).ConfigureAwait(false);
        }
        finally
        {
            _socket = null;
            pending.Break();
            await stop.CancelAsync().ConfigureAwait(false);
            socket.Dispose();
            await sending.ConfigureAwait(false);
        }
    }

    /// <summary>Sends what is pending, in its order.</summary>
    private async Task SendAsync(HubSocket socket, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var message = await pending.TakeAsync(stop).ConfigureAwait(false);
                try
                {
                    var type = message.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
                    await socket.SendAsync(message.Bytes, type, stop).ConfigureAwait(false);
                }
                catch (KotodamaException e)
                {
                    message.Fail(e);
                }
                finally
                {
                    if (message.IsOnce)
                        pending.Remove(message);
                }
            }
        }
        catch (Exception e) when (HubSocket.IsLost(e))
        {
            if (!stop.IsCancellationRequested)
                socket.Abort();
        }
    }

    private async Task<ConnectionEnd> ReceiveAsync(HubSocket socket)
    {
        TimeSpan? retryAfter = null;
        using var silence = new CancellationTokenSource(Silence, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _ending.Token);
        try
        {
            while (true)
            {
                silence.CancelAfter(Silence);
                var message = await socket.ReceiveAsync(either.Token).ConfigureAwait(false);
                if (message is null)
                    return new ConnectionEnd(MayReturn(socket.CloseCode), socket.CloseReason, retryAfter);
                if (message is ByeMessage bye)
                    retryAfter = TimeSpan.FromMilliseconds(Math.Clamp(bye.RetryAfter, 0, 60_000));
                else
                    await DispatchAsync(socket, message).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (HubSocket.IsLost(e))
        {
            var reason = silence.IsCancellationRequested
                ? "nothing was heard from the hub for 35 s"
                : e.InnerException?.Message ?? e.Message;
            return new ConnectionEnd(!_ending.IsCancellationRequested, reason, retryAfter);
        }
    }

    /// <summary>Brings one message to the call it answers, or to the reader of what comes in.</summary>
    private async Task DispatchAsync(HubSocket socket, Message message)
    {
        switch (message)
        {
            case PingMessage { Tops: { } tops }:
                foreach (var ask in positions.Compare(tops))
                    await AskAsync(socket, ask).ConfigureAwait(false);
                break;
            case PingMessage or WelcomeMessage:
                break;
            case ReceiptMessage receipt:
                pending.Answer(receipt);
                if (Serves)
                    incoming.TryWrite(receipt);
                break;
            case ErrorMessage error when pending.Refuse(error):
                break;
            case GapMessage gap when !positions.Accept(gap):
                break;
            case Publication publication when !Serves:
                if (positions.Accept(publication, out var missing) && _opener.Open(publication) is { } opened)
                    incoming.TryWrite(opened);
                if (missing is not null)
                    await AskAsync(socket, missing).ConfigureAwait(false);
                break;
            case TouchMessage touch:
                touched(touch);
                incoming.TryWrite(touch);
                break;
            default:
                incoming.TryWrite(message);
                break;
        }
    }

    private Task AskAsync(HubSocket socket, ResumeMessage ask) => socket.SendAsync(MessageCodec.Write(ask), _ending.Token);

    private bool MayReturn(int? closeCode)
    {
        if (closeCode != CloseCode.Replaced)
            return CloseCode.MayReturn(closeCode);
        positions.Rename();
        return true;
    }

    private TimeSpan Pause(int failures)
    {
        var bound = Math.Min(
            options.LongestPause.TotalMilliseconds,
            options.FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 16)));
        return TimeSpan.FromMilliseconds(bound * options.Random.NextDouble());
    }

    private void Use(HubSocket socket)
    {
        pending.Restart();
        _socket = socket;
        changed(ConnectionState.Connected, "", 0);
    }

    private void End(string reason)
    {
        pending.Close(() => new KotodamaException(
            KotodamaException.NotConnected,
            $"the connection to {connector.Uri} is over ({reason})",
            "Connect anew."));
        incoming.TryComplete();
        changed(ConnectionState.Closed, reason, 0);
    }

    private readonly record struct ConnectionEnd(bool MayReturn, string Reason, TimeSpan? RetryAfter);
}
