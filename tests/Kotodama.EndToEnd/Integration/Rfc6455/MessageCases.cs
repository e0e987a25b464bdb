using Kotodama.Server.Sockets;
using static Kotodama.EndToEnd.Integration.Rfc6455.WireCase;

namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>RFC 6455 sections 5.4 and 5.5: messages of fragments, and control frames alone and between them.</summary>
internal static class MessageCases
{
    private static readonly byte[] Ping = Wire.Frame(Opcode.Ping, "p"u8.ToArray());
    private static readonly string PongOfPing = Pong((byte)'p');

    public static IEnumerable<WireCase> All => [.. Joined(), .. Interrupted(), .. OutOfOrder(), .. Control()];

    private static IEnumerable<WireCase> Joined()
    {
        var status = StatusBytes;
        yield return new("two fragments", Fragments(status[..10], status[10..]), "receipt");
        yield return new("three fragments", Fragments(status[..10], status[10..20], status[20..]), "receipt");
        yield return new("a fragment for each byte", Fragments([.. status.Select(b => new[] { b })]), "receipt");
        yield return new("the same message cut at every byte", [.. Enumerable.Range(0, status.Length + 1).SelectMany(i => Fragments(status[..i], status[i..]))], [.. Enumerable.Repeat("receipt", status.Length + 1)]);
        yield return new("first fragment empty", Fragments([], status), "receipt");
        yield return new("last fragment empty", Fragments(status, []), "receipt");
        yield return new("empty fragments between", Fragments(status[..5], [], [], status[5..]), "receipt");
        yield return new("nothing but empty fragments", Fragments([], [], []), "error bad_json");
        yield return new("a thousand empty fragments", Fragments([.. Enumerable.Repeat(Array.Empty<byte>(), 1_000), status]), "receipt");
        yield return new("fragments of every length form", Fragments(Padded(125), new byte[126].Select(_ => (byte)' ').ToArray(), Enumerable.Repeat((byte)' ', 65_285).ToArray()), "receipt");
        yield return new("fragments that are together too long, and a message", [.. Fragments(Padded(40_000), new byte[40_000]), .. Wire.Frame(Opcode.Text, status)], "error too_big", "receipt");
        yield return new("binary in fragments", Fragments(Opcode.Binary, [1], [2], [3]), "error binary_unsupported");
        yield return new("a message after one of fragments", [.. Fragments(status[..9], status[9..]), .. Wire.Frame(Opcode.Text, status)], "receipt", "receipt");
    }

    private static IEnumerable<WireCase> Interrupted()
    {
        var status = StatusBytes;
        byte[] begin = Wire.Frame(Opcode.Text, status[..10], final: false), middle = Wire.Frame(Opcode.Continuation, status[10..20], final: false), end = Wire.Frame(Opcode.Continuation, status[20..]);
        yield return new("ping between fragments", [.. begin, .. Ping, .. middle, .. end], PongOfPing, "receipt");
        yield return new("pings between all fragments", [.. begin, .. Ping, .. middle, .. Ping, .. Ping, .. end], PongOfPing, PongOfPing, PongOfPing, "receipt");
        yield return new("pong between fragments", [.. begin, .. Wire.Frame(Opcode.Pong, [1, 2]), .. middle, .. end], "receipt");
        yield return new("ping of 125 bytes between fragments", [.. begin, .. Wire.Frame(Opcode.Ping, new byte[125]), .. middle, .. end], Pong(new byte[125]), "receipt");
        yield return new("ping within a message that is too long", [.. Wire.Frame(Opcode.Text, new byte[70_000], final: false), .. Ping, .. Wire.Frame(Opcode.Continuation, [])], PongOfPing, "error too_big");
        yield return new("close between fragments", [.. begin, .. Wire.Close(1000)], "close 1000");
    }

    private static IEnumerable<WireCase> OutOfOrder()
    {
        var begin = Wire.Frame(Opcode.Text, StatusBytes[..10], final: false);
        yield return new("continuation without a beginning", Wire.Frame(Opcode.Continuation, StatusBytes), "close 1002");
        yield return new("empty continuation without a beginning", Wire.Frame(Opcode.Continuation, []), "close 1002");
        yield return new("continuation without beginning or end", Wire.Frame(Opcode.Continuation, StatusBytes, final: false), "close 1002");
        yield return new("continuation after a whole message", [.. Wire.Frame(Opcode.Binary, [1]), .. Wire.Frame(Opcode.Continuation, [2])], "error binary_unsupported", "close 1002");
        yield return new("continuation after the last fragment", [.. Fragments(Opcode.Binary, [1], [2]), .. Wire.Frame(Opcode.Continuation, [3])], "error binary_unsupported", "close 1002");
        yield return new("continuation after a ping", [.. Ping, .. Wire.Frame(Opcode.Continuation, [3])], PongOfPing, "close 1002");
        yield return new("text within a text", [.. begin, .. Wire.Frame(Opcode.Text, StatusBytes)], "close 1002");
        yield return new("beginning of a text within a text", [.. begin, .. begin], "close 1002");
        yield return new("binary within a text", [.. begin, .. Wire.Frame(Opcode.Binary, [1])], "close 1002");
        yield return new("text within a binary", [.. Wire.Frame(Opcode.Binary, [1], final: false), .. Wire.Frame(Opcode.Text, StatusBytes)], "close 1002");
        yield return new("text within an empty beginning", [.. Wire.Frame(Opcode.Text, [], final: false), .. Wire.Frame(Opcode.Text, [])], "close 1002");
    }

    private static IEnumerable<WireCase> Control()
    {
        byte[] every = [.. Enumerable.Range(0, 125).Select(i => (byte)(255 - i))];
        yield return new("ping without payload", Wire.Frame(Opcode.Ping, []), Pong());
        yield return new("ping of one byte", Wire.Frame(Opcode.Ping, [42]), Pong(42));
        yield return new("ping of 125 bytes that are no text", Wire.Frame(Opcode.Ping, every), Pong(every));
        yield return new("ping of 126 bytes", Wire.Frame(Opcode.Ping, new byte[126]), "close 1002");
        yield return new("ping of 65536 bytes", Wire.Frame(Opcode.Ping, new byte[65_536]), "close 1002");
        yield return new("pong of 126 bytes", Wire.Frame(Opcode.Pong, new byte[126]), "close 1002");
        yield return new("close of 126 bytes", Wire.Frame(Opcode.Close, new byte[126]), "close 1002");
        yield return new("ping with a length of two bytes", Wire.Frame(0x89, [1], 2), "close 1002");
        foreach (var (name, opcode) in new[] { ("ping", Opcode.Ping), ("pong", Opcode.Pong), ("close", Opcode.Close) })
            yield return new($"{name} in fragments", [.. Wire.Frame(opcode, [3], final: false), .. Wire.Frame(Opcode.Continuation, [232])], "close 1002");
        yield return new("pong that the hub did not ask for", Wire.Frame(Opcode.Pong, []));
        yield return new("pong of 125 bytes that the hub did not ask for, and a ping", [.. Wire.Frame(Opcode.Pong, every), .. Ping], PongOfPing);
        yield return new("ten pings, answered in their order", [.. Enumerable.Range(0, 10).SelectMany(i => Wire.Frame(Opcode.Ping, [(byte)i]))], [.. Enumerable.Range(0, 10).Select(i => Pong((byte)i))]);
        yield return new("flood of pings, each answered", [.. Enumerable.Range(0, 150).SelectMany(i => Wire.Frame(Opcode.Ping, [(byte)i]))], [.. Enumerable.Range(0, 150).Select(i => Pong((byte)i))]);
    }
}
