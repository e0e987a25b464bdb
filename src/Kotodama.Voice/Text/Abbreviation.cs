using System.Text;

namespace Kotodama.Voice.Text;

/// <summary>Points that end a word and not a sentence.</summary>
internal static class Abbreviation
{
    private const int Longest = 8;

    private static readonly HashSet<string> Titles = new(StringComparer.OrdinalIgnoreCase)
    {
        "mr", "mrs", "ms", "dr", "prof", "st", "mt", "gen", "col", "capt", "lt", "sgt", "rev", "hon", "sen", "rep", "gov", "pres",
        "messrs", "mme", "vs", "e.g", "i.e", "cf", "fig", "figs", "eq", "vol", "pp", "ed", "eds", "dept", "approx", "est", "viz", "ca",
    };

    // These may end a sentence too: a capital letter after them says so.
    private static readonly HashSet<string> Open = new(StringComparer.OrdinalIgnoreCase)
    {
        "etc", "inc", "ltd", "co", "corp", "jr", "sr", "a.m", "p.m", "u.s", "u.k", "ph.d", "al", "no", "nos",
        "jan", "feb", "aug", "sept", "oct", "nov", "dec",
    };

    /// <summary>Whether the point there does not end a sentence.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="at">The place of the point.</param>
    /// <param name="next">
    /// The character after it, or after the space after it where <see cref="IsOpen"/>; <c>\0</c> when there is none yet.
    /// </param>
    public static bool IsAt(StringBuilder text, int at, char next)
    {
        var word = WordBefore(text, at);
        if (IsTitle(word))
            return true;
        if (!Open.Contains(word))
            return false;
        var isNumber = word.StartsWith("no", StringComparison.OrdinalIgnoreCase) && word.Length < 4;
        return char.IsAsciiDigit(next) || (!isNumber && char.IsLower(next));
    }

    /// <summary>Whether a point after this word never ends a sentence: a title, or the initial of a name.</summary>
    public static bool IsTitle(ReadOnlySpan<char> word) =>
        Titles.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)
        || (word.Length == 1 && char.IsAsciiLetterUpper(word[0]) && word[0] != 'I');

    /// <summary>Whether the word after the point is needed to know.</summary>
    public static bool IsOpen(StringBuilder text, int at) => Open.Contains(WordBefore(text, at));

    private static string WordBefore(StringBuilder text, int at)
    {
        var start = at;
        while (start > 0 && at - start <= Longest && (char.IsAsciiLetter(text[start - 1]) || text[start - 1] == '.'))
            start--;
        return text.ToString(start, at - start);
    }
}
