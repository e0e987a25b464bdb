using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>Tells a page whether it is the one of its channel that is heard; the others move their mouths with it.</summary>
public sealed record SpeakerMessage : Message
{
    /// <summary>Makes a message.</summary>
    public SpeakerMessage()
        : base(MessageType.Speaker)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>Whether it is.</summary>
    public required bool On { get; init; }

    internal static SpeakerMessage Read(FieldReader f) => new() { Channel = SpeechFields.Channel(f), On = f.Flag("on", false) };
}
