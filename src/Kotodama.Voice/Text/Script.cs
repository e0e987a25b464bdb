using System.Buffers;

namespace Kotodama.Voice.Text;

/// <summary>What language a text is in, by the characters it is written with.</summary>
internal static class Script
{
    /// <summary>Scripts, each with languages that are written in it. The first one is meant unless the reply names another.</summary>
    private static readonly Alphabet[] Alphabets =
    [
        new('\u0370', '\u03FF', "el"), new('\u1F00', '\u1FFF', "el"),
        new('\u0400', '\u052F', "ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg", "tt", "uz", "az", "bs"),
        new('\u0531', '\u058F', "hy"), new('\u0590', '\u05FF', "he", "yi", "iw"),
        new('\u0600', '\u06FF', "ar", "fa", "ur", "ps", "ckb", "ku", "sd", "ug", "ks", "pa", "az", "ms"),
        new('\u0750', '\u077F', "ar", "fa", "ur", "ps", "sd"),
        new('\uFB50', '\uFDFF', "ar", "fa", "ur", "ps"), new('\uFE70', '\uFEFC', "ar", "fa", "ur", "ps"),
        new('\u0700', '\u074F', "syr", "arc"), new('\u0780', '\u07BF', "dv"), new('\u07C0', '\u07FF', "nqo"),
        new('\u0900', '\u097F', "hi", "mr", "ne", "sa", "kok", "mai", "bho", "sd", "ks"), new('\u0980', '\u09FF', "bn", "as"),
        new('\u0A00', '\u0A7F', "pa"), new('\u0A80', '\u0AFF', "gu"), new('\u0B00', '\u0B7F', "or"), new('\u0B80', '\u0BFF', "ta"),
        new('\u0C00', '\u0C7F', "te"), new('\u0C80', '\u0CFF', "kn"), new('\u0D00', '\u0D7F', "ml"), new('\u0D80', '\u0DFF', "si"),
        new('\u0E00', '\u0E7F', "th"), new('\u0E80', '\u0EFF', "lo"), new('\u0F00', '\u0FFF', "bo", "dz"), new('\u1000', '\u109F', "my"),
        new('\u10A0', '\u10FF', "ka"), new('\u1C90', '\u1CBF', "ka"), new('\u1200', '\u139F', "am", "ti"), new('\u13A0', '\u13FF', "chr"),
        new('\u1400', '\u167F', "iu", "cr"), new('\u1780', '\u17FF', "km"), new('\u1800', '\u18AF', "mn"), new('\uA000', '\uA4CF', "ii"),
    ];

    private static readonly SearchValues<char> Urdu = SearchValues.Create("ٹڈڑںھہۂۃےۓ۔");
    private static readonly SearchValues<char> Persian = SearchValues.Create("پچژگکی");
    private static readonly string[] Unspaced = ["zh", "yue", "cmn", "ja", "ko", "und", ""];

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
        Alphabet? alphabet = null;
        var within = false;
        foreach (var c in text)
        {
            han += IsHan(c) ? 1 : 0;
            kanas += IsKana(c) ? 1 : 0;
            hangul += IsHangul(c) ? 1 : 0;
            var letter = char.IsLetter(c) && !IsDense(c);
            words += letter && !within ? 1 : 0;
            within = letter || (within && ClauseSplitter.IsPartOfCluster(c));
            if (letter && c > '\u036F' && alphabet is null)
                alphabet = Array.Find(Alphabets, a => c >= a.From && c <= a.To);
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
            return primary is not null && alphabet.Languages.Contains(primary, StringComparer.Ordinal) ? told! : FirstOf(alphabet, text);
        return primary is not null && IsLatin(primary) ? told! : "en";
    }

    /// <summary>Arabic letters that only Urdu or Persian have tell them from Arabic.</summary>
    private static string FirstOf(Alphabet alphabet, ReadOnlySpan<char> text)
    {
        if (alphabet.Languages[0] != "ar")
            return alphabet.Languages[0];
        if (text.ContainsAny(Urdu))
            return "ur";
        return text.ContainsAny(Persian) ? "fa" : "ar";
    }

    private static bool IsLatin(string primary) =>
        !Unspaced.Contains(primary, StringComparer.Ordinal)
        && (primary is "uz" or "az" or "bs" or "sr" or "ku" or "ms"
            || !Array.Exists(Alphabets, a => a.Languages.Contains(primary, StringComparer.Ordinal)));

    /// <param name="From">The first character.</param>
    /// <param name="To">The last one.</param>
    /// <param name="Languages">The languages.</param>
    private sealed record Alphabet(char From, char To, params string[] Languages);
}
