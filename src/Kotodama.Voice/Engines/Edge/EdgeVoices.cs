using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Edge;

/// <summary>
/// Voices of the service for the languages of the page, for a user to choose from: those that others have found. The service is not asked.
/// </summary>
internal static class EdgeVoices
{
    private const string Whose = "of Microsoft, which gets the text";

    /// <summary>The language is the beginning of each name. zh-CN-XiaoyiNeural is the voice of the founding project.</summary>
    private static readonly (string Language, string Names)[] Known =
    [
        ("zh-CN", "Xiaoxiao Xiaoyi Yunjian Yunxi Yunxia Yunyang"),
        ("zh-CN-liaoning", "Xiaobei"),
        ("zh-CN-shaanxi", "Xiaoni"),
        ("zh-TW", "HsiaoChen HsiaoYu YunJhe"),
        ("zh-HK", "HiuMaan HiuGaai WanLung"),
        ("en-US", "Aria Ana Andrew Ava Brian Christopher Emma Eric Guy Jenny Michelle Roger Steffan"),
        ("en-GB", "Libby Maisie Ryan Sonia Thomas"),
        ("ja-JP", "Nanami Keita"),
    ];

    /// <summary>The voices of the settings with their languages, then the others.</summary>
    public static IReadOnlyList<SpeechVoice> Of(EdgeOptions options)
    {
        var chosen = options.Voices.Select(v => new SpeechVoice(v.Value, v.Key, Whose));
        var known = from voices in Known
                    from name in voices.Names.Split(' ')
                    select new SpeechVoice($"{voices.Language}-{name}Neural", voices.Language, Whose);
        return [.. chosen.Concat(known).DistinctBy(voice => voice.Name, StringComparer.OrdinalIgnoreCase)];
    }
}
