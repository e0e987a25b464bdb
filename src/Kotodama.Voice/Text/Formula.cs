using System.Collections.Frozen;

namespace Kotodama.Voice.Text;

/// <summary>
/// A formula in LaTeX: <c>$…$</c>, <c>$$…$$</c>, <c>\(…\)</c> or <c>\[…\]</c> around what reads like one. Two prices in a sentence, and
/// brackets that a backslash keeps from being markup, are none.
/// </summary>
internal static class Formula
{
    private const int Most = 180, MostWord = 3;

    // Functions that are written without a backslash, and units.
    private static readonly FrozenSet<string> Known =
        ("sin cos tan cot sec csc log ln exp lim max min sup inf mod gcd lcm det ker dim arg sinh cosh tanh arcsin arccos arctan sqrt frac "
            + "cm mm km kg").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Prose =
        "and but for the you was are not per its has had all any can out now one two new is to of in on or at it we as by if".Split(' ')
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>A formula at the beginning of the window, with its signs.</summary>
    /// <returns>Its length. 0: more must come. -1: it is none.</returns>
    public static int At(ReadOnlySpan<char> window, bool final)
    {
        if (window.Length < 2)
            return final ? -1 : 0;
        return window[1] switch
        {
            '(' when window[0] == '\\' => Until(window, 2, "\\)", final),
            '[' when window[0] == '\\' => Until(window, 2, "\\]", final),
            '$' when window[0] == '$' => Until(window, 2, "$$", final),
            _ when window[0] == '$' && !char.IsWhiteSpace(window[1]) => Until(window, 1, "$", final),
            _ => -1,
        };
    }

    private static int Until(ReadOnlySpan<char> window, int from, string close, bool final)
    {
        var (word, depth, isSpaced) = (0, 0, false);
        for (var at = from; at < window.Length && at < Most; at++)
        {
            var c = window[at];
            if (c == close[0])
            {
                if (at + close.Length > window.Length && !final)
                    return 0;
                if (window[at..].StartsWith(close))
                    return Close(window, from, at, close, isSpaced, final);
            }

            if (c == '\\')
            {
                // A command; its name is no word.
                while (at + 1 < window.Length && char.IsAsciiLetter(window[at + 1]))
                    at++;
                if (at + 1 < window.Length && !char.IsAsciiLetter(window[at + 1]) && window[at] == '\\')
                    at++;
                word = 0;
                continue;
            }

            depth += c is '(' or '{' or '[' ? 1 : c is ')' or '}' or ']' ? -1 : 0;
            if (c == '$' || (c == '\n' && close == "$") || (depth <= 0 && IsPause(window, at, final, close)))
                return -1;
            word = char.IsLetter(c) ? word + 1 : 0;
            isSpaced = char.IsWhiteSpace(c);
            if (word > 0 && depth <= 0 && !(at + 1 < window.Length && char.IsLetter(window[at + 1])))
            {
                if (at + 1 == window.Length && !final)
                    return 0;
                if (IsProse(window.Slice(at - word + 1, word)))
                    return -1;
            }
        }

        return final || window.Length >= Most ? -1 : 0;
    }

    /// <summary>A comma or a point with a space behind it parts words.</summary>
    private static bool IsPause(ReadOnlySpan<char> window, int at, bool final, string close) =>
        close == "$" && window[at] is ',' or '.' or ';' or '!' or '?' && at + 1 < window.Length && char.IsWhiteSpace(window[at + 1]);

    private static bool IsProse(ReadOnlySpan<char> word)
    {
        if (Script.IsDense(word[0]))
            return true;
        return (word.Length > MostWord || Has(Prose, word)) && !Has(Known, word);
    }

    private static bool Has(FrozenSet<string> words, ReadOnlySpan<char> word) =>
        words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static int Close(ReadOnlySpan<char> window, int from, int at, string close, bool isSpaced, bool final)
    {
        if (window[from..at].IsWhiteSpace())
            return -1;
        if (close != "$")
            return at + close.Length;
        if (isSpaced)
            return -1;
        if (at + 1 == window.Length)
            return final ? at + 1 : 0;
        return char.IsLetterOrDigit(window[at + 1]) && !Script.IsDense(window[at + 1]) ? -1 : at + 1;
    }
}
