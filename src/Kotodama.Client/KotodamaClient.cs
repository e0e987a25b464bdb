using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// A connection to a Kotodama hub that stays: it reconnects by itself, for ever, and says so by <see cref="ConnectionChanged"/>. All
/// members may be called from any thread. Dispose it to close the connection cleanly.
/// </summary>
/// <example><code>
/// await using var character = await KotodamaClient.ConnectAsync(new Uri("ws://localhost:8765"));
/// var receipt = await character.SendLlmResponseAsync("Hello!", TimeSpan.FromSeconds(8), emotion: "joy");
/// Console.WriteLine($"{receipt.Pages} pages");
/// </code></example>
public sealed partial class KotodamaClient : Stage, IAsyncDisposable
{
    private readonly KotodamaClientOptions _options;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ReceiptMessage>> _unanswered = new(StringComparer.Ordinal);
    private readonly Channel<Message> _incoming;
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _lock = new();
    private Task _loop = Task.CompletedTask;
    private Link? _link;
    private TaskCompletionSource<Link> _linked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    private KotodamaClient(Uri uri, KotodamaClientOptions options)
    {
        Uri = uri;
        _options = options;
        _incoming = Channel.CreateBounded<Message>(new BoundedChannelOptions(options.IncomingCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
    }

    /// <summary>The hub's address.</summary>
    public Uri Uri { get; }

    /// <summary>Where the connection stands.</summary>
    public ConnectionState State { get; private set; } = ConnectionState.Reconnecting;

    /// <summary>The hub's welcome of the current connection; null before the first.</summary>
    public WelcomeMessage? Welcome { get; private set; }

    /// <summary>
    /// What the hub sends besides answers to <see cref="PublishAsync"/>: broadcasts for a viewer, errors that name no message. Ends when the
    /// client is closed.
    /// </summary>
    public ChannelReader<Message> Incoming => _incoming.Reader;

    /// <summary>The connection was lost, came back or is over. Raised on a thread of the pool, one at a time.</summary>
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

    /// <summary>Sends a message and waits for the hub's receipt. While the connection is lost the message waits for it to come back.</summary>
    /// <inheritdoc/>
    public override async Task<ReceiptMessage> PublishAsync(Publication message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var id = message.Id ?? Guid.NewGuid().ToString("N");
        var answer = new TaskCompletionSource<ReceiptMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var link = await LinkAsync(cancellationToken).ConfigureAwait(false);
        if (!_unanswered.TryAdd(id, answer))
            throw new ArgumentException($"A message with the id {id} is already on its way.", nameof(message));
        try
        {
            await link.SendAsync(message with { Id = id, Receipt = ReceiptLevel.Sent }, cancellationToken).ConfigureAwait(false);
            return await answer.Task.WaitAsync(_options.SendTimeout, _options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new KotodamaException(KotodamaException.NoAnswer, $"the hub did not answer within {_options.SendTimeout.TotalSeconds:0.#} s",
                "The message may or may not have been shown.", e);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or IOException)
        {
            throw Lost(e);
        }
        finally
        {
            _unanswered.TryRemove(id, out _);
        }
    }

    /// <summary>Closes the connection cleanly; waits at most a second for the hub to agree.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Link? link;
        lock (_lock)
            link = _link;
        if (link is not null)
        {
            await link.CloseAsync().ConfigureAwait(false);
            await Task.WhenAny(_loop, Task.Delay(TimeSpan.FromSeconds(1), _options.Time, CancellationToken.None)).ConfigureAwait(false);
        }

        await _disposing.CancelAsync().ConfigureAwait(false);
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

    private static KotodamaException Lost(Exception? cause) => new(KotodamaException.NoAnswer,
        "the connection was lost before the hub answered", "The message may or may not have been shown.", cause);

    private async Task<Link> LinkAsync(CancellationToken cancellationToken)
    {
        Task<Link> linked;
        lock (_lock)
            linked = _linked.Task;
        try
        {
            return await linked.WaitAsync(_options.SendTimeout, _options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new KotodamaException(KotodamaException.NotConnected, $"there was no connection to {Uri} for {_options.SendTimeout.TotalSeconds:0.#} s",
                "Is the hub running? kotodama doctor finds out.", e);
        }
    }
}
