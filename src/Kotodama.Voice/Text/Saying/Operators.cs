using static Kotodama.Voice.Text.Saying.Surroundings;

namespace Kotodama.Voice.Text.Saying;

/// <summary>Says the signs between values, where they stand between values.</summary>
internal static class Operators
{
    /// <summary>Signs that have one meaning.</summary>
    public const string Signs = "×✕✖÷≠≤≥≦≧⩽⩾≈≃≅≡±∓→⟶⇒⟹⇔⟺↔←√∞−–⋅·～〜№";

    /// <summary>Exponents.</summary>
    public const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ";

    /// <summary>What stands below a letter.</summary>
    public const string Lowered = "₀₁₂₃₄₅₆₇₈₉";

    private const string RaisedAs = "0123456789+-n";

    /// <summary>Reads a sign. What is none, or means nothing where it stands, is left for the caller.</summary>
    public static bool TryRead(ref Draft draft)
    {
        var c = draft.Next;
        if (c > '\u007F' && !Signs.Contains(c, StringComparison.Ordinal))
            return Fractions.TryReadSign(ref draft) || Money.TryRead(ref draft) || TryExponent(ref draft) || TryLetter(ref draft);
        switch (c)
        {
            case '$':
                return Money.TryRead(ref draft);
            case '#' or '№':
                return TryOrdinal(ref draft);
            case '^':
                return TryPower(ref draft);
            case '√':
                draft.Say(draft.Words.Roots.Square, draft.At + 1);
                return true;
            case '-' or '−' or '–' or '~' or '～' or '〜' when draft.Peek(1) != '>' && !(c == '-' && draft.Peek(1) == '-'):
                return Dashes.TryRead(ref draft);
        }

        var (sign, length) = Spelling(draft.Source[draft.At..]);
        return length > 0 && draft.Words.Signs.ContainsKey(sign) && TrySign(ref draft, sign, draft.At + length);
    }

    /// <summary>The sign that is written there, with one character or with several.</summary>
    private static (char Sign, int Length) Spelling(ReadOnlySpan<char> text) => text switch
    {
        ['=', '=', '=', '=', ..] or ['<', '<', ..] or ['>', '>', ..] or ['*', '*', ..] => default,
        ['!', '=', '=', ..] => ('≠', 3),
        ['!', '=', ..] => ('≠', 2),
        ['<', '=', '>', ..] => ('⇔', 3),
        ['=', '=', '>', ..] or ['-', '-', '>', ..] => (text[0] == '=' ? '⇒' : '→', 3),
        ['=', '>', ..] => ('⇒', 2),
        ['-', '>', ..] => ('→', 2),
        ['<', '-', var next, ..] when !char.IsAsciiDigit(next) => ('←', 2),
        ['<', '=', ..] => ('≤', 2),
        ['>', '=', ..] => ('≥', 2),
        ['=', '=', '=', ..] => ('=', 3),
        ['=', '=', ..] => ('=', 2),
        ['+', ..] or ['=', ..] or ['<', ..] or ['>', ..] => (text[0], 1),
        ['*', ..] or ['⋅', ..] or ['·', ..] or ['✕', ..] or ['✖', ..] or ['×', ..] => ('×', 1),
        ['/', ..] => ('÷', 1),
        ['≦' or '⩽', ..] => ('≤', 1),
        ['≧' or '⩾', ..] => ('≥', 1),
        ['≃' or '≅', ..] => ('≈', 1),
        ['⟶', ..] => ('→', 1),
        ['⟹', ..] => ('⇒', 1),
        ['⟺' or '↔', ..] => ('⇔', 1),
        ['!' or '-' or '−', ..] or [] => default,
        _ => Signs.Contains(text[0], StringComparison.Ordinal) ? (text[0], 1) : default,
    };

    private static bool TrySign(ref Draft draft, char sign, int end)
    {
        var text = draft.Source;
        var (words, spelled) = (draft.Words, draft.Next);
        var (before, after) = (Before(text, draft.At), After(text, end));
        var both = before != Kind.None && after != Kind.None;
        switch (sign)
        {
            case '×':
                return TryTimes(ref draft, spelled, before, after, end);
            case '÷' when spelled == '/':
                if (!(before.IsValue() && after.IsValue() && IsCalculation(ref draft, draft.At)))
                    return false;
                draft.Say(words.Fraction.LowerFirst ? words.Signs[sign] : words.Fraction.Between, end);
                return true;
            case '+':
                // A row of them is a drawing; C++ is a name.
                if (draft.Peek(1) == '+' || draft.Peek(-1) == '+' || !(both || after.IsValue() || IsSuffix(text, draft.At, before)))
                    return false;
                break;
            case '<' or '>':
                // Words around an angle are a path through menus.
                if (!after.IsValue() && !(before.IsValue() && after != Kind.None))
                    return false;
                draft.Say(words.Comparison(sign, before != Kind.None), end);
                return true;
            case '≤' or '≥':
                draft.Say(words.Comparison(sign, before != Kind.None), end);
                return true;
            case '≈' when before == Kind.None:
                draft.Say(words.About, end);
                return true;
            case '→' or '←' or '⇒' or '⇔' when !both:
                // An arrow before or after all words is an ornament.
                draft.Drop(end);
                return true;
            case '=' or '≠' when !both && !(spelled != '!' && (before.IsValue() || after.IsValue())):
                return false;
        }

        draft.Say(words.Signs[sign], end);
        return true;
    }

    private static bool TryTimes(ref Draft draft, char spelled, Kind before, Kind after, int end)
    {
        var text = draft.Source;
        var words = draft.Words;
        if (spelled is '*' or '·' && !(before.IsValue() && after.IsValue() && IsSpace(draft.Peek(-1)) == IsSpace(draft.Peek(1))))
            return false;
        // A point between letters is one of a name.
        if (spelled == '·' && !(before == Kind.Number && after == Kind.Number))
            return false;
        if (before == Kind.None && after == Kind.None)
            return false;
        // Twice as fast is 2×; an area has two numbers of pixels.
        var right = SkipSpaces(text, end);
        var isArea = draft.Number.End > 0 && draft.Number.Value >= 100 && Numbers.ValueAt(text, right) >= 100
            && SkipSpaces(text, draft.Number.End) == draft.At && !Contains(text, '=');
        draft.Say(after.IsValue() ? isArea ? words.By : words.Signs['×'] : words.Fold, end);
        return true;
    }

    private static bool Contains(ReadOnlySpan<char> text, char sign) => text.Contains(sign);

    /// <summary>Whether a plus may end what it stands behind: 18+, A+.</summary>
    private static bool IsSuffix(ReadOnlySpan<char> text, int at, Kind before) =>
        at > 0 && !IsSpace(text[at - 1]) && (before == Kind.Number || (before == Kind.Letter && char.IsAsciiLetterUpper(text[at - 1])));

    private static bool TryOrdinal(ref Draft draft)
    {
        var text = draft.Source;
        var at = draft.At;
        var from = draft.Next == '№' ? SkipSpaces(text, at + 1) : at + 1;
        var end = Numbers.Digits(text, from);
        if (end == from || GoesOn(text, end) || GoesOn(text, at - 1))
            return false;
        var (before, after) = draft.Words.Ordinal;
        draft.Say(before, from);
        draft.Keep(end);
        if (after.Length > 0)
            draft.Say(after, end);
        return true;
    }

    /// <summary>What is written with a roof: 2^10, x^(n+1).</summary>
    private static bool TryPower(ref Draft draft)
    {
        var text = draft.Source;
        var at = draft.At;
        if (!IsBase(text, at, mostLetters: 3))
        {
            // Between a word and another one it keeps them apart and is not said.
            if (GoesOn(text, at - 1) && GoesOn(text, at + 1))
                draft.Drop(at + 1);
            return draft.At > at;
        }

        var end = Formula.EndOfExponent(text, at + 1);
        if (end == at + 1)
            return false;
        Formula.Power(ref draft, end);
        if (Units.TryRead(ref draft, draft.At, one: false, out var unit) && unit.Before.Length == 0)
            draft.Say(unit.After, unit.End);
        return true;
    }

    /// <summary>Whether what touches the place can have an exponent: a value, or letters that are too few for a word, as in mc².</summary>
    private static bool IsBase(ReadOnlySpan<char> text, int at, int mostLetters)
    {
        if (at == 0 || IsSpace(text[at - 1]))
            return false;
        var start = at;
        while (start > 0 && at - start <= mostLetters && char.IsAsciiLetter(text[start - 1]))
            start--;
        return start < at ? at - start <= mostLetters : Before(text, at).IsValue();
    }

    /// <summary>Small raised and lowered characters: x², 10⁻³, CO₂.</summary>
    private static bool TryExponent(ref Draft draft)
    {
        var text = draft.Source;
        var at = draft.At;
        var end = at;
        while (end < text.Length && Lowered.Contains(text[end], StringComparison.Ordinal))
            end++;
        if (end > at)
        {
            Span<char> low = stackalloc char[Math.Min(end - at, 16)];
            for (var i = 0; i < low.Length; i++)
                low[i] = (char)(text[at + i] - '₀' + '0');
            draft.Say(low, at + low.Length);
            return true;
        }

        while (end < text.Length && end - at < 16 && Raised.Contains(text[end], StringComparison.Ordinal))
            end++;
        // After a word it points to a note.
        if (end == at || !IsBase(text, at, mostLetters: 2))
            return false;
        Span<char> raised = stackalloc char[end - at];
        for (var i = 0; i < raised.Length; i++)
            raised[i] = RaisedAs[Raised.IndexOf(text[at + i], StringComparison.Ordinal)];
        var (words, sign) = (draft.Words, raised[0] == '-' ? draft.Words.Negative + " " : "");
        draft.Say(
            raised switch
            {
                "2" => words.Powers.Squared,
                "3" => words.Powers.Cubed,
                _ => $"{words.Power.Before} {sign}{raised[(sign.Length > 0 ? 1 : 0)..]}{words.Power.After}",
            },
            end);
        return true;
    }

    /// <summary>A Greek letter that stands alone.</summary>
    private static bool TryLetter(ref Draft draft)
    {
        if (!Greek.Is(draft.Next) || Greek.Is(draft.Peek(-1)) || Greek.Is(draft.Peek(1))
            || !draft.Words.Signs.TryGetValue(draft.Next, out var name))
            return false;
        draft.Say(name, draft.At + 1);
        return true;
    }
}
