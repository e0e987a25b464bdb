using System.Buffers.Binary;
using System.Text;

namespace Kotodama.Tests.Support;

/// <summary>WAV files of every kind, also broken ones.</summary>
internal static class WavFile
{
    /// <summary>A file of a format chunk and a data chunk, with what may stand before and after the sound.</summary>
    public static byte[] Wav(byte[] format, byte[] sound, uint? length = null, byte[]? beforeSound = null, byte[]? afterSound = null)
    {
        var data = Chunk("data", sound);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), length ?? (uint)sound.Length);
        return [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. Chunk("fmt ", format), .. beforeSound ?? [], .. data, .. afterSound ?? []];
    }

    /// <summary>The content of a format chunk.</summary>
    public static byte[] Format(int kind, int channels, int bits, int rate = 22_050)
    {
        var format = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, (ushort)kind);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), rate);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)bits);
        return format;
    }

    /// <summary>Samples as they stand in a file.</summary>
    public static byte[] Bytes(short[] samples) => [.. samples.SelectMany(BitConverter.GetBytes)];

    /// <summary>A chunk of any name; an odd length is filled up.</summary>
    public static byte[] Chunk(string name, byte[] content) =>
        [.. Encoding.ASCII.GetBytes(name), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[content.Length % 2]];
}
