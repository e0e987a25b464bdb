using System.Text.Json;
using Kotodama.Voice.Engines.Http;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>Finds words and reasoning in a piece of an answer, wherever a server puts them.</summary>
internal static class DeltaText
{
    private static readonly string[] Fields = ["reasoning_content", "reasoning", "thinking", "reasoning_text", "thought", "thoughts"];

    private static readonly string[] Lists = ["reasoning_details", "thinking_blocks"];

    private static readonly string[] Inner = ["text", "thinking", "reasoning", "content", "summary"];

    /// <summary>The reasoning that the server tells apart; null: none. It may stand in several fields at once.</summary>
    public static string? Reasoning(JsonElement delta)
    {
        foreach (var name in Fields)
            if (delta.TryGetProperty(name, out var value) && Within(value) is { Length: > 0 } text)
                return text;
        foreach (var name in Lists)
            if (delta.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array && Within(list) is { Length: > 0 } text)
                return text;
        return null;
    }

    /// <summary>The words in their order, and which of them are reasoning.</summary>
    public static IEnumerable<(string Text, bool IsReasoning)> Content(JsonElement delta)
    {
        if (delta.TryGetProperty("content", out var content))
        {
            var isThought = IsThought(delta);
            IEnumerable<JsonElement> parts = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : [content];
            foreach (var part in parts)
                if (Part(part) is { Length: > 0 } said)
                    yield return (said, isThought || IsThought(part));
        }

        if (CutCharacters.Of(delta, "refusal") is { Length: > 0 } refusal)
            yield return (refusal, false);
    }

    private static string? Part(JsonElement part) =>
        part.ValueKind == JsonValueKind.String ? CutCharacters.Of(part) : IsThought(part) ? Within(part) : CutCharacters.Of(part, "text");

    // A part says by its type what it is; Gemini's pieces have a mark.
    private static bool IsThought(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object)
            return false;
        var type = JsonText.Of(part, "type") ?? "";
        if (type.Contains("think", StringComparison.Ordinal) || type.Contains("reason", StringComparison.Ordinal))
            return true;
        if (part.TryGetProperty("thought", out var thought) && thought.ValueKind == JsonValueKind.True)
            return true;
        return part.TryGetProperty("extra_content", out var extra) && extra.ValueKind == JsonValueKind.Object
            && extra.TryGetProperty("google", out var google) && IsThought(google);
    }

    private static string Within(JsonElement value, int depth = 0) => value.ValueKind switch
    {
        JsonValueKind.String => CutCharacters.Of(value)!,
        JsonValueKind.Array when depth < 4 => string.Concat(value.EnumerateArray().Select(item => Within(item, depth + 1))),
        JsonValueKind.Object when depth < 4 => Inner.Where(name => value.TryGetProperty(name, out _))
            .Select(name => Within(value.GetProperty(name), depth + 1)).FirstOrDefault(text => text.Length > 0) ?? "",
        _ => "",
    };
}
