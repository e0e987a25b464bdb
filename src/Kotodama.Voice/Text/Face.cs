using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kotodama.Voice.Text;

/// <summary>
/// Faces that are written with signs, such as <c>(´・ω・`)</c> and <c>:)</c>. A bracket holds a face when signs in it make eyes and its
/// few letters are those that faces are made of; so one bracket never reaches over words to another.
/// </summary>
internal static partial class Face
{
    private const int MostContent = 28, MostLetters = 6, MostArms = 8;

    // Letters and digits that stand for mouths, cheeks and arms.
    private static readonly SearchValues<char> Limbs = SearchValues.Create(
        "oOuUwWvVxXTQqpPdbnmzZ0369一๑ㅂωΩεσφδθдДпРρлЛロ益皿口人艸彡三ツノﾉヽヾゞシｼﾂっつづﾟﾞヮへヘ´ﾛｗｖｏｍＴОо눈ლ౪ԅ۶٩ಠಥᴥʖʔʕฅƪʃʅᴗಡಠᵕงว");

    // Of these the ones that are a sign in a face and a letter only in their own script.
    private static readonly SearchValues<char> Odd = SearchValues.Create("ωдДﾟﾞヮಠಥᴥʖᴗᵕ눈ლ౪");

    // Signs that reckon, and marks of sentences: they make no eyes.
    private static readonly SearchValues<char> Plain = SearchValues.Create("×÷±≠≤≥≈−√＋＝→←↑↓⇒∞∑∫∈℃℉№，。！？、：；“”‘’「」『』《》【】…—–·％＆＠／＄＃");

    private static readonly SearchValues<char> Leading = SearchValues.Create("ヽヾ＼╰╭٩ლʅԅ¯");

    private static readonly SearchValues<char> Trailing = SearchValues.Create("╯╮╭╰ノﾉヽヾゞシｼﾂ彡三づっつ۶ʃლ／＼/\\～♪♡☆★9bovmdq｡ﾟ゜･_¯งو*:.✧❤");

    private static readonly string[] Bare = [">_<", ">.<", ">///<", ">__<", "<_<", ">_>", "><", "<.<", ">.>", "ಠ_ಠ", "ಥ_ಥ"];

    /// <summary>Whether an arm may stand there, before the bracket of a face.</summary>
    public static bool IsArm(char c) => Leading.Contains(c);

    /// <summary>Whether a letter of another script begins a face without brackets.</summary>
    public static bool IsEye(char c) => c is 'ಠ' or 'ಥ';

    /// <summary>Whether a letter may be a hand there, before the bracket of a face.</summary>
    public static bool IsHand(char c) => c is 'o' or 'O' or 'm' or 'd' or 'q' or 'v' or 'b' or '9';

    /// <summary>A face without brackets that begins with a sign which is none of a word.</summary>
    /// <returns>Its length. 0: more must come. -1: it is none.</returns>
    public static int BareAt(ReadOnlySpan<char> window, bool final)
    {
        foreach (var face in Bare)
        {
            if (!final && window.Length <= face.Length && face.AsSpan().StartsWith(window))
                return 0;
            if (window.StartsWith(face) && (window.Length == face.Length || !char.IsLetterOrDigit(window[face.Length])))
                return face.Length;
        }

        return -1;
    }

    /// <summary>A face in brackets, with the arms after it.</summary>
    /// <returns>Its length. 0: more must come. -1: it is none.</returns>
    public static int At(ReadOnlySpan<char> window, bool final)
    {
        var (depth, letters, digits) = (1, 0, 0);
        for (var i = 1; i < window.Length && i <= MostContent; i++)
        {
            var c = window[i];
            if (c == '\n')
                return -1;
            if (c is '(' or '（' or 'ʕ')
                depth++;
            else if ((c is ')' or '）' or 'ʔ') && --depth == 0)
                return IsFace(window[1..i]) ? Arms(window, i + 1, final) : -1;
            else if (Limbs.Contains(c))
                letters += Odd.Contains(c) ? 0 : 1;
            else if (char.IsLetterOrDigit(c))
                return -1;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            if (letters > MostLetters || digits > 2)
                return -1;
        }

        return final || window.Length > MostContent ? -1 : 0;
    }

    /// <summary>Which part of a word is made of the signs of a face, like <c>:-)</c>.</summary>
    public static Range? In(ReadOnlySpan<char> word)
    {
        var found = Emoticon().EnumerateMatches(word);
        if (!found.MoveNext())
            return null;
        var (from, length) = (found.Current.Index, found.Current.Length);
        return new Range(from, from + word.Slice(from, length).TrimEnd(".!?,").Length);
    }

    private static bool IsFace(ReadOnlySpan<char> content)
    {
        var trimmed = content.Trim();
        if (trimmed is "ツ" or "ﾂ" or "シ")
            return true;
        if (Tag().IsMatch(trimmed))
            return false;
        if ((Symmetric().IsMatch(trimmed) && IsPair(trimmed)) || (trimmed.Trim("*;；#=~") is [var left, '_', var right] && left == right))
            return true;
        var (eyes, wide, run, han) = (0, 0, 0, 0);
        foreach (var c in trimmed)
        {
            var eye = IsSignOfEye(c);
            wide += eye && !char.IsAscii(c) ? 1 : 0;
            eyes += eye ? 1 : 0;
            run = char.IsAsciiLetterOrDigit(c) ? run + 1 : 0;
            han += Script.IsHan(c) ? 1 : 0;
            if (run > 2 || han > 1)
                return false;
        }

        return wide > 0 && eyes > 1;
    }

    private static bool IsSignOfEye(char c)
    {
        if (char.IsAscii(c))
            return c is '^' or '_' or '`' or ';' or '>' or '<' or '=' or '*' or '~' or '\'' or 'T' or '@';
        if (Odd.Contains(c))
            return true;
        return !Plain.Contains(c) && char.GetUnicodeCategory(c) is UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol
            or UnicodeCategory.MathSymbol or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.OtherPunctuation
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.ModifierLetter or UnicodeCategory.DashPunctuation;
    }

    /// <summary>
    /// Two eyes are alike, or one is the other's mirror; so <c>(a_b)</c> is no face. Neither is a number or a word of letters.
    /// </summary>
    private static bool IsPair(ReadOnlySpan<char> content)
    {
        var eyes = content.Trim("*#=~;'\"-!? ");
        if (eyes.Length == 0)
            return content.Contains('_');
        if (!eyes.ContainsAny("_^><") && (!eyes.Contains('.') || char.IsDigit(eyes[0])) && eyes is not "ToT")
            return false;
        var (left, right) = (char.ToLowerInvariant(eyes[0]), char.ToLowerInvariant(eyes[^1]));
        return left == right || (left, right) is ('>', '<') or ('<', '>') or ('^', 'o') or ('o', '^');
    }

    /// <summary>Where the arms after a face end. A letter is an arm when no letter follows it.</summary>
    private static int Arms(ReadOnlySpan<char> window, int from, bool final)
    {
        var end = from;
        while (end < window.Length && end - from < MostArms && Trailing.Contains(window[end]))
            end++;
        if (end == window.Length && !final && end - from < MostArms)
            return 0;
        while (end > from && end < window.Length && IsOfWord(window[end - 1], window[end]))
            end--;
        while (end > from && window[end - 1] is '*' or ':' or '.')
            end--;
        return end;
    }

    private static bool IsOfWord(char c, char next) =>
        char.IsLetterOrDigit(c) && char.IsLetterOrDigit(next) && !(Script.IsKana(c) && Script.IsHan(next));

    // The brackets of a tag are no eyes.
    [GeneratedRegex("</?[A-Za-z][^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(
        @"^[*#=~;'""-]*\s?[\^>T;=oO0xX@*.uUnv~Q-]\s?(_+|\.|[-o3vwx])?\s?[\^<>T;=oO0xX@*.uUnv~Q-][*#=~;'""!?-]*$|^_ ?_$|^[T;]\^[T;]$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Symmetric();

    [GeneratedRegex(
        @"^\(?([:;][-^o']?[()DPp3/O]{1,4}|=[-^']?[()DPp]|[xX]D+"
        + @"|[TQoO>^;=x-]_+[TQoO<^;=x-][;']?|\^{2,}[;']?)\)?[.!?,]*$|[:;]-?[()]+[.!?,]*$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Emoticon();
}
