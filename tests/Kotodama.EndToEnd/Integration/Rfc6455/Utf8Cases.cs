using System.Text;
using Kotodama.Server.Sockets;
using static Kotodama.EndToEnd.Integration.Rfc6455.WireCase;

namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>RFC 6455 section 8.1: text is UTF-8, at its corners, cut anywhere, and broken.</summary>
internal static class Utf8Cases
{
    private static readonly (string Name, byte[] Bytes)[] Broken =
    [
        ("a byte of a continuation alone", [0x80]),
        ("the last byte of a continuation alone", [0xBF]),
        ("a continuation after a whole character", [0xC3, 0xA4, 0xA4]),
        ("slash in two bytes", [0xC0, 0xAF]),
        ("the last overlong form of two bytes", [0xC1, 0xBF]),
        ("slash in three bytes", [0xE0, 0x80, 0xAF]),
        ("the last overlong form of three bytes", [0xE0, 0x9F, 0xBF]),
        ("slash in four bytes", [0xF0, 0x80, 0x80, 0xAF]),
        ("the last overlong form of four bytes", [0xF0, 0x8F, 0xBF, 0xBF]),
        ("NUL in two bytes", [0xC0, 0x80]),
        ("the first surrogate", [0xED, 0xA0, 0x80]),
        ("the last surrogate", [0xED, 0xBF, 0xBF]),
        ("a pair of surrogates", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
        ("U+110000", [0xF4, 0x90, 0x80, 0x80]),
        ("a beginning above U+10FFFF", [0xF5, 0x80, 0x80, 0x80]),
        ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
        ("six bytes", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]),
        ("FE", [0xFE]),
        ("FF", [0xFF]),
        ("one byte of two", [0xC3]),
        ("two bytes of three", [0xE4, 0xBD]),
        ("one byte of four", [0xF0]),
        ("three bytes of four", [0xF0, 0x9F, 0x98]),
    ];

    public static IEnumerable<WireCase> All => [.. Valid(), .. Split(), .. Invalid()];

    private static IEnumerable<WireCase> Valid()
    {
        foreach (var rune in new[] { 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x3FFFF, 0x40000, 0x10FFFF })
            yield return new($"U+{rune:X4}", Wire.Frame(Opcode.Text, With(Encoding.UTF8.GetBytes(char.ConvertFromUtf32(rune)))), "receipt");
        yield return new("Greek", Wire.Frame(Opcode.Text, With([.. "κόσμε"u8])), "receipt");
        yield return new("Chinese and an emoji of seven runes", Wire.Frame(Opcode.Text, With([.. "你好👨‍👩‍👧‍👦"u8])), "receipt");
        yield return new("NUL is UTF-8, but no JSON", Wire.Frame(Opcode.Text, With(0)), "error bad_json");
        yield return new("a byte order mark is passed over", Wire.Frame(Opcode.Text, [0xEF, 0xBB, 0xBF, .. StatusBytes]), "receipt");
    }

    private static IEnumerable<WireCase> Split()
    {
        foreach (var text in new[] { "ä", "你", "😊" })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            for (var at = 1; at < bytes.Length; at++)
            {
                var all = With(bytes);
                var cut = Array.IndexOf(all, bytes[0]) + at;
                yield return new($"{text} cut by fragments after byte {at}", Fragments(all[..cut], all[cut..]), "receipt");
            }
        }

        yield return new("😊 cut by a fragment for each byte and pings", [.. With([.. "😊"u8]).SelectMany((b, i) => (byte[])[.. Wire.Frame(i == 0 ? Opcode.Text : Opcode.Continuation, [b], final: false), .. Wire.Frame(Opcode.Ping, [])]), .. Wire.Frame(Opcode.Continuation, [])],
            [.. With([.. "😊"u8]).Select(_ => Pong()), "receipt"]);
    }

    private static IEnumerable<WireCase> Invalid()
    {
        foreach (var (name, bytes) in Broken)
            yield return new($"{name} within a text", Wire.Frame(Opcode.Text, With(bytes)), "close 1007");
        foreach (var (name, bytes) in Broken[^4..])
            yield return new($"{name} at the end", Wire.Frame(Opcode.Text, [.. StatusBytes, .. bytes]), "close 1007");
        yield return new("broken in the first fragment", Fragments(With(0xFF), [(byte)' ']), "close 1007");
        yield return new("broken in the last fragment", Fragments(StatusBytes, [0xFF]), "close 1007");
        yield return new("half a character, and the next fragment is no other half", Fragments([(byte)'"', 0xE4], [(byte)'a', (byte)'"']), "close 1007");
        yield return new("half a surrogate in each fragment", Fragments([(byte)'"', 0xED, 0xA0, 0xBD], [0xED, 0xB8, 0x80, (byte)'"']), "close 1007");
        yield return new("broken text is no concern of a binary message", Wire.Frame(Opcode.Binary, [0xFF, 0xC0]), "error binary_unsupported");
        yield return new("broken text is no concern of a ping", Wire.Frame(Opcode.Ping, [0xFF, 0xC0]), Pong(0xFF, 0xC0));
    }
}
