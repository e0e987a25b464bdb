using System.Globalization;

namespace Kotodama.Voice.Text.Saying;

/// <summary>What stands around a sign, which tells what it means.</summary>
internal static class Surroundings
{
    private const string Operators = "=≠≈≤≥<>×÷^±√*+²³ⁿ";

    /// <summary>What ends before a sign, or begins after it.</summary>
    public enum Kind
    {
        None,
        Number,

        /// <summary>A letter that stands alone.</summary>
        Letter,

        /// <summary>What a calculation has in brackets.</summary>
        Group,
        Word,
    }

    /// <summary>Whether it is a value of a calculation.</summary>
    public static bool IsValue(this Kind kind) => kind is Kind.Number or Kind.Letter or Kind.Group;

    /// <summary>What ends before a place, spaces aside.</summary>
    public static Kind Before(ReadOnlySpan<char> text, int at)
    {
        while (at > 0 && IsSpace(text[at - 1]))
            at--;
        return at == 0 ? Kind.None : Of(text, at - 1, ')');
    }

    /// <summary>What begins at a place, spaces aside.</summary>
    public static Kind After(ReadOnlySpan<char> text, int at)
    {
        at = SkipSpaces(text, at);
        if (at + 1 < text.Length && text[at] is '-' or '−' or '+' or '.' or '±' && Is(text, at + 1, char.IsAsciiDigit))
            return Kind.Number;
        return at >= text.Length ? Kind.None : text[at] is '\\' or '$' or '√' ? Kind.Group : Of(text, at, '(');
    }

    /// <summary>Where the spaces at a place end.</summary>
    public static int SkipSpaces(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && IsSpace(text[at]))
            at++;
        return at;
    }

    /// <summary>A space within a line, narrow ones included.</summary>
    public static bool IsSpace(char c) => c is ' ' or '\u00A0' or '\u2009' or '\u202F';

    /// <summary>Whether there is a character of a kind.</summary>
    public static bool Is(ReadOnlySpan<char> text, int at, Func<char, bool> kind) => at >= 0 && at < text.Length && kind(text[at]);

    /// <summary>Whether a word that is not dense goes on there: a letter or digit of an alphabet.</summary>
    public static bool GoesOn(ReadOnlySpan<char> text, int at) =>
        at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_') && !Script.IsDense(text[at]);

    /// <summary>Whether the letter there has no other beside it.</summary>
    public static bool StandsAlone(ReadOnlySpan<char> text, int at) =>
        !(GoesOn(text, at - 1) && !char.IsAsciiDigit(text[at - 1])) && !(GoesOn(text, at + 1) && !char.IsAsciiDigit(text[at + 1]));

    /// <summary>
    /// Whether the place is within a calculation: a row of numbers, single letters, brackets and signs, of which one is surely an operator.
    /// The row is looked at once.
    /// </summary>
    public static bool IsCalculation(ref Draft draft, int at)
    {
        var (from, to, isOne) = draft.Calculation;
        if (at >= from && at < to)
            return isOne;
        var text = draft.Source;
        (from, to) = (at, at);
        while (from > 0 && Belongs(text, from - 1))
            from--;
        while (to < text.Length && Belongs(text, to))
            to++;
        isOne = false;
        for (var i = from; i < to && !isOne; i++)
            isOne = Operators.Contains(text[i]) && (text[i] is not ('+' or '*') || After(text, i + 1).IsValue());
        draft.Calculation = (from, Math.Max(to, at + 1), isOne);
        return isOne;
    }

    private static Kind Of(ReadOnlySpan<char> text, int at, char bracket)
    {
        var c = text[at];
        if (char.IsAsciiDigit(c) || char.GetUnicodeCategory(c) == UnicodeCategory.OtherNumber || c is '%' or '°' or '∞')
            return Kind.Number;
        if (c == bracket)
            return Kind.Group;
        if (char.IsLetter(c) && !Script.IsDense(c))
            return Greek.Is(c) || StandsAlone(text, at) ? Kind.Letter : Kind.Word;
        return char.IsLetterOrDigit(c) || char.IsSurrogate(c) ? Kind.Word : Kind.None;
    }

    private static bool Belongs(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (char.IsAsciiDigit(c) || Operators.Contains(c) || c is '-' or '−' or '–' or '/' or '(' or ')' or '%' or '⋅' or '·' or '∞')
            return !(c == '>' && at > 0 && text[at - 1] is '-' or '=');
        if (c is '.' or ',')
            return Is(text, at + 1, char.IsAsciiDigit);
        if (IsSpace(c))
            return at > 0 && at + 1 < text.Length && !IsSpace(text[at - 1]) && text[at - 1] is not ('.' or ',');
        return char.IsLetter(c) && !Script.IsDense(c) && StandsAlone(text, at);
    }
}
