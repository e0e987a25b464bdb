using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>Tells a page whether a voice speaks the replies of its channel, so that it knows what to wait for.</summary>
public sealed record VoiceMessage : Message
{
    /// <summary>Makes a message.</summary>
    public VoiceMessage()
        : base(MessageType.Voice)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>Whether one does.</summary>
    public required bool On { get; init; }

    internal static VoiceMessage Read(FieldReader f) => new() { Channel = SpeechFields.Channel(f), On = f.Flag("on", false) };
}
