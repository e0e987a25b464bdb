namespace Kotodama.Voice.Text;

/// <summary>Chooses by language: the tag itself first, then its first part, so that <c>zh</c> serves <c>zh-TW</c>.</summary>
internal static class VoiceLanguage
{
    /// <summary>The first part of a tag in lower case: <c>zh</c> of <c>zh-Hant-TW</c>.</summary>
    public static string Primary(string language) => language.Split('-', '_')[0].ToLowerInvariant();

    /// <summary>What a table has for a language.</summary>
    public static T? Find<T>(IDictionary<string, T> table, string language)
        where T : class =>
        table.TryGetValue(language, out var exact) ? exact : table.TryGetValue(Primary(language), out var primary) ? primary : null;

    /// <summary>Whether a list of languages holds this one. An empty list holds all.</summary>
    public static bool Covers(ICollection<string> languages, string language) =>
        languages.Count == 0
        || languages.Any(l => l.Equals(language, StringComparison.OrdinalIgnoreCase)
            || l.Equals(Primary(language), StringComparison.OrdinalIgnoreCase));
}
