using System.Text;
using Kotodama.Server.Sockets;

namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>What a client sends after the handshake, and everything that it must be answered.</summary>
/// <param name="Name">What the case is about, for people.</param>
/// <param name="Bytes">Sent in one piece, and once more byte by byte where that is possible.</param>
/// <param name="Answers">
/// <c>receipt</c>, <c>error CODE</c>, <c>pong HEX</c>, <c>close CODE REASON</c>. Without a close the connection must be usable afterwards, with one it must end.
/// </param>
internal sealed record WireCase(string Name, byte[] Bytes, params string[] Answers)
{
    /// <summary>A message that is answered with a receipt. It can be made longer with <see cref="Padded"/>.</summary>
    public const string Status = """{"type":"status","content":"x","ttl":0,"receipt":"stored"}""";

    /// <summary>Whether the hub may be gone before everything is sent, so that the rest has to be in the same piece.</summary>
    public bool InOnePiece { get; init; }

    public static byte[] StatusBytes => Encoding.UTF8.GetBytes(Status);

    /// <summary>The status as a message of a given length.</summary>
    public static byte[] Padded(int length) => Encoding.UTF8.GetBytes(Status.PadRight(length));

    /// <summary>The status with these bytes in its text.</summary>
    public static byte[] With(params byte[] content) =>
        [.. """{"type":"status","ttl":0,"receipt":"stored","content":"a"""u8, .. content, .. "b\"}"u8];

    /// <summary>The status as a message of fragments.</summary>
    public static byte[] Fragments(params byte[][] pieces) => Fragments(Opcode.Text, pieces);

    public static byte[] Fragments(Opcode opcode, params byte[][] pieces) =>
        [.. pieces.SelectMany((piece, i) => Wire.Frame(i == 0 ? opcode : Opcode.Continuation, piece, final: i == pieces.Length - 1))];

    public static string Pong(params byte[] payload) => $"pong {Convert.ToHexString(payload)}";

    public override string ToString() => Name;
}
