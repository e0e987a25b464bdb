namespace Kotodama.Protocol;

/// <summary>The hub is stopping; the connection is closed right after.</summary>
public sealed record ByeMessage : Message
{
    /// <summary>Makes a message.</summary>
    public ByeMessage()
        : base(MessageType.Bye)
    {
    }

    /// <summary>After how many milliseconds to try again.</summary>
    public required double RetryAfter { get; init; }

    internal static ByeMessage Read(FieldReader f) => new() { RetryAfter = f.Number("retryAfter", 0) };
}
