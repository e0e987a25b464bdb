using System.Buffers.Binary;

namespace Kotodama.Tests.Support;

/// <summary>Sound as servers send it.</summary>
internal static class SpeechSounds
{
    /// <summary>Samples of 16 bits that begin quietly, as speech does.</summary>
    public static byte[] Samples(int count)
    {
        var bytes = new byte[count * 2];
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), (short)((i * i % 4001) - 1));
        return bytes;
    }

    /// <summary>A mono WAV file of 16 bits.</summary>
    public static byte[] Wav(int rate, byte[] samples, uint? length = null)
    {
        var file = new byte[44 + samples.Length];
        "RIFF\0\0\0\0WAVEfmt "u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), length ?? (uint)(36 + samples.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), rate * 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), length ?? (uint)samples.Length);
        samples.CopyTo(file.AsSpan(44));
        return file;
    }
}
