using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Kotodama.Companion.Channels;

namespace Kotodama.EndToEnd.Browser.Listening;

/// <summary>A sound file for a microphone. It begins with silence, because a browser plays it before the page listens.</summary>
internal sealed class SpokenFile : IDisposable
{
    private const int Rate = 48_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kotodama-spoken-");

    private SpokenFile(IEnumerable<short> samples)
    {
        short[] all = [.. Silence(4), .. samples, .. Silence(3)];
        Seconds = (double)all.Length / Rate;
        File.WriteAllBytes(Path, Sounds.Wav(all, Rate));
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "spoken.wav");

    public double Seconds { get; }

    /// <summary>Phrases that are said one after the other, each after a pause.</summary>
    public static async Task<SpokenFile> SayAsync(double pause, params string[] phrases)
    {
        var samples = new List<short>();
        foreach (var phrase in phrases)
            samples.AddRange([.. Silence(pause), .. await SayAsync(phrase)]);
        return new SpokenFile(samples);
    }

    /// <summary>Only the beginning of a phrase, from its first sound on.</summary>
    public static async Task<SpokenFile> BeginAsync(string phrase, int ms) =>
        new((await SayAsync(phrase)).SkipWhile(sample => Math.Abs((int)sample) < 600).Take(Rate * ms / 1_000));

    /// <summary>A hiss with as much power in each octave, like rain or a fan.</summary>
    public static SpokenFile Noise()
    {
        var random = new Random(3);
        Span<double> rows = stackalloc double[14];
        var samples = new short[Rate * 3];
        for (var i = 0; i < samples.Length; i++)
        {
            rows[BitOperations.TrailingZeroCount(i + 1) % rows.Length] = random.NextDouble() - 0.5;
            var sum = 0.0;
            foreach (var row in rows)
                sum += row;
            samples[i] = (short)(sum * 4_000);
        }

        return new SpokenFile(samples);
    }

    /// <summary>A short burst of noise.</summary>
    public static SpokenFile Cough()
    {
        var random = new Random(5);
        return new SpokenFile(Enumerable.Range(0, Rate * 80 / 1_000).Select(_ => (short)random.Next(-9_000, 9_000)));
    }

    public static SpokenFile Tone() => new(Sounds.Sine(Rate * 3, rate: Rate));

    public void Dispose() => _folder.Delete(recursive: true);

    private static short[] Silence(double seconds) => new short[(int)(seconds * Rate)];

    /// <summary>flite speaks with 16 000 samples a second; between two of them there are two more.</summary>
    private static async Task<IEnumerable<short>> SayAsync(string phrase)
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-flite-");
        try
        {
            var file = System.IO.Path.Combine(folder.FullName, "said.wav");
            using var process = Process.Start(new ProcessStartInfo("flite", ["-voice", "slt", "-t", phrase, "-o", file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime("flite");
            var samples = MemoryMarshal.Cast<byte, short>((await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan(44)).ToArray();
            return samples.SelectMany((sample, i) => Enumerable.Range(0, 3).Select(n => (short)(sample + (samples[Math.Min(i + 1, samples.Length - 1)] - sample) * n / 3)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
