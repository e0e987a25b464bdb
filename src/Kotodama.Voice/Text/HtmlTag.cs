using System.Buffers;
using System.Text.RegularExpressions;

namespace Kotodama.Voice.Text;

/// <summary>
/// What stands between <c>&lt;</c> and <c>&gt;</c> and is not spoken: tags, comments, acts, addresses. Everything else with these signs is
/// text, such as <c>a &lt; b</c>; attributes without a value make no tag, since <c>a &lt;b and c&gt; d</c> would be one.
/// </summary>
internal static partial class HtmlTag
{
    private const int MostTag = 1_024, MostName = 24, MostBare = 2;

    private static readonly SearchValues<char> ValueEnd = SearchValues.Create(" \t\r\n\"'=<>`");
    private static readonly SearchValues<char> AddressEnd = SearchValues.Create(" \t\r\n<>");

    // Attributes that have no value.
    private static readonly string[] Switches =
        ["open", "disabled", "checked", "selected", "controls", "async", "defer", "hidden", "required", "readonly", "multiple", "autoplay"];

    /// <summary>Reads what stands at the beginning of the window.</summary>
    /// <returns>Its length and the tag's name, if any. 0: more must come. -1: it is text.</returns>
    public static (int Length, string? Name) At(ReadOnlySpan<char> window, bool final)
    {
        if (window.Length < 2)
            return (final ? -1 : 0, null);
        if (window[1] == '|')
            return (Until(window, "|>", final), null);
        if (window[1] == '!')
            return (Declaration(window, final), null);
        if (window[1] == '?')
            return (Until(window, "?>", final), null);
        if (window[1] == '3')
            return (Heart(window, 2, final), null);
        if (window.StartsWith("</3"))
            return (Heart(window, 3, final), null);
        return Element(window[..Math.Min(window.Length, MostTag)], final || window.Length >= MostTag);
    }

    /// <summary>An element's tag as CommonMark has it, or an address.</summary>
    private static (int Length, string? Name) Element(ReadOnlySpan<char> window, bool final)
    {
        var at = window[1] == '/' ? 2 : 1;
        var from = at;
        while (at < window.Length && (char.IsAsciiLetterOrDigit(window[at]) || window[at] is '-' or ':' or '_'))
            at++;
        if (at == window.Length)
            return (Unknown(final), null);
        if (at == from || !char.IsAsciiLetter(window[from]))
            return (-1, null);
        var length = window[at] is '>' or '/' || char.IsWhiteSpace(window[at]) ? Attributes(window, at, final) : -1;
        if (length < 0 && (window[at] is '.' or '+' or '@' or '%' || window[at - 1] == ':'))
            return (Address(window, final), null);
        return (length, at - from > MostName ? null : window[from..at].ToString().ToLowerInvariant());
    }

    private static int Attributes(ReadOnlySpan<char> window, int at, bool final)
    {
        var hasValue = false;
        for (var bare = 0; ;)
        {
            var before = at;
            while (at < window.Length && char.IsWhiteSpace(window[at]))
                at++;
            if (at == window.Length)
                return Unknown(final);
            if (window[at] == '/' && at + 1 == window.Length)
                return Unknown(final);
            if (window[at] == '>' || (window[at] == '/' && window[at + 1] == '>'))
                return bare > 0 && !hasValue ? -1 : at + (window[at] == '>' ? 1 : 2);
            if (at == before || !(char.IsAsciiLetter(window[at]) || window[at] is '_' or ':' or '@') || ++bare > MostBare)
                return -1;
            var name = at;
            while (at < window.Length && (char.IsAsciiLetterOrDigit(window[at]) || window[at] is '_' or '.' or ':' or '-' or '@'))
                at++;
            var end = at;
            while (end < window.Length && char.IsWhiteSpace(window[end]))
                end++;
            if (end == window.Length)
                return Unknown(final);
            if (window[end] != '=')
            {
                hasValue |= Switches.Contains(window[name..at].ToString(), StringComparer.OrdinalIgnoreCase);
                continue;
            }

            at = Value(window, end + 1, final);
            if (at <= 0)
                return at;
            (bare, hasValue) = (bare - 1, true);
        }
    }

    /// <summary>Where the value of an attribute ends.</summary>
    private static int Value(ReadOnlySpan<char> window, int at, bool final)
    {
        while (at < window.Length && char.IsWhiteSpace(window[at]))
            at++;
        if (at == window.Length)
            return Unknown(final);
        if (window[at] is '"' or '\'')
        {
            var close = window[(at + 1)..].IndexOf(window[at]);
            return close < 0 ? Unknown(final) : at + close + 2;
        }

        var end = window[at..].IndexOfAny(ValueEnd);
        return end < 0 ? Unknown(final) : end == 0 ? -1 : at + end;
    }

    private static int Address(ReadOnlySpan<char> window, bool final)
    {
        var end = window[1..].IndexOfAny(AddressEnd);
        if (end < 0)
            return Unknown(final);
        return window[end + 1] == '>' && AddressContent().IsMatch(window[1..(end + 1)]) ? end + 2 : -1;
    }

    private static int Heart(ReadOnlySpan<char> window, int length, bool final)
    {
        if (window.Length == length)
            return final ? length : 0;
        return char.IsLetterOrDigit(window[length]) || window[length] is '.' or ',' ? -1 : length;
    }

    private static int Until(ReadOnlySpan<char> window, string end, bool final)
    {
        var at = window[..Math.Min(window.Length, MostTag)].IndexOf(end);
        return at >= 0 ? at + end.Length : Unknown(final || window.Length >= MostTag);
    }

    private static int Declaration(ReadOnlySpan<char> window, bool final)
    {
        if (window.Length < 4)
            return Unknown(final);
        if (window.StartsWith("<!--"))
            return Until(window, "-->", final);
        return char.IsAsciiLetter(window[2]) ? Until(window, ">", final) : -1;
    }

    private static int Unknown(bool final) => final ? -1 : 0;

    [GeneratedRegex(
        @"^([a-z][a-z0-9+.-]*:[^\s]+|[^\s@]+@[^\s@]+)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AddressContent();
}
