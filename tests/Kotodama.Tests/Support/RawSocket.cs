using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Support;

/// <summary>A TCP connection that has done the WebSocket handshake and then does exactly what a test says, right or wrong.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private RawSocket(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket));

    /// <summary>A TCP connection, before any handshake.</summary>
    public static async Task<RawSocket> OpenAsync(Uri hub, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
            socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(hub.Host, hub.Port, TestContext.Current.CancellationToken);
        return new RawSocket(socket);
    }

    public static async Task<RawSocket> ConnectAsync(Uri hub, string path = "/", int? receiveBuffer = null, string? origin = null)
    {
        var raw = await OpenAsync(hub, receiveBuffer);
        var from = origin is null ? "" : $"Origin: {origin}\r\n";
        await raw.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {hub.Authority}\r\n{from}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = await raw.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);

        // The accept value of this key is the example of RFC 6455 section 1.3.
        Assert.Contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head, StringComparison.Ordinal);
        return raw;
    }

    public ValueTask SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Everything up to the empty line that ends the head of an HTTP answer.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _stream.ReadAsync(one, TestContext.Current.CancellationToken).AsTask().InTime("the answer") == 0)
                break;
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<string> ReadAllAsync()
    {
        using var reader = new StreamReader(_stream, Encoding.Latin1, leaveOpen: true);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).InTime("the end of the answer");
    }

    /// <summary>The next frame of the hub; null at the end of the connection.</summary>
    public async Task<(Opcode Opcode, byte[] Payload)?> ReadFrameAsync()
    {
        var head = new byte[2];
        if (await _stream.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, TestContext.Current.CancellationToken).AsTask().InTime("a frame") < 2)
            return null;
        Assert.Equal(0x80, head[0] & 0xF0);
        Assert.Equal(0, head[1] & 0x80);
        var length = (long)head[1];
        if (length >= 126)
        {
            var longer = new byte[length == 126 ? 2 : 8];
            await _stream.ReadExactlyAsync(longer, TestContext.Current.CancellationToken);
            length = longer.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(longer) : BinaryPrimitives.ReadInt64BigEndian(longer);
        }

        var payload = new byte[length];
        await _stream.ReadExactlyAsync(payload, TestContext.Current.CancellationToken);
        return ((Opcode)(head[0] & 0x0F), payload);
    }

    public async Task<int?> ReadCloseCodeAsync()
    {
        while (await ReadFrameAsync() is { } frame)
            if (frame.Opcode == Opcode.Close)
                return frame.Payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(frame.Payload) : 0;
        return null;
    }

    /// <summary>Says that nothing more comes from here, and goes on reading.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset instead of a goodbye.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}
