namespace Kotodama.Voice.Text.Saying;

/// <summary>Says what begins with a digit: amounts with their units, days, times, fractions, ratios.</summary>
internal static class Quantity
{
    // Fractions that are surely no day of a month: what recipes and ratings have.
    private static readonly int[] Parts = [2, 3, 4, 5, 6, 8, 10, 16, 20, 50, 100, 1000];

    /// <summary>Reads on from a digit.</summary>
    public static void Read(ref Draft draft)
    {
        var text = draft.Source;
        var at = draft.At;
        var end = Numbers.End(text, at);
        // What a range goes to belongs to no word: 5kg-10kg.
        var follows = draft.Number.End > 0 && draft.Number.End == at - 1;
        if ((Numbers.BelongsToWord(text, at) && !follows) || Numbers.Row(text, at, '.') is (_, > 2))
        {
            draft.Keep(Math.Max(end, Numbers.Row(text, at, '.').End));
            return;
        }

        if (Days.TryRead(ref draft) || TryColon(ref draft, at) || TrySlash(ref draft, at, end))
            return;
        if (Numbers.Row(text, at, '-') is (var row, > 2) && !Surroundings.IsCalculation(ref draft, at))
            draft.Keep(row);
        else
            Amount(ref draft, end);
    }

    /// <summary>A number with its unit.</summary>
    private static void Amount(ref Draft draft, int end)
    {
        var text = draft.Source;
        var at = draft.At;
        var one = text[at..end] is "1";
        var value = Numbers.Value(text[at..end]);
        if (Units.TryRead(ref draft, end, one, out var unit) && !Continues(text, unit.End))
        {
            SayBefore(ref draft, unit.Before);
            draft.Keep(end);
            draft.Say(unit.After, unit.End);
            SayPer(ref draft);
        }
        else if (Money.TryReadAfter(ref draft, end))
            SayPer(ref draft);
        else if (IsHyphened(ref draft, end, out unit))
        {
            // A 5-km run.
            draft.Keep(end);
            draft.Say(unit.After, unit.End);
        }
        else if (!TryShareBefore(ref draft, end))
        {
            draft.Keep(end < text.Length && text[end] == '%' ? end + 1 : end);
            Fractions.TryReadSign(ref draft);
        }

        draft.Number = (draft.At, value);
    }

    /// <summary>What is said before a number, because of the unit after it.</summary>
    private static void SayBefore(ref Draft draft, string word)
    {
        if (word.Length > 0)
            draft.Say(word, draft.At);
    }

    /// <summary>Per what, where that is no unit: 5 GB/month.</summary>
    public static void SayPer(ref Draft draft)
    {
        if (draft.Next == '/' && char.IsLetter(draft.Peek(1)))
            draft.Say(draft.Words.Per, draft.At + 1);
    }

    private static bool Continues(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] is '^' or '²' or '³';

    private static bool IsHyphened(ref Draft draft, int end, out (string Before, string After, int End) unit)
    {
        unit = default;
        return draft.Source[end..] is ['-', var first, var second, ..] && char.IsAsciiLetter(first) && char.IsAsciiLetter(second)
            && Units.TryRead(ref draft, end + 1, one: true, out unit) && !Continues(draft.Source, unit.End);
    }

    /// <summary>Where a unit is said before its number, one that two numbers share comes before the first: 百分之5到10.</summary>
    private static bool TryShareBefore(ref Draft draft, int end)
    {
        var text = draft.Source;
        if (end + 1 >= text.Length || text[end] is not ('-' or '–' or '~') || !Numbers.IsDigit(text, end + 1))
            return false;
        var second = Numbers.End(text, end + 1);
        if (!Units.TryRead(ref draft, second, one: false, out var unit) || unit.Before.Length == 0
            || Surroundings.IsCalculation(ref draft, draft.At))
            return false;
        draft.Say(unit.Before, draft.At);
        draft.Keep(end);
        draft.Say(draft.Words.To, end + 1);
        draft.Keep(second);
        draft.Say(unit.After, unit.End);
        return true;
    }

    private static bool TryColon(ref Draft draft, int at)
    {
        var text = draft.Source;
        if (Numbers.TryClock(text, at, out var clock) && !(draft.Words.Time("1", "00", "") is not null && IsRatio(text)))
        {
            var seconds = clock.End > clock.Minutes ? text[(clock.Minutes + 1)..clock.End] : [];
            var said = draft.Words.Time(text[at..clock.Hours], text[(clock.Hours + 1)..clock.Minutes], seconds);
            if (said is null)
                draft.Keep(clock.End);
            else
                draft.Say(said, clock.End);
            draft.Number = (draft.At, clock.Value);
            return true;
        }

        var (end, count) = Numbers.Row(text, at, ':');
        if (count < 2)
            return false;
        if (count > 3 || Surroundings.GoesOn(text, end) || IsVerse(text, at) || text[at..end].IndexOf(":0", StringComparison.Ordinal) >= 0)
        {
            draft.Keep(end);
            return true;
        }

        while (draft.At < end)
            if (draft.Next == ':')
                draft.Say(draft.Words.Ratio, draft.At + 1);
            else
                draft.Keep(Numbers.Digits(text, draft.At));
        return true;
    }

    /// <summary>Whether the clause speaks of ratios, which look like times: 比例是1:10.</summary>
    private static bool IsRatio(ReadOnlySpan<char> text) =>
        text.Contains("比例", StringComparison.Ordinal) || text.Contains("比率", StringComparison.Ordinal)
        || text.Contains("比分", StringComparison.Ordinal) || text.Contains("割合", StringComparison.Ordinal)
        || text.Contains("縮尺", StringComparison.Ordinal) || text.Contains("スケール", StringComparison.Ordinal)
        || text.Contains("スコア", StringComparison.Ordinal);

    /// <summary>Whether a name stands before it within the clause: Genesis 12:8.</summary>
    private static bool IsVerse(ReadOnlySpan<char> text, int at)
    {
        if (at < 3 || text[at - 1] != ' ')
            return false;
        var start = at - 1;
        while (start > 0 && char.IsAsciiLetter(text[start - 1]))
            start--;
        return char.IsAsciiLetterUpper(text[start]) && char.IsAsciiLetterLower(text[at - 2]);
    }

    /// <summary>7/10 is a fraction, a day or a name. What is surely none of the first two stays.</summary>
    private static bool TrySlash(ref Draft draft, int at, int end)
    {
        var text = draft.Source;
        if (end >= text.Length || text[end] is not ('/' or '⁄' or '∕') || !Numbers.IsDigit(text, end + 1))
            return false;
        var second = Numbers.End(text, end + 1);
        var upper = text[at..end];
        var lower = text[(end + 1)..second];
        if (second < text.Length && text[second] == '/' || Surroundings.GoesOn(text, second))
        {
            draft.Keep(Math.Max(second, Numbers.Row(text, at, '/').End));
            return true;
        }

        var (first, whole) = (Numbers.Value(upper), Numbers.Value(lower));
        if (Days.IsNamed(text, second) && first is >= 1 and <= 12 && whole is >= 1 and <= 31
            && draft.Words.Date([], (int)first, (int)whole) is { } day)
            draft.Say(day, second);
        else if (text[end] != '/' || Surroundings.IsCalculation(ref draft, at))
            Fractions.Say(ref draft, at, end, end + 1, second);
        else if (first > 0 && first < whole && Array.IndexOf(Parts, (int)whole) >= 0)
        {
            // One and a half: 1 1/2.
            if (draft.Number.End > 0 && draft.Number.End == at - 1 && text[at - 1] == ' ')
                draft.Say(draft.Words.And, at);
            draft.Say(draft.Words.Part(upper, lower), second);
        }
        else
            draft.Keep(second);
        draft.Number = (draft.At, whole == 0 ? 0 : first / whole);
        return true;
    }
}
