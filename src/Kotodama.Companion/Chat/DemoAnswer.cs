using System.Text.RegularExpressions;
using Kotodama.Companion.Memory;
using Kotodama.Voice.Text;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat;

/// <summary>What the built-in demo answers: rules over the words of the person, nothing else.</summary>
internal static partial class DemoAnswer
{
    private const int LongestEcho = 300, LongestCount = 20;

    private const string HanNumbers = "一二三四五六七八九十";

    private static readonly string[] EnglishNumbers =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    private static readonly string[] Weekdays = ["日", "一", "二", "三", "四", "五", "六"];
    private static readonly string[] JapaneseWeekdays = ["日", "月", "火", "水", "木", "金", "土"];

    /// <summary>The answer, with tags of emotions.</summary>
    /// <param name="messages">The conversation, ending with what the person said.</param>
    /// <param name="now">The local time.</param>
    public static string To(IReadOnlyList<ChatMessage> messages, DateTimeOffset now)
    {
        var said = messages.Where(m => m.Role == ChatRole.User).Select(Said).ToArray();
        var text = said.LastOrDefault() ?? "";
        var language = Language(text, said);
        var texts = DemoTexts.Of(language);
        if (Echo().Match(text) is { Success: true } echo)
            return "[neutral] " + Shortened(echo.Groups["what"].Value);
        if (Count().Match(text) is { Success: true } count)
            return "[joy] " + Counted(count, language);
        if (MyName().Match(text) is { Success: true } name && Named(name) is { Length: > 0 and <= 30 } given)
            return string.Format(texts.NiceToMeet, given);
        var intent = DemoTexts.Intent(text);
        return intent switch
        {
            DemoIntent.Repeat => Last(messages) is { } last ? "[neutral] " + last : texts.NothingToRepeat,
            DemoIntent.Time => string.Format(texts.Time, now.ToString("HH:mm")),
            DemoIntent.Date => string.Format(texts.Date, Date(now, language)),
            DemoIntent.MyName => said.SkipLast(1).Select(s => MyName().Match(s)).LastOrDefault(m => m.Success) is { } known
                ? string.Format(texts.YouAre, Named(known)) : texts.UnknownName,
            _ => Variant(texts.Answers[intent], said.Length),
        };
    }

    private static string Said(ChatMessage message) => message.Contents.OfType<TextContent>().LastOrDefault()?.Text.Trim() ?? "";

    // Chinese characters alone are Japanese for a user who has written kana.
    private static string Language(string text, string[] said)
    {
        var language = Script.LanguageOf(text, said.Any(s => s.Any(Script.IsKana)), null);
        return language is "zh" or "ja" ? language : "en";
    }

    private static string Variant(string[] answers, int turn) => answers[turn % answers.Length];

    private static string Shortened(string text) =>
        text.Length <= LongestEcho ? text : text[..(char.IsHighSurrogate(text[LongestEcho - 1]) ? LongestEcho - 1 : LongestEcho)] + "…";

    private static string? Last(IReadOnlyList<ChatMessage> messages)
    {
        var last = messages.LastOrDefault(m => m.Role == ChatRole.Assistant)?.Text;
        return string.IsNullOrWhiteSpace(last) ? null : Tag().Replace(last, "").Trim();
    }

    private static string Named(Match name) => name.Groups["name"].Value.Trim(' ', '.', '!', '。', '！');

    private static string Counted(Match count, string language)
    {
        var word = count.Groups["number"].Value.ToLowerInvariant();
        var numbers = Enumerable.Range(1, Math.Clamp(Number(word), 1, LongestCount));
        return language == "en" ? string.Join(", ", numbers) + "." : string.Join("、", numbers) + "。";
    }

    private static int Number(string word)
    {
        if (int.TryParse(word, out var digits))
            return digits;
        return 1 + Math.Max(Array.IndexOf(EnglishNumbers, word), HanNumbers.IndexOf(word, StringComparison.Ordinal));
    }

    private static string Date(DateTimeOffset now, string language) => language switch
    {
        "zh" => $"{now:yyyy年M月d日}，星期{Weekdays[(int)now.DayOfWeek]}",
        "ja" => $"{now:yyyy年M月d日}、{JapaneseWeekdays[(int)now.DayOfWeek]}曜日",
        _ => now.ToString("dddd, d MMMM yyyy"),
    };

    [GeneratedRegex(
        @"^(?:echo|say(?!\s+(?:that|it)\s+again)|repeat after me|跟我说|请说|说一句|おうむ返し|繰り返して)\s*[:：,，]?\s+(?<what>\S.*)$"
        + @"|^(?:跟我说|请说|说一句|おうむ返し|繰り返して)\s*[:：,，]?\s*(?<what>\S.*)$"
        + @"|^「(?<what>[^」]+)」と言って",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Echo();

    [GeneratedRegex(
        @"\bcount\s+(?:up\s+)?(?:from\s+\w+\s+)?to\s+(?<number>\d{1,4}|[a-z]+)"
        + @"|数到\s*(?<number>\d{1,4}|[一二三四五六七八九十])"
        + @"|(?<number>\d{1,4}|[一二三四五六七八九十])\s*まで(?:数|かぞ)え",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Count();

    [GeneratedRegex(
        @"\b(?:my name is|i am called|call me)\s+(?<name>[\p{L}][\p{L}\p{M}' -]{0,29})"
        + @"|(?:我叫|我的名字是|叫我)(?!什么|啥)(?<name>[\p{L}·]{1,20})"
        + @"|(?:私の名前は|僕の名前は|わたしの名前は)(?!何|なん)(?<name>[\p{L}ー・]{1,20}?)(?:です|だよ|。|$)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MyName();

    [GeneratedRegex(@"\[[a-z]{2,20}\]\s*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
