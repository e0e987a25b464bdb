using System.Text.Json;
using Kotodama.Protocol;

namespace Kotodama.Companion.Text;

/// <summary>What a tag says about emotions.</summary>
internal sealed class EmotionTag
{
    /// <summary>The longest name with the spaces around it.</summary>
    public const int MostName = 32;

    private readonly Dictionary<string, string> _own = new(StringComparer.OrdinalIgnoreCase);

    public EmotionTag(IEnumerable<string>? own)
    {
        foreach (var name in own ?? [])
            _own.TryAdd(name, name);
    }

    public static bool IsOpening(char c) => c is '[' or '【' or '［';

    public static bool IsClosing(char c) => c is ']' or '】' or '］';

    /// <summary>The emotion that a name means; null when it is unknown.</summary>
    public string? Find(string name)
    {
        if (name.Length > MostName)
            return null;
        var trimmed = name.Trim();
        return _own.GetValueOrDefault(trimmed) ?? EmotionNames.Known.GetValueOrDefault(trimmed);
    }

    /// <summary>
    /// The emotion of an act such as <c>ACT {"emotion":{"name":"happy"}}</c>, <c>ACT:{"emotion":"happy"}</c> or <c>ACT:happy</c>; null when
    /// it has none that is known.
    /// </summary>
    public string? OfAct(string act)
    {
        act = act.Trim();
        if (!act.StartsWith("ACT", StringComparison.OrdinalIgnoreCase))
            return null;
        var value = act[3..].TrimStart(' ', ':', '\n', '\t');
        if (!value.StartsWith('{'))
            return Find(value);
        try
        {
            using var json = JsonDocument.Parse(value);
            if (!json.RootElement.TryGetProperty("emotion", out var emotion))
                return null;
            if (emotion.ValueKind == JsonValueKind.Object && emotion.TryGetProperty("name", out var name))
                emotion = name;
            return emotion.ValueKind == JsonValueKind.String ? Find(emotion.GetString()!) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Models write what they like; half a surrogate is the second of these.
            return null;
        }
    }
}
