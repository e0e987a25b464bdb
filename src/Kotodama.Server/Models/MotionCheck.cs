using System.Text.Json;

namespace Kotodama.Server.Models;

/// <summary>Counts what is in a <c>motion3.json</c>.</summary>
/// <param name="Damaged">Curves that cannot be read.</param>
/// <param name="SaysWrong">Whether it says other numbers of its curves, segments and points than it has.</param>
internal sealed record MotionCheck(int Damaged, bool SaysWrong)
{
    private const int Bezier = 1, LastKind = 3;

    public static MotionCheck Of(JsonElement motion)
    {
        var (curves, segments, points, damaged) = (0, 0, 0, 0);
        foreach (var curve in motion.Items("Curves"))
        {
            curves++;
            if (!Count(curve, ref segments, ref points))
                damaged++;
        }

        var meta = motion.Get("Meta") ?? default;
        var saysWrong = Differs("CurveCount", curves) || Differs("TotalSegmentCount", segments) || Differs("TotalPointCount", points);
        return new MotionCheck(damaged, damaged == 0 && saysWrong);

        bool Differs(string field, int count) => meta.Number(field) is { } said && said != count;
    }

    /// <summary>A first point, then segments: their kind and one point, three for a Bezier curve.</summary>
    private static bool Count(JsonElement curve, ref int segments, ref int points)
    {
        if (curve.Text("Id") is null || curve.Get("Segments") is not { ValueKind: JsonValueKind.Array } list)
            return false;
        var length = list.GetArrayLength();
        var (at, next, read) = (0, 2, 0);
        foreach (var value in list.EnumerateArray())
        {
            if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !double.IsFinite(number))
                return false;
            if (at++ != next)
                continue;
            if (number is not (>= 0 and <= LastKind) || number != Math.Floor(number))
                return false;
            read += number == Bezier ? 3 : 1;
            segments++;
            next += 1 + (2 * (number == Bezier ? 3 : 1));
        }

        points += 1 + read;
        return length >= 2 && next == length;
    }
}
