using System.Text.RegularExpressions;

namespace Kotodama.Voice.Text;

/// <summary>Web and mail addresses, which are not spoken, and the plain words around them.</summary>
internal static partial class Address
{
    private const int MostWord = 256, MostAddress = 512;

    /// <summary>A sign of a web address.</summary>
    public static bool IsSign(char c) =>
        c is > ' ' and < '\x7F' and not ('`' or '*' or '[' or ']' or '<' or '>' or '"' or '|' or '\\' or '^' or '{' or '}');

    /// <summary>A word up to the next space or sign of another kind.</summary>
    /// <returns>Its length and what of it is not spoken. An end below 0: the address goes on after the word.</returns>
    public static (int Length, int From, int To) Word(ReadOnlySpan<char> window, bool final)
    {
        var length = 1;
        while (length < window.Length && length < MostWord && Markup.IsWordSign(window[length]))
            length++;
        var whole = final || length < window.Length || length == MostWord;
        var address = Start().EnumerateMatches(window[..length]);
        if (address.MoveNext())
            return Web(window, address.Current.Index, final);

        // The scheme of an address may be cut by nothing but the end of what is known.
        if (!whole)
            return default;
        var word = window[..length];
        if (word.Contains('.') || word.Contains(':'))
        {
            var from = word.IndexOfAnyInRange('0', 'z');
            if (from >= 0 && (Bare().IsMatch(word[from..]) || Query().IsMatch(word[from..])))
                return Web(window, from, final);
        }

        if (word.Contains('@'))
        {
            var mail = Mail().EnumerateMatches(word);
            if (mail.MoveNext())
                return (length, mail.Current.Index, mail.Current.Index + mail.Current.Length);
        }

        return Face.In(word) is { } face ? (length, face.Start.Value, face.End.Value) : (Plain(window, length), 0, 0);
    }

    /// <summary>As far as no sign follows that may begin a face, an aside, a formula or a picture.</summary>
    private static int Plain(ReadOnlySpan<char> window, int length)
    {
        var cut = window[1..length].IndexOfAny('(', '$') + 1;
        if (cut > 0 && (window[cut] == '(' || !char.IsAsciiLetterOrDigit(window[cut - 1])))
            return cut;
        return length > 1 && window[length - 1] == '!' && length < window.Length && window[length] == '[' ? length - 1 : length;
    }

    private static (int Length, int From, int To) Web(ReadOnlySpan<char> window, int from, bool final)
    {
        var (end, depth) = (from, 0);
        for (; end < window.Length && end - from < MostAddress && IsSign(window[end]); end++)
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
        @"([a-z][a-z0-9+.-]*://|www\.)[a-z0-9/]",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Start();

    // A name alone is said, as the name of a shop is; with a path behind it, it is an address. "Node.js/Express" is none.
    [GeneratedRegex(
        @"^((([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+(com|org|net|edu|gov|int|io|dev|app|ai|co|me|tv|info|biz|xyz|site|online|shop|cloud"
        + "|tech|blog|page|wiki|eu|us|uk|ca|au|nz|ie|de|fr|es|it|pt|nl|be|ch|at|se|no|fi|dk|pl|cz|ru|ua|jp|cn|tw|hk|kr|sg|in|id|th|vn|my|ph"
        + "|br|mx|ar|cl|il|tr|gr|hu|ro|gg|ly|fm|to|test|example|local))"
        + @"(:[0-9]{1,5})?[/?#]|(localhost|[0-9]{1,3}(\.[0-9]{1,3}){3})(:[0-9]{1,5})?/[a-z?#])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Bare();

    [GeneratedRegex(
        @"^([a-z0-9-]+\.)+[a-z]{2,}(:[0-9]{1,5})?(/[^?]*)?\?[a-z0-9%._-]+=",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Query();

    [GeneratedRegex(
        @"(mailto:)?[a-z0-9][a-z0-9._%+-]*@[a-z0-9][a-z0-9.-]*\.[a-z]{2,}",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Mail();
}
