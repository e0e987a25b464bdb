using System.Globalization;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Voice.Text;

namespace Kotodama.Voice.Synthesis;

/// <summary>Follows how much of a text has become sound, for the moment at which the sound breaks off.</summary>
/// <param name="text">The text.</param>
/// <param name="speed">How fast it is spoken.</param>
internal sealed class SpokenPart(string text, double speed)
{
    // A word of which less was heard was not heard.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(60);

    private readonly List<WordMark> _words = [];
    private long _bytes;
    private int _rate;

    /// <summary>Takes note of a piece.</summary>
    public void Note(SpeechChunk chunk)
    {
        switch (chunk)
        {
            case SpeechFormatChunk format:
                _rate = format.Rate;
                break;
            case SpeechSoundChunk sound:
                _bytes += sound.Data.Length;
                break;
            case SpeechMarksChunk marks:
                _words.AddRange(marks.Words);
                break;
        }
    }

    /// <summary>
    /// Where the rest begins: after the last word that was heard, or, without marks of words, after as much as so much sound would say. The
    /// text's length when nothing is left to say.
    /// </summary>
    public int Rest()
    {
        if (_rate == 0 || _bytes == 0)
            return 0;
        var heard = TimeSpan.FromSeconds(_bytes / 2.0 / _rate);
        return heard < Least ? 0 : Skip(_words.Count == 0 ? Estimate(heard) : Marked(heard));
    }

    private static bool IsSpoken(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.CurrencySymbol or UnicodeCategory.MathSymbol;

    private static bool Opens(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.OpenPunctuation
        or UnicodeCategory.InitialQuotePunctuation
        or UnicodeCategory.DashPunctuation;

    private int Marked(TimeSpan heard)
    {
        var last = -1;
        for (var i = 0; i < _words.Count && _words[i].At + Least <= heard; i++)
            last = i;
        return last < 0 ? 0 : Math.Clamp(_words[last].Start + _words[last].Length, 0, text.Length);
    }

    private int Estimate(TimeSpan heard)
    {
        var (at, said) = (0, TimeSpan.Zero);
        foreach (var rune in text.EnumerateRunes())
        {
            // A word that has begun is not said again; in scripts without spaces each letter stands for itself.
            var joins = Rune.IsLetterOrDigit(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherLetter;
            var inWord = joins && at > 0 && char.IsLetterOrDigit(text[at - 1]);
            if (said >= heard && !inWord)
                return at;
            said += SpeakingTime.Of(rune) / speed;
            at += rune.Utf16SequenceLength;
        }

        return text.Length;
    }

    // What closes the part that was heard does not open the rest.
    private int Skip(int at)
    {
        if (at == 0)
            return 0;
        var rest = at;
        foreach (var rune in text[at..].EnumerateRunes())
        {
            if (IsSpoken(rune) || Opens(rune))
                break;
            rest += rune.Utf16SequenceLength;
        }

        return text[rest..].EnumerateRunes().Any(IsSpoken) ? rest : text.Length;
    }
}
