using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Kotodama.Companion.Chat.OpenAi;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Faults;

namespace Kotodama.Companion.Engines.OpenAi;

/// <summary>Reads what transcription servers answer.</summary>
internal static class Transcript
{
    // Whisper writes languages in English words.
    private static readonly Dictionary<string, string> Tags = new(StringComparer.OrdinalIgnoreCase)
    {
        ["english"] = "en",
        ["chinese"] = "zh",
        ["mandarin"] = "zh",
        ["cantonese"] = "yue",
        ["japanese"] = "ja",
        ["korean"] = "ko",
        ["german"] = "de",
        ["french"] = "fr",
        ["spanish"] = "es",
        ["portuguese"] = "pt",
        ["italian"] = "it",
        ["russian"] = "ru",
        ["dutch"] = "nl",
        ["polish"] = "pl",
        ["turkish"] = "tr",
        ["arabic"] = "ar",
        ["hindi"] = "hi",
        ["vietnamese"] = "vi",
        ["thai"] = "th",
        ["indonesian"] = "id",
        ["ukrainian"] = "uk",
        ["swedish"] = "sv",
        ["czech"] = "cs",
    };

    /// <summary>Reads an answer as a whole.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isPlain">Whether text was asked for. Servers that do not know that send JSON all the same.</param>
    /// <exception cref="EngineException">It holds no text.</exception>
    public static RecognitionResult Read(string answer, bool isPlain)
    {
        var trimmed = answer.TrimStart();
        if (isPlain && !trimmed.StartsWith('{'))
            return IsPage(trimmed) ? throw Rubbish() : HeardText.Clean(answer, isFinal: true);
        using var document = Parse(answer);
        return JsonText.Of(document.RootElement, "text") is { } text
            ? HeardText.Clean(text, isFinal: true, Tag(JsonText.Of(document.RootElement, "language")))
            : throw new EngineException($"The transcription server answered no text{ProblemCode.Quote(Encoding.UTF8.GetBytes(answer))}.");
    }

    /// <summary>Reads an answer while it comes: OpenAI's events, vLLM's pieces, or a text for each part as some servers send it.</summary>
    /// <exception cref="EngineException">It is something else, or ends in the middle.</exception>
    public static async Task ReadEventsAsync(Stream answer, Action<RecognitionResult> tell, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var isWhole = false;
        var lines = new AnswerStream(answer);
        await using var end = lines.ConfigureAwait(false);
        await foreach (var item in SseParser.Create(lines).EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.Data.Length == 0)
                continue;
            if (item.Data == "[DONE]")
            {
                isWhole = true;
                break;
            }

            using var document = Parse(item.Data);
            var root = document.RootElement;
            if (JsonText.Of(root, "type") == "transcript.text.done" && JsonText.Of(root, "text") is { } whole)
            {
                tell(HeardText.Clean(whole, isFinal: true));
                return;
            }

            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out _))
                throw Failed(item.Data);
            if (Delta(root) is not { } delta)
            {
                if (JsonText.Of(root, "text") is not { } part)
                    continue;

                // These end without a sign.
                delta = HeardText.Join(text.ToString(), part)[text.Length..];
                isWhole = true;
            }

            text.Append(delta);
            tell(HeardText.Clean(text.ToString(), isFinal: false));
        }

        if (!isWhole)
            throw new EngineException("The transcription server broke off.") { Fault = EngineFault.Broken };
        tell(HeardText.Clean(text.ToString(), isFinal: true));
    }

    private static string? Delta(JsonElement root)
    {
        if (JsonText.Of(root, "delta") is { } delta)
            return delta;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("choices", out var choices))
            return null;
        if (choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
            return null;
        var choice = choices[0];
        return choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("delta", out var piece)
            ? JsonText.Of(piece, "content")
            : null;
    }

    private static string? Tag(string? language)
    {
        if (language is null)
            return null;
        if (Tags.TryGetValue(language, out var tag))
            return tag;
        var isTag = language.Length is 2 or 3 && language.All(char.IsAsciiLetter);
        return isTag ? language.ToLowerInvariant() : null;
    }

    /// <summary>Whether it is a web page; SenseVoice's tags begin alike.</summary>
    private static bool IsPage(string trimmed) => trimmed.StartsWith('<') && !trimmed.StartsWith("<|", StringComparison.Ordinal);

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            // Not as inner exception: it may hold what was said.
            throw Rubbish();
        }
    }

    private static EngineException Failed(string answer) =>
        new($"The transcription server failed{ProblemCode.Quote(Encoding.UTF8.GetBytes(answer))}.") { Fault = EngineFault.Broken };

    private static EngineException Rubbish() =>
        new($"The transcription server answered what is no transcript. Check {HearingOptions.Section}:OpenAi:Address and Path.");
}
