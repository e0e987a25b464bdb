using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kotodama.EndToEnd.Browser.Spoken;

/// <summary>What was heard.</summary>
/// <param name="Samples">From the first one that is not silent to the last one.</param>
/// <param name="Rate">Samples a second.</param>
/// <param name="From">When it began, in Unix milliseconds.</param>
internal sealed record Recording(short[] Samples, int Rate, double From)
{
    private const int EnvelopeMs = 5, Quiet = 100;

    public double Milliseconds => Samples.Length * 1_000.0 / Rate;

    public double To => From + Milliseconds;

    /// <summary>Everything that a page has played.</summary>
    public static async Task<Recording> OfAsync(TestPage page)
    {
        var heard = (await page.Page.EvaluateAsync("() => ears.recording()"))!.Value;
        return Read(heard);
    }

    /// <summary>Reads what <c>ears.recording()</c> said.</summary>
    public static Recording Read(JsonElement heard) =>
        new(MemoryMarshal.Cast<byte, short>(heard.GetProperty("samples").GetBytesFromBase64()).ToArray(), heard.GetProperty("rate").GetInt32(), heard.GetProperty("clock").GetDouble());

    /// <summary>What comes after the first pause: without the rest of a phrase in whose middle it may have begun.</summary>
    public Recording AfterPause()
    {
        var (quiet, pause) = (0, Rate / 10);
        for (var i = 0; i < Samples.Length; i++)
        {
            var isQuiet = Math.Abs((int)Samples[i]) < Quiet;
            if (!isQuiet && quiet >= pause)
                return this with { Samples = Samples[i..], From = From + i * 1_000.0 / Rate };
            quiet = isQuiet ? quiet + 1 : 0;
        }

        return this with { Samples = [] };
    }

    /// <summary>The same sound with every pause cut down to so many milliseconds.</summary>
    public Recording WithPauses(double ms)
    {
        var (kept, quiet, pause) = (new List<short>(), 0, (int)(Rate * ms / 1_000));
        foreach (var sample in Samples)
        {
            quiet = Math.Abs((int)sample) < Quiet ? quiet + 1 : 0;
            if (quiet <= pause)
                kept.Add(sample);
        }

        return this with { Samples = [.. kept] };
    }

    /// <summary>The same sound with other samples a second, fewer than now.</summary>
    public short[] At(int rate)
    {
        var (step, keep) = ((double)Rate / rate, (double)rate / Rate);
        var half = (int)Math.Ceiling(16 / keep);
        var samples = new short[(int)(Samples.Length / step)];
        for (var i = 0; i < samples.Length; i++)
        {
            var (middle, sum) = (i * step, 0.0);
            for (var n = Math.Max(0, (int)middle - half); n < Math.Min(Samples.Length, (int)middle + half); n++)
            {
                var x = n - middle;
                var window = 0.5 + 0.5 * Math.Cos(Math.PI * x / (half + 1));
                sum += Samples[n] * window * (x == 0 ? keep : Math.Sin(Math.PI * x * keep) / (Math.PI * x));
            }

            samples[i] = (short)Math.Clamp(sum, short.MinValue, short.MaxValue);
        }

        return samples;
    }

    /// <summary>Where in a longer sound this one begins, in milliseconds, and how alike they are there, at most 1.</summary>
    public (double At, double Likeness) PlaceIn(Recording whole)
    {
        var (part, all) = (Envelope(), whole.Envelope());
        var best = (At: 0.0, Likeness: -1.0);
        for (var lag = 0; lag + part.Length <= all.Length + 20; lag++)
        {
            var length = Math.Min(part.Length, all.Length - lag);
            var likeness = Likeness(part.AsSpan(0, length), all.AsSpan(lag, length));
            if (likeness > best.Likeness)
                best = (lag * EnvelopeMs, likeness);
        }

        return best;
    }

    private static double Likeness(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
            (ab, aa, bb) = (ab + a[i] * b[i], aa + a[i] * a[i], bb + b[i] * b[i]);
        return ab / Math.Sqrt(Math.Max(1, aa * bb));
    }

    private double[] Envelope()
    {
        var window = Rate * EnvelopeMs / 1_000.0;
        return [.. Enumerable.Range(0, (int)(Samples.Length / window)).Select(i => Loudness(Samples.AsSpan((int)(i * window), (int)window)))];
    }

    private static double Loudness(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return Math.Sqrt(sum / samples.Length);
    }
}
