using System.Buffers;
using System.Collections.Frozen;

namespace Kotodama.Voice.Text;

/// <summary>The words that tell a stage direction of a role play from emphasis: what figures do with face, hands and voice.</summary>
internal static class Actions
{
    private const string Gestures =
        "smile wave nod giggle laugh sigh blush wink hug grin chuckle bow yawn shrug blink gasp cough pout purr hum clap smirk frown "
        + "wince cry sob "
        + "sniff sniffle snuggle nuzzle cuddle pat poke ruffle kiss embrace twirl fidget tremble shiver gulp swallow pounce beam "
        + "facepalm salute "
        + "curtsy stumble snore cower flinch panic squeal squeak scream growl hiss snarl meow bark howl wiggle wriggle sneeze hiccup "
        + "groan moan "
        + "whimper whine huff puff snort scoff tease nudge stretch stammer stutter whisper murmur mutter mumble whistle snicker sniffs "
        + "grimace wag "
        + "cheer applaud squint glare gaze stare glance ponder hesitate bounce skip hop spin kneel crouch lean tilt shake scratch";

    private const string Others =
        "look turn walk run step sit stand jump dance point reach hold take grab pull push tap touch stroke rub squeeze raise lift "
        + "lower cross fold "
        + "freeze pause think consider listen sing lick bite chew sip drink eat perk twitch glow sparkle trip fall collapse faint sleep "
        + "wake rise open "
        + "close rush approach follow lead wander pace wipe brush adjust straighten tug hide peek sweat yell shout roll flip sway rock "
        + "drum clear "
        + "offer hand give put place move come go wrap rest drop throw toss catch cover bury place lie lay curl snap pinch squirm "
        + "breathe exhale inhale "
        + "speak say reply answer try start begin continue wait watch notice feel play pretend get set make tear pour cook";

    private const string Foreign =
        "lächelt lacht winkt nickt seufzt grinst kichert zwinkert errötet umarmt gähnt weint hustet flüstert sourit rit salue hoche "
        + "soupire rougit "
        + "chuchote rigole sonríe ríe saluda asiente suspira guiña susurra abraza sorri acena suspira sussurra sorride ride saluta "
        + "annuisce sospira "
        + "улыбается смеётся смеется машет кивает вздыхает подмигивает краснеет обнимает хихикает зевает плачет шепчет";

    private const string Doubled =
        "nod hug pat grin shrug sob hum clap wag hop spin skip chat tap run sit grab get set put "
        + "step flip trip drum pin stop tug snap drop";

    private static readonly FrozenSet<string> Bases = Words(Gestures);
    private static readonly FrozenSet<string> Strong =
        Words(Gestures).SelectMany(Forms).Concat(Words(Foreign)).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Weak = Words(Others).SelectMany(Forms).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> Figures = Words("she he they it i");

    // Words that begin an emphasis with a capital letter, and are no name of a figure.
    private static readonly FrozenSet<string> NoNames = Words(
        "never always often what who this that these those not only sometimes if when why how no yes the a an all some every "
        + "everything nothing something my your his her our their and but or so now then there here please just one it's i'm");

    // What people say first, also in small letters.
    private static readonly FrozenSet<string> Greetings = Words(
        "hi hello hey heya hiya oh ah aw aww ooh well so yes yeah yep no nope ok okay hmm um uh i i'm i'll i've i'd you you're your "
        + "it's that's "
        + "thanks thank good sorry please how why what wow yay nice let's welcome sure come see don't we my");

    private static readonly SearchValues<string> Dense = SearchValues.Create(
        [
            "微笑", "大笑", "偷笑", "轻笑", "輕笑", "傻笑", "苦笑", "坏笑", "狂笑", "憨笑", "浅笑", "冷笑", "笑着", "笑了", "笑笑", "笑嘻嘻", "笑眯眯", "嘻嘻", "笑出",
            "挥手", "挥了挥", "挥挥", "揮手", "招手", "招了招", "摆手", "摆了摆", "点头", "点了点", "点点头", "點頭", "摇头", "摇了摇", "搖頭", "低头", "低下头", "抬头", "抬起",
            "歪头", "歪着", "歪了歪", "歪著", "叹气", "叹了", "叹息", "嘆氣", "眨眼", "眨了", "眨眨", "脸红", "脸微", "臉紅", "害羞", "鞠躬", "沉思", "思考中", "咳嗽", "轻咳",
            "流泪", "哭泣", "大哭", "拥抱", "抱住", "抱了抱", "拍手", "鼓掌", "拍拍", "拍了拍", "摸摸", "摸了摸", "伸手", "伸出手", "伸懒腰", "伸了个", "打哈欠", "打了个", "耸肩", "耸了耸",
            "皱眉", "皱起", "撇嘴", "嘟嘴", "嘟起", "吐舌", "吐了吐", "握拳", "握住", "跳起", "转身", "转圈", "转过", "走近", "走到", "靠近", "凑近", "坐下", "站起", "捂脸",
            "捂嘴", "捂着",
            "牵起", "看着你", "看向", "望着", "望向", "盯着", "停顿", "沉默", "小声", "低声", "轻声", "蹦蹦跳跳", "手舞足蹈", "深吸", "竖起", "比心", "开心地", "兴奋地", "温柔地",
            "认真地", "调皮地", "惊讶地",
            "開心地", "興奮地", "溫柔地", "認真地", "驚訝地", "看著", "望著", "笑著", "輕聲", "小聲",
            "微笑み", "微笑ん", "笑って", "笑い", "笑う", "笑顔で", "にっこり", "にこにこ", "にこっ", "ニコ", "くすくす", "クスクス", "くすっ", "ふふっ", "手を振", "手を挙げ", "手を叩",
            "手を合わ", "うなず", "頷",
            "首をかしげ", "首を傾げ", "首を振", "ため息", "溜息", "溜め息", "お辞儀", "ウインク", "ウィンク", "照れ", "赤面", "頬を赤", "頬を染", "頬を膨", "頬をかき", "泣き", "泣く",
            "涙", "抱きし", "抱きつ",
            "拍手", "考え込", "伸びを", "あくび", "欠伸", "咳払", "目を閉じ", "目を細め", "目を丸く", "目を輝か", "目をそら", "目を逸ら", "立ち上が", "小声", "囁", "ささや", "肩をすくめ",
            "肩を落と",
            "頭を下げ", "頭をか", "頭を撫で", "頭を掻", "腕を組", "胸を張", "振り返", "見つめ", "深呼吸", "미소", "웃으며", "웃음", "손을 흔", "고개를", "한숨", "윙크", "눈을 깜",
        ],
        StringComparison.Ordinal);

    // What goes on with a sentence whose subject a gesture is.
    private static readonly FrozenSet<string> Predicates = Words(
        "are aren't is isn't was were will won't would can can't could may might must should do don't does doesn't did didn't have has had "
        + "of in on at to and or for from with without that which who when than as but make makes made mean means matter help helps "
        + "come comes came go goes went cost costs never always often also only too and/or all");

    // Feelings, as tags name them.
    private static readonly FrozenSet<string> Moods = Words(
        "neutral normal calm joy happy glad cheerful excited sad cry unhappy angry mad annoyed surprised surprise shocked shy "
        + "embarrassed thinking "
        + "confused curious sleepy tired bored love like smug proud fun playful scared fear disgust serious relaxed "
        + "开心 高兴 难过 悲伤 生气 惊讶 害羞 思考 困惑 喜欢 得意 平静 嬉しい 喜び 悲しい 怒り 驚き 照れ 眠い 好き 普通");

    // One sign alone.
    private static readonly FrozenSet<string> Alone = Words("笑 泣 哭 汗 怒 照 爆 滝汗 爆笑 苦 涙 喜 叹 思考 w");

    /// <summary>Whether a text in a script without spaces tells of an action.</summary>
    public static bool IsDense(ReadOnlySpan<char> text) =>
        text.ContainsAny(Dense)
        || Alone.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text)
        || (text[^1] == '笑' && text is not [.., '玩' or '可' or '好' or '搞', _]);

    /// <summary>A gesture as it is told, as "smiles" or "smiling".</summary>
    public static bool IsGesture(ReadOnlySpan<char> word) => Has(Strong, word);

    /// <summary>A gesture as its name, as "sigh".</summary>
    public static bool IsName(ReadOnlySpan<char> word) => Has(Bases, word);

    /// <summary>A gesture or a feeling, as a tag names it.</summary>
    public static bool IsMood(ReadOnlySpan<char> word) => Has(Moods, word) || Has(Bases, word) || IsDense(word);

    /// <summary>Something that a figure does, but also much else, as "looks".</summary>
    public static bool IsDeed(ReadOnlySpan<char> word) => Has(Weak, word);

    /// <summary>A word for who acts.</summary>
    public static bool IsFigure(ReadOnlySpan<char> word) => Has(Figures, word);

    /// <summary>A word that is no figure's name, also with a capital letter.</summary>
    public static bool IsNoName(ReadOnlySpan<char> word) => Has(NoNames, word);

    /// <summary>What goes on with a sentence.</summary>
    public static bool IsPredicate(ReadOnlySpan<char> word) => Has(Predicates, word);

    /// <summary>What a figure says first.</summary>
    public static bool IsGreeting(ReadOnlySpan<char> word) => Has(Greetings, word);

    private static IEnumerable<string> Forms(string verb)
    {
        var isSoft = verb[^1] is 's' or 'x' or 'o' || (verb[^1] == 'h' && verb[^2] is 's' or 'c');
        var isY = verb[^1] == 'y' && !"aeiou".Contains(verb[^2], StringComparison.Ordinal);
        yield return isSoft ? verb + "es" : isY ? verb[..^1] + "ies" : verb + "s";
        var doubles = Doubled.Split(' ').Contains(verb, StringComparer.Ordinal);
        yield return (verb[^1] == 'e' && verb[^2] != 'e' ? verb[..^1] : doubles ? verb + verb[^1] : verb) + "ing";
    }

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static bool Has(FrozenSet<string> words, ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[24];
        return word.Length <= lower.Length
            && word.ToLowerInvariant(lower) == word.Length
            && words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(lower[..word.Length]);
    }
}
