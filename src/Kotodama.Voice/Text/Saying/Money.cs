namespace Kotodama.Voice.Text.Saying;

/// <summary>Says amounts of money: $5.99, 20 €.</summary>
internal static class Money
{
    private static readonly string[] Words = ["thousand", "million", "billion", "trillion", "万亿", "百万", "万", "亿", "千", "億", "兆", "百"];

    /// <summary>Reads an amount after the sign of its currency.</summary>
    public static bool TryRead(ref Draft draft)
    {
        var text = draft.Source;
        var sign = draft.Next;
        if (!draft.Words.Currencies.TryGetValue(sign, out var currency))
            return false;
        var at = Surroundings.SkipSpaces(text, draft.At + 1);
        var negative = at + 1 < text.Length && text[at] is '-' or '−' && Numbers.IsDigit(text, at + 1);
        if (negative)
            at++;
        if (!Numbers.IsDigit(text, at) || at > draft.At + 2)
            return false;
        var end = Numbers.End(text, at);
        if (Surroundings.GoesOn(text, end) && Multiple(text, end).Length == 0)
            return false;
        if (negative)
            draft.Say(draft.Words.Negative, at);
        else
            draft.Drop(at);
        Say(ref draft, sign, currency, end);
        Quantity.SayPer(ref draft);
        return true;
    }

    /// <summary>Reads a number and the sign of its currency after it.</summary>
    public static bool TryReadAfter(ref Draft draft, int end)
    {
        var text = draft.Source;
        var spaced = end < text.Length && Surroundings.IsSpace(text[end]);
        var sign = spaced ? end + 1 : end;
        // A dollar after a space, or one before something else, may begin an amount or a formula.
        if (sign >= text.Length || !draft.Words.Currencies.TryGetValue(text[sign], out var currency) || Surroundings.GoesOn(text, sign + 1)
            || (text[sign] == '$' && (spaced || sign + 1 < text.Length && text[sign + 1] is '$' or '\\')))
            return false;
        var one = text[draft.At..end] is "1";
        draft.Keep(end);
        draft.Say(one ? currency.One : currency.Many, sign + 1);
        return true;
    }

    private static void Say(ref Draft draft, char sign, UnitWord currency, int end)
    {
        var text = draft.Source;
        var at = draft.At;
        var number = text[at..end];
        var value = Numbers.Value(number);
        var (letter, word) = Multiple(text, end);
        var point = number.IndexOf('.');
        if (word == 0 && letter == '\0' && point > 0 && number.Length == point + 3 && number is not (['0', '.', ..] or [.., '0', '0'])
            && draft.Words.Hundredths(sign, number[..point], number[(point + 1)..]) is { } said)
        {
            draft.Say(said, end);
            draft.Number = (end, value);
            return;
        }

        draft.Keep(end);
        if (letter != '\0')
            draft.Say(draft.Words.Multiple(letter), end + 1);
        else
            draft.Keep(end + word);
        var one = number is "1" && letter == '\0' && word == 0;
        SayRange(ref draft, value);
        draft.Say(one && draft.At == end ? currency.One : currency.Many, draft.At);
        draft.Number = (draft.At, value);
    }

    /// <summary>The second number of amounts that share the sign: $5-10.</summary>
    private static void SayRange(ref Draft draft, double first)
    {
        var text = draft.Source;
        var at = draft.At;
        if (draft.Next is not ('-' or '–' or '~') || !Numbers.IsDigit(text, at + 1) || Surroundings.IsCalculation(ref draft, at))
            return;
        var end = Numbers.End(text, at + 1);
        if (Numbers.Value(text[(at + 1)..end]) <= first || Surroundings.GoesOn(text, end) && Multiple(text, end).Length == 0)
            return;
        draft.Say(draft.Words.To, at + 1);
        draft.Keep(end);
        var (letter, word) = Multiple(text, end);
        if (letter != '\0')
            draft.Say(draft.Words.Multiple(letter), end + 1);
        else
            draft.Keep(end + word);
    }

    /// <summary>A letter or a word that makes an amount a multiple: $5M, $5 million, ¥3万.</summary>
    private static (char Letter, int Length) Multiple(ReadOnlySpan<char> text, int at)
    {
        if (at < text.Length && text[at] is 'k' or 'K' or 'm' or 'M' or 'b' or 'B' or 'T' && !Surroundings.GoesOn(text, at + 1))
            return (text[at], 1);
        var start = Surroundings.SkipSpaces(text, at);
        foreach (var word in Words)
            if (text[start..].StartsWith(word, StringComparison.Ordinal)
                && (Script.IsDense(word[0]) || !Surroundings.GoesOn(text, start + word.Length)))
                return ('\0', start - at + word.Length);
        return default;
    }
}
