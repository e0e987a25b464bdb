using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Channels;
using Kotodama.Server.Rates;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;
using static Kotodama.Server.ErrorMessages;
using static Kotodama.Server.Hubs.ConnectionLog;

namespace Kotodama.Server.Hubs;

/// <summary>
/// One WebSocket from the upgrade to its end. <see cref="RunAsync"/> is the only reader, and what it reads goes to the dispatcher; the
/// outbox is the only writer. <see cref="Send"/>, <see cref="Close"/>, <see cref="Beat"/>, <see cref="SayBye"/> and the properties may be
/// used from any thread.
/// </summary>
internal sealed class Connection : Viewer, IPerformer, IDisposable
{
    private static readonly byte[] PingFrame = Frame.Ping();

    private readonly Hub _hub;
    private readonly Stream _stream;
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KotodamaServerOptions _options;
    private readonly CancellationTokenSource _cut;
    private readonly Lock _cutting = new();
    private readonly Allowance _allowance;
    private readonly Grant _grant;
    private readonly ClientProfile _client;
    private readonly BareClient _bare;
    private readonly MessageDispatcher _dispatcher;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heard;
    private long _pinged;
    private long _slowed;
    private volatile bool _hasEnded;
    private bool _isDisposed;
    private volatile bool _closing;

    /// <param name="hub">The hub it belongs to.</param>
    /// <param name="stream">The upgraded stream; the caller owns it.</param>
    /// <param name="channel">The channel of the connection until it says otherwise.</param>
    /// <param name="grant">What the client may do.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log; content appears at Trace only.</param>
    /// <param name="socket">The socket under the stream, when frames may go past the stream.</param>
    public Connection(Hub hub, Stream stream, string channel, Grant grant, TimeProvider time, ILogger logger, DirectSocket? socket = null)
    {
        _hub = hub;
        _stream = stream;
        _grant = grant;
        _options = hub.Options;
        _outbox = new Outbox(stream, _options.OutboxMessages, _options.OutboxBytes, time, socket);
        Brought = new BroughtWork(hub, this, _outbox);
        _time = time;
        _logger = logger;
        _cut = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _allowance = new Allowance(_options.Limits, time);
        _client = new ClientProfile(channel);
        _bare = new BareClient(Session, _client, time, logger);
        _dispatcher = new MessageDispatcher(this, _client, grant, hub, _allowance, logger);
        _heard = _pinged = time.GetTimestamp();
        Since = time.GetUtcNow();
    }

    /// <summary>The name of this connection in logs, status and welcome.</summary>
    public override string Session { get; } = Guid.NewGuid().ToString("N")[..12];

    public DateTimeOffset Since { get; }

    /// <summary>What it makes the hub do.</summary>
    public BroughtWork Brought { get; }

    /// <inheritdoc cref="ClientProfile.Name"/>
    public string? Client => _client.Name;

    /// <inheritdoc cref="ClientProfile.Role"/>
    public PeerRole? Role => _client.Role;

    /// <inheritdoc cref="ClientProfile.Channels"/>
    public IReadOnlyList<string> Channels => _client.Channels;

    public bool SaidHello => _client.SaidHello;

    /// <inheritdoc/>
    public override bool IsPage => _client.IsPage;

    /// <inheritdoc/>
    public override bool FollowsSpeech => IsGreeted && _client.IsPage;

    /// <inheritdoc/>
    public override bool HearsUsers => _grant.Allows(Right.Talk);

    /// <inheritdoc/>
    public override bool PlaysSpeech => IsGreeted && _client.PlaysSpeech;

    /// <summary>Whether the close frame is on its way.</summary>
    public bool IsClosing => _closing;

    /// <inheritdoc/>
    public override bool IsClosed => _closing || _hasEnded;

    /// <inheritdoc/>
    public override bool HasRoom => _outbox.HasRoom;

    /// <inheritdoc cref="Outbox.IsDirect"/>
    public bool IsDirect => _outbox.IsDirect;

    /// <summary>Messages that came faster than the limits allow and were held back for a moment.</summary>
    public long Slowed => Interlocked.Read(ref _slowed);

    /// <summary>When something was last read, as a timestamp of the clock.</summary>
    public long LastHeard => Volatile.Read(ref _heard);

    /// <summary>Ends with <see cref="RunAsync"/>; never faults.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs until either side ends the connection.</summary>
    /// <param name="aborted">Cancelled when the transport is gone.</param>
    /// <returns>Whether everything was sent; else the transport holds bytes that the client does not take, and must be aborted.</returns>
    public async Task<bool> RunAsync(CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, _cut.Token);
        await using var reader = new PacedReader(new FrameReader(_stream, _options.Limits.Frame), _allowance, _time, Slow);
        var finished = false;
        using var ending = _grant.WhenEnded((code, reason) => Close(code, reason, dropPending: true));
        LogOpened(_logger, Session);
        _hub.Add(this);
        try
        {
            // A token of other channels than the first one counts from the hello on, which names them.
            if (Channels.All(_grant.Reaches))
                await _hub.DoAsync(new Work.Join(this, Channels, null, null), either.Token);
            while (await HandleAsync(await reader.ReadAsync(either.Token), either.Token))
            {
                Volatile.Write(ref _heard, _time.GetTimestamp());
                _bare.Tell();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            // Lost, cut by ourselves, or the hub has ended.
            await HandleHeldAsync(reader);
        }
        finally
        {
            _hasEnded = true;
            await either.CancelAsync();
            _hub.Remove(this);
            if (!_bare.TellEnd())
                LogClosed(_logger, Session);
            try
            {
                // Also after an exception that this method does not know: else the hub would go on counting a page that is gone.
                await LeaveAsync();
                finished = await FinishAsync(aborted);
            }
            finally
            {
                _ended.TrySetResult();
            }
        }

        return finished;
    }

    /// <inheritdoc/>
    public override bool Understands(Publication message) => _client.Understands(message);

    /// <inheritdoc/>
    public bool Serves(string channel) => Channels.Contains(channel, StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Deliver(Message message)
    {
        if (message is AudioMessage audio)
            Send(Frame.Binary(audio.ToBytes()));
        else
            // Pages may touch faster than a companion reads; that is no reason to lose it.
            Send(Frame.Text(message), message is TouchMessage ? FrameKind.Ephemeral : FrameKind.Ordinary);
    }

    /// <inheritdoc/>
    public override bool Send(byte[] frame, FrameKind kind = FrameKind.Ordinary)
    {
        var result = _outbox.TrySend(frame, kind);
        if (result == SendResult.Full)
            GiveUp();
        return result == SendResult.Sent;
    }

    /// <inheritdoc/>
    public override void AwaitRoom() => Brought.AwaitRoom();

    /// <inheritdoc/>
    public override void NoteReplayed(long bytes) => Brought.NoteReplayed(bytes);

    /// <inheritdoc/>
    public override void GiveUp() => Close(CloseCode.TooSlow, "too much waits for this connection", dropPending: true);

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
        _client.BecomeReplaced();
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

        _bare.Wait();
        var patience = Patience;
        if (_time.GetElapsedTime(LastHeard) > patience)
        {
            _bare.TellCut(patience);
            Close(CloseCode.NoPong, "a ping was not answered", dropPending: true);
            return;
        }

        if (_time.GetElapsedTime(_pinged) < _options.PingInterval)
            return;
        _pinged = _time.GetTimestamp();
        Send(PingFrame);
        if (SaidHello)
            Send(Frame.Text(new PingMessage { Tops = Role == PeerRole.Viewer ? _hub.Tops(Channels) : null }));
    }

    /// <summary>Tells the client that the hub stops, and closes.</summary>
    /// <param name="retryAfter">When to connect again; different for each client, so that they do not all do it at once.</param>
    public void SayBye(TimeSpan retryAfter)
    {
        if (SaidHello)
            Send(Frame.Text(new ByeMessage { RetryAfter = Math.Round(retryAfter.TotalMilliseconds) }));
        Close(CloseCode.GoingAway, "the hub stops");
    }

    /// <summary>Frees the timer. To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose()
    {
        // The hub may be closing the connection in the same moment, and a source that is disposed meanwhile may arm its timer once more.
        lock (_cutting)
        {
            _isDisposed = true;
            _cut.Dispose();
        }
    }

    /// <summary>
    /// Sends the close frame, and cuts the connection when the client takes too long to answer it. The first call counts.
    /// </summary>
    /// <param name="code">See <see cref="CloseCode"/>.</param>
    /// <param name="reason">For the user.</param>
    /// <param name="dropPending">Whether to discard what waits in the outbox: for a client that is too slow to take it.</param>
    public void Close(int code, string reason, bool dropPending = false)
    {
        if (Interlocked.Exchange(ref _closing, true))
            return;
        LogClosing(_logger, Session, code, reason);
        _outbox.Close(Frame.Close(code, reason), dropPending);
        lock (_cutting)
        {
            // The client gets this long to take the close frame and to answer it.
            if (!_isDisposed)
                _cut.CancelAfter(_options.CloseTimeout);
        }
    }

    /// <summary>How long the client may be silent.</summary>
    private TimeSpan Patience
    {
        get
        {
            var usual = _options.PingInterval + _options.PingTimeout;
            return SaidHello || usual > _options.BareTimeout ? usual : _options.BareTimeout;
        }
    }

    /// <summary>What a client sent before it vanished counts, even when it was held back.</summary>
    private async Task HandleHeldAsync(PacedReader reader)
    {
        try
        {
            while (reader.TryDequeue(out var held) && await HandleAsync(held, _cut.Token))
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
    private async ValueTask<bool> HandleAsync(Inbound inbound, CancellationToken cancellationToken)
    {
        _allowance.TakeReplay(Brought.TakeReplayed());
        switch (inbound.Kind)
        {
            case InboundKind.Text or InboundKind.Binary or InboundKind.TooBig when _closing:
                return true;
            case InboundKind.Text:
                await _dispatcher.DispatchTextAsync(inbound.Payload, cancellationToken);
                return true;
            case InboundKind.Ping:
                Send(Frame.Pong(inbound.Payload.Span));
                return true;
            case InboundKind.Pong:
                return true;
            case InboundKind.Binary:
                await _dispatcher.DispatchSoundAsync(inbound.Payload, cancellationToken);
                return true;
            case InboundKind.TooBig:
                _allowance.Take(null, inbound.Skipped);
                _dispatcher.Refuse(Error(
                    ErrorCode.TooBig,
                    $"the message is larger than {_options.Limits.Frame} bytes",
                    "Send less at a time, or raise the hub's limit Kotodama:Limits:Frame."));
                return true;
            case InboundKind.Close:
                _outbox.Close(Frame.Close(inbound.Code, Encoding.UTF8.GetString(inbound.Payload.Span)), dropPending: false);
                return false;
            case InboundKind.Violation:
                LogViolation(_logger, Session, inbound.Reason);

                // What came before was good, and its receipts do not come behind a close frame.
                await Brought.FinishAsync(_options.CloseTimeout, _time, cancellationToken);
                Close(inbound.Code ?? CloseCode.ProtocolError, inbound.Reason);
                await Remainder.SkipAsync(_stream, cancellationToken);
                return false;
            default:
                return false;
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
            // The hub has ended, and no viewer is left to be told.
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
}
