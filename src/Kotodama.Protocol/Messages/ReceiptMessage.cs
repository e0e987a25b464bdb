namespace Kotodama.Protocol;

/// <summary>What became of a published message.</summary>
public sealed record ReceiptMessage : Message
{
    /// <summary>Makes a message.</summary>
    public ReceiptMessage()
        : base(MessageType.Receipt)
    {
    }

    /// <summary>The id of the message.</summary>
    public required string Id { get; init; }

    /// <summary>The channel it went to.</summary>
    public required string Channel { get; init; }

    /// <summary>How far the message came. The only value of this version is <c>sent</c>: handed to the pages.</summary>
    public string Status { get; init; } = "sent";

    /// <summary>How many pages the message was handed to. 0 means that nobody will see it.</summary>
    public required int Pages { get; init; }

    /// <summary>The epoch of <see cref="Seq"/>; null for messages that are not kept.</summary>
    public string? Epoch { get; init; }

    /// <summary>The number of the message; null for messages that are not kept.</summary>
    public long? Seq { get; init; }
}
