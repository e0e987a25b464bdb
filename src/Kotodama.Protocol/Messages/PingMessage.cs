namespace Kotodama.Protocol;

/// <summary>A sign of life for clients that cannot see WebSocket pings, such as browsers.</summary>
public sealed record PingMessage : Message
{
    /// <summary>Makes a message.</summary>
    public PingMessage()
        : base(MessageType.Ping)
    {
    }

    /// <summary>For viewers: the newest number of each channel, so that a hole is noticed. Null for publishers.</summary>
    public IReadOnlyDictionary<string, long>? Tops { get; init; }

    internal static PingMessage Read(FieldReader f) => new() { Tops = f.OptionalIntegersByName("tops") };
}
