using System.Buffers.Binary;
using System.Text;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Support;

/// <summary>Client frames of RFC 6455, made by hand, right or wrong.</summary>
internal static class Wire
{
    private static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Frame(Opcode opcode, byte[] payload, bool final = true) => Frame((byte)((final ? 0x80 : 0) | (byte)opcode), payload);

    /// <param name="first">The first byte: FIN, reserved bits, frame type.</param>
    /// <param name="payload">The payload as it is before masking.</param>
    /// <param name="lengthBytes">How many bytes the length has after the second one: 0, 2 or 8. Null: the shortest form.</param>
    /// <param name="mask">Four bytes. Null: some. Empty: the frame is not masked.</param>
    public static byte[] Frame(byte first, byte[] payload, int? lengthBytes = null, byte[]? mask = null)
    {
        mask ??= Mask;
        lengthBytes ??= payload.Length switch { < 126 => 0, <= ushort.MaxValue => 2, _ => 8 };
        var longer = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(longer, payload.Length);
        var length = lengthBytes switch { 0 => payload.Length, 2 => 126, _ => 127 };
        return
        [
            first,
            (byte)((mask.Length > 0 ? 0x80 : 0) | length),
            .. longer[(8 - lengthBytes.Value)..],
            .. mask,
            .. payload.Select((b, i) => mask.Length > 0 ? (byte)(b ^ mask[i & 3]) : b),
        ];
    }

    public static byte[] Text(string text) => Frame(Opcode.Text, Encoding.UTF8.GetBytes(text));

    public static byte[] Close(int code, string reason = "") => Close(code, Encoding.UTF8.GetBytes(reason));

    public static byte[] Close(int code, byte[] reason) => Frame(Opcode.Close, [(byte)(code >> 8), (byte)code, .. reason]);
}
