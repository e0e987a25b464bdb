namespace Kotodama.Protocol;

/// <summary>A page reports what it has put on the screen.</summary>
public sealed record AckMessage : Message
{
    /// <summary>Makes a message.</summary>
    public AckMessage()
        : base(MessageType.Ack)
    {
    }

    /// <summary>The channel the numbers belong to.</summary>
    public required string Channel { get; init; }

    /// <summary>The epoch the numbers belong to; numbers of another epoch are ignored.</summary>
    public required string Epoch { get; init; }

    /// <summary>The numbers of the messages that are on the screen now.</summary>
    public required IReadOnlyList<long> Displayed { get; init; }
}
