using System.Text.RegularExpressions;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// Makes text of what a model wrote: without its tags for language, emotion and sounds, without emoji and times. Brackets stay where they
/// may be words: only a text of nothing but brackets is nothing, and within a text only those go that no person says.
/// </summary>
internal static partial class HeardText
{
    private const int LongestTag = 60;

    /// <summary>Stands where a tag was, until what is around it is closed up.</summary>
    private const char Gone = '\u0001';

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

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
        // SenseVoice's own cleaning writes them so.
        ["😊"] = "joy",
        ["😔"] = "sad",
        ["😡"] = "angry",
        ["😮"] = "surprised",
        ["😰"] = "surprised",
        ["🤢"] = "angry",
    };

    /// <summary>What was said, in one line.</summary>
    /// <param name="written">What the model wrote.</param>
    /// <param name="isFinal">Whether it is the last word.</param>
    /// <param name="language">The language, when something else than the text tells it.</param>
    public static RecognitionResult Clean(string written, bool isFinal, string? language = null) =>
        Clean(new RecognitionResult(written, isFinal, language));

    /// <summary>What was said, in one line.</summary>
    /// <param name="result">What the model wrote, and what else it told. A tag in the text counts more.</param>
    public static RecognitionResult Clean(RecognitionResult result)
    {
        var (language, emotion) = (result.Language, result.Emotion);
        var text = result.Text.Replace(Gone, ' ');
        if (!result.IsFinal)
            text = Unfinished().Replace(text, "");
        text = Prefix().Replace(text, prefix =>
        {
            language = prefix.Groups["name"].Value.Split(',').Select(HeardLanguage.Find).FirstOrDefault(l => l is not null) ?? language;
            return $"{Gone}";
        });
        text = Token().Replace(text, token => Take(token.Groups["name"].Value, mayBeLanguage: true));
        text = Element().Replace(text, element => Take(element.Groups["name"].Value, mayBeLanguage: IsFirst(text, element.Index)));
        text = Times().Replace(text, $"{Gone}");
        text = Emoji().Replace(text, emoji =>
        {
            emotion = Emotions.GetValueOrDefault(emoji.Value) ?? emotion;
            return $"{Gone}";
        });
        if (IsOnlyTags(text))
            text = "";

        // Twice, because brackets stand in brackets.
        for (var i = 0; i < 2; i++)
        {
            text = Group().Replace(
                text,
                group => IsLanguage(text, group) || SoundWords.IsTag(group.Value.Replace(Gone, ' ')) ? $"{Gone}" : group.Value);
        }

        return new RecognitionResult(Closed(text), result.IsFinal, language, emotion);

        string Take(string name, bool mayBeLanguage)
        {
            name = Kind().Replace(name, "");
            if (mayBeLanguage)
                language = HeardLanguage.Find(name) ?? language;
            emotion = Emotions.GetValueOrDefault(name) ?? emotion;
            return $"{Gone}";
        }

        bool IsLanguage(string whole, Match group)
        {
            if (group.Value[0] != '[' || !IsFirst(whole, group.Index))
                return false;
            if (HeardLanguage.Find(Kind().Replace(group.Value[1..^1], "")) is not { } found)
                return false;
            language = found;
            return true;
        }
    }

    /// <summary>Puts a text behind another, with a space where the script has one.</summary>
    public static string Join(string before, string after) =>
        NeedsSpace(before, after) ? before + " " + after : before + after;

    private static bool NeedsSpace(string before, string after) =>
        before.Length > 0 && after.Length > 0 && IsSpaced(before[^1]) && IsSpaced(after[0]) && !IsClosing(after[0]);

    private static bool IsOnlyTags(string text) =>
        !Group().Replace(text, group => group.Length <= LongestTag ? "" : group.Value).Any(char.IsLetterOrDigit);

    private static bool IsFirst(string text, int index) => !text.AsSpan(0, index).ContainsAnyExcept(Gone, ' ', '\n');

    /// <summary>Closes up what stood around tags: no sign is left alone, and scripts without spaces get none.</summary>
    private static string Closed(string text)
    {
        text = Orphan().Replace(text, " ");
        text = BeforeSign().Replace(text, "");
        text = WithoutSpace().Replace(text, "");
        return Blank().Replace(text, " ").Trim();
    }

    private static bool IsSpaced(char c) => c is > ' ' and < '\u1100';

    private static bool IsClosing(char c) => c is '.' or ',' or '!' or '?' or ';' or ':' or '\'' or ')';

    /// <summary>Qwen's, <c>language Chinese&lt;asr_text&gt;</c>, and the like.</summary>
    [GeneratedRegex(
        @"\blanguage\s*[:=]?\s*(?<name>\p{L}[\p{L}, _-]{0,60}?)?\s*<\|?(asr_)?(text|transcript|transcription)\|?>"
        + @"|<(?<tag>language|lang)>\s*(?<name>[\p{L}-]{1,30})\s*</\k<tag>>",
        Options | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();

    /// <summary>SenseVoice's and Whisper's: <c>&lt;|zh|&gt;</c>.</summary>
    [GeneratedRegex(@"[<＜]\s?[|｜]\s?(?<name>[^|｜<>＜＞]{0,40}?)\s?[|｜]\s?[>＞]", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    /// <summary>
    /// Kaldi's, NeMo's and others': <c>&lt;noise&gt;</c>, <c>&lt;/s&gt;</c>. No recognizer writes what a person said in these.
    /// </summary>
    [GeneratedRegex(@"[<＜]/?(?<name>[\p{L}_][\p{L}\p{Nd}_.:= -]{0,40}?)\s?/?[>＞]", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Element();

    /// <summary>What stands before the name of a language or an emotion.</summary>
    [GeneratedRegex(@"^\s*(lang|language|emo|emotion)\s*[:=_]\s*|\s+$", Options | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Kind();

    /// <summary>The beginning of a tag at the end of a guess, and the whole of what stands before Qwen's text.</summary>
    [GeneratedRegex(
        @"([<＜]([|｜/\p{L}_][^<>＜＞]{0,40})?|\[[A-Z_ ]{0,30})$|^\s*language(\s+\p{L}+(,\s*\p{L}+)*)?\s*(<[^>]*)?$",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfinished();

    /// <summary>When a line was said, as whisper.cpp's program and faster-whisper's write it.</summary>
    [GeneratedRegex(@"\[?(\d+:){0,2}\d+[.,]\d+s?\s*-+>\s*(\d+:){0,2}\d+[.,]\d+s?\]?", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();

    /// <summary>
    /// Emoji with what belongs to them, notes and other pictures. The signs of a sharp and a flat are words, and so are © and ™.
    /// </summary>
    [GeneratedRegex(
        @"([\uD83C-\uD83E][\uDC00-\uDFFF]|[\u2300-\u23FF\u2600-\u266C\u2670-\u27BF\u2B00-\u2BFF]|\uDB40[\uDC20-\uDC7F]"
        + @"|[\uFE0E\uFE0F\u20E3])+?"
        + @"([\uFE0E\uFE0F\u20E3]|\uD83C[\uDFFB-\uDFFF])*(\u200D(?=[\uD83C-\uD83E\u2300-\u27BF]))?",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Emoji();

    /// <summary>What may be a tag when nothing else is there.</summary>
    [GeneratedRegex(
        @"\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}|\*[^*]*\*|（[^（）]*）|【[^【】]*】|［[^［］]*］|〔[^〔〕]*〕|＊[^＊]*＊|<[^<>]*>",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Group();

    /// <summary>A sign that belonged to a tag, which had nothing before it.</summary>
    [GeneratedRegex(@"(?<=^\s*|[.。!！?？,，、;；:：]\s*)\u0001[\s\u0001]*[.。,，、;；:：!！?？]+", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Orphan();

    [GeneratedRegex(@"\s*\u0001[\s\u0001]*(?=[.。,，、;；:：!！?？])", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BeforeSign();

    /// <summary>Chinese and Japanese, and their signs. Korean has spaces.</summary>
    [GeneratedRegex(
        @"(?<=[\u2E80-\u9FFF\uF900-\uFAFF\uFE30-\uFFEF])\s*\u0001[\s\u0001]*(?=[\u2E80-\u9FFF\uF900-\uFAFF\uFE30-\uFFEF])",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithoutSpace();

    [GeneratedRegex(@"[\s\u0001]+", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blank();
}
