using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Kotodama.Protocol;

namespace Kotodama.Server.Sockets;

/// <summary>
/// Server frames of RFC 6455 section 5: final, unmasked, without extensions. A frame is made once and may be sent on any number of
/// connections at the same time.
/// <code>
///  byte 0      byte 1       2 or 8 bytes, big endian      n bytes
/// +-----------+------------+-----------------------------+---------+
/// | FIN opcode| 0   length | length if byte 1 is 126/127 | payload |
/// +-----------+------------+-----------------------------+---------+
/// </code>
/// </summary>
internal static class Frame
{
    private const byte Final = 0x80;

    /// <summary>Serialises and frames a message.</summary>
    public static byte[] Text(Message message)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        MessageCodec.Write(message, payload);
        return Make(Opcode.Text, payload.WrittenSpan);
    }

    /// <summary>Frames a binary message.</summary>
    public static byte[] Binary(ReadOnlySpan<byte> payload) => Make(Opcode.Binary, payload);

    public static byte[] Ping() => Make(Opcode.Ping, []);

    public static byte[] Pong(ReadOnlySpan<byte> payload) => Make(Opcode.Pong, payload);

    /// <param name="code">The close code, or null for a frame without one.</param>
    /// <param name="reason">Text for the user; cut to the 123 bytes that fit.</param>
    public static byte[] Close(int? code, string reason)
    {
        if (code is null)
            return Make(Opcode.Close, []);
        Span<byte> payload = stackalloc byte[125];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetEncoder().Convert(reason, payload[2..], flush: true, out _, out var bytes, out _);
        return Make(Opcode.Close, payload[..(2 + bytes)]);
    }

    private static byte[] Make(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var header = payload.Length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
        var frame = new byte[header + payload.Length];
        frame[0] = (byte)(Final | (byte)opcode);
        switch (header)
        {
            case 2:
                frame[1] = (byte)payload.Length;
                break;
            case 4:
                frame[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)payload.Length);
                break;
            default:
                frame[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)payload.Length);
                break;
        }

        payload.CopyTo(frame.AsSpan(header));
        return frame;
    }
}
