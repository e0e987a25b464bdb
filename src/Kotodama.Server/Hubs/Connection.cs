using System.Buffers;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Rates;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;
using static Kotodama.Server.Refused;

namespace Kotodama.Server.Hubs;

/// <summary>
/// One WebSocket from the upgrade to its end. <see cref="RunAsync"/> is the only reader and the owner of the role; the outbox is the only
/// writer. <see cref="Send"/>, <see cref="Beat"/>, <see cref="SayBye"/> and the properties may be used from any thread.
/// </summary>
internal sealed partial class Connection : Viewer, IPerformer, IDisposable
{
    private static readonly byte[] PingFrame = Frame.Ping();

    private readonly Hub _hub;
    private readonly Stream _stream;
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KotodamaServerOptions _options;
    private readonly CancellationTokenSource _cut;
    private readonly Allowance _allowance;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heard;
    private long _pinged;
    private long _slowed;
    private int _errorsInARow;
    private volatile bool _closing;
    private volatile bool _isPage = true;

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
        _allowance = new Allowance(_options.Limits, time);
        _heard = _pinged = time.GetTimestamp();
        Channels = [channel];
        Since = time.GetUtcNow();
    }

    /// <summary>The name of this connection in logs, status and welcome.</summary>
    public override string Session { get; } = Guid.NewGuid().ToString("N")[..12];

    public DateTimeOffset Since { get; }

    /// <summary>What the client called itself; null without hello.</summary>
    public string? Client { get; private set; }

    /// <summary>Null as long as the connection has neither said hello nor published.</summary>
    public PeerRole? Role { get; private set; }

    /// <summary>The viewer's channels; of a publisher the first one is the default.</summary>
    public IReadOnlyList<string> Channels { get; private set; }

    public bool SaidHello { get; private set; }

    /// <summary>Whether a person sees what is sent here. A bare viewer counts: the founding protocol's page is one.</summary>
    public override bool IsPage => _isPage;

    /// <summary>Whether the close frame is on its way.</summary>
    public bool IsClosing => _closing;

    /// <summary>Messages that came faster than the limits allow and were held back for a moment.</summary>
    public long Slowed => Interlocked.Read(ref _slowed);

    /// <summary>When something was last read, as a timestamp of the clock.</summary>
    public long LastHeard => Volatile.Read(ref _heard);

    /// <summary>Ends with <see cref="RunAsync"/>; never faults.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs until either side ends the connection.</summary>
    /// <param name="aborted">Cancelled when the transport is gone.</param>
    /// <returns>Whether everything was sent; otherwise the transport holds bytes for a peer that does not take them and must be aborted.</returns>
    public async Task<bool> RunAsync(CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, _cut.Token);
        await using var reader = new PacedReader(new FrameReader(_stream, _options.Limits.Frame), _allowance, _time, Slow);
        LogOpened(_logger, Session);
        _hub.Add(this);
        try
        {
            await _hub.DoAsync(new Work.Join(this, Channels, null, null), either.Token);
            while (await TakeAsync(await reader.ReadAsync(either.Token), either.Token))
                Volatile.Write(ref _heard, _time.GetTimestamp());
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            // Lost, cut by ourselves, or the hub has ended.
            await TakeHeldAsync(reader);
        }
        finally
        {
            await either.CancelAsync();
            _hub.Remove(this);
            LogClosed(_logger, Session);
        }

        await LeaveAsync();
        var finished = await FinishAsync(aborted);
        _ended.TrySetResult();
        return finished;
    }

    /// <inheritdoc/>
    public override bool Understands(Publication message) =>

        // Without hello a client knows the founding protocol's two types and nothing else.
        Role is null or PeerRole.Viewer && (SaidHello || message is LlmResponseMessage or StatusMessage);

    /// <inheritdoc/>
    public override bool Send(byte[] frame, FrameKind kind = FrameKind.Ordinary)
    {
        var result = _outbox.TrySend(frame, kind);
        if (result == SendResult.Full)
            Close(CloseCode.TooSlow, "too much waits for this connection", dropPending: true);
        return result == SendResult.Sent;
    }

    /// <inheritdoc/>
    public override void Refuse(ErrorMessage error)
    {
        Send(Frame.Text(error));
        _hub.Refusals.Add(Session, error);
        Close(CloseCode.GoingAway, error.Message);
    }

    /// <inheritdoc/>
    public override void Replace()
    {
        _isPage = false;
        Close(CloseCode.Replaced, "another connection has the same viewer id", dropPending: true);
    }

    /// <summary>Pings, and ends the connection when it is stalled or dead. Called about once a second.</summary>
    /// <param name="late">Whether this process has been asleep, so that silence means nothing yet.</param>
    public void Beat(bool late)
    {
        if (late)
            Volatile.Write(ref _heard, _time.GetTimestamp());
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
            Send(Frame.Text(new PingMessage { Tops = Role == PeerRole.Viewer ? Channels.Distinct(StringComparer.Ordinal).ToDictionary(c => c, _hub.Top, StringComparer.Ordinal) : null }));
    }

    /// <summary>Tells the client that the hub stops, and closes.</summary>
    /// <param name="retryAfter">When to come back; different for each client, so that they do not all come at once.</param>
    public void SayBye(TimeSpan retryAfter)
    {
        if (SaidHello)
            Send(Frame.Text(new ByeMessage { RetryAfter = Math.Round(retryAfter.TotalMilliseconds) }));
        Close(CloseCode.GoingAway, "the hub stops");
    }

    /// <summary>Frees the timer. To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _cut.Dispose();

    /// <summary>What a client said before it vanished was said, even when it was held back.</summary>
    private async Task TakeHeldAsync(PacedReader reader)
    {
        try
        {
            while (reader.TryTakeHeld(out var held) && await TakeAsync(held, _cut.Token))
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            // Cut by ourselves, or the hub has ended.
        }
    }

    private void Slow()
    {
        _hub.CountLimited();
        if (Interlocked.Increment(ref _slowed) == 1)
            LogSlowed(_logger, Session, _options.Limits.PublishRate, _options.Limits.FrameRate);
    }

    /// <returns>Whether to go on reading.</returns>
    private async ValueTask<bool> TakeAsync(Inbound inbound, CancellationToken cancellationToken)
    {
        switch (inbound.Kind)
        {
            case InboundKind.Text or InboundKind.Binary or InboundKind.TooBig when _closing:
                return true;
            case InboundKind.Text:
                await TakeAsync(inbound.Payload, cancellationToken);
                return true;
            case InboundKind.Ping:
                Send(Frame.Pong(inbound.Payload.Span));
                return true;
            case InboundKind.Pong:
                return true;
            case InboundKind.Binary:
                await TakeSoundAsync(inbound.Payload, cancellationToken);
                return true;
            case InboundKind.TooBig:
                AnswerWith(Error(ErrorCode.TooBig, $"the message is larger than {_options.Limits.Frame} bytes", "Send less at a time, or raise the hub's limit Kotodama:Limits:Frame."));
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

    private async Task LeaveAsync()
    {
        try
        {
            if (Role is PeerRole.Voice)
                await _hub.DoAsync(new Work.RemoveVoice(this), CancellationToken.None);
            if (Role is PeerRole.Companion)
                await _hub.DoAsync(new Work.RemoveCompanion(this), CancellationToken.None);
            await _hub.DoAsync(new Work.Leave(this, IsPublisher: true), CancellationToken.None);
        }
        catch (System.Threading.Channels.ChannelClosedException)
        {
            // The hub has ended, and nobody is left to be told.
        }
    }

    private async Task<bool> FinishAsync(CancellationToken aborted)
    {
        _outbox.Close(Frame.Close(CloseCode.Normal, ""), dropPending: false);
        try
        {
            if (!_cut.IsCancellationRequested)
                await _outbox.Finished.WaitAsync(_options.CloseTimeout, _time, aborted);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It had its time.
        }

        var finished = _outbox.Finished.IsCompleted;
        _outbox.Abandon();
        return finished;
    }

    [LoggerMessage(10, LogLevel.Debug, "Connection {Session} opened.")]
    private static partial void LogOpened(ILogger logger, string session);

    [LoggerMessage(11, LogLevel.Debug, "Connection {Session} ended.")]
    private static partial void LogClosed(ILogger logger, string session);

    [LoggerMessage(17, LogLevel.Warning, "Connection {Session} sends faster than {PublishRate} kept or {FrameRate} other messages per second; it is slowed down, and nothing is lost. Kotodama:Limits:PublishRate and FrameRate change that.")]
    private static partial void LogSlowed(ILogger logger, string session, int publishRate, int frameRate);

    [LoggerMessage(14, LogLevel.Warning, "Connection {Session} broke the WebSocket protocol: {Reason}.")]
    private static partial void LogViolation(ILogger logger, string session, string reason);

    [LoggerMessage(15, LogLevel.Debug, "Closing connection {Session} with {Code}: {Reason}.")]
    private static partial void LogClosing(ILogger logger, string session, int code, string reason);
}
