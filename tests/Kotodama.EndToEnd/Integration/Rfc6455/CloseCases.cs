using System.Text;
using Kotodama.Server.Sockets;
using static Kotodama.EndToEnd.Integration.Rfc6455.WireCase;

namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>RFC 6455 sections 5.5.1 and 7: who closes, with which code, and what comes afterwards.</summary>
internal static class CloseCases
{
    public static IEnumerable<WireCase> All => [.. Codes(), .. Reasons(), .. Afterwards()];

    private static IEnumerable<WireCase> Codes()
    {
        yield return new("close without a code", Wire.Frame(Opcode.Close, []), "close");
        yield return new("close with half a code", Wire.Frame(Opcode.Close, [3]), "close 1002");
        foreach (var code in new[] { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999 })
            yield return new($"close with {code}", Wire.Close(code), $"close {code}");
        foreach (var code in new[] { 0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535 })
            yield return new($"close with {code}, which may not be sent", Wire.Close(code), "close 1002");
    }

    private static IEnumerable<WireCase> Reasons()
    {
        var longest = new string('r', 123);
        yield return new("close with a reason", Wire.Close(1000, "bye"), "close 1000 bye");
        yield return new("close with a reason in Japanese", Wire.Close(1000, "さようなら"), "close 1000 さようなら");
        yield return new("close with the longest reason", Wire.Close(4000, longest), $"close 4000 {longest}");
        yield return new("close with the longest reason, of three bytes a character", Wire.Close(4000, new string('你', 41)), $"close 4000 {new string('你', 41)}");
        yield return new("close with a reason that is too long", Wire.Close(1000, longest + "r"), "close 1002");
        yield return new("close with a reason that is not UTF-8", Wire.Close(1000, [0xFF]), "close 1007");
        yield return new("close with a reason that ends within a character", Wire.Close(1000, [.. "bye"u8, 0xE4, 0xBD]), "close 1007");
        yield return new("close with a surrogate as its reason", Wire.Close(1000, [0xED, 0xA0, 0x80]), "close 1007");
    }

    private static IEnumerable<WireCase> Afterwards()
    {
        var close = Wire.Close(1000);
        yield return new("text after a close", [.. close, .. Wire.Frame(Opcode.Text, StatusBytes)], "close 1000") { InOnePiece = true };
        yield return new("ping after a close", [.. close, .. Wire.Frame(Opcode.Ping, [])], "close 1000") { InOnePiece = true };
        yield return new("a second close", [.. close, .. Wire.Close(1001)], "close 1000") { InOnePiece = true };
        yield return new("a violation after a close", [.. close, 0xFF, 0xFF], "close 1000") { InOnePiece = true };
        yield return new("a ping before a close", [.. Wire.Frame(Opcode.Ping, [9]), .. close], Pong(9), "close 1000");
        yield return new("a pong before a close", [.. Wire.Frame(Opcode.Pong, []), .. close], "close 1000");
        yield return new("an error before a close", [.. Wire.Frame(Opcode.Binary, []), .. close], "error binary_unsupported", "close 1000");

        // Ten bad messages in a row end the connection from this side; what comes then is not looked at.
        byte[] errors = [.. Enumerable.Repeat(Wire.Frame(Opcode.Binary, []), 10).SelectMany(f => f)];
        string[] answers = [.. Enumerable.Repeat("error binary_unsupported", 10), "close 4505"];
        yield return new("the hub closes, and the client answers", [.. errors, .. Wire.Close(4505)], answers);
        yield return new("the hub closes, and the client sends on before it answers", [.. errors, .. Wire.Frame(Opcode.Text, StatusBytes), .. Wire.Frame(Opcode.Ping, Encoding.UTF8.GetBytes("x")), .. Wire.Close(1000)], answers);
        yield return new("the hub closes, and the client breaks the protocol", [.. errors, .. Wire.Frame(0x83, [])], answers);
        yield return new("the hub closes, and the client says nothing more", errors, answers);
    }
}
