using System.Text;
using Kotodama.Voice.Text;

namespace Kotodama.Companion.Conversations;

/// <summary>What the words of a person tell a conversation, apart from their meaning. Pure.</summary>
internal static class Utterances
{
    /// <summary>
    /// Of what is heard back from loudspeakers most words are those that are being spoken, in their order; recognizers mishear some.
    /// </summary>
    private const double EchoShare = 0.7;

    /// <summary>The same of a question where none is being spoken: a person asks about a story in its words.</summary>
    private const double AskedShare = 0.9;

    /// <summary>What a word costs that is too many, missing or another one, between two that are the same.</summary>
    private const double OtherWord = 0.25;

    /// <summary>A character of a script without spaces takes as long to say as so many letters.</summary>
    private const int DenseWeight = 3;

    /// <summary>Who only listens says no more.</summary>
    private const int LongestBackchannel = 40;

    private static readonly HashSet<string> StopWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "stop", "wait", "hold on", "be quiet", "quiet", "shut up", "enough", "stop it", "stop please", "please stop", "wait a moment",
        "one moment", "stop talking",
        "停", "停下", "停一下", "别说了", "不要说了", "住口", "安静", "等等", "等一下", "等一等", "闭嘴", "够了",
        "ストップ", "止まって", "止めて", "やめて", "待って", "ちょっと待って", "静かに", "黙って", "もういい",
    };

    private static readonly HashSet<string> Backchannels = new(StringComparer.OrdinalIgnoreCase)
    {
        "mhm", "mm", "mmm", "hmm", "hm", "uh huh", "uh-huh", "mm-hmm", "yeah", "yes", "yep", "ok", "okay", "right", "i see",
        "oh", "ah", "uh", "um", "aha", "really", "wow",
        "嗯", "哦", "噢", "啊", "对", "是", "是的", "好", "好的", "哈", "哇",
        "うん", "はい", "ええ", "へえ", "へー", "ああ", "あー", "そう", "なるほど", "ふーん", "おお",
    };

    private static readonly string[] Unfinished =
    [
        "and", "so", "um", "uh", "but", "or", "because", "then", "the", "a", "to", "if", "when", "with", "that", "which",
        "然后", "那个", "因为", "但是", "所以", "如果", "还有", "就是", "而且", "或者", "嗯",
        "えっと", "けど", "から", "でも", "それで", "あの", "そして", "だから", "ので", "が", "えーと",
    ];

    /// <summary>No sentence ends with these, so a full stop after them was only written by the recognizer.</summary>
    private static readonly string[] NeverLast =
    [
        "and", "but", "or", "because", "the", "um", "uh",
        "然后", "因为", "但是", "可是", "所以", "如果", "而且", "或者",
        "えっと", "えーと", "そして", "または", "それとも",
    ];

    /// <summary>Sentences end with these, but are never these alone.</summary>
    private static readonly string[] NeverAlone =
    [
        "so", "then", "if", "when",
        "那个", "还有", "不过",
        "けど", "でも", "それで", "それから", "あの", "だから",
    ];

    private const string SentenceEnds = ".!?。！？";

    /// <summary>Whether the user only wants silence.</summary>
    public static bool IsStop(string text) => StopWords.Contains(Bare(text));

    /// <summary>Whether these are words with which the user only tells that they listen, also several times.</summary>
    public static bool IsBackchannel(string text) =>
        Bare(text) is { Length: > 0 and <= LongestBackchannel } bare && IsBackchannel(bare.AsSpan());

    /// <summary>How long to wait for more: not at all after a sentence, longer after a word that wants to go on.</summary>
    public static TimeSpan EndpointDelay(string text, TimeSpan normal)
    {
        var trimmed = text.AsSpan().TrimEnd();
        if (trimmed.IsEmpty)
            return normal;
        var bare = Bare(text);
        var isUnfinished = trimmed[^1] switch
        {
            '…' => true,
            '.' or '。' => trimmed is [.., '.', '.', '.'] or [.., '。', '。'] || TrailsOff(bare),
            _ when SentenceEnds.Contains(trimmed[^1]) => false,
            _ => Array.Exists(Unfinished, word => EndsWith(bare, word)),
        };
        return isUnfinished ? normal * 3 : SentenceEnds.Contains(trimmed[^1]) ? TimeSpan.Zero : normal;
    }

    /// <summary>Whether so much was said that it is no noise: two words, or two characters of a script without spaces.</summary>
    public static bool IsSubstantial(string text) => Words(text).Count >= 2;

    /// <summary>Whether it is a word or two.</summary>
    public static bool IsShort(string text) => Words(text).Sum(w => IsSpaceless(w[0]) ? 1 : 2) <= 4;

    /// <summary>About how long a text takes to say, in letters.</summary>
    public static int Weight(ReadOnlySpan<char> text)
    {
        var weight = 0;
        foreach (var c in text)
            weight += IsSpaceless(c) ? DenseWeight : 1;
        return weight;
    }

    /// <summary>What of a text is said about a place, in whole words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The beginning of the place.</param>
    /// <param name="to">Its end.</param>
    /// <param name="before">So much more before it, in letters.</param>
    /// <param name="after">So much more after it.</param>
    public static string Near(string text, int from, int to, int before, int after)
    {
        for (; from > 0 && (before > 0 || IsWithinWord(text, from)); from--)
            before -= IsSpaceless(text[from - 1]) ? DenseWeight : 1;
        for (; to < text.Length && (after > 0 || IsWithinWord(text, to)); to++)
            after -= IsSpaceless(text[to]) ? DenseWeight : 1;
        return text[from..to];
    }

    /// <summary>
    /// Whether a text is what the character itself is saying, heard back by the microphone: most of it stands there in the same order,
    /// close together. One or two words must stand there as they are.
    /// </summary>
    /// <param name="text">What was heard.</param>
    /// <param name="near">What was being said about then.</param>
    public static bool IsEcho(string text, string near)
    {
        var heard = Words(text);
        if (heard.Count == 0)
            return false;
        var share = heard.Count <= 2 ? 1 : EndsAsking(text) && !near.AsSpan().ContainsAny('?', '？') ? AskedShare : EchoShare;
        return Alike(heard, Words(near)) >= heard.Count * share;
    }

    /// <summary>
    /// The best alignment of one text with a piece of another: the words that both have, less what is different between them.
    /// </summary>
    private static double Alike(List<string> heard, List<string> said)
    {
        var (best, before) = (0d, new double[said.Count + 1]);
        foreach (var word in heard)
        {
            var row = new double[said.Count + 1];
            for (var i = 1; i < row.Length; i++)
            {
                var same = before[i - 1] + (string.Equals(word, said[i - 1], StringComparison.OrdinalIgnoreCase) ? 1 : -OtherWord);
                row[i] = Math.Max(0, Math.Max(same, Math.Max(before[i], row[i - 1]) - OtherWord));
                best = Math.Max(best, row[i]);
            }

            before = row;
        }

        return best;
    }

    /// <summary>Joins two things that the user said one after the other.</summary>
    public static string Join(string first, string second)
    {
        if (first.Length == 0 || second.Length == 0)
            return first + second;
        return IsSpaceless(first[^1]) || IsSpaceless(second[0]) ? first + second : first + " " + second;
    }

    /// <summary>Words, and characters of scripts without spaces.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text)
        {
            if (!IsSpaceless(c) && IsOfWord(c))
            {
                word.Append(c == '’' ? '\'' : c);
                continue;
            }

            Flush();
            if (IsSpaceless(c))
                words.Add(c.ToString());
        }

        Flush();
        return words;

        void Flush()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    private static bool IsBackchannel(ReadOnlySpan<char> bare)
    {
        bare = bare.TrimStart(' ');
        if (bare.IsEmpty)
            return true;
        foreach (var word in Backchannels)
            if (BeginsWith(bare, word) && IsBackchannel(bare[word.Length..]))
                return true;
        return false;
    }

    private static bool TrailsOff(string bare) =>
        Array.Exists(NeverLast, word => EndsWith(bare, word)) || Array.Exists(NeverAlone, word => EndsWithNothingBut(bare, word));

    /// <summary>Whether a text ends with this word, and what is before it is no sentence either.</summary>
    private static bool EndsWithNothingBut(string bare, string word)
    {
        if (!EndsWith(bare, word))
            return false;
        var before = bare[..^word.Length].TrimEnd();
        return before.Length == 0 || TrailsOff(before);
    }

    private static bool BeginsWith(ReadOnlySpan<char> bare, string word) =>
        bare.StartsWith(word, StringComparison.OrdinalIgnoreCase) && !IsWithinWord(bare, word.Length);

    private static bool EndsWith(string bare, string word) =>
        bare.EndsWith(word, StringComparison.OrdinalIgnoreCase) && !IsWithinWord(bare, bare.Length - word.Length);

    private static bool EndsAsking(string text) => text.AsSpan().TrimEnd() is [.., '?' or '？'];

    private static bool IsWithinWord(ReadOnlySpan<char> text, int at) =>
        at > 0 && at < text.Length && IsOfWord(text[at - 1]) && IsOfWord(text[at]) && !IsSpaceless(text[at - 1]) && !IsSpaceless(text[at]);

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c is '\'' or '’';

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
