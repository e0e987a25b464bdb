namespace Kotodama.Voice;

/// <summary>How long a text takes to say, when no engine tells.</summary>
internal static class SpeakingTime
{
    // Natural rates of speech: about 4.5 Han signs, 7.5 kana and 14 letters a second.
    private const double Han = 222, Kana = 133, Letter = 70, Least = 300;

    /// <summary>An estimate, rather long than short.</summary>
    public static TimeSpan Of(string text)
    {
        if (text.Length == 0)
            return TimeSpan.Zero;
        var milliseconds = Least;
        foreach (var sign in text)
            milliseconds += sign switch { >= '\u3040' and <= '\u30FF' => Kana, >= '\u2E80' and <= '\uD7FF' => Han, _ => Letter };
        return TimeSpan.FromMilliseconds(milliseconds);
    }
}
