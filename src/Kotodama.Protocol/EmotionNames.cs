using System.Collections.Frozen;

namespace Kotodama.Protocol;

/// <summary>The emotions that the page shows, and other names for them. A test holds them to <c>web/src/avatar/emotions.ts</c>.</summary>
public static class EmotionNames
{
    private static readonly (string Emotion, string Aliases)[] Table =
    [
        ("neutral", "normal calm default idle none relaxed 平静 普通 正常 中性 无表情 通常 真顔 普段"),
        ("joy", "happy happiness joyful smile glad cheerful delighted laugh 开心 高兴 快乐 喜悦 微笑 大笑 愉快 嬉しい 喜び 笑顔 楽しい 幸せ うれしい"),
        ("sad", "sadness cry crying unhappy sorrow disappointed tears 悲伤 难过 伤心 哭 失落 失望 悲しい 悲しみ 泣く 泣き かなしい"),
        ("angry", "anger mad annoyed furious rage upset 生气 愤怒 恼火 怒 发怒 怒り 怒る おこ"),
        ("surprised", "surprise shock shocked astonished amazed wow 惊讶 吃惊 震惊 意外 驚き 驚く びっくり"),
        ("shy", "embarrassed embarrassment blush bashful flustered awkward 害羞 羞涩 尴尬 脸红 不好意思 照れ 照れる 恥ずかしい"),
        ("thinking", "think thoughtful question curious confused wonder puzzled pondering 思考 疑惑 好奇 困惑 疑问 考える 考え中 悩む 疑問"),
        ("sleepy", "sleep tired drowsy bored yawn 困 困倦 睡 想睡 疲倦 累 无聊 眠い 眠たい ねむい 疲れた"),
        ("love", "like adore affection heart loving 喜欢 爱 爱心 心动 喜爱 好き 大好き 愛 ラブ"),
        ("smug", "proud confident smirk 得意 骄傲 自信 自豪 坏笑 ドヤ ドヤ顔 自慢"),
        ("fun", "wink playful funny tease cheeky 有趣 调皮 眨眼 俏皮 好玩 ウインク おちゃめ 面白い"),
    ];

    /// <summary>The emotions, in the order of the page.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Table.Select(e => e.Emotion)];

    /// <summary>Every name that is known, and the emotion that it means. Names are compared in any case.</summary>
    public static FrozenDictionary<string, string> Known { get; } = Table
        .SelectMany(e => e.Aliases.Split(' ').Prepend(e.Emotion), (e, name) => KeyValuePair.Create(name, e.Emotion))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
