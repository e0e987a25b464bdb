namespace Kotodama.Voice.Text.Reasoning;

/// <summary>
/// A sign in brackets, as the templates of models have them: <c>&lt;think&gt;</c>, <c>&lt;|START_THINKING|&gt;</c>, <c>[/THINK]</c>,
/// <c>◁/think▷</c>, <c>&lt;function=name&gt;</c>.
/// </summary>
/// <param name="Bracket">What opens it.</param>
/// <param name="Word">Its word in lower case, with underscores, and without what stands before a colon.</param>
/// <param name="Closes">Whether a slash stands before the word.</param>
internal readonly record struct Tag(string Bracket, string Word, bool Closes)
{
    /// <summary>Longer ones are text: what follows must not wait for them.</summary>
    public const int Longest = 512;

    private const int LongestWord = 40;

    /// <summary>What stands before the words in calls of tools by DeepSeek.</summary>
    private const string DeepSeek = "DSML｜";

    private static readonly (string Open, string Close)[] Brackets =
        [("<", ">"), ("[", "]"), ("◁", "▷"), ("|", "|"), ("&lt;", "&gt;"), ("＜", "＞")];

    /// <summary>Whether a slash stands before its end: it closes itself.</summary>
    public bool IsEmpty { get; private init; }

    /// <summary>Whether a vertical line stands after the opening bracket.</summary>
    public bool HasLineBefore { get; private init; }

    /// <summary>Whether a vertical line stands before the closing bracket.</summary>
    public bool HasLineAfter { get; private init; }

    /// <summary>Whether the word has no small letter.</summary>
    public bool IsUpper { get; private init; }

    /// <summary>Whether the word stood behind a name and a colon.</summary>
    public bool HasSpace { get; private init; }

    /// <summary>What stands between the word and the closing bracket.</summary>
    public string Attributes { get; private init; } = "";

    /// <summary>How many characters it has.</summary>
    public int Length { get; private init; }

    /// <summary>Whether a tag may begin with a character.</summary>
    public static bool MayBegin(char c) => c is '<' or '[' or '◁' or '|' or '&' or '＜';

    /// <summary>Reads the tag at the beginning of a text.</summary>
    /// <param name="text">The text so far.</param>
    /// <param name="isWanted">Whether a tag with this word is looked for.</param>
    /// <param name="mayBecome">Whether more letters may make it one.</param>
    /// <param name="tag">The tag, when it is whole.</param>
    public static Fit Read(ReadOnlySpan<char> text, Predicate<Tag> isWanted, Predicate<Tag> mayBecome, out Tag tag)
    {
        tag = default;
        foreach (var (open, close) in Brackets)
        {
            if (text.StartsWith(open, StringComparison.Ordinal))
                return Read(text, open, close, isWanted, mayBecome, out tag);
            if (text.Length > 0 && open.AsSpan().StartsWith(text, StringComparison.Ordinal))
                return Fit.Partial;
        }

        return Fit.None;
    }

    private static Fit Read(
        ReadOnlySpan<char> text,
        string open,
        string close,
        Predicate<Tag> isWanted,
        Predicate<Tag> mayBecome,
        out Tag tag)
    {
        tag = default;
        var at = open.Length;
        var isLoose = open is not ("[" or "|");
        var line = isLoose && Skip(text, ref at, IsLine);
        if (isLoose)
            Skip(text, ref at, char.IsWhiteSpace);
        var closes = at < text.Length && text[at] is '/' or '\\';
        if (closes)
            at++;
        if (isLoose)
        {
            line |= Skip(text, ref at, IsLine);
            Skip(text, ref at, char.IsWhiteSpace);
            if (text[at..].StartsWith(DeepSeek, StringComparison.Ordinal))
                at += DeepSeek.Length;
            else if (at < text.Length && DeepSeek.AsSpan().StartsWith(text[at..], StringComparison.Ordinal))
                return Fit.Partial;
        }

        var begin = at;
        Skip(text, ref at, IsWord);
        var raw = text[begin..at];
        if (at == text.Length ? at > Longest : raw.Length == 0)
            return Fit.None;
        var known = new Tag(open, Normalized(raw), closes)
        {
            HasLineBefore = line,
            IsUpper = raw.IndexOfAnyInRange('a', 'z') < 0,
            HasSpace = raw.Contains(':'),
        };
        if (raw.Length > LongestWord)
            return Fit.None;
        if (at == text.Length)
            return raw.Length == 0 || mayBecome(known) ? Fit.Partial : Fit.None;
        return isWanted(known) ? ReadEnd(text, at, close, isLoose, known, out tag) : Fit.None;
    }

    private static Fit ReadEnd(ReadOnlySpan<char> text, int at, string close, bool isLoose, Tag known, out Tag tag)
    {
        tag = default;
        var word = at;
        if (isLoose)
            Skip(text, ref at, char.IsWhiteSpace);
        var hasSpace = at > word;
        var line = isLoose && Skip(text, ref at, IsLine);
        var empty = Skip(text, ref at, c => c == '/');
        if (at > Longest)
            return Fit.None;
        var rest = text[at..];
        if (rest.StartsWith(close, StringComparison.Ordinal))
        {
            tag = known with { HasLineAfter = line, IsEmpty = empty, Length = at + close.Length };
            return Fit.Whole;
        }

        if (close.AsSpan().StartsWith(rest, StringComparison.Ordinal))
            return Fit.Partial;
        // What else may stand there says something of the tag: name="value", or =value.
        if (!isLoose || known.Closes || line || (!hasSpace && rest[0] != '='))
            return Fit.None;
        var end = rest.IndexOf(close, StringComparison.Ordinal);
        var attributes = end < 0 ? rest : rest[..end];
        if (attributes.Contains('<') || at + attributes.Length > Longest)
            return Fit.None;
        if (end < 0)
            return Fit.Partial;
        if (!attributes.Contains('='))
            return Fit.None;
        tag = known with { Attributes = attributes.ToString(), IsEmpty = attributes[^1] == '/', Length = at + end + close.Length };
        return Fit.Whole;
    }

    private static bool Skip(ReadOnlySpan<char> text, ref int at, Predicate<char> isSkipped)
    {
        var begin = at;
        while (at < text.Length && isSkipped(text[at]))
            at++;
        return at > begin;
    }

    // DeepSeek's signs have full-width lines and blocks for underscores.
    private static bool IsLine(char c) => c is '|' or '｜';

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '▁' or '-' or ':';

    private static string Normalized(ReadOnlySpan<char> raw)
    {
        var word = raw[(raw.LastIndexOf(':') + 1)..].ToString();
        return word.Replace('▁', '_').Replace('-', '_').ToLowerInvariant();
    }
}
