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
public sealed partial class KotodamaClient : Stage, IPeer
{
    private readonly KotodamaClientOptions _options;
    private readonly Channel<Message> _incoming;
    private readonly CancellationTokenSource _disposing;
    private Task _loop = Task.CompletedTask;
    private volatile Link? _link;
    private volatile ConnectionState _state = ConnectionState.Reconnecting;
    private volatile WelcomeMessage? _welcome;
    private Task _raised = Task.CompletedTask;
    private int _disposed;

    private KotodamaClient(Uri uri, KotodamaClientOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.OutboxCapacity, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.IncomingCapacity, nameof(options));
        Uri = uri;
        _options = options;
        _outbox = new Outbox(options.OutboxCapacity, options.Time);
        _disposing = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Time);
        _incoming = Channel.CreateBounded<Message>(new BoundedChannelOptions(options.IncomingCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
    }

    /// <summary>The hub's address.</summary>
    public Uri Uri { get; }

    /// <summary>Where the connection stands.</summary>
    public ConnectionState State => _state;

    /// <summary>The hub's welcome of the current connection, or of the last one when there is none.</summary>
    public WelcomeMessage? Welcome => _welcome;

    /// <summary>
    /// What the hub sends besides answers to <see cref="PublishAsync"/>. For a viewer: what is said on its channels, each kept message once
    /// and in order, also when the connection was lost in between, with a <see cref="GapMessage"/> in place of messages that will not come.
    /// For a voice or a companion: what it is to hear, and receipts of what it sent; after a reconnection the hub tells anew who listens.
    /// For everybody: errors that belong to no call. Ends when the client is closed.
    /// </summary>
    public ChannelReader<Message> Incoming => _incoming.Reader;

    /// <summary>
    /// The connection was lost, came back or is over. Raised on the thread pool, one change after the other, in order. An exception of a
    /// handler goes to <see cref="TaskScheduler.UnobservedTaskException"/> and harms nothing else.
    /// </summary>
    public event EventHandler<ConnectionChangedEventArgs>? ConnectionChanged;

    /// <summary>Connects and says hello.</summary>
    /// <param name="uri">The hub, <c>ws://</c> or <c>wss://</c>; <c>http</c> addresses are taken as their WebSocket twins.</param>
    /// <param name="options">Settings. Null: a publisher on the default channel.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KotodamaException">The hub cannot be reached, or does not let the client in.</exception>
    public static async Task<KotodamaClient> ConnectAsync(Uri uri, KotodamaClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var client = new KotodamaClient(ToSocket(uri), options ?? new KotodamaClientOptions());
        var link = await client.OpenAsync(cancellationToken).ConfigureAwait(false);
        client.Linked(link);
        client._loop = Task.Run(() => client.StayConnectedAsync(link), CancellationToken.None);
        return client;
    }

    /// <summary>
    /// Closes the connection cleanly; waits at most a second for the hub to agree. Calls that still wait for a receipt fail at once with a
    /// <see cref="KotodamaException"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _outbox.Close(() => new KotodamaException(KotodamaException.NoAnswer, "the client was disposed before the hub had answered", "The message may or may not have been shown."));
        if (_link is { } link)
        {
            await link.CloseAsync().ConfigureAwait(false);
            _disposing.CancelAfter(TimeSpan.FromSeconds(1));
        }
        else
        {
            await _disposing.CancelAsync().ConfigureAwait(false);
        }

        await _loop.ConfigureAwait(false);
        _disposing.Dispose();
    }

    private static Uri ToSocket(Uri uri) => uri.Scheme switch
    {
        "http" => new UriBuilder(uri) { Scheme = "ws" }.Uri,
        "https" => new UriBuilder(uri) { Scheme = "wss" }.Uri,
        "ws" or "wss" => uri,
        _ => throw new ArgumentException($"The address of a hub begins with ws:// or wss://, got {uri}.", nameof(uri)),
    };
}
