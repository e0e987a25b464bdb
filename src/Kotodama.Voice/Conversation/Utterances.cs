using System.Text;

namespace Kotodama.Voice;

/// <summary>What the words of a person tell a conversation, apart from their meaning. Pure.</summary>
internal static class Utterances
{
    /// <summary>Of what is heard back from loudspeakers most words are those that are being spoken.</summary>
    private const double EchoOverlap = 0.7;

    private static readonly HashSet<string> StopWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "stop", "wait", "hold on", "be quiet", "quiet", "shut up", "enough", "stop it", "stop please", "please stop", "wait a moment", "one moment", "stop talking",
        "停", "停下", "停一下", "别说了", "不要说了", "住口", "安静", "等等", "等一下", "等一等", "闭嘴", "够了",
        "ストップ", "止まって", "止めて", "やめて", "待って", "ちょっと待って", "静かに", "黙って", "もういい",
    };

    private static readonly HashSet<string> Backchannels = new(StringComparer.OrdinalIgnoreCase)
    {
        "mhm", "mm", "mmm", "hmm", "hm", "uh huh", "uh-huh", "mm hmm", "mm-hmm", "yeah", "yes", "yep", "ok", "okay", "right", "i see", "oh", "ah", "uh", "um", "aha", "really", "wow",
        "嗯", "嗯嗯", "哦", "噢", "啊", "对", "对对", "是", "是的", "好", "好的", "哈哈", "哇",
        "うん", "うんうん", "はい", "ええ", "へえ", "へー", "ああ", "あー", "そう", "そうそう", "なるほど", "ふーん", "おお",
    };

    private static readonly string[] Unfinished =
    [
        "and", "so", "um", "uh", "but", "or", "because", "then", "the", "a", "to", "if", "when", "with", "that", "which",
        "然后", "那个", "因为", "但是", "所以", "如果", "还有", "就是", "而且", "或者", "嗯",
        "えっと", "けど", "から", "でも", "それで", "あの", "そして", "だから", "ので", "が", "えーと",
    ];

    private const string SentenceEnds = ".!?。！？…";

    /// <summary>Whether somebody only wants silence.</summary>
    public static bool IsStop(string text) => StopWords.Contains(Bare(text));

    /// <summary>Whether somebody only says that they listen.</summary>
    public static bool IsBackchannel(string text) => Backchannels.Contains(Bare(text));

    /// <summary>How long to wait for more: not at all after a sentence, longer after a word that wants to go on.</summary>
    public static TimeSpan EndpointDelay(string text, TimeSpan normal)
    {
        var trimmed = text.AsSpan().TrimEnd();
        if (trimmed.IsEmpty)
            return normal;
        if (SentenceEnds.Contains(trimmed[^1]))
            return TimeSpan.Zero;
        var bare = Bare(text);
        foreach (var word in Unfinished)
            if (bare.EndsWith(word, StringComparison.OrdinalIgnoreCase) && (word[0] > 0x7f || bare.Length == word.Length || bare[^(word.Length + 1)] == ' '))
                return normal * 3;
        return normal;
    }

    /// <summary>Whether so much was said that it is no noise: two words, or two characters of a script without spaces.</summary>
    public static bool IsSubstantial(string text) => Units(text).Count >= 2;

    /// <summary>Whether a text is what the character itself is saying, heard back by the microphone.</summary>
    public static bool IsEcho(string text, string spoken)
    {
        var heard = Units(text);
        if (heard.Count == 0)
            return false;
        var said = Units(spoken).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return heard.Count(said.Contains) >= heard.Count * EchoOverlap;
    }

    /// <summary>Joins two things that somebody said one after the other.</summary>
    public static string Join(string first, string second)
    {
        if (first.Length == 0 || second.Length == 0)
            return first + second;
        return IsSpaceless(first[^1]) || IsSpaceless(second[0]) ? first + second : first + " " + second;
    }

    /// <summary>Words, and pairs of characters of scripts without spaces.</summary>
    private static List<string> Units(string text)
    {
        var units = new List<string>();
        var word = new StringBuilder();
        var before = '\0';
        foreach (var c in text)
        {
            if (IsSpaceless(c))
            {
                Flush();
                units.Add(before == '\0' ? c.ToString() : $"{before}{c}");
                before = c;
                continue;
            }

            before = '\0';
            if (char.IsLetterOrDigit(c) || c == '\'')
                word.Append(c);
            else
                Flush();
        }

        Flush();
        return units;

        void Flush()
        {
            if (word.Length > 0)
                units.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsSpaceless(char c) => Script.IsHan(c) || Script.IsKana(c);

    private static string Bare(string text)
    {
        var bare = new StringBuilder();
        foreach (var c in text.Trim())
            if (char.IsLetterOrDigit(c) || c is '\'' or '-' or 'ー')
                bare.Append(c);
            else if (char.IsWhiteSpace(c) && bare.Length > 0 && bare[^1] != ' ')
                bare.Append(' ');
        return bare.ToString().Trim();
    }
}
