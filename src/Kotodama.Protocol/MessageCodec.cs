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

    /// <summary>Reads one message.</summary>
    /// <param name="utf8">The whole message. It is not kept.</param>
    /// <param name="limits">The limits in force. Null: <see cref="ProtocolLimits.Default"/>.</param>
    /// <returns>The message, or the error to send back. Fields of later versions are ignored.</returns>
    public static ReadResult Read(ReadOnlyMemory<byte> utf8, ProtocolLimits? limits = null)
    {
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
            return ReadResult.Refused(ErrorCode.BadJson, $"the message is not JSON that is accepted here{Where(e)}: broken, too deep, or a name twice", "Send one JSON object per message, for example {\"type\":\"llm_response\",\"content\":\"Hello\"}.");
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
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = WireJson.Wire.Options.Encoder, SkipValidation = true });
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
        var message = fields.Error is null ? Build(type, fields) : null;
        if (message is null && fields.Error is null)
            fields.Fail(ErrorCode.UnknownType, "the type is unknown", $"Publishers send {string.Join(", ", Publishable)}.");
        var error = fields.Error ?? message switch
        {
            Publication publication => publication.Validate(limits),
            HelloMessage hello => hello.Validate(limits),
            _ => null,
        };
        return error is null ? new ReadResult(message, null) : new ReadResult(null, error);
    }

    private static readonly string[] Publishable =
        [MessageType.LlmResponse, MessageType.Status, MessageType.Expression, MessageType.Motion, MessageType.LlmDelta, MessageType.Stop];

    private static Message? Build(string type, FieldReader f) => type switch
    {
        MessageType.LlmResponse => Envelope(f, new LlmResponseMessage
        {
            Content = f.Text("content", """Say what to show: {"type":"llm_response","content":"Hello","duration":8000}."""),
            Duration = f.Number("duration", LlmResponseMessage.DefaultDuration),
            Emotion = f.OptionalText("emotion"),
            Motion = f.OptionalText("motion"),
            Speak = f.Flag("speak", true),
            Mode = f.Choice("mode", ReplyMode.Queue, ("queue", ReplyMode.Queue), ("interrupt", ReplyMode.Interrupt)),
            Voice = f.OptionalText("voice"),
            Lang = f.OptionalText("lang"),
        }),
        MessageType.LlmDelta => Envelope(f, new LlmDeltaMessage
        {
            Part = (int)Math.Clamp(f.Integer("part"), -1, int.MaxValue),
            Content = f.Text("content", """Send the text to append: {"type":"llm_delta","id":"r1","part":0,"content":"Hel"}."""),
        }),
        MessageType.Status => Envelope(f, new StatusMessage
        {
            Content = f.Text("content", """Say what is going on: {"type":"status","content":"Thinking"}."""),
        }),
        MessageType.Expression => Envelope(f, new ExpressionMessage
        {
            Name = f.Text("name", """Name the expression: {"type":"expression","name":"joy"}."""),
            Duration = f.OptionalNumber("duration"),
            Weight = f.Number("weight", 1),
        }),
        MessageType.Motion => Envelope(f, new MotionMessage
        {
            Name = f.Text("name", """Name the motion: {"type":"motion","name":"wave"}."""),
            Priority = f.Choice("priority", MotionPriority.Normal, ("idle", MotionPriority.Idle), ("normal", MotionPriority.Normal), ("force", MotionPriority.Force)),
        }),
        MessageType.Stop => Envelope(f, new StopMessage
        {
            What = f.Choice("what", StopTarget.All, ("all", StopTarget.All), ("speech", StopTarget.Speech)),
        }),
        MessageType.Hello => new HelloMessage
        {
            V = (int)Math.Clamp(f.OptionalInteger("v") ?? ProtocolVersion.Current, int.MinValue, int.MaxValue),
            Role = f.Choice("role", PeerRole.Viewer, ("viewer", PeerRole.Viewer), ("publisher", PeerRole.Publisher)),
            Channels = f.OptionalTexts("channels"),
            Caps = f.OptionalTexts("caps"),
            Client = f.OptionalText("client"),
        },
        MessageType.Welcome => new WelcomeMessage
        {
            V = (int)Math.Clamp(f.Integer("v"), int.MinValue, int.MaxValue),
            Server = f.Text("server", ""),
            Session = f.Text("session", ""),
            Channels = Positions(f),
            Ping = f.Number("ping", 0),
            Limits = Limits(f),
        },
        MessageType.Ack => new AckMessage
        {
            Channel = f.Text("channel", "Name the channel of the numbers."),
            Epoch = f.Text("epoch", "Send the epoch of the messages."),
            Displayed = f.Integers("displayed"),
        },
        MessageType.Receipt => new ReceiptMessage
        {
            Id = f.Text("id", ""),
            Channel = f.Text("channel", ""),
            Status = f.Text("status", ""),
            Pages = (int)Math.Clamp(f.Integer("pages"), 0, int.MaxValue),
            Epoch = f.OptionalText("epoch"),
            Seq = f.OptionalInteger("seq"),
        },
        MessageType.Error => new ErrorMessage
        {
            Code = f.Text("code", ""),
            Message = f.Text("message", ""),
            Hint = f.OptionalText("hint") ?? "",
            Id = f.OptionalText("id"),
            Retry = f.Flag("retry", false),
        },
        MessageType.Ping => new PingMessage(),
        MessageType.Bye => new ByeMessage { RetryAfter = f.Number("retryAfter", 0) },
        _ => null,
    };

    private static Publication Envelope(FieldReader f, Publication message) => message with
    {
        Id = f.OptionalText("id"),
        Channel = f.OptionalText("channel"),
        Receipt = f.Choice<ReceiptLevel?>("receipt", null, ("none", ReceiptLevel.None), ("sent", ReceiptLevel.Sent)),
        Epoch = f.OptionalText("epoch"),
        Seq = f.OptionalInteger("seq"),
        Ts = f.OptionalInteger("ts"),
    };

    private static Dictionary<string, ChannelPosition> Positions(FieldReader f)
    {
        var positions = new Dictionary<string, ChannelPosition>(StringComparer.Ordinal);
        foreach (var property in f.OptionalObject("channels")?.EnumerateObject() ?? default)
        {
            if (property.Value.ValueKind != JsonValueKind.Object)
                continue;
            var position = new FieldReader(property.Value);
            positions[property.Name] = new ChannelPosition(position.Text("epoch", ""), position.Integer("seq"));
        }

        return positions;
    }

    private static ProtocolLimits Limits(FieldReader f)
    {
        var standard = ProtocolLimits.Default;
        if (f.OptionalObject("limits") is not { } json)
            return standard;
        var limits = new FieldReader(json);
        return new ProtocolLimits
        {
            Frame = (int)limits.Number("frame", standard.Frame),
            Content = (int)limits.Number("content", standard.Content),
            Duration = limits.Number("duration", standard.Duration),
            Channels = (int)limits.Number("channels", standard.Channels),
            Errors = (int)limits.Number("errors", standard.Errors),
        };
    }

    private static string Where(Exception e) =>
        e is JsonException { LineNumber: { } line, BytePositionInLine: { } column } ? $" (line {line + 1}, byte {column + 1})" : "";
}
