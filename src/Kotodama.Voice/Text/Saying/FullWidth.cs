namespace Kotodama.Voice.Text.Saying;

/// <summary>Full-width forms of letters, digits and the signs of calculations, which some engines pass over.</summary>
internal static class FullWidth
{
    private const int Distance = 'Ａ' - 'A';

    /// <summary>Copies a text with those forms as ASCII. Marks of East Asian sentences stay.</summary>
    /// <returns>Whether any was found.</returns>
    public static bool Narrow(ReadOnlySpan<char> text, Span<char> narrow)
    {
        text.CopyTo(narrow);
        if (!text.ContainsAnyInRange('\uFF01', '\uFFE6'))
            return false;
        var found = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            narrow[i] = c switch
            {
                >= '０' and <= '９' or >= 'Ａ' and <= 'Ｚ' or >= 'ａ' and <= 'ｚ' or '＋' or '＝' or '％' or '＄' =>
                    (char)(c - Distance),
                '￥' => '¥',
                '￡' => '£',
                '￠' => '¢',
                '￦' => '₩',
                '．' or '：' when IsDigit(text, i - 1) && IsDigit(text, i + 1) => (char)(c - Distance),
                '，' when IsThousand(text, i) => ',',
                '－' or '＜' or '＞' or '＊' or '／' or '＾' or '～' or '＃' when IsWord(text, i - 1) || IsWord(text, i + 1) =>
                    (char)(c - Distance),
                _ => c,
            };
            found |= narrow[i] != c;
        }

        return found;
    }

    private static bool IsDigit(ReadOnlySpan<char> text, int at) =>
        at >= 0 && at < text.Length && text[at] is >= '0' and <= '9' or >= '０' and <= '９';

    /// <summary>Whether a comma parts thousands. Between numbers of ASCII it is a mark.</summary>
    private static bool IsThousand(ReadOnlySpan<char> text, int at)
    {
        var end = at + 1;
        while (end < text.Length && end < at + 5 && text[end] is >= '０' and <= '９')
            end++;
        return end == at + 4 && at > 0 && text[at - 1] is >= '０' and <= '９';
    }

    private static bool IsWord(ReadOnlySpan<char> text, int at) =>
        at >= 0 && at < text.Length
        && (char.IsAsciiLetterOrDigit(text[at]) || (text[at] is >= '０' and <= 'ｚ' && char.IsLetterOrDigit(text[at])));
}
