using System.Buffers;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;

namespace Kotodama.Server.Hubs;

/// <summary>
/// One WebSocket from the upgrade to its end. <see cref="RunAsync"/> is the only reader and the owner of the role; the outbox is the only
/// writer. <see cref="Offer"/>, <see cref="Beat"/>, <see cref="SayBye"/> and the properties may be used from any thread.
/// </summary>
internal sealed partial class Connection : IDisposable
{
    private static readonly byte[] PingFrame = Frame.Ping();
    private static readonly byte[] PingMessageFrame = Frame.Text(new PingMessage());

    private readonly Hub _hub;
    private readonly Stream _stream;
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KotodamaServerOptions _options;
    private readonly CancellationTokenSource _cut;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heard;
    private long _pinged;
    private int _errorsInARow;
    private volatile bool _closing;

    /// <param name="hub">The hub it belongs to.</param>
    /// <param name="stream">The upgraded stream; the caller owns it.</param>
    /// <param name="channel">The channel of the connection until it says otherwise.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log; content appears at Trace only.</param>
    public Connection(Hub hub, Stream stream, string channel, TimeProvider time, ILogger logger)
    {
        _hub = hub;
        _stream = stream;
        _options = hub.Options;
        _outbox = new Outbox(stream, _options.OutboxMessages, _options.OutboxBytes, time);
        _time = time;
        _logger = logger;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _heard = _pinged = time.GetTimestamp();
        Channels = [channel];
        Since = time.GetUtcNow();
    }

    /// <summary>The name of this connection in logs, status and welcome.</summary>
    public string Session { get; } = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4));

    public DateTimeOffset Since { get; }

    /// <summary>What the client called itself; null without hello.</summary>
    public string? Client { get; private set; }

    /// <summary>Null as long as the connection has neither said hello nor published.</summary>
    public PeerRole? Role { get; private set; }

    /// <summary>The viewer's channels; of a publisher the first one is the default.</summary>
    public IReadOnlyList<string> Channels { get; private set; }

    public bool SaidHello { get; private set; }

    /// <summary>Whether a person sees what is sent here. A bare viewer counts: the founding protocol's page is one.</summary>
    public bool IsPage { get; private set; } = true;

    /// <summary>Whether the close frame is on its way.</summary>
    public bool IsClosing => _closing;

    /// <summary>When something was last read, as a timestamp of the clock.</summary>
    public long LastHeard => Volatile.Read(ref _heard);

    /// <summary>Ends with <see cref="RunAsync"/>; never faults.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs until either side ends the connection.</summary>
    /// <param name="aborted">Cancelled when the transport is gone.</param>
    public async Task RunAsync(CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, _cut.Token);
        using var reader = new FrameReader(_stream, _options.Limits.Frame);
        LogOpened(_logger, Session);
        _hub.Add(this);
        try
        {
            if (_hub.Join(this, Channels, static _ => { }) is { } full)
                CloseForError(full);
            while (await TakeAsync(await reader.ReadAsync(either.Token), either.Token))
                Volatile.Write(ref _heard, _time.GetTimestamp());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Lost, or cut by ourselves.
        }
        finally
        {
            _hub.Leave(this, Channels);
            _hub.Remove(this);
            await FinishAsync(aborted);
            LogClosed(_logger, Session);
            _ended.TrySetResult();
        }
    }

    /// <summary>Sends a broadcast frame. False: this connection does not get it.</summary>
    public bool Offer(byte[] frame, Publication message)
    {
        // Without hello a client knows the founding protocol's two types and nothing else.
        if (Role is PeerRole.Publisher || (!SaidHello && message is not (LlmResponseMessage or StatusMessage)))
            return false;
        return Send(frame);
    }

    /// <summary>Pings, and ends the connection when it is stalled or dead. Called about once a second.</summary>
    public void Beat()
    {
        if (_outbox.Blocked > _options.StallTimeout)
        {
            Close(CloseCode.TooSlow, "nothing was taken for too long", dropPending: true);
            return;
        }

        if (_time.GetElapsedTime(LastHeard) > _options.PingInterval + _options.PingTimeout)
        {
            Close(CloseCode.NoPong, "a ping was not answered", dropPending: true);
            return;
        }

        if (_time.GetElapsedTime(_pinged) < _options.PingInterval)
            return;
        _pinged = _time.GetTimestamp();
        Send(PingFrame);
        if (SaidHello)
            Send(PingMessageFrame);
    }

    /// <summary>Tells the client that the hub stops, and closes.</summary>
    public void SayBye()
    {
        if (SaidHello)
            Send(Frame.Text(new ByeMessage { RetryAfter = 500 }));
        Close(CloseCode.GoingAway, "the hub stops");
    }

    /// <summary>Frees the timer. To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _cut.Dispose();

    /// <returns>Whether to go on reading.</returns>
    private async ValueTask<bool> TakeAsync(Inbound inbound, CancellationToken cancellationToken)
    {
        switch (inbound.Kind)
        {
            case InboundKind.Text or InboundKind.Binary or InboundKind.TooBig when _closing:
                return true;
            case InboundKind.Text:
                Take(inbound.Payload);
                return true;
            case InboundKind.Ping:
                Send(Frame.Pong(inbound.Payload.Span));
                return true;
            case InboundKind.Pong:
                return true;
            case InboundKind.Binary:
                Refuse(Error(ErrorCode.BinaryUnsupported, "binary messages mean nothing here", "Send JSON in a text message."));
                return true;
            case InboundKind.TooBig:
                Refuse(Error(ErrorCode.TooBig, $"the message is larger than {_options.Limits.Frame} bytes", "Send less at a time, or raise the hub's limit Kotodama:Limits:Frame."));
                return true;
            case InboundKind.Close:
                _outbox.Close(Frame.Close(inbound.Code, Encoding.UTF8.GetString(inbound.Payload.Span)), dropPending: false);
                return false;
            case InboundKind.Violation:
                LogViolation(_logger, Session, inbound.Reason);
                Close(inbound.Code ?? CloseCode.ProtocolError, inbound.Reason);
                await SkipRestAsync(cancellationToken);
                return false;
            default:
                return false;
        }
    }

    private void Take(ReadOnlyMemory<byte> utf8)
    {
        if (_logger.IsEnabled(LogLevel.Trace))
            LogReceived(_logger, Session, Encoding.UTF8.GetString(utf8.Span));
        var (message, error) = MessageCodec.Read(utf8, _options.Limits);
        error ??= message switch
        {
            Publication publication => Publish(publication),
            HelloMessage hello => Hello(hello),
            AckMessage ack => Acknowledge(ack),
            _ => Error(ErrorCode.NotAllowed, $"{message!.Type} is sent by the hub only", "See docs/protocol.md for what clients send."),
        };
        if (error is null)
            _errorsInARow = 0;
        else
            Refuse(error);
    }

    private ErrorMessage? Publish(Publication message)
    {
        if (Role is PeerRole.Viewer)
            return Error(ErrorCode.NotAllowed, "a viewer may not publish", "Say hello with the role \"publisher\", or say no hello at all.", message.Id);
        if (Role is null)
        {
            Role = PeerRole.Publisher;
            IsPage = false;
            _hub.Leave(this, Channels);
        }

        var (receipt, error) = _hub.Publish(message, Channels[0]);
        if (error is not null)
            return error;
        if ((message.Receipt ?? (SaidHello ? ReceiptLevel.Sent : ReceiptLevel.None)) == ReceiptLevel.Sent)
            Send(Frame.Text(receipt!));
        return null;
    }

    private ErrorMessage? Hello(HelloMessage hello)
    {
        if (Role is not null)
            return Error(ErrorCode.NotAllowed, "hello must be the first message", "Say hello once, right after connecting.");
        if (hello.V != ProtocolVersion.Current)
        {
            var error = Error(ErrorCode.UnsupportedVersion, $"this hub speaks version {ProtocolVersion.Current} of the protocol, not {hello.V}", "Update the hub or the client.");
            Send(Frame.Text(error));
            _hub.Refusals.Add(Session, error);
            Close(CloseCode.Version, error.Message);
            return null;
        }

        var wanted = hello.Channels ?? Channels;
        _hub.Leave(this, Channels);
        Client = hello.Client;
        IsPage = hello.Role == PeerRole.Viewer && hello.Caps?.Contains(HelloMessage.DisplayCapability, StringComparer.Ordinal) == true;
        SaidHello = true;
        Role = hello.Role;
        Channels = wanted;
        if (hello.Role == PeerRole.Publisher)
            Welcome([]);
        else if (_hub.Join(this, wanted, Welcome) is { } full)
        {
            CloseForError(full);
            return null;
        }

        if (IsPage)
            _hub.PageArrived();
        LogHello(_logger, Session, hello.Role, hello.Client ?? "an unnamed client");
        return null;
    }

    private void Welcome(Dictionary<string, ChannelPosition> positions) => Send(Frame.Text(new WelcomeMessage
    {
        Server = KotodamaVersion.Text,
        Session = Session,
        Channels = positions,
        Ping = _options.PingInterval.TotalMilliseconds,
        Limits = _options.Limits,
    }));

    private ErrorMessage? Acknowledge(AckMessage ack)
    {
        if (Role is not PeerRole.Viewer)
            return Error(ErrorCode.NotAllowed, "only viewers acknowledge", "Say hello with the role \"viewer\" first.");
        _hub.Acknowledge(ack);
        return null;
    }

    private void Refuse(ErrorMessage error)
    {
        LogRefused(_logger, Session, error.Code, error.Message);
        _hub.Refusals.Add(Session, error);
        Send(Frame.Text(error));
        if (++_errorsInARow >= _options.Limits.Errors)
            Close(CloseCode.TooManyErrors, $"{_errorsInARow} errors in a row; the last: {error.Message}");
    }

    private void CloseForError(ErrorMessage error)
    {
        Send(Frame.Text(error));
        _hub.Refusals.Add(Session, error);
        Close(CloseCode.GoingAway, error.Message);
    }

    private bool Send(byte[] frame)
    {
        var result = _outbox.TrySend(frame);
        if (result == SendResult.Full)
            Close(CloseCode.TooSlow, "too much waits for this connection", dropPending: true);
        return result == SendResult.Sent;
    }

    private void Close(int code, string reason, bool dropPending = false)
    {
        if (_closing)
            return;
        _closing = true;
        LogClosing(_logger, Session, code, reason);
        _outbox.Close(Frame.Close(code, reason), dropPending);
        try
        {
            // The peer gets this long to take the close frame and to answer it.
            _cut.CancelAfter(_options.CloseTimeout);
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
    }

    /// <summary>Reads what is still on its way, so that the transport does not answer it with a reset that overtakes the close frame.</summary>
    private async Task SkipRestAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (await _stream.ReadAsync(buffer, cancellationToken) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task FinishAsync(CancellationToken aborted)
    {
        if (_cut.IsCancellationRequested || aborted.IsCancellationRequested)
        {
            _outbox.Abandon();
            return;
        }

        _outbox.Close(Frame.Close(CloseCode.Normal, ""), dropPending: false);
        try
        {
            await _outbox.Finished.WaitAsync(_options.CloseTimeout, _time, aborted);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            _outbox.Abandon();
        }
    }

    private static ErrorMessage Error(string code, string message, string hint, string? id = null) =>
        new() { Code = code, Message = message, Hint = hint, Id = id };

    [LoggerMessage(10, LogLevel.Debug, "Connection {Session} opened.")]
    private static partial void LogOpened(ILogger logger, string session);

    [LoggerMessage(11, LogLevel.Debug, "Connection {Session} ended.")]
    private static partial void LogClosed(ILogger logger, string session);

    [LoggerMessage(12, LogLevel.Information, "Connection {Session} is a {Role}: {Client}.")]
    private static partial void LogHello(ILogger logger, string session, PeerRole role, string client);

    [LoggerMessage(13, LogLevel.Warning, "Connection {Session} sent a bad message ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, string session, string code, string message);

    [LoggerMessage(14, LogLevel.Warning, "Connection {Session} broke the WebSocket protocol: {Reason}.")]
    private static partial void LogViolation(ILogger logger, string session, string reason);

    [LoggerMessage(15, LogLevel.Debug, "Closing connection {Session} with {Code}: {Reason}.")]
    private static partial void LogClosing(ILogger logger, string session, int code, string reason);

    [LoggerMessage(16, LogLevel.Trace, "Connection {Session} sent {Content}")]
    private static partial void LogReceived(ILogger logger, string session, string content);
}
