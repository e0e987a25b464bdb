using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>What one event says.</summary>
/// <param name="Pieces">Its JSON values. One, except from servers that put no blank line between events.</param>
/// <param name="IsEnd">Whether the server says that this is all.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChatEvent(IReadOnlyList<JsonElement> Pieces, bool IsEnd);

/// <summary>Reads the answer of a chat server: events as they come, or one piece of JSON from servers that do not stream.</summary>
internal static class ChatEvents
{
    /// <summary>Reads to the end.</summary>
    /// <exception cref="LlmException">This is no answer.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async IAsyncEnumerable<ChatEvent> ReadAsync(
        AnswerStream answer,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        switch (await answer.PeekAsync(cancellationToken).ConfigureAwait(false))
        {
            case null:
                yield break;
            case (byte)'<':
                throw new LlmException(
                    LlmCode.Failed,
                    $"A web page came instead of an answer. Check {LlmOptions.Section}:{nameof(LlmOptions.Server)}: "
                    + "the address of most servers ends with /v1.");
            case (byte)'{' or (byte)'[':
                using (var whole = new MemoryStream())
                {
                    await answer.CopyToAsync(whole, cancellationToken).ConfigureAwait(false);
                    yield return Parse(SseParser.EventTypeDefault, whole.GetBuffer().AsSpan(0, (int)whole.Length));
                }

                break;
            default:
                await foreach (var item in SseParser.Create(answer, Parse).EnumerateAsync(cancellationToken).ConfigureAwait(false))
                    yield return item.Data;
                break;
        }
    }

    private static ChatEvent Parse(string type, ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n\uFEFF"u8);
        var isEnd = data.EndsWith("[DONE]"u8);
        if (isEnd)
            data = data[..^"[DONE]".Length];
        if (!Utf8.IsValid(data))
            data = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data));
        var pieces = new List<JsonElement>(1);
        try
        {
            var reader = new Utf8JsonReader(data, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
                pieces.Add(JsonElement.ParseValue(ref reader));
        }
        catch (JsonException)
        {
            // The exception may quote what came.
            throw ChatAnswerReader.Rubbish();
        }

        return new ChatEvent(pieces, isEnd);
    }
}
