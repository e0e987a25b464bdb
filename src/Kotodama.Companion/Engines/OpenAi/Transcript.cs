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
    /// <summary>Reads an answer as a whole.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isPlain">Whether text was asked for. Servers that do not know that send JSON all the same.</param>
    /// <exception cref="EngineException">It holds no text.</exception>
    public static RecognitionResult Read(string answer, bool isPlain)
    {
        var trimmed = answer.TrimStart();
        if (isPlain && !trimmed.StartsWith('{'))
            return IsPage(trimmed) ? throw Rubbish() : new RecognitionResult(answer, IsFinal: true);
        using var document = Parse(answer);
        return WhisperAnswer.Read(document.RootElement) is var (text, language)
            ? new RecognitionResult(text, IsFinal: true, language)
            : throw new EngineException($"The transcription server answered no text{ProblemCode.Quote(Encoding.UTF8.GetBytes(answer))}.");
    }

    /// <summary>Reads an answer while it comes: OpenAI's events, vLLM's pieces, or a text for each part as some servers send it.</summary>
    /// <exception cref="EngineException">It is something else, or ends in the middle.</exception>
    public static async Task ReadEventsAsync(Stream answer, Action<RecognitionResult> tell, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var isWhole = false;
        string? language = null;
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
            if (JsonText.Of(root, "type") == "transcript.text.done" && WhisperAnswer.Read(root) is var (whole, told))
            {
                tell(new RecognitionResult(whole, IsFinal: true, told));
                return;
            }

            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out _))
                throw Failed(item.Data);
            if (Delta(root) is not { } delta)
            {
                if (WhisperAnswer.Read(root) is not var (part, spoken))
                    continue;

                // These end without a sign.
                delta = HeardText.Join(text.ToString(), part)[text.Length..];
                (isWhole, language) = (true, spoken ?? language);
            }

            text.Append(delta);
            tell(new RecognitionResult(text.ToString(), IsFinal: false, language));
        }

        if (!isWhole)
            throw new EngineException("The transcription server broke off.") { Fault = EngineFault.Broken };
        tell(new RecognitionResult(text.ToString(), IsFinal: true, language));
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

    /// <summary>Whether it is a web page; the tags of models begin alike.</summary>
    private static bool IsPage(string trimmed) =>
        trimmed.StartsWith("<!", StringComparison.Ordinal)
        || trimmed.StartsWith("<?", StringComparison.Ordinal)
        || trimmed.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
        || trimmed.StartsWith("<head", StringComparison.OrdinalIgnoreCase)
        || trimmed.StartsWith("<body", StringComparison.OrdinalIgnoreCase);

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
