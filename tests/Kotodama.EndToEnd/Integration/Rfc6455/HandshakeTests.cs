using System.Globalization;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>RFC 6455 section 4: the opening handshake, byte for byte.</summary>
public sealed class HandshakeTests(OneHub shared) : IClassFixture<OneHub>
{
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    /// <summary>What a client of RFC 6455 sends, as lines; a case changes them.</summary>
    private static readonly string[] Good = ["GET / HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", Key];

    private static readonly Dictionary<string, string[]> Accepted = new(StringComparer.Ordinal)
    {
        ["as in the standard"] = Good,
        ["on /ws"] = With("GET /ws HTTP/1.1"),
        ["with a channel"] = With("GET /?channel=left HTTP/1.1"),
        ["with a query that the hub does not know"] = With("GET /?a=b&c HTTP/1.1"),
        ["header names in lower case"] = ["GET / HTTP/1.1", .. Good[1..].Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant() + l[l.IndexOf(':', StringComparison.Ordinal)..])],
        ["header names in upper case"] = ["GET / HTTP/1.1", .. Good[1..].Select(l => l[..l.IndexOf(':', StringComparison.Ordinal)].ToUpperInvariant() + l[l.IndexOf(':', StringComparison.Ordinal)..])],
        ["headers in another order"] = [Good[0], .. Good[1..].Reverse()],
        ["Upgrade in another case"] = With("Upgrade: WebSocket"),
        ["Upgrade with others before"] = With("Upgrade: h2c, websocket"),
        ["Upgrade with others after"] = With("Upgrade: websocket, foo/1"),
        ["Upgrade on two lines"] = [.. With("Upgrade: foo/1"), "Upgrade: websocket"],
        ["Connection in another case"] = With("Connection: upgrade"),
        ["Connection with keep-alive before"] = With("Connection: keep-alive, Upgrade"),
        ["Connection with keep-alive after"] = With("Connection: Upgrade,keep-alive"),
        ["spaces around values"] = [Good[0], "Host:   localhost  ", "Upgrade: \t websocket ", .. Good[3..]],
        ["many headers that the hub does not know"] = [.. Good, .. Enumerable.Range(0, 60).Select(i => $"X-{i}: {new string('x', 100)}")],
        ["a subprotocol, which is not taken"] = [.. Good, "Sec-WebSocket-Protocol: chat, superchat"],
        ["compression, which is not taken"] = [.. Good, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"],
        ["an extension that makes no sense"] = [.. Good, "Sec-WebSocket-Extensions: ;;;=="],
        ["the origin of a page of this machine"] = [.. Good, "Origin: http://localhost:3000"],
        ["Host with a port"] = With("Host: 127.0.0.1:1"),
        ["Host of IPv6"] = With("Host: [::1]:8765"),
        ["another key"] = With("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
        ["a body of no bytes"] = [.. Good, "Content-Length: 0"],
    };

    private static readonly Dictionary<string, (int Status, string[] Lines)> Refused = new(StringComparer.Ordinal)
    {
        ["no version"] = (426, Without("Sec-WebSocket-Version")),
        ["version 8"] = (426, With("Sec-WebSocket-Version: 8")),
        ["version 0"] = (426, With("Sec-WebSocket-Version: 0")),
        ["version 14"] = (426, With("Sec-WebSocket-Version: 14")),
        ["version 13.0"] = (426, With("Sec-WebSocket-Version: 13.0")),
        ["two versions"] = (426, With("Sec-WebSocket-Version: 13, 8")),
        ["no key"] = (400, Without("Sec-WebSocket-Key")),
        ["empty key"] = (400, With("Sec-WebSocket-Key:")),
        ["key of 15 bytes"] = (400, With("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAA")),
        ["key of 17 bytes"] = (400, With("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAA=")),
        ["key of 18 bytes"] = (400, With("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAAAA")),
        ["key that is no base64"] = (400, With("Sec-WebSocket-Key: ??????????????????????==")),
        ["key in the wrong alphabet"] = (400, With("Sec-WebSocket-Key: __________-----------w==")),
        ["two keys"] = (400, [.. Good, Key]),
        ["HTTP/1.0"] = (400, With("GET /ws HTTP/1.0")),
        ["POST"] = (405, With("POST / HTTP/1.1")),
        ["HEAD"] = (400, With("HEAD / HTTP/1.1")),
        ["PUT"] = (405, With("PUT /ws HTTP/1.1")),
        ["no Connection"] = (400, Without("Connection")),
        ["Connection without Upgrade"] = (400, With("Connection: keep-alive")),
        ["no Upgrade on /ws"] = (400, [.. With("GET /ws HTTP/1.1").Where(l => !l.StartsWith("Upgrade", StringComparison.Ordinal))]),
        ["Upgrade to something else on /ws"] = (400, [.. With("Upgrade: h2c")[1..].Prepend("GET /ws HTTP/1.1")]),
        ["Upgrade to something that only begins so"] = (400, [.. With("Upgrade: websockets")[1..].Prepend("GET /ws HTTP/1.1")]),
        ["a body"] = (400, [.. Good, "Content-Length: 5"]),
        ["a body in chunks"] = (400, [.. Good, "Transfer-Encoding: chunked"]),
        ["no Host"] = (400, Without("Host")),
        ["two Hosts"] = (400, [.. Good, "Host: localhost"]),
        ["foreign Host"] = (403, With("Host: evil.example")),
        ["foreign Origin on another address"] = (403, [.. With("GET /demo/demo.html HTTP/1.1"), "Origin: https://evil.example"]),
        ["foreign Origin without a key"] = (403, [.. Without("Sec-WebSocket-Key"), "Origin: https://evil.example"]),
        ["a channel that cannot be"] = (400, With("GET /?channel=A HTTP/1.1")),
        ["two channels"] = (400, With("GET /?channel=a&channel=b HTTP/1.1")),
        ["an address that does not exist"] = (404, With("GET /nothing HTTP/1.1")),
        ["a header without a colon"] = (400, [.. Good, "Nonsense"]),
        ["headers of 40 kB"] = (431, [.. Good, $"X-Large: {new string('x', 40_000)}"]),
        ["no HTTP at all"] = (400, ["hello"]),
    };

    public static TheoryData<string> Good101 => [.. Accepted.Keys];

    public static TheoryData<string> Bad => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Good101))]
    public async Task A_handshake_is_accepted_and_the_connection_works(string about)
    {
        using var socket = await RawSocket.OpenAsync(shared.Hub.Url);
        await socket.SendAsync(Request(Accepted[about]));
        var head = await socket.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 Switching Protocols\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nUpgrade: websocket\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nConnection: Upgrade\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"\r\nSec-WebSocket-Accept: {(about == "another key" ? "ICX+Yqv66kxgM0FcWaLWlFLwTAI=" : "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")}\r\n", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", head, StringComparison.OrdinalIgnoreCase);
        await socket.SendAsync(Wire.Frame(Opcode.Ping, [1]));
        Assert.Equal(Opcode.Pong, (await socket.ReadFrameAsync())?.Opcode);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_handshake_that_is_wrong_gets_its_status_and_no_connection(string about)
    {
        var (status, lines) = Refused[about];
        using var socket = await RawSocket.OpenAsync(shared.Hub.Url);
        await socket.SendAsync(Request(lines));
        var head = await socket.ReadHeadAsync();
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), head.Split(' ')[1]);
        if (status == 426)
            Assert.Contains("\r\nSec-WebSocket-Version: 13\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_foreign_Origin_is_told_so_and_nothing_that_it_sends_is_heard()
    {
        using var socket = await RawSocket.OpenAsync(shared.Hub.Url);
        await socket.SendAsync([.. Request([.. Good, "Origin: https://evil.example"]), .. Wire.Frame(Opcode.Ping, [7]), .. Wire.Text(WireCase.Status)]);
        Assert.StartsWith("HTTP/1.1 101", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        var first = (await socket.ReadFrameAsync())!.Value;
        Assert.Equal(ErrorCode.OriginNotAllowed, Assert.IsType<ErrorMessage>(MessageCodec.Read(first.Payload).Message).Code);
        Assert.Equal(CloseCode.NotAllowed, await socket.ReadCloseCodeAsync());
    }

    [Fact]
    public async Task Frames_that_come_with_the_request_are_read()
    {
        byte[] frames = [.. Wire.Frame(Opcode.Ping, [7]), .. Wire.Text(WireCase.Status), .. Wire.Close(1000)];
        for (var cut = 0; cut <= frames.Length; cut++)
        {
            using var socket = await RawSocket.OpenAsync(shared.Hub.Url);
            await socket.SendAsync([.. Request(With("GET /?channel=early HTTP/1.1")), .. frames[..cut]]);
            await socket.SendAsync(frames[cut..]);
            Assert.StartsWith("HTTP/1.1 101", await socket.ReadHeadAsync(), StringComparison.Ordinal);
            Assert.Equal(Opcode.Pong, (await socket.ReadFrameAsync())?.Opcode);
            Assert.Equal(1000, await socket.ReadCloseCodeAsync());
            Assert.Null(await socket.ReadFrameAsync());
        }
    }

    [Fact]
    public async Task A_request_byte_by_byte_is_a_request()
    {
        using var socket = await RawSocket.OpenAsync(shared.Hub.Url);
        foreach (var one in Request(Good))
            await socket.SendAsync([one]);
        Assert.StartsWith("HTTP/1.1 101", await socket.ReadHeadAsync(), StringComparison.Ordinal);
        await socket.SendAsync(Wire.Text("""{"type":"status","content":"x","ttl":0,"receipt":"stored"}"""));
        Assert.IsType<ReceiptMessage>(MessageCodec.Read((await socket.ReadFrameAsync())!.Value.Payload).Message);
    }

    [Fact]
    public async Task A_request_that_ends_anywhere_leaves_nothing_behind()
    {
        var request = Request(Good);
        for (var cut = 0; cut < request.Length; cut += 7)
        {
            using var socket = await RawSocket.OpenAsync(shared.Hub.Url);
            await socket.SendAsync(request[..cut]);
        }

        using var after = await RawSocket.ConnectAsync(shared.Hub.Url);
        await after.SendAsync(Wire.Close(1000));
        Assert.Equal(1000, await after.ReadCloseCodeAsync());
    }

    private static byte[] Request(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");

    /// <summary>The good request with one of its lines changed: that with the same header, or the first.</summary>
    private static string[] With(string line)
    {
        var name = line.Split(':')[0] + ":";
        return [.. Good.Select((l, i) => line.Contains(" HTTP/", StringComparison.Ordinal) ? (i == 0 ? line : l) : l.StartsWith(name, StringComparison.Ordinal) ? line : l)];
    }

    private static string[] Without(string header) => [.. Good.Where(l => !l.StartsWith(header + ":", StringComparison.Ordinal))];
}
