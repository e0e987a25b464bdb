using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Client;

/// <summary>
/// A hub without a will of its own: a test accepts each connection and says each message. Until it accepts, a client that comes back
/// hangs in its attempt. Clients made here have a manual clock, for which no attempt to connect ever takes too long by itself, come back
/// without a pause, and end with the hub; then it proves that they left no timer behind.
/// </summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<FakeLink> _links = [];
    private readonly List<KotodamaClient> _clients = [];

    public FakeHub() => _listener.Start();

    public ManualTime Time { get; } = new();

    public Uri Uri => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>A client and the hub's end of its connection.</summary>
    public async Task<(KotodamaClient Client, FakeLink Link)> ConnectAsync(Action<KotodamaClientOptions>? configure = null, ChannelWelcome? position = null, ProtocolLimits? limits = null)
    {
        var options = new KotodamaClientOptions { Time = Time, FirstPause = TimeSpan.Zero, ConnectTimeout = Timeout.InfiniteTimeSpan };
        configure?.Invoke(options);
        var connecting = KotodamaClient.ConnectAsync(Uri, options, TestContext.Current.CancellationToken);
        var link = await AcceptAsync(position, limits);
        var client = await connecting.InTime("the client to connect");
        _clients.Add(client);
        return (client, link);
    }

    /// <summary>A viewer of the default channel.</summary>
    public Task<(KotodamaClient Client, FakeLink Link)> ViewerAsync(string epoch, long seq) =>
        ConnectAsync(o => o.Role = PeerRole.Viewer, new ChannelWelcome(epoch, seq, null, 0));

    /// <summary>The next connection, welcomed.</summary>
    public async Task<FakeLink> AcceptAsync(ChannelWelcome? position = null, ProtocolLimits? limits = null)
    {
        var link = await FakeLink.AcceptAsync(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask().InTime("a connection"));
        _links.Add(link);
        await link.SendAsync(new WelcomeMessage
        {
            Server = "fake",
            Session = "1",
            Channels = position is null ? new Dictionary<string, ChannelWelcome>(StringComparer.Ordinal) : new(StringComparer.Ordinal) { [ChannelName.Default] = position },
            Ping = 15_000,
            Limits = limits ?? ProtocolLimits.Default,
        });
        return link;
    }

    /// <summary>Waits until the clock has so many timers.</summary>
    public Task TimersAsync(int count) => Limits.UntilAsync(() => Time.Timers == count, $"{count} timers");

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links)
            link.Dispose();
        foreach (var client in _clients)
            await client.DisposeAsync().AsTask().InTime("the client to end");
        _listener.Dispose();
        await TimersAsync(0);
    }
}

/// <summary>The hub's end of one connection.</summary>
internal sealed class FakeLink : IDisposable
{
    private readonly Socket _tcp;
    private readonly WebSocket _socket;
    private readonly byte[] _buffer = new byte[128 * 1024];

    private FakeLink(Socket tcp, WebSocket socket) => (_tcp, _socket) = (tcp, socket);

    /// <summary>What the client said first.</summary>
    public HelloMessage Hello { get; private set; } = null!;

    public static async Task<FakeLink> AcceptAsync(Socket tcp)
    {
        tcp.NoDelay = true;
        var stream = new NetworkStream(tcp);
        var key = "";
        using (var head = new StreamReader(stream, Encoding.ASCII, bufferSize: 1024, leaveOpen: true))
        {
            while (await head.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTime("the handshake") is { Length: > 0 } line)
                if (line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase))
                    key = line["Sec-WebSocket-Key: ".Length..];
        }

#pragma warning disable CA5350 // RFC 6455 section 4.2.2 asks for it; it protects nothing.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"), TestContext.Current.CancellationToken);
        var link = new FakeLink(tcp, WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }));
        link.Hello = await link.ReceiveAsync<HelloMessage>();
        return link;
    }

    /// <summary>The next message; null when the client has closed.</summary>
    public async Task<Message?> ReceiveAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken).AsTask().InTime("a message");
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            length += part.Count;
            if (part.EndOfMessage)
                return MessageCodec.Read(_buffer.AsMemory(0, length)).Message ?? throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, length));
        }
    }

    public async Task<T> ReceiveAsync<T>()
        where T : Message => Assert.IsType<T>(await ReceiveAsync());

    /// <summary>The texts of the next status messages.</summary>
    public async Task<string[]> StatusesAsync(int count)
    {
        var texts = new string[count];
        for (var i = 0; i < count; i++)
            texts[i] = (await ReceiveAsync<StatusMessage>()).Content;
        return texts;
    }

    public Task SendAsync(Message message) =>
        _socket.SendAsync(MessageCodec.Write(message), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    public Task StoredAsync(Publication message, long seq, int pages = 1, bool? duplicate = null) => SendAsync(new ReceiptMessage
    {
        Id = message.Id!,
        Channel = ChannelName.Default,
        Status = ReceiptStatus.Stored,
        Pages = pages,
        Epoch = "e",
        Seq = seq,
        Durable = true,
        Duplicate = duplicate,
    });

    public Task LastAsync(Publication message, ReceiptStatus status, ReceiptCounts? counts = null) =>
        SendAsync(new ReceiptMessage { Id = message.Id!, Channel = ChannelName.Default, Status = status, Counts = counts, Final = true });

    public Task RefuseAsync(Publication message, string code, bool retry) =>
        SendAsync(new ErrorMessage { Id = message.Id, Code = code, Message = "no", Hint = "Try something else.", Retry = retry });

    /// <summary>Says the numbered statuses of an epoch; each has its number as the text.</summary>
    public async Task SayAsync(string epoch, params long[] numbers)
    {
        foreach (var seq in numbers)
            await SendAsync(new StatusMessage { Id = $"{epoch}{seq}", Channel = ChannelName.Default, Epoch = epoch, Seq = seq, Content = $"{epoch}{seq}" });
    }

    public Task GapAsync(long from, long to, GapReason reason) =>
        SendAsync(new GapMessage { Channel = ChannelName.Default, From = from, To = to, Reason = reason });

    public Task CloseAsync(int code) => _socket.CloseAsync((WebSocketCloseStatus)code, "because", TestContext.Current.CancellationToken).InTime("the goodbye");

    /// <summary>Ends the connection with a reset.</summary>
    public void Cut()
    {
        _tcp.LingerState = new LingerOption(enable: true, seconds: 0);
        _tcp.Close();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _tcp.Dispose();
    }
}
