using System.Runtime.InteropServices;
using System.Text;

namespace Kotodama.EndToEnd.Browser;

/// <summary>Sounds that are easy to recognize.</summary>
internal static class Sounds
{
    public const int Rate = 22_050;

    /// <summary>A sine of 440 Hz that goes on where the last one ended: <paramref name="from"/> samples from its beginning.</summary>
    public static short[] Sine(int samples, int from = 0, int rate = Rate) =>
        [.. Enumerable.Range(from, samples).Select(i => (short)Math.Round(Math.Sin(2 * Math.PI * 440 * i / rate) * 12_000))];

    /// <summary>Syllables of different length, loudness and pitch, with pauses between them.</summary>
    public static short[] Syllables(double seconds, int seed)
    {
        var random = new Random(seed);
        var samples = new short[(int)(seconds * Rate)];
        for (var at = 0; at < samples.Length; at += random.Next(Rate / 20))
        {
            var (length, volume, hertz) = (random.Next(Rate / 8, Rate / 4), 0.15 + 0.85 * random.NextDouble(), random.Next(200, 1_500));
            for (var i = 0; i < length && at < samples.Length; i++, at++)
                samples[at] = (short)(Math.Sin(2 * Math.PI * hertz * i / Rate) * Math.Sin(Math.PI * i / length) * volume * 14_000);
        }

        return samples;
    }

    /// <summary>A file of samples.</summary>
    public static byte[] Wav(short[] samples, int rate = Rate)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length * 2);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length * 2);
        writer.Write(MemoryMarshal.AsBytes<short>(samples));
        return file.ToArray();
    }
}
