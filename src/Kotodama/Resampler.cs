namespace Kotodama.Cli;

/// <summary>
/// Gives a sound another number of samples a second: for the commands that read a whole recording, <c>listen</c> and <c>demo</c>, and for
/// nothing else. The page has a resampler of its own, which works on sound as it comes; this one has the whole of it, so it needs no state,
/// and may take sine and cosine for each sample.
/// </summary>
internal static class Resampler
{
    // Zero crossings of the filter on each side.
    private const int Width = 16;

    /// <summary>The same sound, without what the new rate cannot hold.</summary>
    public static short[] Convert(ReadOnlySpan<short> samples, int from, int to)
    {
        if (from == to)
            return samples.ToArray();
        var (step, keep) = ((double)from / to, Math.Min(1.0, (double)to / from));
        var half = (int)Math.Ceiling(Width / keep);
        var result = new short[(int)((long)samples.Length * to / from)];
        for (var i = 0; i < result.Length; i++)
        {
            var (middle, sum) = (i * step, 0.0);
            for (var n = Math.Max(0, (int)middle - half); n < Math.Min(samples.Length, (int)middle + half); n++)
            {
                var x = n - middle;
                var window = 0.5 + (0.5 * Math.Cos(Math.PI * x / (half + 1)));
                sum += samples[n] * window * (x == 0 ? keep : Math.Sin(Math.PI * x * keep) / (Math.PI * x));
            }

            result[i] = (short)Math.Clamp(Math.Round(sum), short.MinValue, short.MaxValue);
        }

        return result;
    }
}
