using System.Text.RegularExpressions;

namespace Kotodama.Voice.Text;

/// <summary>What a bracket in square form begins.</summary>
internal enum BracketKind
{
    /// <summary>Text, whose signs are not spoken.</summary>
    Text,

    /// <summary>A tag like <c>[joy]</c>, a footnote, a box: silent as a whole.</summary>
    Tag,

    /// <summary>The text of a link or of a picture, with a target behind it.</summary>
    Link,

    /// <summary>The name of a page, in two brackets.</summary>
    Double,
}

/// <summary>
/// Recognizes what stands at the beginning of a window of a reply, as CommonMark does. A length of 0 means that more must come before it
/// can be told; what is not closed within a bound is taken for plain signs.
/// </summary>
internal static partial class Markup
{
    /// <summary>The longest target of a link that is looked over; a longer one is passed over without.</summary>
    public const int MostTarget = 512;

    /// <summary>How far the end of hidden text is looked for within a line.</summary>
    public const int MostHidden = 1_024;

    private const int MostRun = 64, MostSpan = 256, MostLabel = 64, MostEmphasis = 64;

    /// <summary>A sign of a word as people and programs write them: letters, digits and the marks that touch them.</summary>
    public static bool IsWordSign(char c) =>
        c is > ' ' and < '\x7F' and not ('`' or '*' or '[' or ']' or '<' or '>' or '|' or '~' or '\\');

    /// <summary>How often the first sign is repeated, up to a bound.</summary>
    public static int Run(ReadOnlySpan<char> window)
    {
        var run = 1;
        while (run < window.Length && run < MostRun && window[run] == window[0])
            run++;
        return run;
    }

    /// <summary>The length of a code fence. 0: it is none, as one with a backtick behind it. -1: more must come.</summary>
    public static int Fence(ReadOnlySpan<char> window, bool final)
    {
        var run = Run(window);
        if (run == window.Length && !final && run < MostRun)
            return -1;
        if (run < 3 || window[0] == '~')
            return run < 3 ? 0 : run;
        var end = window[run..].IndexOfAny('\n', '`');
        return end >= 0 ? (window[run + end] == '\n' ? run : 0) : final || window.Length >= MostSpan ? run : -1;
    }

    /// <summary>
    /// Code within a line: how many signs are before and after its content, and its whole length. Signs below 0: it is none.
    /// </summary>
    public static (int Signs, int Length) Code(ReadOnlySpan<char> window, bool final)
    {
        var run = Run(window);
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

    /// <summary>Whether code reads like words: names and commands, no operators and no address.</summary>
    public static bool IsWords(ReadOnlySpan<char> code)
    {
        for (var i = 0; i < code.Length; i++)
        {
            var c = code[i];
            var isLast = i + 1 == code.Length || code[i + 1] == ' ';
            if (!char.IsLetterOrDigit(c)
                && c is not (' ' or '-' or '.' or '\'' or '_')
                && !(isLast && c is ',' or '!' or '?' or ':' or ';' or '+' or '#')
                && c is not ('，' or '。' or '、' or '！' or '？' or '：' or '+' or '#' or '・' or '…'))
                return false;
        }

        return code.Length > 0 && !code.StartsWith("www.");
    }

    /// <summary>
    /// A bracket up to its end. It is a tag of one word, like <c>[joy]</c>, a footnote or a box, unless a link's target follows.
    /// </summary>
    /// <param name="window">What is not read yet.</param>
    /// <param name="final">Whether nothing more comes.</param>
    /// <param name="before">The sign before it.</param>
    public static (int Length, BracketKind Kind) Bracket(ReadOnlySpan<char> window, bool final, char before)
    {
        var depth = 0;
        for (var i = 0; i < window.Length && i < MostSpan; i++)
        {
            if (window[i] == '\n')
                return (1, BracketKind.Text);
            depth += window[i] == '[' ? 1 : window[i] == ']' ? -1 : 0;
            if (depth > 0)
                continue;
            if (i + 1 == window.Length && !final)
                return (0, BracketKind.Text);
            return KindOf(window, i, final, before);
        }

        return (final || window.Length >= MostSpan ? 1 : 0, BracketKind.Text);
    }

    /// <summary>What stands behind the text of a link: a target in round brackets, or the label of one.</summary>
    /// <returns>
    /// Its length, which is above <see cref="MostTarget"/> where its end is not in sight. 0: more must come. -1: there is none.
    /// </returns>
    public static int Target(ReadOnlySpan<char> window, bool final)
    {
        if (window[0] == '[')
            return Label(window, final);
        var at = SkipSpaces(window, 1);
        var from = at;
        if (at < window.Length && window[at] == '<')
        {
            var end = window[..Math.Min(window.Length, MostTarget)][(at + 1)..].IndexOfAny('>', '\n', '<');
            if (end < 0 || window[at + 1 + end] != '>')
                return end < 0 && window.Length < MostTarget ? Unknown(final) : -1;
            at += end + 2;
        }
        else if (!SkipDestination(window, ref at))
            return -1;
        if (at >= MostTarget)
            return window[from..MostTarget].IndexOfAnyExceptInRange('!', '~') < 0 ? MostTarget + 1 : -1;
        var spaces = at;
        at = SkipSpaces(window, at);
        if (at < window.Length && at > spaces && window[at] is '"' or '\'' or '(')
        {
            var end = window[(at + 1)..].IndexOfAny(window[at] == '(' ? ')' : window[at], '\n');
            if (end < 0 || window[at + 1 + end] == '\n' || end > MostTarget)
                return end < 0 && window.Length - at < MostTarget ? Unknown(final) : -1;
            at = SkipSpaces(window, at + end + 2);
        }

        return at == window.Length ? Unknown(final) : window[at] == ')' ? at + 1 : -1;
    }

    /// <summary>Whether a link's target follows that is named, <c>[name]: address</c>, which nothing shows.</summary>
    /// <returns>The length of the name with its sign. 0: more must come. -1: none does.</returns>
    public static int Definition(ReadOnlySpan<char> window, int length, bool final)
    {
        if (length == window.Length)
            return final ? -1 : 0;
        if (window[length] != ':' || window[1] == '^')
            return -1;
        var rest = window[(length + 1)..].TrimStart(' ');
        if (rest.IsEmpty)
            return final ? -1 : 0;
        var end = rest.IndexOfAny(' ', '\n');
        if (end < 0 && !final && rest.Length < MostLabel)
            return 0;
        var target = end < 0 ? rest : rest[..end];
        return DefinitionTarget().IsMatch(target) ? length + 1 : -1;
    }

    /// <summary>Signs that compare what stands before them with what follows.</summary>
    /// <returns>How many they are. 0: more must come. -1: they are none, but arrows, or ends.</returns>
    public static int Comparison(ReadOnlySpan<char> window, bool final)
    {
        var length = 1;
        while (length < window.Length && length < 3 && window[length] is '=' or '>' or '<')
            length++;
        if (length == window.Length)
            return final ? -1 : 0;
        if (length > 2 || (length > 1 && window[1] != '='))
            return -1;
        var at = length;
        while (at < window.Length && window[at] == ' ')
            at++;
        if (at == window.Length)
            return final ? -1 : 0;
        var c = window[at];
        if (c is '-' or '+')
            return at + 1 == window.Length ? (final ? -1 : 0) : char.IsDigit(window[at + 1]) ? length : -1;
        return char.IsLetterOrDigit(c) || char.IsSurrogate(c) || c is '(' or '$' or '.' or '"' or '€' or '£' or '¥' or '√' ? length : -1;
    }

    /// <summary>Whether what follows spaces is a number, a variable or a bracket; null: more must come.</summary>
    public static bool? IsOperand(ReadOnlySpan<char> window, bool final)
    {
        var at = 0;
        while (at < window.Length && window[at] == ' ')
            at++;
        if (at == window.Length)
            return final ? false : null;
        var c = window[at];
        if (char.IsDigit(c) || c is '(' or '$' or '€' or '£' or '¥' or '√')
            return true;
        if (!char.IsAsciiLetter(c) || c is 'a' or 'A' or 'I')
            return false;
        if (at + 1 == window.Length)
            return final ? true : null;
        return !char.IsLetter(window[at + 1]) && window[at + 1] is not ('\'' or '’' or '.');
    }

    /// <summary>Whether stars multiply.</summary>
    /// <returns>1: they do. 0: more must come. -1: they do not.</returns>
    public static int Times(ReadOnlySpan<char> window, int run, char before, bool isOperand, bool final)
    {
        var next = run < window.Length ? window[run] : '\n';
        if (run > 2)
            return -1;
        if (before is not ' ')
        {
            var isNumber = char.IsDigit(before) && char.IsDigit(next);
            var isBracket = run == 1 && ((before == ')' && (char.IsDigit(next) || next == '(')) || (char.IsDigit(before) && next == '('));
            return isNumber || isBracket ? 1 : -1;
        }

        if (!isOperand || next != ' ')
            return -1;
        return IsOperand(window[run..], final) switch { null => 0, true => 1, _ => -1 };
    }

    /// <summary>Whether another star in sight closes the emphasis that this one begins; null: more must come.</summary>
    public static bool? IsClosed(ReadOnlySpan<char> window, int run, bool final)
    {
        for (var i = run + 1; i < window.Length && i < MostEmphasis; i++)
        {
            if (window[i] == '\n')
                return false;
            if (window[i] != '*' || char.IsWhiteSpace(window[i - 1]))
                continue;
            var after = i + Run(window[i..]);
            if (after == window.Length)
                return final ? true : null;

            // Behind a bracket or a mark it closes nothing if a word follows.
            if (char.IsLetterOrDigit(window[i - 1]) || !char.IsLetterOrDigit(window[after]))
                return true;
        }

        return final || window.Length >= MostEmphasis ? false : null;
    }

    private static (int Length, BracketKind Kind) KindOf(ReadOnlySpan<char> window, int close, bool final, char before)
    {
        var content = window[1..close];
        var next = close + 1 < window.Length ? window[close + 1] : '\n';
        if (content.Length > 2 && content[0] == '[' && content[^1] == ']')
            return (close + 1, BracketKind.Double);
        if (next == '(')
        {
            var target = Target(window[(close + 1)..], final);
            if (target == 0)
                return (0, BracketKind.Text);
            if (target > 0)
                return (close + 1, BracketKind.Link);
        }

        if (next == '[' && !(TagWord().IsMatch(content) && Actions.IsMood(content)))
        {
            var label = Label(window[(close + 1)..], final);
            if (label >= 0)
                return label == 0 ? (0, BracketKind.Text) : (close + 1, BracketKind.Link);
        }

        // The index of a variable is no tag, and neither is text before an aside.
        var isIndex = char.IsAsciiLetterOrDigit(before) && content.Length == 1 && (char.IsAsciiLetter(content[0]) || content[0] == '0');
        var isTag = next != '(' && !isIndex && TagWord().IsMatch(content);
        return (close + 1, isTag ? BracketKind.Tag : BracketKind.Text);
    }

    private static int Label(ReadOnlySpan<char> window, bool final)
    {
        var end = window[1..Math.Min(window.Length, MostLabel)].IndexOfAny("[]\n ");
        if (end < 0)
            return final || window.Length >= MostLabel ? -1 : 0;
        return window[end + 1] == ']' ? end + 2 : -1;
    }

    /// <summary>An address without spaces, in which round brackets are balanced.</summary>
    private static bool SkipDestination(ReadOnlySpan<char> window, ref int at)
    {
        var depth = 0;
        for (; at < window.Length && at < MostTarget && !char.IsWhiteSpace(window[at]) && !char.IsControl(window[at]); at++)
        {
            depth += window[at] == '(' ? 1 : window[at] == ')' ? -1 : 0;
            if (depth < 0)
                return true;
        }

        return depth == 0 || at == window.Length || at >= MostTarget;
    }

    private static int SkipSpaces(ReadOnlySpan<char> window, int at)
    {
        while (at < window.Length && window[at] is ' ' or '\t')
            at++;
        return at;
    }

    private static int Unknown(bool final) => final ? -1 : 0;

    [GeneratedRegex(@"^([\p{L}_][\p{L}\p{N}_-]{0,23}|\^?[0-9]{1,3}|[ xX])$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TagWord();

    [GeneratedRegex(
        @"^(<|https?:|mailto:|/|#|\.{1,2}/|[\w/-]+\.[a-z]{2,5}([/#?].*)?$|www\.)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DefinitionTarget();
}
