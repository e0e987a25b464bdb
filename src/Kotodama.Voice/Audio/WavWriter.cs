using System.Buffers.Binary;

namespace Kotodama.Voice.Audio;

/// <summary>Makes WAV files.</summary>
internal static class WavWriter
{
    private const int HeadLength = 44;

    /// <summary>A file of mono samples of 16 bits.</summary>
    public static byte[] Write(ReadOnlySpan<byte> samples, int rate)
    {
        var file = new byte[HeadLength + samples.Length];
        var head = file.AsSpan(0, HeadLength);
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(head[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(head[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(head[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], rate);
        BinaryPrimitives.WriteInt32LittleEndian(head[28..], rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(head[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(head[34..], 16);
        "data"u8.CopyTo(head[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(head[40..], samples.Length);
        samples.CopyTo(file.AsSpan(HeadLength));
        return file;
    }
}
