using System.Collections.Concurrent;
using System.Net;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Gates;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Works = System.Threading.Channels.Channel<Kotodama.Server.Hubs.Work>;

namespace Kotodama.Server.Hubs;

/// <summary>
/// The hub of one process: its connections, and the loop that feeds the core. All members may be called from any thread. A publisher never
/// waits for a viewer; it waits for the disk only when more messages are on their way than the queue holds.
/// </summary>
internal sealed partial class Hub : IAsyncDisposable
{
    /// <summary>Work that may wait for the loop. When it is full, a caller with more waits: a connection stops reading.</summary>
    private const int QueueLength = 8192;

    /// <summary>One commit for at most so many messages.</summary>
    private const int BatchSize = 128;

    /// <summary>Threads that send to many viewers beside the loop.</summary>
    private const int MostHelpers = 7;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly Works _queue = System.Threading.Channels.Channel.CreateBounded<Work>(
        new System.Threading.Channels.BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _firstPage = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IMessageLog _log;
    private readonly HubCore _core;
    private readonly Task _loop;
    private readonly ITimer _ticker;
    private readonly long _started;
    private readonly Lock _places = new();
    private readonly Dictionary<IPAddress, int> _remote = [];
    private int _connectionCount;
    private long _limited;

    /// <param name="options">Settings.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="wrap">Puts something between the log and its store; for tests of a failing disk.</param>
    /// <exception cref="LogFailedException">The data folder is in use or cannot be written.</exception>
    public Hub(
        IOptions<KotodamaServerOptions> options,
        TimeProvider time,
        ILogger<Hub> logger,
        Func<IMessageStore,
        IMessageStore>? wrap = null)
    {
        Options = options.Value;
        Refusals = new Refusals(time);
        Started = time.GetUtcNow();
        _started = time.GetTimestamp();
        _time = time;
        _logger = logger;
        var bounds = new LogBounds(Options.KeptMessages, Options.KeptBytes, (long)Options.IdWindow.TotalMilliseconds)
        {
            TotalBytes = Options.MaxStoredBytes,
            MemoryBytes = Options.MaxMemoryBytes,
        };
        _log = MessageLogs.Open(Options.DataFolder, bounds, time, logger, wrap);
        _core = new HubCore(_log, new HubClock(time, _log.Latest), Options, new Avatars(Options.DataFolder, time, logger));
        _loop = Task.Run(LoopAsync);

        // A tick that finds the queue full is not missed: the loop is awake anyway and the next one comes soon.
        _ticker = time.CreateTimer(_ => _queue.Writer.TryWrite(new Work.Ask(core => core.Tick())), null, TickInterval, TickInterval);
    }

    public KotodamaServerOptions Options { get; }

    public TimeProvider Time => _time;

    public Refusals Refusals { get; }

    public DateTimeOffset Started { get; }

    /// <summary>How long it runs, whatever the wall clock was set to meanwhile.</summary>
    public TimeSpan Uptime => _time.GetElapsedTime(_started);

    /// <summary>Messages stored since the start; pieces of streams, stops and repetitions do not count.</summary>
    public long Published => _core.Stored;

    /// <inheritdoc cref="HubCore.SpeechesHeard"/>
    public long SpeechesHeard => _core.SpeechesHeard;

    /// <inheritdoc cref="HubCore.SpeechesStopped"/>
    public long SpeechesStopped => _core.SpeechesStopped;

    public IEnumerable<Connection> Connections => _connections.Values;

    public IEnumerable<Channel> Channels => _core.Channels.Values;

    /// <summary>Messages since the start that came faster than the limits allow: they were slowed down or, over HTTP, refused.</summary>
    public long Limited => Interlocked.Read(ref _limited);

    /// <summary>Work that waits for the loop.</summary>
    public int QueueDepth => _queue.Reader.Count;

    /// <summary>Whether stored messages survive a crash.</summary>
    public bool Durable => _log.Durable;

    /// <summary>Why the hub is degraded: messages are kept in memory although it has a disk. Null when all is well.</summary>
    public LogFailure? Failure => _log.Failure;

    /// <summary>Completed when the first page of this repository, or another client that displays, has said hello.</summary>
    public Task FirstPage => _firstPage.Task;

    /// <summary>The newest number of a channel that its viewers were offered; 0 when there is none.</summary>
    public long Top(string channel) => _core.Channels.TryGetValue(channel, out var found) ? found.Top : 0;

    /// <summary>The newest number of each channel.</summary>
    public Dictionary<string, long> Tops(IEnumerable<string> channels)
    {
        var tops = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var channel in channels)
            tops[channel] = Top(channel);
        return tops;
    }

    /// <summary>Enqueues work for the loop; waits only when the queue is full.</summary>
    public ValueTask DoAsync(Work work, CancellationToken cancellationToken) => _queue.Writer.WriteAsync(work, cancellationToken);

    /// <summary>Publishes a valid message. <paramref name="onReceipt"/> gets the receipts or the error, on the loop.</summary>
    public ValueTask PublishAsync(
        Publication message,
        string channel,
        Viewer? publisher,
        Action<Message> onReceipt,
        CancellationToken cancellationToken,
        ReadOnlyMemory<byte>? sound = null,
        IPerformer? performer = null)
    {
        LogPublished(_logger, message.Type, message.Id ?? "(no id)", message.Channel ?? channel);
        var work = new Work.Publish(message, channel, publisher, onReceipt, sound, performer);
        return publisher is Connection bringer ? bringer.Brought.DoAsync(work, cancellationToken) : DoAsync(work, cancellationToken);
    }

    /// <summary>
    /// A viewer has room for more of what it missed. Never waits: of each connection there is one such word at a time, beside its work.
    /// </summary>
    public void Continue(Viewer viewer)
    {
        var adding = DoAsync(new Work.Continue(viewer), CancellationToken.None);
        if (!adding.IsCompletedSuccessfully)
            _ = EndQuietlyAsync(adding);

        static async Task EndQuietlyAsync(ValueTask adding)
        {
            try
            {
                await adding;
            }
            catch (System.Threading.Channels.ChannelClosedException)
            {
                // The hub has ended, and its viewers with it.
            }
        }
    }

    /// <summary>Asks the core, on its loop. What the question throws is thrown here, too.</summary>
    public async Task<T> AskAsync<T>(Func<HubCore, T> question, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await DoAsync(new Work.Ask(Answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);

        void Answer(HubCore core)
        {
            try
            {
                answer.SetResult(question(core));
            }
            catch (Exception e)
            {
                // Without an answer the caller would wait for ever; the loop logs it as the bug that it is.
                answer.SetException(e);
                throw;
            }
        }
    }

    /// <summary>
    /// Reserves the place of one connection. Null: it was reserved, and <see cref="Release"/> must follow; otherwise the reason why not.
    /// </summary>
    /// <param name="address">The address it comes from, when that counts: null for this machine.</param>
    public ErrorMessage? TryReserve(IPAddress? address)
    {
        lock (_places)
        {
            if (_connectionCount >= Options.MaxConnections)
            {
                return TooMany(
                    $"the hub has {Options.MaxConnections} connections, its limit",
                    $"Close some, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxConnections)}.");
            }

            if (address is not null)
            {
                var here = _remote.GetValueOrDefault(address);
                if (Options.MaxConnectionsPerAddress > 0 && here >= Options.MaxConnectionsPerAddress)
                {
                    return TooMany(
                        $"there are {here} connections from {address}, the limit for one address",
                        $"Close some, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxConnectionsPerAddress)}; "
                            + "behind a proxy all clients may have its address.");
                }

                _remote[address] = here + 1;
            }

            _connectionCount++;
            return null;
        }

        static ErrorMessage TooMany(string message, string hint) =>
            new() { Code = ErrorCode.TooManyConnections, Message = message, Hint = hint, Retry = true };
    }

    public void Release(IPAddress? address)
    {
        lock (_places)
        {
            _connectionCount--;
            if (address is not null && --_remote[address] == 0)
                _remote.Remove(address);
        }
    }

    public void CountLimited() => Interlocked.Increment(ref _limited);

    public void Add(Connection connection) => _connections[connection.Session] = connection;

    public void Remove(Connection connection) => _connections.TryRemove(connection.Session, out _);

    public void PageArrived() => _firstPage.TrySetResult();

    /// <summary>
    /// Tells every client that the hub stops, and closes all connections. Returns when they are gone or their time is up.
    /// </summary>
    public async Task StopAsync()
    {
        var leaving = _connections.Values.ToArray();

        // They must not all connect again in the same moment.
        var spread = Math.Min(5_000, leaving.Length * 5);
        for (var i = 0; i < leaving.Length; i++)
            leaving[i].SayBye(TimeSpan.FromMilliseconds(500 + ((double)spread * i / leaving.Length)));
        await Task.WhenAll(leaving.Select(c => c.Ended));
    }

    /// <summary>Ends the loop when its work is done, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ticker.DisposeAsync();
        _queue.Writer.TryComplete();
        await _loop;
        _log.Dispose();
    }

    private async Task LoopAsync()
    {
        var batch = new List<Work>(BatchSize);
        var helpers = Math.Min(Environment.ProcessorCount - 1, MostHelpers);
        var bundle = new Bundle(helpers);
        Action<Exception> broken = e => LogBroken(_logger, e);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < BatchSize && _queue.Reader.TryRead(out var work))
                batch.Add(work);
            if (batch.Count > 1 || helpers > 0)
                bundle.Begin();
            _core.Process(batch, broken);
            bundle.End();
            foreach (var work in batch)
                work.Bringer?.Done();
            batch.Clear();
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Publishing {Type} {Id} on channel {Channel}.")]
    private static partial void LogPublished(ILogger logger, PlainText type, PlainText id, PlainText channel);

    [LoggerMessage(2, LogLevel.Critical, "The hub's loop failed on its work. This is a bug; please report it.")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
