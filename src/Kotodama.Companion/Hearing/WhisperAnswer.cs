using System.Text;
using System.Text.Json;
using Kotodama.Voice.Engines.Http;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// Reads the JSON that Whisper and those after it answer with: the text, its language, and the numbers by which the model says itself that
/// a part of the text was not said. Of silence it makes sentences that were frequent where it learned; only the numbers tell them from
/// speech.
/// </summary>
internal static class WhisperAnswer
{
    /// <summary>
    /// Whisper's own rule for a part that is no speech: it holds silence likely, and trusts its words little. Either alone is frequent in
    /// speech.
    /// </summary>
    private const double MostSilence = 0.6, LeastTrust = -1;

    /// <summary>Whisper's own limit for a text that repeats itself; it compresses better than anything that is said.</summary>
    private const double MostRepetition = 2.4;

    /// <summary>The text and the language; null when it is no such answer. The text is empty when nothing was said.</summary>
    /// <param name="answer">The answer, or one part of a stream.</param>
    public static (string Text, string? Language)? Read(JsonElement answer)
    {
        var text = JsonText.Of(answer, "text");
        var hasParts = answer.ValueKind == JsonValueKind.Object
            && answer.TryGetProperty("segments", out var parts)
            && parts.ValueKind == JsonValueKind.Array;
        if (text is null && !hasParts)
            return null;
        if (IsNothing(answer))
            text = "";
        else if (hasParts)
            text = Spoken(answer.GetProperty("segments"), text);
        return (text ?? "", HeardLanguage.Of(JsonText.Of(answer, "language") ?? JsonText.Of(answer, "detected_language")));
    }

    /// <summary>The text without the parts that were not said; as the server joined it when all were.</summary>
    private static string Spoken(JsonElement parts, string? whole)
    {
        var said = new StringBuilder();
        var isAll = true;
        foreach (var part in parts.EnumerateArray())
        {
            if (IsNothing(part))
                isAll = false;
            else if (JsonText.Of(part, "text") is { } text)
                said.Append(HeardText.Join(said.ToString(), text.Trim())[said.Length..]);
        }

        return isAll && whole is not null ? whole : said.ToString();
    }

    private static bool IsNothing(JsonElement part) =>
        (Number(part, "no_speech_prob") > MostSilence && Number(part, "avg_logprob") < LeastTrust)
        || Number(part, "compression_ratio") > MostRepetition;

    private static double? Number(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var number)
            ? number
            : null;
}
