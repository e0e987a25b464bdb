namespace Kotodama.EndToEnd.Browser.Models;

/// <summary>The blending of Cubism 5.3 with numbers, after W3C's "Compositing and Blending".</summary>
internal static class Blending
{
    /// <summary>A source over what lies below, both straight; the result is premultiplied, as pixels are.</summary>
    public static byte[] Of(int colour, int alpha, byte[] source, byte[] below)
    {
        var s = source.Select(c => c / 255.0).ToArray();
        var d = below.Select(c => c / 255.0).ToArray();
        var (sa, da) = (s[3], d[3]);
        if (colour == 1)
            return Bytes([.. Enumerable.Range(0, 3).Select(i => (s[i] * sa) + (d[i] * da)), da]);
        if (colour == 2)
            return Bytes([.. Enumerable.Range(0, 3).Select(i => (s[i] * sa * d[i] * da) + (d[i] * da * (1 - sa))), da]);
        var mixed = Mix(colour, s[..3], d[..3]);
        var (both, alone, rest) = alpha switch
        {
            1 => (sa * da, 0, da * (1 - sa)),
            2 => (0, 0, da * (1 - sa)),
            3 => (Math.Min(sa, da), Math.Max(sa - da, 0), Math.Max(da - sa, 0)),
            4 => (Math.Max(sa + da - 1, 0), Math.Min(sa, 1 - da), Math.Min(da, 1 - sa)),
            _ => (sa * da, sa * (1 - da), da * (1 - sa)),
        };
        return Bytes([.. Enumerable.Range(0, 3).Select(i => (mixed[i] * both) + (s[i] * alone) + (d[i] * rest)), both + alone + rest]);
    }

    private static byte[] Bytes(double[] colour) => [.. colour.Select(c => (byte)Math.Round(Math.Clamp(c, 0, 1) * 255))];

    private static double[] Mix(int mode, double[] s, double[] d) => mode switch
    {
        16 => WithLight(WithSaturation(s, Saturation(d)), Light(d)),
        17 => WithLight(s, Light(d)),
        _ => [.. s.Zip(d, (a, b) => Single(mode, a, b))],
    };

    private static double Single(int mode, double s, double d) => mode switch
    {
        3 => Math.Min(1, s + d),
        4 => s + d,
        5 => Math.Min(s, d),
        6 => s * d,
        7 => d >= 1 ? 1 : s <= 0 ? 0 : 1 - Math.Min(1, (1 - d) / s),
        8 => Math.Max(0, s + d - 1),
        9 => Math.Max(s, d),
        10 => 1 - ((1 - s) * (1 - d)),
        11 => d <= 0 ? 0 : s >= 1 ? 1 : Math.Min(1, d / (1 - s)),
        12 => HardLight(d, s),
        13 => SoftLight(s, d),
        14 => HardLight(s, d),
        15 => Math.Clamp(d + (2 * s) - 1, 0, 1),
        _ => s,
    };

    private static double HardLight(double s, double d) => s <= 0.5 ? d * 2 * s : 1 - ((1 - d) * (1 - ((2 * s) - 1)));

    private static double SoftLight(double s, double d) => s <= 0.5
        ? d - ((1 - (2 * s)) * d * (1 - d))
        : d + (((2 * s) - 1) * ((d <= 0.25 ? ((((16 * d) - 12) * d) + 4) * d : Math.Sqrt(d)) - d));

    private static double Light(double[] c) => (0.3 * c[0]) + (0.59 * c[1]) + (0.11 * c[2]);

    private static double Saturation(double[] c) => c.Max() - c.Min();

    private static double[] WithSaturation(double[] c, double saturation)
    {
        var (low, range) = (c.Min(), Saturation(c));
        return [.. c.Select(one => range > 0 ? (one - low) * saturation / range : 0)];
    }

    private static double[] WithLight(double[] c, double light)
    {
        var by = light - Light(c);
        var moved = c.Select(one => one + by).ToArray();
        var (l, low, high) = (Light(moved), moved.Min(), moved.Max());
        if (low < 0)
            moved = [.. moved.Select(one => l + ((one - l) * l / (l - low)))];
        if (high > 1)
            moved = [.. moved.Select(one => l + ((one - l) * (1 - l) / (high - l)))];
        return moved;
    }
}
