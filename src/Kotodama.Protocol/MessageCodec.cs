using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Kotodama.Protocol;

/// <summary>
/// UTF-8 JSON in, messages out, and back. Knows no socket. Reading never throws for bad input: it says what is wrong with it. All
/// members are safe to call from any thread.
/// </summary>
public static class MessageCodec
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private static readonly string[] Publishable =
    [
        MessageType.LlmResponse, MessageType.Status, MessageType.Expression, MessageType.Motion, MessageType.LlmDelta, MessageType.Stop,
        MessageType.Avatar, MessageType.Enc,
    ];

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Reads one message.</summary>
    /// <param name="utf8">The whole message. It is not kept.</param>
    /// <param name="limits">The limits in force. Null: <see cref="ProtocolLimits.Default"/>.</param>
    /// <returns>
    /// The message, or the error to send back. Fields of later versions are ignored, and so is a byte order mark before the JSON, which
    /// some shells and editors write.
    /// </returns>
    public static ReadResult Read(ReadOnlyMemory<byte> utf8, ProtocolLimits? limits = null)
    {
        if (utf8.Span.StartsWith(ByteOrderMark))
            utf8 = utf8[ByteOrderMark.Length..];
        if (!Utf8.IsValid(utf8.Span))
            return ReadResult.Refused(ErrorCode.BadJson, "the message is not UTF-8", "Encode the JSON as UTF-8.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is how the framework refuses a name with half of a surrogate pair.
            return ReadResult.Refused(
                ErrorCode.BadJson,
                $"the message is not JSON that is accepted here{Where(e)}: broken, too deep, or a name twice",
                "Send one JSON object per message, for example {\"type\":\"llm_response\",\"content\":\"Hello\"}.");
        }

        using (document)
            return Read(document.RootElement, limits ?? ProtocolLimits.Default);
    }

    /// <summary>Writes one message as UTF-8 JSON.</summary>
    /// <param name="message">The message.</param>
    /// <param name="output">Where to write; the caller owns it.</param>
    public static void Write(Message message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var writer = new Utf8JsonWriter(
            output,
            new JsonWriterOptions { Encoder = WireJson.Wire.Options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(writer, message, WireJson.Wire.GetTypeInfo(message.GetType())!);
    }

    /// <summary>Writes one message as UTF-8 JSON into an array of its own.</summary>
    /// <param name="message">The message.</param>
    public static byte[] Write(Message message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(message, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static ReadResult Read(JsonElement json, ProtocolLimits limits)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return ReadResult.Refused(ErrorCode.BadJson, "the message is not a JSON object", "Send one JSON object per message.");
        var fields = new FieldReader(json);
        var type = fields.Text("type", "Say what the message is: {\"type\":\"llm_response\",\"content\":\"Hello\"}.");
        if (fields.Error is not null)
            return new ReadResult(null, fields.Error);
        if (MessageReaders.Find(type) is not { } read)
        {
            var hint = $"Publishers send {string.Join(", ", Publishable)}.";
            var unknown = FieldChecks.Quote(type) is { Length: > 0 } quoted
                ? $"the type{quoted} is unknown"
                : "the type is unknown: types are written in small letters and underscores";
            fields.Fail(ErrorCode.UnknownType, unknown, hint);
            return new ReadResult(null, fields.Error);
        }

        var message = read(fields);
        var error = fields.Error ?? message.Check(limits);
        return error is null ? new ReadResult(message, null) : new ReadResult(null, error);
    }

    private static string Where(Exception e) =>
        e is JsonException { LineNumber: { } line, BytePositionInLine: { } column } ? $" (line {line + 1}, byte {column + 1})" : "";
}
