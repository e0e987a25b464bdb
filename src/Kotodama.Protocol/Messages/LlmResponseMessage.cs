using System.Buffers.Text;
using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A reply: the page shows it in the bubble and the character says it.</summary>
public sealed record LlmResponseMessage : Publication
{
    /// <summary>How long a bubble stays when the publisher does not say, in milliseconds: the founding protocol's eight seconds.</summary>
    public const double DefaultDuration = 8000;

    private const int MostEmotions = 64;

    /// <summary>Makes a message.</summary>
    public LlmResponseMessage()
        : base(MessageType.LlmResponse, kept: true)
    {
    }

    /// <summary>The text, 1 to <see cref="ProtocolLimits.Content"/> characters. Shown as text, never as markup.</summary>
    [Bounds(1, nameof(ProtocolLimits.Content))]
    public required string Content { get; init; }

    /// <summary>
    /// The least time the bubble stays, in milliseconds, 0 to <see cref="ProtocolLimits.Duration"/>. A newer reply may take the bubble
    /// before that, tips and statuses may not.
    /// </summary>
    [Bounds(0, nameof(ProtocolLimits.Duration))]
    public double Duration { get; init; } = DefaultDuration;

    /// <summary>The emotion to show with the bubble, for example <c>joy</c>. Null: the face stays as it is.</summary>
    [Form(FormAttribute.Name)]
    public string? Emotion { get; init; }

    /// <summary>Emotions within the text, in the order of their places, at most 64. The face changes when that place is spoken.</summary>
    [Bounds(0, MostEmotions)]
    public IReadOnlyList<ReplyEmotion>? Emotions { get; init; }

    /// <summary>A motion to play once, for example <c>wave</c>.</summary>
    [Form(FormAttribute.Name)]
    public string? Motion { get; init; }

    /// <summary>Whether the character speaks the text. False: the bubble only.</summary>
    public bool Speak { get; init; } = true;

    /// <summary>
    /// What to do when another reply is being spoken. Where <see cref="StatedMode"/> leaves it open: as if it said that the reply waits.
    /// </summary>
    [JsonIgnore]
    public ReplyMode Mode
    {
        get => StatedMode ?? ReplyMode.Queue;
        init => StatedMode = value;
    }

    /// <summary>What to do when another reply is being spoken. Null: what the hub is set to, by default that the reply waits.</summary>
    [JsonPropertyName("mode")]
    public ReplyMode? StatedMode { get; init; } = ReplyMode.Queue;

    /// <summary>The voice to speak with. Null: the character's own.</summary>
    [Form(FormAttribute.Name)]
    public string? Voice { get; init; }

    /// <summary>The language of the text as a BCP 47 tag, for example <c>zh</c>. Null: found from the text.</summary>
    [Form(FormAttribute.Name)]
    public string? Lang { get; init; }

    /// <summary>
    /// The reply as a sound file in base64, when the publisher brings its own sound; small, because the whole message has to fit into
    /// <see cref="ProtocolLimits.Frame"/>. WAV, MP3, Ogg, FLAC: what browsers play. The hub takes it off before the pages get the message.
    /// </summary>
    [Base64]
    public string? Audio { get; init; }

    /// <summary>
    /// The <see cref="AudioMessage.Stream"/> of the <see cref="AudioMessage"/>s that the publisher sends next on the same connection: the
    /// reply as sound, as long as it likes. An empty one ends it. 0 to 2^32 - 1.
    /// </summary>
    [Bounds(0, SpeechFields.LastTurn)]
    public long? AudioStream { get; init; }

    /// <summary>
    /// The exchange that this is an answer in, see <see cref="TurnMessage.Turn"/>. The hub sets it on what the channel's companion
    /// publishes, and takes it away from what others do. Null: no answer of a companion.
    /// </summary>
    public long? Turn { get; init; }

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new LlmResponseMessage
    {
        Content = f.Text("content", """Say what to show: {"type":"llm_response","content":"Hello","duration":8000}."""),
        Duration = f.Number("duration", DefaultDuration),
        Emotion = f.OptionalText("emotion"),
        Emotions = f.OptionalObjects("emotions", ReplyEmotion.Read),
        Motion = f.OptionalText("motion"),
        Speak = f.Flag("speak", true),
        StatedMode = f.OptionalChoice<ReplyMode>("mode"),
        Voice = f.OptionalText("voice"),
        Lang = f.OptionalText("lang"),
        Audio = f.OptionalText("audio"),
        AudioStream = f.OptionalInteger("audioStream"),
        Turn = f.OptionalInteger("turn"),
    });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits)
    {
        check.Text("content", Content, 1, limits.Content);
        check.Range("duration", Duration, 0, limits.Duration, "milliseconds", "Send milliseconds, for example 8000.");
        check.Name("emotion", Emotion);
        check.Name("motion", Motion);
        check.Range("emotions", Emotions?.Count ?? 0, 0, MostEmotions, "entries", "Send fewer.");
        foreach (var (at, name) in Emotions ?? [])
        {
            check.Range("emotions.at", at, 0, Content.Length, "", "Send a place in content.");
            check.Name("emotions.name", name);
        }

        check.Name("voice", Voice);
        check.Name("lang", Lang);
        if (Audio is not null && !Base64.IsValid(Audio))
            check.Fail(
                ErrorCode.BadValue,
                "audio must be a sound file in base64",
                "Send a file of some seconds, or POST a larger one to /api/speak.");
        if (AudioStream is { } stream)
            check.Range("audioStream", stream, 0, uint.MaxValue, "", "Choose a number for the binary messages that follow.");
    }
}

/// <summary>What a reply does while another one is being spoken.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplyMode>))]
public enum ReplyMode
{
    /// <summary>It waits for its turn.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,

    /// <summary>It cuts in at once.</summary>
    [JsonStringEnumMemberName("interrupt")]
    Interrupt,
}

/// <summary>An emotion within a reply.</summary>
/// <param name="At">The place in the text where it begins, in UTF-16 code units.</param>
/// <param name="Name">The emotion, for example <c>joy</c>.</param>
public sealed record ReplyEmotion(int At, [property: Form(FormAttribute.Name)] string Name)
{
    internal static ReplyEmotion Read(FieldReader f) => new(f.Count("at", 0), f.Text("name", "Name the emotion, for example joy."));
}
