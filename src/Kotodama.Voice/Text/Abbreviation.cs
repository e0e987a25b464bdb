using System.Text;

namespace Kotodama.Voice.Text;

/// <summary>Points that end a word and not a sentence.</summary>
internal static class Abbreviation
{
    /// <summary>The longest word that is looked at, before a point or after it.</summary>
    public const int Longest = 12;

    private static readonly HashSet<string> Titles = Set(
        "mr mrs ms dr prof st mt gen col capt lt sgt rev hon sen rep gov pres messrs mme mlle maj cmdr adm sra srta "
        + "vs e.g i.e cf fig figs eq vol pp ed eds dept approx est viz ca bzw z.b d.h");

    // These may end a sentence too: a capital letter after them says so.
    private static readonly HashSet<string> Open = Set("etc inc ltd co corp jr sr ph.d al no nos jan feb aug sept oct nov dec");

    private static readonly HashSet<string> Times = Set("a.m p.m");

    private static readonly HashSet<string> AfterTimes = Set(
        "eastern pacific central mountain est edt et cst cdt ct mst mdt mt pst pdt pt gmt utc bst cet cest jst hkt ist aest "
        + "monday tuesday wednesday thursday friday saturday sunday "
        + "january february march april may june july august september october november december");

    // Initials that are no name's, so that they may well be the last word.
    private static readonly HashSet<string> Acronyms =
        Set("u.s u.s.a u.k u.n e.u u.a.e u.s.s.r d.c l.a n.y n.y.c b.c a.d b.c.e c.e p.s n.b r.i.p");

    // What begins a sentence and no name, and so tells a sentence's end from the point of an initial.
    private static readonly HashSet<string> Openers = Set(
        "the a an this that these those there here he she it we they you i i'm my your his her its our their one "
        + "and but or so yet then now if when while as because since although though after before once until "
        + "in on at by for from with without of to is are was were do does did has have had can could will would should may might must "
        + "what where who why how which not no yes please let maybe perhaps still also even just only all some many most every each both");

    /// <summary>Whether the point there does not end a sentence.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="at">The place of the point.</param>
    /// <param name="after">The word after it, where <see cref="IsOpen"/>.</param>
    /// <param name="next">The character after that; <c>\0</c> when there is none yet.</param>
    public static bool IsAt(StringBuilder text, int at, ReadOnlySpan<char> after, char next)
    {
        var word = WordBefore(text, at);
        var first = after.IsEmpty ? next : after[0];
        var goesOn = char.IsDigit(first) || char.IsLower(first);
        if (Open.Contains(word))
            return word.StartsWith("no", StringComparison.OrdinalIgnoreCase) && word.Length < 4 ? char.IsDigit(first) : goesOn;
        if (Times.Contains(word))
            return goesOn || Has(AfterTimes, after);
        if (IsTitle(word) && !IsInitials(word))
            return true;
        if (!IsInitials(word))
            return false;
        if (Acronyms.Contains(word) && !char.IsLetterOrDigit(first))
            return false;

        // Of the initials of a name more may come: J. A. Smith.
        return (after.Length == 1 && next == '.') || !Has(Openers, after);
    }

    /// <summary>Whether a point after this word never ends a sentence, as far as one can know: a title, or initials.</summary>
    public static bool IsTitle(ReadOnlySpan<char> word)
    {
        if (Has(Titles, word))
            return true;
        if (Has(Open, word) || Has(Times, word) || Has(Acronyms, word))
            return false;
        return IsInitials(word) || (word.Length > 2 && IsSingles(word));
    }

    /// <summary>Whether the word after the point is needed to know.</summary>
    public static bool IsOpen(StringBuilder text, int at)
    {
        var word = WordBefore(text, at);
        return Open.Contains(word) || Times.Contains(word) || IsInitials(word);
    }

    /// <summary>Capital letters with points between them, as of J.K. Rowling. A single I is a pronoun.</summary>
    private static bool IsInitials(ReadOnlySpan<char> word) =>
        !word.IsEmpty && char.IsUpper(word[0]) && IsSingles(word) && word is not "I";

    private static bool IsSingles(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
            if (i % 2 == 1 ? word[i] != '.' : !char.IsLetter(word[i]))
                return false;
        return word.Length % 2 == 1;
    }

    private static string WordBefore(StringBuilder text, int at)
    {
        var start = at;
        while (start > 0 && at - start <= Longest && IsOfWord(text[start - 1]))
            start--;
        while (start < at && text[start] == '.')
            start++;
        return text.ToString(start, at - start);
    }

    private static bool IsOfWord(char c) => c == '.' || (char.IsLetter(c) && !Script.IsDense(c));

    private static bool Has(HashSet<string> words, ReadOnlySpan<char> word) =>
        words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static HashSet<string> Set(string words) => new(words.Split(' '), StringComparer.OrdinalIgnoreCase);
}
