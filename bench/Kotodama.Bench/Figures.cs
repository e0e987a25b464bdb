namespace Kotodama.Bench;

/// <summary>Prints measured values.</summary>
internal static class Figures
{
    public static void Title(string text) => Console.WriteLine($"\n{text}\n{new string('-', text.Length)}");

    public static void Line(string what, string value) => Console.WriteLine($"  {what,-44} {value}");

    /// <summary>The value below which a share of the sorted values lies.</summary>
    public static double Percentile(this IReadOnlyList<double> sorted, double share) =>
        sorted[(int)Math.Min(sorted.Count - 1, Math.Ceiling(share * sorted.Count) - 1)];

    /// <summary>What is more than the median of something else, measured side by side.</summary>
    public static IEnumerable<double> Beyond(this IEnumerable<double> values, IEnumerable<double> others)
    {
        var median = others.Order().ToArray().Percentile(0.5);
        return values.Select(value => value - median);
    }

    public static void Spread(string what, IEnumerable<double> values, string unit)
    {
        var sorted = values.Order().ToArray();
        var (half, most) = (sorted.Percentile(0.5), sorted.Percentile(0.95));
        Line(what, $"p50 {half:0.0} {unit}, p95 {most:0.0} {unit}, max {sorted[^1]:0.0} {unit}  (n={sorted.Length})");
    }
}
