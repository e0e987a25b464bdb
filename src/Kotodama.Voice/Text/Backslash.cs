using System.Globalization;

namespace Kotodama.Voice.Text;

/// <summary>
/// What a backslash means: it keeps a sign from being markup, it stands for a line's end or another character as programs write them, or it
/// parts the names of a path.
/// </summary>
internal static class Backslash
{
    /// <summary>The length of a character that is written as its code, as <c>\u00e9</c>.</summary>
    public const int CodeLength = 6;

    private const int Most = 64;

    // Commands of LaTeX that begin like a line's end.
    private static readonly string[] Commands = ["ne", "neq", "nabla", "not", "nu", "ni", "nmid", "notin", "nleq", "ngeq", "neg"];

    /// <summary>What it is.</summary>
    public enum Kind
    {
        /// <summary>More must come.</summary>
        Unknown,

        /// <summary>Nothing: it stands alone, or is a line's own end.</summary>
        Alone,

        /// <summary>It parts the names of a path.</summary>
        Path,

        /// <summary>With the letter after it, a line's end.</summary>
        Line,

        /// <summary>With the letter after it, a space.</summary>
        Space,

        /// <summary>A character by its code.</summary>
        Code,

        /// <summary>The sign after it is no markup.</summary>
        Sign,
    }

    /// <summary>What the backslash at the beginning of the window is.</summary>
    /// <param name="window">What is not read yet.</param>
    /// <param name="isPath">Whether it stands in a path.</param>
    /// <param name="final">Whether nothing more comes.</param>
    public static Kind At(ReadOnlySpan<char> window, bool isPath, bool final)
    {
        if (window.Length < 2)
            return final ? Kind.Alone : Kind.Unknown;
        var c = window[1];
        if (c is '*' or '_' or '`' or '[' or ']' or '<' or '>' or '#' or '|' or '(' or ')' or '{' or '}' or '$' or '~' or '^' or '\\')
            return window.Length == 2 && !final ? Kind.Unknown : Kind.Sign;
        if (!char.IsAsciiLetterOrDigit(c))
            return Kind.Alone;
        var end = 1;
        while (end < window.Length && end < Most && window[end] is > ' ' and < '\x7F')
            end++;
        if (end == window.Length && !final && end < Most)
            return Kind.Unknown;
        var token = window[1..end];
        return isPath || HasNames(token) ? Kind.Path : Letter(token);
    }

    /// <summary>The character that is written as its code.</summary>
    public static char Decode(ReadOnlySpan<char> window) =>
        (char)ushort.Parse(window[2..CodeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static Kind Letter(ReadOnlySpan<char> token)
    {
        var next = token.Length > 1 ? token[1] : ' ';
        switch (token[0])
        {
            case 'n' when !IsCommand(token):
                return Kind.Line;
            case 'r' or 't' when !char.IsAsciiLetterLower(next):
                return Kind.Space;
            case 'u' when token.Length >= CodeLength - 1 && IsHex(token[1..(CodeLength - 1)]):
                return Kind.Code;
            default:
                return Kind.Path;
        }
    }

    private static bool IsHex(ReadOnlySpan<char> code)
    {
        foreach (var c in code)
            if (!char.IsAsciiHexDigit(c))
                return false;
        return true;
    }

    private static bool IsCommand(ReadOnlySpan<char> token)
    {
        var length = 1;
        while (length < token.Length && char.IsAsciiLetter(token[length]))
            length++;
        return Commands.Contains(token[..length].ToString(), StringComparer.Ordinal);
    }

    /// <summary>Whether another backslash begins a name, so that all of them do.</summary>
    private static bool HasNames(ReadOnlySpan<char> token)
    {
        for (var i = 1; i + 1 < token.Length; i++)
            if (token[i] == '\\' && char.IsAsciiLetterOrDigit(token[i + 1]) && token[i + 1] is not ('n' or 'r' or 't' or 'u'))
                return true;
        return false;
    }
}
