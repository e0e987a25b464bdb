using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>Tells a voice which pages listen on a channel. Sent when that changes.</summary>
public sealed record AudienceMessage : Message
{
    /// <summary>Makes a message.</summary>
    public AudienceMessage()
        : base(MessageType.Audience)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>Pages that show what is said.</summary>
    public required int Pages { get; init; }

    /// <summary>Whether one of them plays speech and reports what is heard.</summary>
    public required bool Speaker { get; init; }

    /// <summary>
    /// The speech that was sent last, when none of these pages has it: they connected, or reconnected, without it. Null otherwise.
    /// </summary>
    public long? Lost { get; init; }

    internal static AudienceMessage Read(FieldReader f) => new()
    {
        Channel = SpeechFields.Channel(f),
        Pages = (int)SpeechFields.Within(f, "pages", f.Integer("pages"), 0, int.MaxValue),
        Speaker = f.Flag("speaker", false),
        Lost = f.OptionalInteger("lost"),
    };
}
