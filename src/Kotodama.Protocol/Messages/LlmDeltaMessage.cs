using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// A piece of a reply that is still being written. The page appends it to the bubble with the same <see cref="Publication.Id"/>; the
/// closing <see cref="LlmResponseMessage"/> with that id carries the whole text and decides, so a lost piece costs nothing.
/// </summary>
public sealed record LlmDeltaMessage : Publication
{
    /// <summary>Makes a message.</summary>
    public LlmDeltaMessage()
        : base(MessageType.LlmDelta, kept: false)
    {
    }

    /// <summary>0, 1, 2 … within the reply.</summary>
    [Bounds(0, double.PositiveInfinity)]
    public required int Part { get; init; }

    /// <summary>The text to append, at most <see cref="ProtocolLimits.Content"/> characters.</summary>
    [Bounds(0, nameof(ProtocolLimits.Content))]
    public required string Content { get; init; }

    /// <summary>The emotion from the beginning of this piece on, for example <c>joy</c>. Null: as before.</summary>
    [Form(FormAttribute.Name)]
    public string? Emotion { get; init; }

    /// <summary>The voice to speak with, said with the first piece. Null: the character's own.</summary>
    [Form(FormAttribute.Name)]
    public string? Voice { get; init; }

    /// <summary>
    /// The exchange that this is an answer in, see <see cref="TurnMessage.Turn"/>. The hub sets it on what the channel's companion
    /// publishes, and takes it away from what others do. Null: no answer of a companion.
    /// </summary>
    public long? Turn { get; init; }

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new LlmDeltaMessage
    {
        Part = (int)Math.Clamp(f.Integer("part"), -1, int.MaxValue),
        Content = f.Text("content", """Send the text to append: {"type":"llm_delta","id":"r1","part":0,"content":"Hel"}."""),
        Emotion = f.OptionalText("emotion"),
        Voice = f.OptionalText("voice"),
        Turn = f.OptionalInteger("turn"),
    });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits)
    {
        if (Id is null)
            check.Missing("id", """Give every piece the id of its reply: {"type":"llm_delta","id":"r1","part":0,"content":"Hel"}.""");
        check.Range("part", Part, 0, int.MaxValue, "", "Count the pieces of a reply from 0.");
        check.Text("content", Content, 0, limits.Content);
        check.Name("emotion", Emotion);
        check.Name("voice", Voice);
    }
}
