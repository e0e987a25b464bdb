using System.Text.RegularExpressions;

namespace Kotodama.Voice.Text;

/// <summary>
/// Recognises what stands at the beginning of a window of a reply. A length of 0 means that more must come before it can be told; what is
/// not closed within a bound is taken for plain signs.
/// </summary>
internal static partial class Markup
{
    /// <summary>Signs in a row that are looked at together.</summary>
    public const int MostRun = 16;

    /// <summary>The longest target of a link that is passed over.</summary>
    public const int MostTarget = 2_048;

    private const int MostSpan = 256, MostAct = 1_024, MostAddress = 512, MostDirection = 120;

    /// <summary>A sign of a word as people and programs write them: letters, digits and the marks that touch them.</summary>
    public static bool IsWordSign(char c) => c is > ' ' and < '\x7F' and not ('`' or '*' or '[' or ']' or '<' or '|' or '~' or '\\');

    /// <summary>A sign of a web address.</summary>
    public static bool IsAddressSign(char c) =>
        c is > ' ' and < '\x7F' and not ('`' or '*' or '[' or ']' or '<' or '>' or '"' or '|' or '\\' or '^' or '{' or '}');

    /// <summary>How often the first sign is repeated, at most <see cref="MostRun"/>.</summary>
    public static int Run(ReadOnlySpan<char> window)
    {
        var run = 1;
        while (run < window.Length && run < MostRun && window[run] == window[0])
            run++;
        return run;
    }

    /// <summary>The length of a code fence. 0: it is none. -1: more must come.</summary>
    public static int Fence(ReadOnlySpan<char> window, bool final)
    {
        var run = Run(window);
        if (run == window.Length && !final && run < MostRun)
            return -1;
        return run >= 3 ? run : 0;
    }

    /// <summary>
    /// Code within a line: how many signs are before and after its content, and its whole length. Signs below 0: it is none.
    /// </summary>
    public static (int Signs, int Length) Code(ReadOnlySpan<char> window, bool final)
    {
        var run = Run(window);
        if (run == window.Length && !final && run < MostRun)
            return (-1, 0);
        for (var i = run; i < window.Length && i < MostSpan; i++)
        {
            if (window[i] == '\n')
                return (-1, run);
            if (window[i] != '`')
                continue;
            var close = Run(window[i..]);
            if (i + close == window.Length && !final && close <= run)
                return (-1, 0);
            if (close == run)
                return (run, i + run);
            i += close - 1;
        }

        return (-1, final || window.Length >= MostSpan ? run : 0);
    }

    /// <summary>Whether code reads like words: names and commands, no operators.</summary>
    public static bool IsWords(ReadOnlySpan<char> code)
    {
        foreach (var c in code)
            if (!char.IsLetterOrDigit(c) && c is not (' ' or '-' or '.' or '\'' or '_'))
                return false;
        return code.Length > 0;
    }

    /// <summary>
    /// A tag like <c>&lt;b&gt;</c>, an act like <c>&lt;|ACT …|&gt;</c>, an address like <c>&lt;https://…&gt;</c>; else one sign.
    /// </summary>
    public static (int Length, string? Name) Tag(ReadOnlySpan<char> window, bool final)
    {
        if (window.Length == 1)
            return (final ? 1 : 0, null);
        if (window[1] == '|')
        {
            var act = window[2..Math.Min(window.Length, MostAct)].IndexOf("|>");
            return (act >= 0 ? act + 4 : final || window.Length >= MostAct ? 1 : 0, null);
        }

        if (window[1] == '3')
        {
            // A heart.
            if (window.Length == 2)
                return (final ? 2 : 0, null);
            return (char.IsLetterOrDigit(window[2]) ? 1 : 2, null);
        }

        if (!char.IsAsciiLetter(window[1]) && window[1] is not ('/' or '!'))
            return (1, null);
        var span = window[1..Math.Min(window.Length, MostSpan)];
        var end = span.IndexOfAny('>', '\n', '<');
        if (end < 0)
            return (final || window.Length >= MostSpan ? 1 : 0, null);
        if (span[end] != '>' || !TagContent().IsMatch(span[..end]))
            return (1, null);
        var name = span[..end];
        var space = name.IndexOfAny(' ', '\t');
        if (space >= 0)
            name = name[..space];
        if (name.Length > 1 && name[^1] == '/')
            name = name[..^1];
        return (end + 2, name.Length > 12 ? null : name.ToString().ToLowerInvariant());
    }

    /// <summary>
    /// A bracket up to its end. It is a tag of one word, like <c>[joy]</c>, a footnote or a box, unless a link's target follows.
    /// </summary>
    public static int Bracket(ReadOnlySpan<char> window, bool final, out bool tag)
    {
        tag = false;
        var depth = 0;
        for (var i = 0; i < window.Length && i < MostSpan; i++)
        {
            if (window[i] == '\n')
                return 1;
            depth += window[i] == '[' ? 1 : window[i] == ']' ? -1 : 0;
            if (depth > 0)
                continue;
            if (i + 1 == window.Length && !final)
                return 0;
            tag = (i + 1 == window.Length || window[i + 1] != '(') && TagWord().IsMatch(window[1..i]);
            return i + 1;
        }

        return final || window.Length >= MostSpan ? 1 : 0;
    }

    /// <summary>A stage direction like <c>*smiles*</c> at the beginning of a sentence, up to its end; else one sign.</summary>
    public static int Direction(ReadOnlySpan<char> window, bool final)
    {
        for (var i = 1; i < window.Length && i < MostDirection; i++)
        {
            if (window[i] == '\n' || char.IsWhiteSpace(window[1]))
                return 1;
            if (window[i] != '*')
                continue;
            if (i + 1 == window.Length)
                return final ? i + 1 : 0;
            return i > 1 && window[i + 1] is not ('*' or ':' or '：' or ',' or '，' or '、') ? i + 1 : 1;
        }

        return final || window.Length >= MostDirection ? 1 : 0;
    }

    /// <summary>A word up to the next space or sign of another kind.</summary>
    /// <returns>Its length and what of it is not spoken. An end below 0: the address goes on after the word.</returns>
    public static (int Length, int From, int To) Word(ReadOnlySpan<char> window, bool final)
    {
        var length = 1;
        while (length < window.Length && length < MostSpan && IsWordSign(window[length]))
            length++;
        var whole = final || length < window.Length || length == MostSpan;
        var address = AddressStart().EnumerateMatches(window[..length]);
        if (address.MoveNext())
            return Address(window, address.Current.Index, final);
        // The scheme of an address may be cut by nothing but the end of what is known.
        if (!whole)
            return default;
        var word = window[..length];
        var silent = Mail().EnumerateMatches(word);
        if (!silent.MoveNext())
        {
            silent = Emoticon().EnumerateMatches(word);
            if (!silent.MoveNext())
                return (length, 0, 0);
        }

        return (length, silent.Current.Index, silent.Current.Index + silent.Current.Length);
    }

    private static (int Length, int From, int To) Address(ReadOnlySpan<char> window, int from, bool final)
    {
        var (end, depth) = (from, 0);
        for (; end < window.Length && end - from < MostAddress && IsAddressSign(window[end]); end++)
        {
            depth += window[end] == '(' ? 1 : window[end] == ')' ? -1 : 0;
            if (depth < 0)
                break;
        }

        if (end - from >= MostAddress)
            return (end, from, -1);
        if (end == window.Length && !final)
            return default;
        var to = end;
        while (to > from && window[to - 1] is '.' or ',' or '!' or '?' or ';' or ':' or '\'')
            to--;
        return (end, from, to);
    }

    [GeneratedRegex(
        @"^(/?[a-z][a-z0-9:-]*\s*/?|[a-z][a-z0-9:-]*\s[^>]*=[^>]*|!.*|[a-z][a-z0-9+.-]*:[^\s]+|[^\s@]+@[^\s@]+)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TagContent();

    [GeneratedRegex(@"^([\p{L}_][\p{L}\p{N}_-]{0,23}|\^?[0-9]{1,3}|[ xX])$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TagWord();

    [GeneratedRegex(
        @"((https?|ftps?|wss?|file)://|www\.)[a-z0-9]",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AddressStart();

    [GeneratedRegex(
        @"(mailto:)?[a-z0-9][a-z0-9._%+-]*@[a-z0-9][a-z0-9.-]*\.[a-z]{2,}",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Mail();

    [GeneratedRegex(
        @"^\(?([:;=][-^o']?[()DPp3/O]{1,4}|[xX]D+|[T_QoO>^;=x-]_+[T_QoO<^;=x-]|\^{2,})\)?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Emoticon();
}
