namespace Kotodama.Voice.Text;

/// <summary>What language a text is in, by the characters it is written with.</summary>
internal static class Script
{
    private static readonly (char From, char To, string Language)[] Alphabets =
    [
        ('\u0370', '\u03FF', "el"), ('\u0400', '\u052F', "ru"), ('\u0590', '\u05FF', "he"), ('\u0600', '\u06FF', "ar"),
        ('\u0900', '\u097F', "hi"), ('\u0E00', '\u0E7F', "th"),
    ];

    /// <summary>Chinese characters. Those beyond 16 bits are met as surrogates.</summary>
    public static bool IsHan(char c) =>
        c is (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or '々' or '〇' or (>= '\uD840' and <= '\uD87F');

    /// <summary>Hiragana and katakana.</summary>
    public static bool IsKana(char c) =>
        c is (>= '\u3041' and <= '\u309F')
            or (>= '\u30A1' and <= '\u30FA')
            or (>= '\u30FC' and <= '\u30FF')
            or (>= '\uFF66' and <= '\uFF9D');

    /// <summary>Korean letters.</summary>
    public static bool IsHangul(char c) =>
        c is (>= '\uAC00' and <= '\uD7A3') or (>= '\u1100' and <= '\u11FF') or (>= '\u3130' and <= '\u318F');

    /// <summary>A character that is a syllable or more, and needs no space beside it.</summary>
    public static bool IsDense(char c) => IsHan(c) || IsKana(c) || IsHangul(c);

    /// <summary>The language of a text.</summary>
    /// <param name="text">What is said.</param>
    /// <param name="kana">Whether the reply has kana so far: then Chinese characters are Japanese.</param>
    /// <param name="told">The language that the reply was sent with. It decides where the script leaves a choice.</param>
    public static string LanguageOf(ReadOnlySpan<char> text, bool kana, string? told)
    {
        int han = 0, kanas = 0, hangul = 0, words = 0;
        string? alphabet = null;
        var within = false;
        foreach (var c in text)
        {
            han += IsHan(c) ? 1 : 0;
            kanas += IsKana(c) ? 1 : 0;
            hangul += IsHangul(c) ? 1 : 0;
            var letter = char.IsLetter(c) && !IsDense(c);
            words += letter && !within ? 1 : 0;
            within = letter;
            if (letter && c > '\u036F' && alphabet is null)
                alphabet = Array.Find(Alphabets, a => c >= a.From && c <= a.To).Language;
        }

        var primary = told?.Split('-')[0].ToLowerInvariant();
        // A few foreign words do not change the language around them.
        if ((han + kanas + hangul) * 2 > words)
        {
            if (kanas > 0)
                return primary == "ja" ? told! : "ja";
            if (hangul >= han)
                return primary == "ko" ? told! : "ko";
            return primary is "zh" or "yue" or "cmn" or "ja" ? told! : kana ? "ja" : "zh";
        }

        if (alphabet is not null)
            return primary is null || IsLatin(primary) ? alphabet : told!;
        return primary is not null && IsLatin(primary) ? told! : "en";
    }

    private static bool IsLatin(string primary) =>
        primary is not (
            "zh" or "yue" or "cmn" or "ja" or "ko" or "uk" or "be" or "bg" or "mk" or "sr" or "kk"
            or "fa" or "ur" or "mr" or "ne" or "und" or "")
        && !Array.Exists(Alphabets, a => a.Language == primary);
}
