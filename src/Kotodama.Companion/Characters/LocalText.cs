using Kotodama.Voice.Text;

namespace Kotodama.Companion.Characters;

/// <summary>A text in one or several languages.</summary>
public sealed class LocalText
{
    private const string Fallback = "en";

    private readonly Dictionary<string, string> _texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _first;

    /// <summary>Makes a text that is the same in every language.</summary>
    /// <param name="text">The text.</param>
    public LocalText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _first = text;
    }

    /// <summary>Makes a text in several languages.</summary>
    /// <param name="texts">
    /// BCP 47 tags and what is said in them; at least one. The first one is for languages that have none, unless there is <c>en</c>.
    /// </param>
    public LocalText(IEnumerable<KeyValuePair<string, string>> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var (language, text) in texts)
        {
            _first ??= text;
            _texts[language] = text;
        }

        _first = _texts.GetValueOrDefault(Fallback)
            ?? _first
            ?? throw new ArgumentException("There must be a text in at least one language.", nameof(texts));
    }

    /// <summary>The languages it is written in; none when it is the same in all.</summary>
    public IReadOnlyCollection<string> Languages => _texts.Keys;

    /// <summary>The text for a language: <c>zh</c> serves <c>zh-TW</c>, English those that have none.</summary>
    /// <param name="language">A BCP 47 tag; null when it is not known.</param>
    public string Of(string? language) => (language is null ? null : VoiceLanguage.Find(_texts, language)) ?? _first;

    /// <summary>The text for people whose language is not known.</summary>
    public override string ToString() => _first;
}
