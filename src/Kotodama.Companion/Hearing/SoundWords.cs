using System.Text.RegularExpressions;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// Tells a tag from words in brackets: models describe what they hear beside speech, <c>[BLANK_AUDIO]</c>, <c>(coughs)</c>, <c>*笑*</c>.
/// </summary>
internal static partial class SoundWords
{
    private const int MostWords = 6, FewWords = 2, MostLetters = 10, LeastCapitals = 4;

    private const string Voices =
        @"applau\w+|clap(s|ping)|cheer(s|ing)|laugh(s|ter|ing|ed)?|chuckl\w+|giggl\w+|cough\w*|sneez\w+|sniff\w*|snor\w+|sigh(s|ing|ed)?"
        + @"|gasp\w*|inhal\w+|exhal\w+|breath(s|es|ing)?|yawn\w*|groan\w*|grunt\w*|moan\w*|humming|hums|whistl\w+|sobs|sobbing|cr(ies|ying)"
        + @"|scream\w*|whisper\w+|murmur\w+|mumbl\w+|clears? throat|throat clear\w+|singing"
        + @"|speak(s|ing) (in )?(a )?(foreign|\w+(ish|ese|ian|man|ch|ic|ean))|foreign language|chatter(ing)?|crosstalk";

    private const string Surroundings =
        @"music|musical|silence|blank audio|no (speech|audio|sound)|noises?|noisy|inaudible|unintelligible|indistinct|beep\w*|buzz\w*"
        + "|footsteps|gunshots?|bgm|instrumental";

    private const string OtherLanguages =
        "musik|musique|música|musica|müzik|muzyka|музыка|applaus|applaudissements|aplausos|applausi|аплодисменты|gelächter|lachen|rires"
        + "|risas|risate|risos|смех|husten|toux|tos|кашель|stille|silencio|silenzio|тишина|음악|박수|웃음|기침|침묵|한숨";

    private const string Ideograms =
        "音乐|音樂|音楽|掌声|掌聲|鼓掌|拍手|静音|靜音|沉默|沈黙|无声|無聲|無音|噪音|噪声|杂音|雜音|雑音|ノイズ|叹气|嘆氣|叹息|ため息|溜息"
        + "|喷嚏|噴嚏|くしゃみ|呼吸|背景音|铃声|鈴聲|听不清|聽不清|聞き取れ|无语音|咳嗽|咳払い|歓声|欢呼|歡呼|効果音|環境音"
        + "|笑声|笑聲|笑い声|哭声|哭聲|泣き声|ミュージック";

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Whether what stands in brackets, or between stars, is a tag wherever it stands.</summary>
    /// <param name="group">The text with its brackets.</param>
    public static bool IsTag(string group)
    {
        var inner = group[1..^1].Trim();
        if (inner.Length == 0 || Constant().IsMatch(inner))
            return true;
        var isShouted = inner.Count(char.IsAsciiLetterUpper) >= LeastCapitals && !inner.Any(c => char.IsLower(c) || char.IsAsciiDigit(c));
        if (isShouted && group[0] == '[')
            return true;
        if (Person().IsMatch(inner))
            return false;
        var words = inner.Split([' ', ',', '.', '-', '/', '，', '、', '…', '!', '！'], StringSplitOptions.RemoveEmptyEntries).Length;
        return (words <= MostWords && Sounds().IsMatch(inner))
            || (words <= FewWords && Noises().IsMatch(inner))
            || (inner.Length <= MostLetters && Ideographs().IsMatch(inner));
    }

    /// <summary>whisper.cpp's <c>_BEG_</c>, Kaldi's <c>SPOKEN_NOISE</c>: no person's word has a low line.</summary>
    [GeneratedRegex("^[a-z0-9 ]*_[a-z0-9_ ]*$", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constant();

    /// <summary>Who says this speaks of a person, and may well have said it.</summary>
    [GeneratedRegex(
        @"\b(i|you|we|my|your|me|us|our)\b|[我你您咱僕俺私]|喜欢|喜歡|好き|です|ます",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Person();

    /// <summary>What no other word is.</summary>
    [GeneratedRegex($@"\b({Voices}|{Surroundings}|{OtherLanguages})(?![a-z])", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sounds();

    /// <summary>What is a noise where hardly anything else stands beside it.</summary>
    [GeneratedRegex(
        @"\b(silent|blank|audio|sounds?|static|laugh|cry|clap|cheer|hum|sing|sob|whistle|foreign|unclear|pause|bells?|click\w*|clatter\w*"
        + @"|knock\w*|typing|ring(s|ing)|wind|rain|thunder|engine|bark(s|ing)|meow\w*|chirp\w*|creak\w*|slam(s|ming)|rustl\w+|explosion"
        + @"|sirens?|jingle|background)\b",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Noises();

    /// <summary>Chinese and Japanese have no spaces between words: what a sound begins or ends.</summary>
    [GeneratedRegex(
        $"^({Ideograms})|({Ideograms})(声|聲|音|中)?$|^(大|轻|輕|微|苦|爆|哄)?笑(い|う|い声|了)?$|^[咳哭泣]$",
        Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ideographs();
}
