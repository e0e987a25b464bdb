using System.Net.Sockets;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.EndToEnd.Integration;

/// <summary>RFC 6455 against the real server, byte for byte.</summary>
public sealed class RawSocketTests
{
    private const string Status = """{"type":"status","content":"x","receipt":"stored"}""";

    [Fact]
    public async Task A_ping_is_answered_with_its_own_payload_even_within_a_message()
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        var text = Encoding.UTF8.GetBytes(Status);
        await socket.SendAsync(Wire.Frame(Opcode.Text, text[..10], final: false));
        await socket.SendAsync(Wire.Frame(Opcode.Ping, "are you there"u8.ToArray()));
        await socket.SendAsync(Wire.Frame(Opcode.Continuation, text[10..]));
        var pong = (await socket.ReadFrameAsync())!.Value;
        Assert.Equal((Opcode.Pong, "are you there"), (pong.Opcode, Encoding.UTF8.GetString(pong.Payload)));
        var receipt = (await socket.ReadFrameAsync())!.Value;
        Assert.Equal(Opcode.Text, receipt.Opcode);
        Assert.IsType<ReceiptMessage>(MessageCodec.Read(receipt.Payload).Message);
    }

    [Fact]
    public async Task A_message_byte_by_byte_is_a_message()
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await RawSocket.ConnectAsync(hub.Url, "/ws");
        foreach (var one in Wire.Text(Status))
            await socket.SendAsync([one]);
        Assert.Equal(Opcode.Text, (await socket.ReadFrameAsync())!.Value.Opcode);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4000)]
    public async Task A_close_is_answered_with_the_same_code_and_then_the_connection_ends(int code)
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        await socket.SendAsync(Wire.Close(code));
        Assert.Equal(code, await socket.ReadCloseCodeAsync());
        Assert.Null(await socket.ReadFrameAsync());
    }

    [Theory]
    [InlineData(CloseCode.ProtocolError, new byte[] { 0x81, 0x01, 0x61 })]
    [InlineData(CloseCode.ProtocolError, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(CloseCode.InvalidPayload, new byte[] { 0x81, 0x81, 0, 0, 0, 0, 0xFF })]
    [InlineData(CloseCode.TooBig, new byte[] { 0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task A_violation_gets_its_close_code_although_more_is_on_its_way(int code, byte[] bytes)
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        await socket.SendAsync([.. bytes, .. new byte[5000]]);
        Assert.Equal(code, await socket.ReadCloseCodeAsync());
    }

    [Fact]
    public async Task A_close_frame_reaches_a_client_that_is_still_sending()
    {
        await using var hub = await TestHub.StartAsync(o => o.CloseTimeout = TimeSpan.FromMinutes(1));
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        await socket.SendAsync([0x81, 0x01, 0x61]);

        // More than all buffers on the way hold: it gets through only when the hub reads on.
        for (var i = 0; i < 256; i++)
            await socket.SendAsync(new byte[64 * 1024]).AsTask().InTime("the hub to read on");
        Assert.Equal(CloseCode.ProtocolError, await socket.ReadCloseCodeAsync());
    }

    [Fact]
    public async Task A_connection_that_vanishes_leaves_nothing_behind()
    {
        await using var hub = await TestHub.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using var socket = await RawSocket.ConnectAsync(hub.Url);
            await socket.SendAsync(Wire.Text(Status)[..i]);
            socket.Reset();
        }

        await Limits.UntilAsync(() => !hub.Hub.Connections.Any(), "all connections to be gone");
        await Limits.UntilAsync(() => hub.Hub.Channels.All(c => c.Subscriptions.Count == 0), "all subscriptions to be gone");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", "Sec-WebSocket-Version")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n", "Sec-WebSocket-Key")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n", "Sec-WebSocket-Key")]
    [InlineData("GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n", "WebSocket client")]
    [InlineData("GET /?channel=BAD HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", "channel")]
    public async Task A_bad_handshake_is_answered_with_the_reason(string request, string named)
    {
        await using var hub = await TestHub.StartAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(hub.Url.Host, hub.Url.Port, TestContext.Current.CancellationToken);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request.Replace("HTTP/1.1\r\n", "HTTP/1.1\r\nConnection: close\r\n", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tcp.GetStream());
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken).InTime("the answer");
        Assert.StartsWith(named == "Sec-WebSocket-Version" ? "HTTP/1.1 426" : "HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains(named, answer, StringComparison.Ordinal);
    }
}
