using System.Globalization;
using System.Text;

namespace Kotodama.Voice.Text;

/// <summary>
/// Says signs that are no markup, one at a time: letters, digits, marks, and the operators between them. What has no sound leaves a space
/// between its neighbours, or a pause.
/// </summary>
/// <param name="output">Takes what is spoken.</param>
internal sealed class SpokenSigns(SpokenOutput output)
{
    /// <summary>The sign that was read last, spoken or not.</summary>
    public char Before { get; set; } = '\n';

    /// <summary>Reads the sign at the beginning of a text.</summary>
    /// <param name="rest">The text.</param>
    /// <param name="place">Where it stands in the reply.</param>
    /// <returns>How many characters it is long.</returns>
    public int Read(ReadOnlySpan<char> rest, int place)
    {
        var taken = char.IsAscii(rest[0]) ? Ascii(rest, place) : Rune(rest, place);
        Before = rest[taken - 1];
        return taken;
    }

    /// <summary>Whether what comes after a sign tells how it is said.</summary>
    public static bool NeedsNext(char c) => c is '´' or 'ʹ' or '｀' or '′' or '‛' or '’' or '＾' or '∗' or '＊' or '＜' or '＞' or '﹤' or '﹥'
        or '\u2010' or '\u2011' or '\u2012' or '－' or '﹣';

    /// <summary>Whether two letters of a script with spaces stand around a sign, as around the apostrophe of "it's".</summary>
    public static bool IsWithin(char before, char after) => IsSpaced(before) && IsSpaced(after);

    private static bool IsSpaced(char c) => char.IsLetter(c) && !Script.IsDense(c);

    private int Ascii(ReadOnlySpan<char> rest, int place)
    {
        var c = rest[0];
        var next = rest.Length > 1 ? rest[1] : ' ';
        switch (c)
        {
            case ' ':
                output.Space(place);
                break;
            case '-':
                return Dash(rest, next, place);
            case '=':
                return Equal(rest, place);
            case '+' when output.LineHasWords || char.IsDigit(next):
            case '#' when char.IsLetter(output.Last):
            case '^' when IsOperand(output.Last) && (IsOperand(next) || next is '(' or '{' or '-' or '−'):
            case '*' when char.IsDigit(output.Last) && char.IsDigit(next):
            case '/' or '&' or '@' or '%' or '$' or '"' or '\'':
                output.Put(c, place);
                break;
            case ':' when next == '\\':
                // The drive of a path: its sign is no pause.
                output.Leave(place, Gap.Space);
                break;
            case '.' when IsOfName(next):
                output.PutPlain(c, place);
                break;
            case '.' when output.Last == ' ' && IsFolder(rest):
                output.Leave(place, Gap.Space);
                break;
            case '(' or ')' or '{' or '}' or '[' or ']':
                output.Bracket(c, place);
                break;
            default:
                if (char.IsAsciiLetterOrDigit(c) || (output.LineHasWords && (Punctuation.IsHard(c) || Punctuation.IsSoft(c))))
                    output.Put(c, place);
                else if (!char.IsControl(c))
                    output.Leave(place, Gap.Space);
                break;
        }

        return 1;
    }

    private static bool IsOperand(char c) => char.IsLetterOrDigit(c) || c is ')' or '}' or ']';

    /// <summary>The point of .NET and .5 belongs to what follows it.</summary>
    private bool IsOfName(char next) =>
        char.IsAsciiLetterOrDigit(next) && Before != '.' && (output.Last is ' ' or '\n' or '"' || Punctuation.IsOpening(Before));

    /// <summary>The points of ./it and ../it end no sentence.</summary>
    private static bool IsFolder(ReadOnlySpan<char> rest) => rest.TrimStart('.') is ['/' or '\\', ..];

    private int Dash(ReadOnlySpan<char> rest, char next, int place)
    {
        var run = Markup.Run(rest);
        var after = run < rest.Length ? rest[run] : ' ';
        if (run == 1 && after == '>')
        {
            output.Pause(place);
            return 1;
        }

        if (run == 1 && (char.IsLetterOrDigit(next) || (IsOperand(Before) && next is '(' or '$' or '€' or '£' or '¥')))
        {
            if (char.IsDigit(next) || char.IsLetterOrDigit(Before) || output.Last != '\n')
                output.Put('-', place);
            return 1;
        }

        if (run == 1 && next == '.' && rest.Length > 2 && char.IsAsciiDigit(rest[2]))
        {
            output.Put('-', place);
            return 1;
        }

        if (run > 1 && output.Last == ' ' && char.IsLetterOrDigit(after))
            return run;
        output.Pause(place);
        return run;
    }

    /// <summary>Signs that mark or underline words are no equals signs.</summary>
    private int Equal(ReadOnlySpan<char> rest, int place)
    {
        var run = Markup.Run(rest);
        var after = run < rest.Length ? rest[run] : ' ';
        var marks = run == 2 && char.IsLetterOrDigit(Before) != char.IsLetterOrDigit(after);
        if (run > 2 || marks || after == '>' || !output.LineHasWords)
            output.Leave(place, Gap.Space);
        else
            for (var i = 0; i < run; i++)
                output.Put('=', place + i);
        return run;
    }

    private int Rune(ReadOnlySpan<char> rest, int place)
    {
        System.Text.Rune.DecodeFromUtf16(rest, out var rune, out var length);
        if (rune == System.Text.Rune.ReplacementChar)
            return 1;
        var category = System.Text.Rune.GetUnicodeCategory(rune);
        switch (category)
        {
            case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                output.EndLine(place);
                return length;
            case UnicodeCategory.SpaceSeparator:
                output.Space(place);
                return length;
            case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
            case UnicodeCategory.EnclosingMark:
                return length;
            case UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation:
            case UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation:
                Quote(rest, place);
                return length;
        }

        if (Spoken(rest, rune, category) is { } spoken)
            output.Put(spoken, place);
        else if (IsSpoken(rest[0], rune, category))
            for (var i = 0; i < length; i++)
                output.Put(rest[i], place + i);
        else
            Leave(category, rune, place);
        return length;
    }

    private void Quote(ReadOnlySpan<char> rest, int place)
    {
        if (rest[0] == '’' && rest.Length > 1 && IsWithin(Before, rest[1]))
            output.Put('’', place);
        else
            output.Bracket(rest[0], place);
    }

    private void Leave(UnicodeCategory category, Rune rune, int place)
    {
        if (category is UnicodeCategory.DashPunctuation && output.LineHasWords)
            output.Pause(place);
        else if (category is not UnicodeCategory.NonSpacingMark || rune.Value is not (>= 0xFE00 and <= 0xFE0F or >= 0xE0100))
            output.Leave(place, Gap.Space);
        if (category is UnicodeCategory.OtherSymbol)
            output.SentenceBegins = true;
    }

    /// <summary>The usual sign for one that is written in another way; null: it has none.</summary>
    private char? Spoken(ReadOnlySpan<char> rest, Rune rune, UnicodeCategory category)
    {
        var next = rest.Length > 1 ? rest[1] : ' ';
        return rest[0] switch
        {
            '´' or 'ʹ' or '｀' or '′' or '‛' when IsWithin(Before, next) => '\'',
            '＜' or '﹤' when Compares(next) => '<',
            '＞' or '﹥' when Compares(next) => '>',
            '＾' when IsOperand(output.Last) && IsOperand(next) => '^',
            '∗' or '＊' when output.IsOperand && char.IsDigit(next) => '*',
            '∕' or '⁄' when output.IsOperand => '/',
            '⋯' when output.LineHasWords => '…',
            '\u2010' or '\u2011' or '－' or '﹣' or '\u2012' when IsOperand(next) && (IsOperand(Before) || char.IsDigit(next)) => '-',
            _ => null,
        };
    }

    /// <summary>Between words with spaces around it, or beside a number: else it may be that of a tag that is shown as text.</summary>
    private bool Compares(char next) =>
        output.IsWord && (Before == ' ' ? next == ' ' : IsOperand(next) && (char.IsDigit(Before) || char.IsDigit(next)));

    private bool IsSpoken(char c, Rune rune, UnicodeCategory category) => category switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark =>
            output.Last is not (' ' or '\n') && rune.Value is not (>= 0xFE00 and <= 0xFE0F or >= 0xE0100),
        UnicodeCategory.MathSymbol => c is '±' or '×' or '÷' or '≠' or '≤' or '≥' or '≈' or '−' or '√' or '＋' or '＝' or '∞'
            || (output.IsOperand && c is '≦' or '≧' or '≒' or '∓' or '⋅' or '∙'),
        UnicodeCategory.OtherSymbol => c is '°' or '℃' or '℉' or '№' or (>= '\u3300' and <= '\u33FF'),
        UnicodeCategory.CurrencySymbol => true,
        UnicodeCategory.DashPunctuation => c is '—' or '–' && output.LineHasWords,
        UnicodeCategory.OtherPunctuation => output.LineHasWords && c is not ('•' or '※' or '⁂' or '†' or '‡' or '＊' or '＃' or '＼'),
        UnicodeCategory.ConnectorPunctuation => false,
        _ => System.Text.Rune.IsLetterOrDigit(rune) || System.Text.Rune.IsNumber(rune),
    };
}
