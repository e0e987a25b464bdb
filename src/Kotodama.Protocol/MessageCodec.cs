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
            UserTextMessage text => text.Validate(limits),
            MicMessage mic => mic.Validate(),
            VadMessage vad => vad.Validate(),
            CancelMessage cancel => cancel.Validate(),
            AskMessage ask => ask.Validate(),
            DuckMessage duck => duck.Validate(),
            CompanionMessage companion => companion.Validate(),
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
            Emotions = f.OptionalObjects("emotions", item => new ReplyEmotion(item.Count("at", 0), item.Text("name", "Name the emotion, for example joy."))),
            Motion = f.OptionalText("motion"),
            Speak = f.Flag("speak", true),
            Mode = f.Choice("mode", ReplyMode.Queue, ("queue", ReplyMode.Queue), ("interrupt", ReplyMode.Interrupt)),
            Voice = f.OptionalText("voice"),
            Lang = f.OptionalText("lang"),
            Audio = f.OptionalText("audio"),
            AudioStream = f.OptionalInteger("audioStream"),
        }),
        MessageType.LlmDelta => Envelope(f, new LlmDeltaMessage
        {
            Part = (int)Math.Clamp(f.Integer("part"), -1, int.MaxValue),
            Content = f.Text("content", """Send the text to append: {"type":"llm_delta","id":"r1","part":0,"content":"Hel"}."""),
            Emotion = f.OptionalText("emotion"),
            Voice = f.OptionalText("voice"),
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
            Role = f.Choice("role", PeerRole.Viewer, ("viewer", PeerRole.Viewer), ("publisher", PeerRole.Publisher), ("voice", PeerRole.Voice), ("companion", PeerRole.Companion)),
            Channels = f.OptionalTexts("channels"),
            Caps = f.OptionalTexts("caps"),
            Viewer = f.OptionalText("viewer"),
            Resume = Positions(f, "resume", p => new ChannelPosition(p.Text("epoch", ""), p.Integer("seq"))),
            Speech = f.OptionalIntegersByName("speech"),
            Client = f.OptionalText("client"),
        },
        MessageType.Welcome => new WelcomeMessage
        {
            V = (int)Math.Clamp(f.Integer("v"), int.MinValue, int.MaxValue),
            Server = f.Text("server", ""),
            Session = f.Text("session", ""),
            Channels = Positions(f, "channels", p => new ChannelWelcome(p.Text("epoch", ""), p.Integer("seq"), p.OptionalFlag("recovered"), p.Count("missed", 0))) ?? [],
            Ping = f.Number("ping", 0),
            Limits = Limits(f),
        },
        MessageType.Ack => new AckMessage
        {
            Channel = f.Text("channel", "Name the channel of the numbers."),
            Epoch = f.Text("epoch", "Send the epoch of the messages."),
            Received = f.OptionalInteger("received"),
            Displayed = f.OptionalIntegers("displayed"),
            Spoken = f.OptionalIntegers("spoken"),
            Heard = f.OptionalObjects("heard", item => new AckHeard(item.Integer("seq"), item.Number("ms", 0), item.Count("chars", 0))),
            Superseded = f.OptionalIntegers("superseded"),
            Failed = f.OptionalObjects("failed", item => new AckFailure(item.Integer("seq"), item.OptionalText("code") ?? "")),
        },
        MessageType.Receipt => new ReceiptMessage
        {
            Id = f.Text("id", ""),
            Channel = f.Text("channel", ""),
            Status = f.Choice("status", ReceiptStatus.Progress, ("stored", ReceiptStatus.Stored), ("progress", ReceiptStatus.Progress), ("done", ReceiptStatus.Done), ("expired", ReceiptStatus.Expired), ("dropped", ReceiptStatus.Dropped), ("stopped", ReceiptStatus.Stopped)),
            Pages = f.OptionalCount("pages"),
            Epoch = f.OptionalText("epoch"),
            Seq = f.OptionalInteger("seq"),
            Durable = f.OptionalFlag("durable"),
            Duplicate = f.OptionalFlag("duplicate"),
            Counts = Counts(f),
            Heard = f.OptionalInner("heard") is { } heard ? new ReceiptHeard(heard.Number("ms", 0), heard.Count("chars", 0)) : null,
            Final = f.OptionalFlag("final"),
        },
        MessageType.Error => new ErrorMessage
        {
            Code = f.Text("code", ""),
            Message = f.Text("message", ""),
            Hint = f.OptionalText("hint") ?? "",
            Id = f.OptionalText("id"),
            Retry = f.Flag("retry", false),
        },
        MessageType.Ping => new PingMessage { Tops = f.OptionalIntegersByName("tops") },
        MessageType.Gap => new GapMessage
        {
            Channel = f.Text("channel", ""),
            From = f.Integer("from"),
            To = f.Integer("to"),
            Reason = f.Choice("reason", GapReason.Expired, ("expired", GapReason.Expired), ("overflow", GapReason.Overflow), ("seen", GapReason.Seen), ("epoch", GapReason.Epoch)),
        },
        MessageType.Resume => new ResumeMessage
        {
            Channel = f.Text("channel", "Name the channel."),
            Epoch = f.Text("epoch", "Send the epoch of the last message."),
            Seq = f.Integer("seq"),
        },
        MessageType.LlmAbort => new LlmAbortMessage { Channel = f.Text("channel", ""), Id = f.Text("id", ""), Reason = f.OptionalText("reason") ?? "" },
        MessageType.Bye => new ByeMessage { RetryAfter = f.Number("retryAfter", 0) },
        _ => SpeechCodec.Build(type, f) ?? TalkCodec.Build(type, f),
    };

    private static Publication Envelope(FieldReader f, Publication message) => message with
    {
        Id = f.OptionalText("id"),
        Channel = f.OptionalText("channel"),
        Ttl = f.OptionalNumber("ttl"),
        Receipt = f.Choice<ReceiptLevel?>("receipt", null, ("none", ReceiptLevel.None), ("stored", ReceiptLevel.Stored), ("received", ReceiptLevel.Received), ("displayed", ReceiptLevel.Displayed), ("spoken", ReceiptLevel.Spoken)),
        Epoch = f.OptionalText("epoch"),
        Seq = f.OptionalInteger("seq"),
        Ts = f.OptionalInteger("ts"),
    };

    private static Dictionary<string, T>? Positions<T>(FieldReader f, string field, Func<FieldReader, T> read)
    {
        if (f.OptionalObject(field) is not { } json)
            return null;
        var positions = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (f.Inner(field, property.Value) is { } inner)
                positions[property.Name] = read(inner);
        }

        return positions;
    }

    private static ReceiptCounts? Counts(FieldReader f) =>
        f.OptionalInner("counts") is { } counts ? new ReceiptCounts(counts.Count("sent", 0), counts.Count("received", 0), counts.Count("displayed", 0), counts.Count("spoken", 0)) : null;

    private static ProtocolLimits Limits(FieldReader f)
    {
        var standard = ProtocolLimits.Default;
        if (f.OptionalInner("limits") is not { } limits)
            return standard;
        return new ProtocolLimits
        {
            Frame = limits.Count("frame", standard.Frame),
            Content = limits.Count("content", standard.Content),
            Duration = limits.Number("duration", standard.Duration),
            Channels = limits.Count("channels", standard.Channels),
            Errors = limits.Count("errors", standard.Errors),
            PublishRate = limits.Count("publishRate", standard.PublishRate),
            PublishBurst = limits.Count("publishBurst", standard.PublishBurst),
            FrameRate = limits.Count("frameRate", standard.FrameRate),
            FrameBurst = limits.Count("frameBurst", standard.FrameBurst),
        };
    }

    private static string Where(Exception e) =>
        e is JsonException { LineNumber: { } line, BytePositionInLine: { } column } ? $" (line {line + 1}, byte {column + 1})" : "";
}
