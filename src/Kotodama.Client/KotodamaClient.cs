using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// A connection to a Kotodama hub that stays: it reconnects by itself, for ever, and says so by <see cref="ConnectionChanged"/>. What was
/// published and is not stored yet is sent again then; what a viewer missed is asked for. To the hub it is one viewer over all its
/// connections, whose older one gives way. With the role of a voice or a companion it is the hub's end for one that runs here.
/// All members may be called from any thread.
/// Dispose it to close the connection cleanly.
/// </summary>
/// <example><code>
/// await using var character = await KotodamaClient.ConnectAsync(new Uri("ws://localhost:8765"));
/// var receipt = await character.SendLlmResponseAsync("Hello!", TimeSpan.FromSeconds(8), emotion: "joy");
/// Console.WriteLine($"{receipt.Pages} pages");
/// </code></example>
public sealed class KotodamaClient : Stage, IPeer
{
    /// <summary>Touches that wait for a handler that does not keep up; of more the newest is not raised.</summary>
    private const int MostTouches = 64;

    private readonly Channel<Message> _incoming;
    private readonly HubConnector _connector;
    private readonly ConnectionLoop _connection;
    private readonly Publisher _publisher;
    private volatile ConnectionState _state = ConnectionState.Reconnecting;
    private Task _raised = Task.CompletedTask;
    private int _disposed;
    private int _touches;

    private KotodamaClient(Uri uri, KotodamaClientOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.OutboxCapacity, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.IncomingCapacity, nameof(options));
        var bound = new BoundedChannelOptions(options.IncomingCapacity) { FullMode = BoundedChannelFullMode.DropOldest };
        _incoming = Channel.CreateBounded<Message>(bound);
        var pending = new PendingMessages(options.OutboxCapacity, options.Time);
        var positions = new ViewerPositions(options);
        _connector = new HubConnector(uri, options, positions);
        _connection = new ConnectionLoop(_connector, positions, options, pending, _incoming.Writer, Raise, Raise);
        _publisher = new Publisher(_connector, _connection, options, pending, _incoming.Writer);
    }

    /// <summary>The hub's address.</summary>
    public Uri Uri => _connector.Uri;

    /// <summary>Where the connection stands.</summary>
    public ConnectionState State => _state;

    /// <summary>The hub's welcome of the current connection, or of the last one when there is none.</summary>
    public WelcomeMessage? Welcome => _connector.Welcome;

    /// <summary>
    /// What the hub sends besides answers to <see cref="PublishAsync"/>. For a viewer: what is published on its channels, each kept message
    /// once and in order, also when the connection was lost in between, with a <see cref="GapMessage"/> in place of messages that will not
    /// come. For a voice or a companion: what the hub passes on to it, and receipts of what it sent; after a reconnection the hub tells
    /// anew which pages listen. For a client with <see cref="HelloMessage.TouchCapability"/>: touches, see <see cref="Touched"/>. For every
    /// role: errors that belong to no call. Ends when the client is closed.
    /// </summary>
    public ChannelReader<Message> Incoming => _incoming.Reader;

    /// <summary>
    /// The connection was lost, came back or is over. Raised on the thread pool, one change after the other, in order. An exception of a
    /// handler goes to <see cref="TaskScheduler.UnobservedTaskException"/> and harms nothing else.
    /// </summary>
    public event EventHandler<ConnectionChangedEventArgs>? ConnectionChanged;

    /// <summary>
    /// A user touched the character on one of the client's channels. Only for a client that asks for it, with
    /// <see cref="HelloMessage.TouchCapability"/> in <see cref="KotodamaClientOptions.Capabilities"/>, and for companions. Raised as
    /// <see cref="ConnectionChanged"/> is; the message is in <see cref="Incoming"/> as well. Touches while there is no connection are lost.
    /// </summary>
    public event EventHandler<TouchedEventArgs>? Touched;

    /// <summary>Connects and says hello.</summary>
    /// <param name="uri">The hub, <c>ws://</c> or <c>wss://</c>; <c>http</c> addresses are taken as their WebSocket twins.</param>
    /// <param name="options">Settings. Null: a publisher on the default channel.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KotodamaException">The hub cannot be reached, or does not let the client in.</exception>
    public static async Task<KotodamaClient> ConnectAsync(
        Uri uri,
        KotodamaClientOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var client = new KotodamaClient(ToSocket(uri), options ?? new KotodamaClientOptions());
        await client._connection.StartAsync(cancellationToken).ConfigureAwait(false);
        return client;
    }

    /// <summary>
    /// Sends one message and waits until it has come as far as <see cref="Publication.Receipt"/> says (null: until the hub has it). When
    /// the connection is lost meanwhile, or the hub asks to try later, the message is sent again with the same id, in the order of the
    /// calls, and is shown once.
    /// </summary>
    /// <remarks>
    /// <para>Until the message is stored the wait is at most <see cref="KotodamaClientOptions.SendTimeout"/>. From then on the hub's last
    /// word is waited for: at most the message's time to live and <see cref="KotodamaClientOptions.SendTimeout"/> on top, and with
    /// <see cref="ReceiptLevel.Spoken"/> as long as speaking may take, <see cref="ProtocolLimits.Duration"/> of the hub.</para>
    /// <para>With <see cref="ReceiptLevel.None"/>, and for pieces of a streamed reply that ask for nothing, the call returns when the
    /// message is sent. It is sent once, and not at all while there is no connection.</para>
    /// <para>A hub whose disk is full, or fails, goes on in memory: the receipt then says <see cref="ReceiptMessage.Durable"/> false, and
    /// the
    /// message is lost if the hub ends before that is cured; it is not sent again. With <see cref="ReceiptLevel.Stored"/>, said explicitly,
    /// the hub refuses it instead, and it is sent again until it is on the disk or <see cref="KotodamaClientOptions.SendTimeout"/> is
    /// over.</para>
    /// </remarks>
    /// <param name="message">What to say. With an id of its own it may be published again and is shown once.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <inheritdoc cref="Stage.PublishAsync" path="/returns"/>
    /// <exception cref="KotodamaException">
    /// The hub refused the message, did not store it in time (<see cref="KotodamaException.NoAnswer"/>: it may have been shown;
    /// <see cref="KotodamaException.NotConnected"/>: it was never sent), or the outbox was full
    /// (<see cref="KotodamaException.OutboxFull"/>). The client was
    /// closed while it waited.
    /// </exception>
    /// <exception cref="ArgumentException">A message with the same id is under way.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed before.</exception>
    public override async Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return await _publisher.PublishAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a message, in the order of the calls, and does not wait for an answer. What is sent while there is no connection is lost, as
    /// sound and states are worth nothing later; but a publication that asks for a receipt, as it does by default, is kept and sent again
    /// after a reconnection until the hub's last word about it, as long as its time to live and
    /// <see cref="KotodamaClientOptions.SendTimeout"/> allow. One that the hub refuses comes back as an <see cref="ErrorMessage"/> in
    /// <see cref="Incoming"/>.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait for room: <see cref="KotodamaClientOptions.OutboxCapacity"/> bounds what is under
    /// way.</param>
    /// <exception cref="ArgumentException">A publication with the same id is under way.</exception>
    public async ValueTask SendAsync(Message message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        await _publisher.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Closes the connection cleanly; waits at most a second for the hub to agree. Calls that still wait for a receipt fail at once with a
    /// <see cref="KotodamaException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Raise(ConnectionState state, string reason, int attempt)
    {
        _state = state;
        if (ConnectionChanged is { } handlers)
            Raise(() => handlers(this, new ConnectionChangedEventArgs(state, reason, attempt)));
    }

    private void Raise(TouchMessage touch)
    {
        if (Touched is not { } handlers || Volatile.Read(ref _touches) >= MostTouches)
            return;
        Interlocked.Increment(ref _touches);
        Raise(() =>
        {
            Interlocked.Decrement(ref _touches);
            handlers(this, new TouchedEventArgs(touch));
        });
    }

    /// <summary>
    /// One after the other, but not on the connection's loop, which alone calls this: a handler may block, throw or dispose the client.
    /// </summary>
    private void Raise(Action happened) => _raised = _raised.ContinueWith(
        _ => happened(),
        CancellationToken.None,
        TaskContinuationOptions.None,
        TaskScheduler.Default);

    private static Uri ToSocket(Uri uri) => uri.Scheme switch
    {
        "http" => new UriBuilder(uri) { Scheme = "ws" }.Uri,
        "https" => new UriBuilder(uri) { Scheme = "wss" }.Uri,
        "ws" or "wss" => uri,
        _ => throw new ArgumentException($"The address of a hub begins with ws:// or wss://, got {uri}.", nameof(uri)),
    };
}
