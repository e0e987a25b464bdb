using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;

namespace Kotodama.Tests.Support;

/// <summary>A plain WebSocket client, as another language would have one.</summary>
internal sealed class TestSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    public static async Task<TestSocket> ConnectAsync(Uri uri, params (string Name, string Value)[] headers)
    {
        var socket = new TestSocket();
        foreach (var (name, value) in headers)
            socket._socket.Options.SetRequestHeader(name, value);
        await socket._socket.ConnectAsync(uri, TestContext.Current.CancellationToken);
        return socket;
    }

    public WebSocketCloseStatus? CloseCode => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(Message message) => SendAsync(MessageCodec.Write(message), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type) => _socket.SendAsync(bytes, type, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>The next message as text; null when the hub has closed.</summary>
    public async Task<string?> ReceiveTextAsync() => await ReceiveBytesAsync() is var (bytes, _) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    private async Task<(byte[]? Bytes, bool IsBinary)> ReceiveBytesAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken).AsTask().InTime("a message");
            if (part.MessageType == WebSocketMessageType.Close)
            {
                if (_socket.State == WebSocketState.CloseReceived)
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
                return (null, false);
            }

            length += part.Count;
            if (part.EndOfMessage)
                return (_buffer[..length], part.MessageType == WebSocketMessageType.Binary);
        }
    }

    public async Task<JsonObject> ReceiveJsonAsync() => JsonNode.Parse(await ReceiveTextAsync() ?? throw new InvalidOperationException($"closed with {CloseCode} {CloseReason}"))!.AsObject();

    /// <summary>The next message that the codec knows; null when the hub has closed.</summary>
    public async Task<Message?> ReceiveAsync()
    {
        var (bytes, isBinary) = await ReceiveBytesAsync();
        if (bytes is null)
            return null;
        var (message, error) = isBinary ? AudioMessage.Read(bytes) : MessageCodec.Read(bytes);
        return message ?? throw new InvalidOperationException($"{error!.Message}: {Encoding.UTF8.GetString(bytes)}");
    }

    public async Task<T> ReceiveAsync<T>()
        where T : Message => Assert.IsType<T>(await ReceiveAsync());

    /// <summary>The welcome; what came before it was for a client that had not said hello yet.</summary>
    public async Task<WelcomeMessage> WelcomeAsync()
    {
        while (true)
        {
            if (Assert.IsType<Message>(await ReceiveAsync(), exactMatch: false) is WelcomeMessage welcome)
                return welcome;
        }
    }

    public Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

    public void Dispose() => _socket.Dispose();
}
