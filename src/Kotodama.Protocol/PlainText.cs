using System.Text;

namespace Kotodama.Protocol;

/// <summary>
/// A text of others for one line of a log or a terminal, cleaned when it is written: nothing is left in it that begins another line,
/// moves the cursor, changes colours, reorders what stands around it, or hides. What is not written costs nothing.
/// </summary>
public readonly struct PlainText
{
    private const char Dot = '·', Joiner = '\u200d', NonJoiner = '\u200c';

    private readonly string? _text;

    /// <summary>Takes a text.</summary>
    /// <param name="text">The text; null: an empty one.</param>
    public PlainText(string? text) => _text = text;

    /// <summary>Takes a text.</summary>
    /// <param name="text">The text; null: an empty one.</param>
    public static implicit operator PlainText(string? text) => new(text);

    /// <summary>The cleaned text.</summary>
    public override string ToString() => OneLine(_text);

    /// <summary>
    /// A text for one line: breaks of lines and tabs become spaces, other control characters dots, and what hides is left out.
    /// </summary>
    /// <param name="text">The text; null: an empty one.</param>
    public static string OneLine(string? text) => Clean(text, keepsLines: false);

    /// <summary>A text for several lines: the same, but breaks of lines and tabs stay.</summary>
    /// <param name="text">The text; null: an empty one.</param>
    public static string Lines(string? text) => Clean(text, keepsLines: true);

    /// <summary>Whether a character may not be shown as it is: a control or format character, or one that is never seen.</summary>
    /// <param name="rune">The character.</param>
    public static bool IsHidden(Rune rune) => rune.Value
        is < 0x20 or (>= 0x7f and <= 0x9f)
        or 0xad or 0x61c or 0x180e
        or (>= 0x200b and <= 0x200f) or (>= 0x2028 and <= 0x202e) or (>= 0x2060 and <= 0x206f)
        or (>= 0xfdd0 and <= 0xfdef) or 0xfeff or (>= 0xfff0 and <= 0xfffb)
        or (>= 0x1bca0 and <= 0x1bca3) or (>= 0x1d173 and <= 0x1d17a) or (>= 0xe0000 and <= 0xe0fff)
        || (rune.Value & 0xfffe) == 0xfffe;

    private static string Clean(string? text, bool keepsLines)
    {
        if (string.IsNullOrEmpty(text) || !NeedsCare(text))
            return text ?? "";
        var clean = new StringBuilder(text.Length);
        var before = default(Rune);
        for (var i = 0; i < text.Length;)
        {
            // Half of a pair stands for a character that is not there.
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) != System.Buffers.OperationStatus.Done)
                rune = Rune.ReplacementChar;
            var isBreak = rune.Value is '\n' or '\r' or 0x85 or 0x2028 or 0x2029;
            if (isBreak)
            {
                length = text.AsSpan(i).StartsWith("\r\n") ? 2 : length;
                clean.Append(keepsLines ? '\n' : ' ');
            }
            else if (rune.Value == '\t')
            {
                clean.Append(keepsLines ? '\t' : ' ');
            }
            else if (Stays(rune, before))
            {
                clean.Append(rune);
            }
            else if (Rune.IsControl(rune))
            {
                clean.Append(Dot);
            }

            before = rune;
            i += length;
        }

        return clean.ToString();
    }

    /// <summary>
    /// Joiners make families of emoji and the letters of Persian and Hindi, and one selector chooses the look of the sign before it. More
    /// of them, or where they join nothing, hide what is written with them.
    /// </summary>
    private static bool Stays(Rune rune, Rune before) => rune.Value switch
    {
        Joiner or NonJoiner => Rune.IsLetter(before) || IsMark(before) || Rune.IsSymbol(before),
        >= 0xfe00 and <= 0xfe0f => before.Value is < 0xfe00 or > 0xfe0f,
        _ => !IsHidden(rune),
    };

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    /// <summary>Nearly all texts need none.</summary>
    private static bool NeedsCare(string text)
    {
        foreach (var c in text)
            if (c is < ' ' or (>= '\x7f' and <= '\xad') or '\u061c' or '\u180e' or (>= '\u200b' and <= '\u206f') or >= '\ud800')
                return true;
        return false;
    }
}
