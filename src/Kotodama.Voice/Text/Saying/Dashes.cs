using static Kotodama.Voice.Text.Saying.Surroundings;

namespace Kotodama.Voice.Text.Saying;

/// <summary>Tells what a dash or a wave is: a minus, the sign of a number below zero, from one to another, or a hyphen.</summary>
internal static class Dashes
{
    /// <summary>Reads a dash. A hyphen, and what stands between words, is left for the caller.</summary>
    public static bool TryRead(ref Draft draft)
    {
        var text = draft.Source;
        var (at, words, dash) = (draft.At, draft.Words, draft.Next);
        var (before, right) = (Before(text, at), SkipSpaces(text, at + 1));
        var (apart, apartAfter) = (at > 0 && IsSpace(text[at - 1]), right > at + 1);
        var second = Numbers.ValueAt(text, right < text.Length && words.Currencies.ContainsKey(text[right]) ? right + 1 : right);
        var isWave = dash is '~' or '～' or '〜';
        var numbers = draft.Number.End > 0 && SkipSpaces(text, draft.Number.End) == at && second is not null;
        if (isWave || (!before.IsValue() && !numbers))
        {
            if (isWave ? numbers || IsCounted(text, at) && second is not null : IsCounted(text, at) && second is not null && !apartAfter)
                return Say(ref draft, words.To);
            if (second is null || apartAfter || (at > 0 && GoesOn(text, at - 1)) || (isWave && dash != '~'))
                return second is null && dash == '−' && !isWave && After(text, at + 1).IsValue() && Say(ref draft, words.Negative);
            return Say(ref draft, isWave ? words.About : words.Negative);
        }

        if (dash == '−')
            return After(text, at + 1) != Kind.None && Say(ref draft, words.Signs['−']);
        if (IsCalculation(ref draft, at))
            return After(text, right).IsValue() && (apart == apartAfter || second is not null) && Say(ref draft, words.Signs['−']);
        // Ten -5: two numbers, of which the second is below zero.
        if (apart && !apartAfter)
            return second is not null && Say(ref draft, words.Negative);
        if (!numbers)
            return IsVariable(text, at) && second is not null && apart == apartAfter && Say(ref draft, words.Signs['−']);
        return apart == apartAfter && TryNumbers(ref draft, right, second!.Value, apart);
    }

    private static bool TryNumbers(ref Draft draft, int right, double second, bool apart)
    {
        var text = draft.Source;
        var (at, first) = (draft.At, draft.Number.Value);
        var ascends = second > first;
        var end = Numbers.End(text, right);
        // Something else that is called so: 1-2b.
        if (GoesOn(text, end) && !Units.TryRead(ref draft, end, one: false, out _) && text[end] is not ('k' or 'K' or 'M' or 'a' or 'p'))
            return false;
        if (draft.Next == '–')
            return (ascends || end - right == 2) && Say(ref draft, draft.Words.To);
        if (ascends)
            return !IsCode(text, at, right, end) && Say(ref draft, draft.Words.To);
        // Five - two: a range does not fall, and a score has no spaces.
        return apart && second < first && Say(ref draft, draft.Words.Signs['−']);
    }

    private static bool Say(ref Draft draft, string word)
    {
        draft.Say(word, draft.At + 1);
        return true;
    }

    /// <summary>Whether a counter ends there that a number is before: 10時, 3号.</summary>
    private static bool IsCounted(ReadOnlySpan<char> text, int at)
    {
        for (var i = at - 1; i >= 0 && i >= at - 3; i--)
            if (char.IsAsciiDigit(text[i]))
                return i < at - 1;
            else if (!Script.IsHan(text[i]))
                return false;
        return false;
    }

    /// <summary>A letter that formulas count with.</summary>
    private static bool IsVariable(ReadOnlySpan<char> text, int at)
    {
        while (at > 0 && IsSpace(text[at - 1]))
            at--;
        return at > 0 && text[at - 1] is 'n' or 'm' or 'k' or 'x' or 'y' or 'z' or 't';
    }

    /// <summary>Whether the digits are a code and no amounts, as in 555-1234 and 02139-4307.</summary>
    private static bool IsCode(ReadOnlySpan<char> text, int at, int right, int end)
    {
        var start = at;
        while (Numbers.IsDigit(text, start - 1))
            start--;
        if (right > at + 1 || at - start < 2 || (start > 0 && text[start - 1] is ':' or '.' or ','))
            return false;
        return text[start] == '0' || (at - start == 3 && end - right == 4 && text[(end - 2)..end] is not "00");
    }
}
