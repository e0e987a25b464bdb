using Kotodama.Server.Sockets;
using static Kotodama.EndToEnd.Integration.Rfc6455.WireCase;

namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>RFC 6455 section 5.2: lengths, masks, reserved bits and frame types.</summary>
internal static class FramingCases
{
    private const byte Text = 0x81;

    public static IEnumerable<WireCase> All => [.. Lengths(), .. Masks(), .. ReservedBits(), .. FrameTypes()];

    private static IEnumerable<WireCase> Lengths()
    {
        foreach (var length in new[] { 125, 126, 127, 128, 4_096, 65_535, 65_536 })
            yield return new($"text of {length} bytes", Wire.Frame(Text, Padded(length)), "receipt");
        foreach (var length in new[] { 0, 1 })
            yield return new($"text of {length} bytes", Wire.Frame(Text, new byte[length]), "error bad_json");
        yield return new("text above the limit, and another", [.. Wire.Frame(Text, Padded(65_537)), .. Wire.Frame(Text, StatusBytes)], "error too_big", "receipt");
        foreach (var length in new[] { 0, 1, 125, 126, 127, 65_535, 65_536 })
            yield return new($"binary of {length} bytes", Wire.Frame(Opcode.Binary, new byte[length]), "error binary_unsupported");
        foreach (var length in new[] { 0, 1, 125 })
            yield return new($"{length} bytes with a length of two bytes", Wire.Frame(Text, new byte[length], 2), "close 1002");
        foreach (var length in new[] { 0, 1, 125, 126, 65_535 })
            yield return new($"{length} bytes with a length of eight bytes", Wire.Frame(Text, new byte[length], 8), "close 1002");
        yield return new("binary with a length that is not the shortest", Wire.Frame(0x82, new byte[3], 2), "close 1002");
        yield return new("length with its first bit set", Length(0x80, 0, 0, 0, 0, 1, 0, 0), "close 1002");
        yield return new("length of nothing but bits", Length(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), "close 1002");
        yield return new("length of 2^63 - 1", Length(0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), "close 1009");
        yield return new("length of 4 GiB", Length(0, 0, 0, 1, 0, 0, 0, 0), "close 1009");
        yield return new("length of 16 MiB and a byte", Length(0, 0, 0, 0, 1, 0, 0, 1), "close 1009");
        yield return new("two messages in one piece", [.. Wire.Frame(Text, StatusBytes), .. Wire.Frame(Text, Padded(200))], "receipt", "receipt");
    }

    private static IEnumerable<WireCase> Masks()
    {
        yield return new("mask of zeros", Wire.Frame(Text, StatusBytes, mask: [0, 0, 0, 0]), "receipt");
        yield return new("mask of ones", Wire.Frame(Text, StatusBytes, mask: [255, 255, 255, 255]), "receipt");
        yield return new("mask that looks like a frame", Wire.Frame(Text, StatusBytes, mask: [0x88, 0x80, 0x88, 0x80]), "receipt");
        foreach (var (name, opcode) in new[] { ("text", 0x81), ("binary", 0x82), ("close", 0x88), ("ping", 0x89), ("pong", 0x8A) })
            yield return new($"{name} without a mask", Wire.Frame((byte)opcode, [1, 2, 3], mask: []), "close 1002");
        yield return new("empty text without a mask", Wire.Frame(Text, [], mask: []), "close 1002");
        yield return new("continuation without a mask", [.. Wire.Frame(Opcode.Text, [], final: false), .. Wire.Frame(0x80, StatusBytes, mask: [])], "close 1002");
    }

    private static IEnumerable<WireCase> ReservedBits()
    {
        for (var bits = 1; bits < 8; bits++)
            yield return new($"text with the reserved bits {bits:b3}", Wire.Frame((byte)(Text | (bits << 4)), StatusBytes), "close 1002");
        foreach (var (name, opcode) in new[] { ("ping", 0xC9), ("pong", 0xAA), ("close", 0x98), ("binary", 0xC2) })
            yield return new($"{name} with a reserved bit", Wire.Frame((byte)opcode, []), "close 1002");
        yield return new("continuation with a reserved bit", [.. Wire.Frame(Opcode.Text, [], final: false), .. Wire.Frame(0xC0, StatusBytes)], "close 1002");
        yield return new("a pong before a reserved bit", [.. Wire.Frame(Opcode.Ping, [7]), .. Wire.Frame(0xC9, [])], Pong(7), "close 1002");
    }

    private static IEnumerable<WireCase> FrameTypes()
    {
        foreach (var opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
            yield return new($"frame type {opcode}", Wire.Frame((byte)(0x80 | opcode), []), "close 1002");
        yield return new("frame type 3 with a payload", Wire.Frame(0x83, StatusBytes), "close 1002");
        yield return new("frame type 3 not final", Wire.Frame(0x03, StatusBytes), "close 1002");
        yield return new("frame type 11 not final", Wire.Frame(0x0B, []), "close 1002");
        yield return new("frame type 5 within a message", [.. Wire.Frame(Opcode.Text, [], final: false), .. Wire.Frame(0x85, [])], "close 1002");
        yield return new("nothing after a violation is read", [.. Wire.Frame(0x83, []), .. Wire.Frame(Text, StatusBytes), .. Wire.Frame(Opcode.Ping, [])], "close 1002");
    }

    private static byte[] Length(params byte[] eight) => [Text, 0xFF, .. eight, 1, 2, 3, 4];
}
