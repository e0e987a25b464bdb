namespace Kotodama.Companion.Chat;

/// <summary>Knows models by their names.</summary>
internal static class LlmModels
{
    private static readonly string[] CannotTalk =
    [
        "embed", "bge-", "bge_", "minilm", "rerank", "gte-", "e5-", "whisper", "tts", "kokoro", "piper", "clip", "moderation", "dall-e",
        "stable-diffusion",
    ];

    // They write code, look at pictures, judge, or think for a minute before the first word.
    private static readonly string[] NotForTalking =
        ["code", "ocr", "math", "guard", "shield", "-base", "sql", "deepseek-r1", "qwq", "reason", "thinking"];

    // They run on machines of others, although a server on this machine lists them.
    private static readonly string[] Cloud = ["-cloud", ":cloud"];

    /// <summary>Whether it can answer at all.</summary>
    public static bool CanTalk(string model) => !Has(model, CannotTalk);

    /// <summary>
    /// The first that is made for talking, in the order of the server, which knows what was used last; else the first. Never one that takes
    /// what is said to another machine: that is for people to choose.
    /// </summary>
    public static string? Choose(IReadOnlyList<string> models)
    {
        var here = models.Where(m => !Has(m, Cloud)).ToArray();
        return Array.Find(here, m => !Has(m, NotForTalking)) ?? here.FirstOrDefault();
    }

    private static bool Has(string model, string[] signs) => signs.Any(s => model.Contains(s, StringComparison.OrdinalIgnoreCase));
}
