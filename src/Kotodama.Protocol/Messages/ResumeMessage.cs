namespace Kotodama.Protocol;

/// <summary>A viewer asks, on an open connection, for what it missed.</summary>
public sealed record ResumeMessage : Message
{
    /// <summary>Makes a message.</summary>
    public ResumeMessage()
        : base(MessageType.Resume)
    {
    }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The epoch of <see cref="Seq"/>.</summary>
    public required string Epoch { get; init; }

    /// <summary>The number of the last message it has.</summary>
    public required long Seq { get; init; }

    internal static ResumeMessage Read(FieldReader f) => new()
    {
        Channel = f.Text("channel", "Name the channel."),
        Epoch = f.Text("epoch", "Send the epoch of the last message."),
        Seq = f.Integer("seq"),
    };
}
