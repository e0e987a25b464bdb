using System.Collections.Frozen;
using Kotodama.Protocol;

namespace Kotodama.Server.Models;

/// <summary>
/// Finds out by their names what expressions and motions are for, in English, Chinese and Japanese. Names that say nothing, such as
/// <c>f01</c>, are left alone: a wrong face is worse than none.
/// </summary>
internal static class NameGuess
{
    /// <summary>Motions that the page knows, and other names for them. A test looks for them in <c>web/src/avatar/motions.ts</c>.</summary>
    private static readonly (string Gesture, string Aliases)[] GestureTable =
    [
        ("wave", "waving hello hi bye greet greeting goodbye 挥手 招手 打招呼 再见 问候 手を振る 手振り 挨拶 バイバイ あいさつ"),
        ("nod", "nodding yes agree 点头 同意 頷く 頷き うなずく うなずき"),
        ("shake", "headshake refuse 摇头 否定 拒绝 首振り 首を振る いやいや"),
        ("tilt", "headtilt 歪头 歪脑袋 首かしげ 首を傾げる"),
        ("bounce", "jump jumping hop bouncing 跳 跳跃 蹦 ジャンプ 跳ねる 飛び跳ねる"),
        ("stretch", "stretching 伸懒腰 伸展 伸び 背伸び"),
        ("hum", "humming sing singing dance dancing 唱歌 哼歌 跳舞 歌う 鼻歌 踊る ダンス"),
        ("glance", "look looking lookaround 看 张望 环顾 見回す きょろきょろ"),
        ("ponder", "pondering thinking think 思考 沉思 考える 考え中"),
        ("flinch", "flinching startle startled recoil 吓 吓一跳 びくっ 驚く"),
    ];

    private static readonly string[] IdleWords = ["idle", "idling", "standby", "待机", "待機", "アイドル", "呼吸"];

    private static readonly string[] TouchWords = ["tap", "touch", "flick", "pat", "poke", "触摸", "点击", "タップ", "タッチ"];

    private const string Negations = "不没沒无無未";

    private static readonly (string Word, string Area)[] AreaWords =
    [
        ("head", "head"), ("hair", "head"), ("头", "head"), ("頭", "head"), ("face", "face"), ("脸", "face"), ("顔", "face"),
        ("body", "body"), ("chest", "body"), ("belly", "body"), ("身体", "body"), ("体", "body"),
    ];

    private static readonly FrozenDictionary<string, string> Gestures = GestureTable
        .SelectMany(g => g.Aliases.Split(' ').Prepend(g.Gesture), (g, name) => KeyValuePair.Create(name, g.Gesture))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The motions that the page knows.</summary>
    public static IReadOnlyList<string> GestureNames { get; } = [.. GestureTable.Select(g => g.Gesture)];

    /// <summary>The emotion that a name means; null where it says none.</summary>
    public static string? Emotion(string name) => Meaning(name, EmotionNames.Known);

    /// <summary>The motion of ours that a name means; null where it says none.</summary>
    public static string? Gesture(string name) => Meaning(name, Gestures);

    public static bool IsIdle(string name) => Words(name).Any(word => IdleWords.Contains(word, StringComparer.Ordinal));

    /// <summary>
    /// The area whose touch a group of motions answers: <c>TapBody</c>, <c>Tap@Head</c>, <c>flick_head</c>; null for another group.
    /// </summary>
    /// <param name="group">The name of a group or a motion.</param>
    /// <param name="areas">Areas of the model itself.</param>
    public static string? TouchedArea(string group, IReadOnlyList<ModelHitArea> areas)
    {
        var words = Words(group);
        if (!words.Any(IsTouch))
            return null;
        var rest = group[(group.IndexOf('@', StringComparison.Ordinal) + 1)..];
        if (areas.FirstOrDefault(a => Same(a.Name, rest) || Same(a.Name, string.Concat(words[1..]))) is { } own)
            return own.Name;
        var area = AreaWords.FirstOrDefault(a => words.Any(word => Means(word, a.Word))).Area;
        if (area is null && words.Length == 1)
            area = "body";
        return area is null ? null : areas.FirstOrDefault(a => Words(a.Name).Contains(area))?.Name ?? area;

        static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

        static bool Means(string word, string part) =>
            word == part
            || (part[0] > '\x7f' ? word.Contains(part, StringComparison.Ordinal) : word.EndsWith(part, StringComparison.Ordinal));
    }

    /// <summary>Chooses for each meaning the name that says it best.</summary>
    /// <param name="named">Names and what they belong to, the most important first.</param>
    /// <param name="meaning">What a name means.</param>
    public static Dictionary<string, string> Choose(IEnumerable<(string Name, string Target)> named, Func<string, string?> meaning)
    {
        var chosen = new Dictionary<string, (string Target, int Words)>(StringComparer.Ordinal);
        foreach (var (name, target) in named)
        {
            if (meaning(name) is not { } means)
                continue;

            // The shorter name is the plainer one: smile before smile with closed eyes.
            var words = Words(name).Length;
            if (!chosen.TryGetValue(means, out var best) || words < best.Words)
                chosen[means] = (target, words);
        }

        return chosen.ToDictionary(c => c.Key, c => c.Value.Target, StringComparer.Ordinal);
    }

    /// <summary>Whether a word is a touch, alone or with what is touched: <c>tap</c>, <c>tapbody</c>.</summary>
    private static bool IsTouch(string word) => TouchWords.Any(touch =>
        word == touch
        || (word.StartsWith(touch, StringComparison.Ordinal)
            && (touch[0] > '\x7f' || AreaWords.Any(a => a.Word == word[touch.Length..]))));

    private static string? Meaning(string name, FrozenDictionary<string, string> known)
    {
        var words = Words(name);
        var whole = string.Concat(words);
        if (known.TryGetValue(whole, out var exact))
            return exact;
        foreach (var word in words)
            if (word[0] <= '\x7f' && (known.TryGetValue(word, out var meaning) || known.TryGetValue(Plain(word), out meaning)))
                return meaning;

        // Words of Chinese and Japanese stand together without spaces: the longest one that is known counts.
        var found = words.Where(word => word[0] > '\x7f')
            .SelectMany(word => known.Keys.Where(alias => alias[0] > '\x7f' && Holds(word, alias)))
            .MaxBy(alias => alias.Length);
        return found is null ? null : known[found];
    }

    /// <summary>Blushing is a blush.</summary>
    private static string Plain(string word) => word.EndsWith("ing", StringComparison.Ordinal) && word.Length > 5 ? word[..^3] : word;

    private static bool Holds(string word, string alias)
    {
        // One sign is a part of many words; it counts in short ones only.
        if (alias.Length == 1 && word.Length > 3)
            return false;
        var at = word.IndexOf(alias, StringComparison.Ordinal);
        return at >= 0 && (at == 0 || !Negations.Contains(word[at - 1]));
    }

    /// <summary>The words of a name in small letters: at signs, digits, changes of script, and as <c>TapBody</c> has them.</summary>
    private static string[] Words(string name)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= name.Length; i++)
        {
            var isLetter = i < name.Length && char.IsLetter(name[i]);
            if (start >= 0 && (!isLetter || IsNewWord(name, i)))
            {
                words.Add(name[start..i].ToLowerInvariant());
                start = -1;
            }

            if (isLetter && start < 0)
                start = i;
        }

        return [.. words];
    }

    private static bool IsNewWord(string name, int at) =>
        (char.IsLower(name[at - 1]) && char.IsUpper(name[at])) || (name[at - 1] <= '\x7f') != (name[at] <= '\x7f');
}
