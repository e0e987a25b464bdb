using System.Buffers;

namespace Kotodama.Voice.Text;

/// <summary>What marks do to speech.</summary>
internal static class Punctuation
{
    // The signs that end a sentence in scripts other than Latin, as Unicode lists them: wide and small forms, double ones, Greek, Armenian,
    // Arabic, Urdu, Syriac, N'Ko, Devanagari and its kin, Sinhala, Tibetan, Burmese, Georgian, Ethiopic, Canadian, Philippine, Khmer,
    // Mongolian, Limbu, Balinese and others of Indonesia, Lepcha, Ol Chiki, Vai, Bamum, Saurashtra, Cham, Meetei.
    private static readonly SearchValues<char> DenseHard = SearchValues.Create(
        "。！？｡．…︒︕︖﹒﹖﹗‼⁇⁈⁉⸮⸼\u037E։؝؞؟۔܀܁܂߹࠷࠹࠽࠾।॥෴།༎။჻።፧፨᙮᜵᜶។៕᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᰻᰼᱾᱿\uA4FF꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫");

    private static readonly SearchValues<char> DenseSoft = SearchValues.Create("，、；：—､︐︑︓︔﹐﹑﹔﹕،؛՝၊፣፤፥፦៖߸᠂᠈꘍꛵꓾");

    /// <summary>Ends a sentence.</summary>
    public static bool IsHard(char c) => c is '.' or '!' or '?' || IsDenseHard(c);

    /// <summary>Ends a sentence whatever follows.</summary>
    public static bool IsDenseHard(char c) => !IsLetterOfMost(c) && DenseHard.Contains(c);

    /// <summary>A short pause.</summary>
    public static bool IsSoft(char c) => c is ',' or ';' or ':' || IsDenseSoft(c);

    /// <summary>A short pause whatever follows.</summary>
    public static bool IsDenseSoft(char c) => !IsLetterOfMost(c) && DenseSoft.Contains(c);

    /// <summary>Among these marks one that is no mark between digits, as in １，０００ and ３．１４.</summary>
    public static bool IsOfNumbers(char c) => c is '．' or '，' or '：' or '、' or '﹒' or '﹐' or '،' or '—';

    /// <summary>ASCII, kana and Chinese characters: nearly all that is asked about, and no mark of these.</summary>
    private static bool IsLetterOfMost(char c) => c is <= '\x7F' or (>= '\u3041' and <= '\u9FFF');

    /// <summary>Belongs to what comes after it.</summary>
    public static bool IsOpening(char c) =>
        c is '(' or '[' or '（' or '「' or '『' or '“' or '‘' or '《' or '〈' or '【' or '〔' or '«' or '¿' or '¡';

    /// <summary>Belongs to what came before it. The straight quotes are both.</summary>
    public static bool IsClosing(char c) =>
        c is ')' or ']' or '）' or '」' or '』' or '”' or '’' or '》' or '〉' or '】' or '〕' or '»' or '"' or '\'';
}
