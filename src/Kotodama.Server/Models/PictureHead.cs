using System.Buffers.Binary;

namespace Kotodama.Server.Models;

/// <summary>Reads how large a picture is from its first bytes: PNG, JPEG, WebP.</summary>
internal static class PictureHead
{
    /// <summary>Bytes that are enough: a JPEG may carry a preview and a profile before its size.</summary>
    public const int Length = 262_144;

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Width and height in points; null: no picture, or a damaged one.</summary>
    public static (int Width, int Height)? Read(ReadOnlySpan<byte> head)
    {
        (int Width, int Height)? size = null;
        if (head.StartsWith(Png) && head.Length >= 24 && head[12..16].SequenceEqual("IHDR"u8))
            size = (BinaryPrimitives.ReadInt32BigEndian(head[16..]), BinaryPrimitives.ReadInt32BigEndian(head[20..]));
        else if (head.StartsWith<byte>([0xFF, 0xD8]))
            size = Jpeg(head);
        else if (head.Length >= 30 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8))
            size = WebP(head);
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    private static (int Width, int Height)? Jpeg(ReadOnlySpan<byte> head)
    {
        for (var at = 2; at + 9 < head.Length && head[at] == 0xFF;)
        {
            var marker = head[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            // Frames of all kinds but the tables of Huffman and arithmetic coding, which share their numbers.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(head[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(head[(at + 5)..]));
            var isBare = marker is 0x01 or (>= 0xD0 and <= 0xD7);
            at += 2 + (isBare ? 0 : Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..])));
        }

        return null;
    }

    private static (int Width, int Height)? WebP(ReadOnlySpan<byte> head)
    {
        if (head[12..16].SequenceEqual("VP8X"u8))
            return (1 + UInt24(head[24..]), 1 + UInt24(head[27..]));
        if (head[12..16].SequenceEqual("VP8L"u8) && head[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(head[21..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        var isPlain = head[12..16].SequenceEqual("VP8 "u8) && head[23..26].SequenceEqual<byte>([0x9D, 0x01, 0x2A]);
        return isPlain
            ? (BinaryPrimitives.ReadUInt16LittleEndian(head[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head[28..]) & 0x3FFF)
            : null;
    }

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
