namespace Kotodama.Voice.Text.Saying;

/// <summary>Says fractions.</summary>
internal static class Fractions
{
    /// <summary>The signs that are a whole fraction.</summary>
    public const string Signs = "½⅓¼⅕⅙⅐⅛⅑⅒⅔¾⅖⅗⅘⅚⅜⅝⅞";

    private static readonly (int Upper, int Lower)[] Values =
    [
        (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (1, 9), (1, 10),
        (2, 3), (3, 4), (2, 5), (3, 5), (4, 5), (5, 6), (3, 8), (5, 8), (7, 8),
    ];

    /// <summary>Reads a sign for a fraction, after a number as a part of it.</summary>
    public static bool TryReadSign(ref Draft draft)
    {
        var sign = draft.At < draft.Source.Length ? Signs.IndexOf(draft.Next, StringComparison.Ordinal) : -1;
        if (sign < 0)
            return false;
        var part = draft.Words.Part(Values[sign].Upper, Values[sign].Lower);
        if (char.IsAsciiDigit(draft.Peek(-1)))
            draft.Say(draft.Words.And, draft.At);
        draft.Say(part, draft.At + 1);
        draft.Number = (draft.At, (double)Values[sign].Upper / Values[sign].Lower);
        return true;
    }

    /// <summary>Says what is above and below a line, in the order of the language.</summary>
    public static void Say(ref Draft draft, int upper, int upperEnd, int lower, int lowerEnd)
    {
        var (between, lowerFirst) = draft.Words.Fraction;
        if (!lowerFirst)
        {
            draft.Keep(upperEnd);
            draft.Say(between, lower);
            draft.Keep(lowerEnd);
            return;
        }

        draft.Say(string.Concat(draft.Source[lower..lowerEnd], between, draft.Source[upper..upperEnd]), lowerEnd);
    }
}
