using System.Buffers.Binary;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Server;

/// <summary>RFC 6455 sections 5 and 7, on bytes that arrive whole, byte by byte and cut at every place.</summary>
public sealed class FrameReaderTests
{
    private const int Limit = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(4095)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(99_999)]
    public async Task Text_of_every_length_form_arrives_whole(int length)
    {
        var text = new string('a', length);
        foreach (var chunk in new[] { 1, 3, 4096, int.MaxValue })
        {
            var (kind, payload) = Assert.Single(await ReadAllAsync(Wire.Frame(Opcode.Text, Encoding.UTF8.GetBytes(text)), chunk));
            Assert.Equal(InboundKind.Text, kind);
            Assert.Equal(text, payload);
        }
    }

    [Fact]
    public async Task A_message_of_fragments_is_joined_and_control_frames_may_come_between()
    {
        byte[] bytes =
        [
            .. Wire.Frame(Opcode.Text, "你"u8.ToArray()[..2], final: false),
            .. Wire.Frame(Opcode.Ping, "p"u8.ToArray()),
            .. Wire.Frame(Opcode.Continuation, "你"u8.ToArray()[2..], final: false),
            .. Wire.Frame(Opcode.Pong, []),
            .. Wire.Frame(Opcode.Continuation, "好"u8.ToArray()),
            .. Wire.Frame(Opcode.Text, "next"u8.ToArray()),
        ];
        for (var chunk = 1; chunk < 20; chunk++)
        {
            var all = await ReadAllAsync(bytes, chunk);
            Assert.Equal([(InboundKind.Ping, "p"), (InboundKind.Pong, ""), (InboundKind.Text, "你好"), (InboundKind.Text, "next")], all);
        }
    }

    [Fact]
    public async Task A_connection_may_end_at_every_byte()
    {
        byte[] bytes = [.. Wire.Frame(Opcode.Text, "hello"u8.ToArray()), .. Wire.Frame(Opcode.Text, new byte[300].Select(_ => (byte)'x').ToArray())];
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var all = await ReadAllAsync(bytes[..cut], 7);
            Assert.Equal(cut >= 11 ? 1 : 0, all.Count);
        }
    }

    [Fact]
    public async Task A_text_above_the_limit_is_skipped_and_the_next_one_read()
    {
        byte[] bytes =
        [
            .. Wire.Frame(Opcode.Text, new byte[Limit + 1]),
            .. Wire.Frame(Opcode.Text, new byte[Limit], final: false),
            .. Wire.Frame(Opcode.Continuation, new byte[Limit]),
            .. Wire.Frame(Opcode.Text, "after"u8.ToArray()),
        ];
        Assert.Equal([InboundKind.TooBig, InboundKind.TooBig, InboundKind.Text], (await ReadAllAsync(bytes, 5000)).Select(i => i.Kind));
    }

    [Fact]
    public async Task A_message_of_a_billion_bytes_is_not_even_skipped()
    {
        byte[] header = [0x81, 0xFF, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4];
        var (code, _) = await ViolationAsync(header);
        Assert.Equal(CloseCode.TooBig, code);
    }

    [Fact]
    public async Task Fragments_that_add_up_to_more_than_any_number_are_not_skipped_either()
    {
        using var reader = new FrameReader(new ChunkedStream([.. Wire.Frame(Opcode.Text, [65], final: false), 0x80, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], 7), Limit);
        Assert.Equal(CloseCode.TooBig, (await reader.ReadAsync(TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public async Task Binary_messages_are_read()
    {
        byte[] bytes = [.. Wire.Frame(Opcode.Binary, new byte[70_000]), .. Wire.Frame(Opcode.Text, "after"u8.ToArray())];
        Assert.Equal([InboundKind.Binary, InboundKind.Text], (await ReadAllAsync(bytes, 999)).Select(i => i.Kind));
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "unmasked", [0x81, 0x01, (byte)'a'] },
        { "first reserved bit", [0xC1, 0x80, 1, 2, 3, 4] },
        { "second reserved bit", [0xA1, 0x80, 1, 2, 3, 4] },
        { "third reserved bit", [0x91, 0x80, 1, 2, 3, 4] },
        { "frame type 3", [0x83, 0x80, 1, 2, 3, 4] },
        { "frame type 7", [0x87, 0x80, 1, 2, 3, 4] },
        { "frame type 11", [0x8B, 0x80, 1, 2, 3, 4] },
        { "frame type 15", [0x8F, 0x80, 1, 2, 3, 4] },
        { "ping in fragments", [0x09, 0x80, 1, 2, 3, 4] },
        { "close in fragments", [0x08, 0x80, 1, 2, 3, 4] },
        { "ping of 126 bytes", [0x89, 0xFE, 0, 126, 1, 2, 3, 4] },
        { "close of 126 bytes", [0x88, 0xFE, 0, 126, 1, 2, 3, 4] },
        { "continuation first", [0x80, 0x80, 1, 2, 3, 4] },
        { "text within a text", [.. Wire.Frame(Opcode.Text, [], final: false), .. Wire.Frame(Opcode.Text, [])] },
        { "binary within a text", [.. Wire.Frame(Opcode.Text, [], final: false), .. Wire.Frame(Opcode.Binary, [])] },
        { "long form of a short length", [0x81, 0xFE, 0, 125, 1, 2, 3, 4] },
        { "longest form of a long length", [0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4] },
        { "length of 2^63", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4] },
        { "close of one byte", Wire.Frame(Opcode.Close, [3]) },
        { "close code 999", Wire.Close(999) },
        { "close code 1004", Wire.Close(1004) },
        { "close code 1005", Wire.Close(1005) },
        { "close code 1006", Wire.Close(1006) },
        { "close code 1015", Wire.Close(1015) },
        { "close code 2999", Wire.Close(2999) },
        { "close code 5000", Wire.Close(5000) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_frame_ends_the_connection_with_1002(string what, byte[] bytes)
    {
        var (code, reason) = await ViolationAsync(bytes);
        Assert.True(code == CloseCode.ProtocolError, $"{what}: {code}");
        Assert.NotEmpty(reason);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF5, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0xE4, 0xBD })]
    [InlineData(new byte[] { 0xFF })]
    public async Task Text_that_is_not_UTF8_ends_the_connection_with_1007(byte[] bytes)
    {
        Assert.Equal(CloseCode.InvalidPayload, (await ViolationAsync(Wire.Frame(Opcode.Text, bytes))).Code);
        Assert.Equal(CloseCode.InvalidPayload, (await ViolationAsync(Wire.Frame(Opcode.Close, [0x03, 0xE8, .. bytes]))).Code);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1003)]
    [InlineData(1007)]
    [InlineData(1011)]
    [InlineData(1014)]
    [InlineData(3000)]
    [InlineData(4999)]
    public async Task A_close_with_a_permitted_code_is_a_close(int code)
    {
        using var reader = new FrameReader(new ChunkedStream(Wire.Close(code, "bye"), 3), Limit);
        var inbound = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((InboundKind.Close, code, "bye"), (inbound.Kind, inbound.Code, Encoding.UTF8.GetString(inbound.Payload.Span)));
    }

    [Fact]
    public async Task Random_bytes_never_make_the_reader_throw_or_hang()
    {
        var random = new Random(4711);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 1)
                (bytes[0], bytes[1]) = ((byte)(0x80 | (bytes[0] & 0x0F)), (byte)(0x80 | bytes[1]));
            Assert.True((await ReadAllAsync(bytes, 1 + random.Next(50))).Count <= bytes.Length);
        }
    }

    private static async Task<(int? Code, string Reason)> ViolationAsync(byte[] bytes)
    {
        using var reader = new FrameReader(new ChunkedStream(bytes, 5), Limit);
        var inbound = await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(InboundKind.Violation, inbound.Kind);
        return (inbound.Code, inbound.Reason);
    }

    private static async Task<List<(InboundKind Kind, string Payload)>> ReadAllAsync(byte[] bytes, int chunk)
    {
        using var reader = new FrameReader(new ChunkedStream(bytes, chunk), Limit);
        var all = new List<(InboundKind, string)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken) is { Kind: not (InboundKind.End or InboundKind.Violation) } inbound)
            all.Add((inbound.Kind, Encoding.UTF8.GetString(inbound.Payload.Span)));
        return all;
    }
}
