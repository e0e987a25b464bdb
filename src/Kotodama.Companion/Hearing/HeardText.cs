using System.Text.RegularExpressions;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// Makes text of what a model wrote: without its tags for language, emotion and sounds, and without times. Brackets stay where they may be
/// words: only a text of nothing but tags is nothing, and within a text only signs and tags go that no person says.
/// </summary>
internal static partial class HeardText
{
    private const int LongestTag = 60;

    private static readonly HashSet<string> Languages = new(StringComparer.OrdinalIgnoreCase) { "zh", "en", "ja", "ko", "yue" };

    private static readonly Dictionary<string, string> Emotions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HAPPY"] = "joy",
        ["SAD"] = "sad",
        ["ANGRY"] = "angry",
        ["NEUTRAL"] = "neutral",
        ["SURPRISED"] = "surprised",
        // The page has no faces for these two; the nearest ones.
        ["FEARFUL"] = "surprised",
        ["DISGUSTED"] = "angry",
    };

    /// <summary>What was said, in one line.</summary>
    /// <param name="written">What the model wrote.</param>
    /// <param name="isFinal">Whether it is the last word.</param>
    /// <param name="language">The language, when something else than the text tells it.</param>
    public static RecognitionResult Clean(string written, bool isFinal, string? language = null)
    {
        string? emotion = null;
        var text = Token().Replace(written, token =>
        {
            var name = token.Groups["name"].Value;
            if (Languages.Contains(name))
                language = name.ToLowerInvariant();
            else if (Emotions.TryGetValue(name, out var found))
                emotion = found;
            return " ";
        });
        text = Times().Replace(text, " ");
        text = Sign().Replace(text, " ");
        text = IsOnlyTags(text) ? "" : Sound().Replace(text, " ");
        return new RecognitionResult(Blank().Replace(text, " ").Trim(), isFinal, language, emotion);
    }

    /// <summary>Puts a text behind another, with a space where the script has one.</summary>
    public static string Join(string before, string after) =>
        NeedsSpace(before, after) ? before + " " + after : before + after;

    private static bool NeedsSpace(string before, string after) =>
        before.Length > 0 && after.Length > 0 && IsSpaced(before[^1]) && IsSpaced(after[0]) && !IsClosing(after[0]);

    private static bool IsOnlyTags(string text) =>
        !Group().Replace(text, group => group.Length <= LongestTag ? "" : group.Value).Any(char.IsLetterOrDigit);

    private static bool IsSpaced(char c) => c is > ' ' and < '\u1100';

    private static bool IsClosing(char c) => c is '.' or ',' or '!' or '?' or ';' or ':' or '\'' or ')';

    /// <summary>SenseVoice's: <c>&lt;|zh|&gt;</c>.</summary>
    [GeneratedRegex(@"<\s?\|\s?(?<name>[^|<>]{0,40}?)\s?\|\s?>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    /// <summary>whisper.cpp's program writes when a line was said.</summary>
    [GeneratedRegex(@"\[(\d+:)?\d+:\d+[.,]\d+ --> (\d+:)?\d+:\d+[.,]\d+\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();

    [GeneratedRegex("[♩♪♫♬]|🎵|🎶", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sign();

    /// <summary>What may be a tag when nothing else is there.</summary>
    [GeneratedRegex(
        @"\[[^\[\]]*\]|\([^()]*\)|\*[^*]*\*|（[^（）]*）|【[^【】]*】|<[^<>]*>",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Group();

    /// <summary>What is a tag anywhere.</summary>
    [GeneratedRegex(
        @"\[\s?(_[A-Z_0-9]+|BLANK_AUDIO|SILENCE|MUSIC|MUSIC PLAYING|NOISE|APPLAUSE|LAUGHTER|INAUDIBLE|SOUND)_?\s?\]"
        + @"|\(\s?(silence|music|music playing|applause|inaudible)\s?\)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sound();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blank();
}
