using System.Globalization;
using System.Text;

namespace Kotodama.Voice.Text;

/// <summary>How long a text takes to say, when no engine tells.</summary>
internal static class SpeakingTime
{
    // Natural rates of speech: about 4.5 Han signs or syllables of Hangul, 7.5 kana and 14 letters a second.
    private const double Sign = 222, Kana = 133, Letter = 70, Other = 20, Least = 300;

    /// <summary>An estimate, rather long than short.</summary>
    public static TimeSpan Of(string text)
    {
        if (text.Length == 0)
            return TimeSpan.Zero;
        var time = TimeSpan.FromMilliseconds(Least);
        foreach (var rune in text.EnumerateRunes())
            time += Of(rune);
        return time;
    }

    /// <summary>What one sign takes.</summary>
    public static TimeSpan Of(Rune rune) => TimeSpan.FromMilliseconds(rune.Value switch
    {
        >= 0x3040 and <= 0x30FF => Kana,
        _ when !Rune.IsLetterOrDigit(rune) => Other,
        >= 0x2E80 when Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherLetter => Sign,
        _ => Letter,
    });
}
