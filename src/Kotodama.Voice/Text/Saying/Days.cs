namespace Kotodama.Voice.Text.Saying;

/// <summary>Days that are written with numbers alone: 2026-11-29.</summary>
internal static class Days
{
    /// <summary>Reads a day whose order is sure: the year first, or a number that can only be a day.</summary>
    public static bool TryRead(ref Draft draft)
    {
        var text = draft.Source;
        var at = draft.At;
        var first = Numbers.Digits(text, at);
        if (first >= text.Length || text[first] is not ('-' or '/' or '.') || !Numbers.IsDigit(text, first + 1))
            return false;
        var sign = text[first];
        var (end, count) = Numbers.Row(text, at, sign);
        var second = Numbers.Digits(text, first + 1);
        if (count != 3 || Surroundings.GoesOn(text, end) || (sign == '-' && Surroundings.IsCalculation(ref draft, at)))
            return false;
        var a = text[at..first];
        var b = text[(first + 1)..second];
        var c = text[(second + 1)..end];
        // Three numbers with points are a version, but for those who put the year first.
        var said = a.Length == 4 && IsYear(a) ? sign != '.' || draft.Words.Date([], 1, 1) is not null ? Say(draft.Words, a, b, c) : null
            : sign == '/' && c.Length == 4 && IsYear(c) ? Unsure(draft.Words, a, b, c)
            : null;
        if (said is null)
            return false;
        draft.Say(said, end);
        return true;
    }

    /// <summary>Whether a weekday in brackets or a time follows, so that what stands before is a day: 11/29(日).</summary>
    public static bool IsNamed(ReadOnlySpan<char> text, int at)
    {
        at = Surroundings.SkipSpaces(text, at);
        if (at + 2 >= text.Length)
            return false;
        return text[at] is '(' or '（'
            ? text[at + 1] is '月' or '火' or '水' or '木' or '金' or '土' or '日' or '周' or '週'
            : Numbers.IsDigit(text, at) && Numbers.TryClock(text, at, out _);
    }

    private static string? Unsure(SignWords words, ReadOnlySpan<char> a, ReadOnlySpan<char> b, ReadOnlySpan<char> year) =>
        (Numbers.Value(a), Numbers.Value(b)) switch
        {
            ( <= 12, > 12) => Say(words, year, a, b),
            ( > 12, <= 12) => Say(words, year, b, a),
            _ => null,
        };

    private static string? Say(SignWords words, ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day) =>
        month.Length <= 2 && day.Length <= 2
        && Numbers.Value(month) is >= 1 and <= 12 and var m && Numbers.Value(day) is >= 1 and <= 31 and var d
            ? words.Date(year, (int)m, (int)d)
            : null;

    private static bool IsYear(ReadOnlySpan<char> digits) => digits[0] is '1' or '2';
}
