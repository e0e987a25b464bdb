using System.Buffers.Binary;
using System.Text;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Support;

/// <summary>Client frames of RFC 6455, made by hand.</summary>
internal static class Wire
{
    private static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Frame(Opcode opcode, byte[] payload, bool final = true)
    {
        var head = new List<byte> { (byte)((final ? 0x80 : 0) | (byte)opcode) };
        switch (payload.Length)
        {
            case < 126:
                head.Add((byte)(0x80 | payload.Length));
                break;
            case <= ushort.MaxValue:
                head.AddRange([0xFE, (byte)(payload.Length >> 8), (byte)payload.Length]);
                break;
            default:
                var length = new byte[8];
                BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
                head.AddRange([0xFF, .. length]);
                break;
        }

        return [.. head, .. Mask, .. payload.Select((b, i) => (byte)(b ^ Mask[i & 3]))];
    }

    public static byte[] Text(string text) => Frame(Opcode.Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Close(int code, string reason = "") =>
        Frame(Opcode.Close, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);
}
