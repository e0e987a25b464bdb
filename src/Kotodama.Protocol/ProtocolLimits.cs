namespace Kotodama.Protocol;

/// <summary>How large messages may be, and how many. The hub tells its limits to every client that says hello.</summary>
public sealed record ProtocolLimits
{
    /// <summary>The limits of the protocol's text.</summary>
    public static ProtocolLimits Default { get; } = new();

    /// <summary>A whole message, in bytes. Larger ones are skipped and answered with an error.</summary>
    public int Frame { get; init; } = 65_536;

    /// <summary>A <c>content</c> field, in UTF-16 code units.</summary>
    public int Content { get; init; } = 16_384;

    /// <summary>A <c>duration</c> field, in milliseconds.</summary>
    public double Duration { get; init; } = 600_000;

    /// <summary>Channels of one connection.</summary>
    public int Channels { get; init; } = 16;

    /// <summary>Bad messages in a row before the connection is closed with <see cref="CloseCode.TooManyErrors"/>.</summary>
    public int Errors { get; init; } = 10;

    /// <summary>
    /// Kept messages per second of one connection, 0: as many as it likes. Above it the hub reads more slowly; nothing is lost or refused.
    /// Over HTTP it is for each address, and what is above it is refused with <see cref="ErrorCode.RateLimited"/>.
    /// </summary>
    public int PublishRate { get; init; } = 100;

    /// <summary>Kept messages that may come at once before <see cref="PublishRate"/> counts.</summary>
    public int PublishBurst { get; init; } = 1000;

    /// <summary>All other messages per second, for example pieces of a streamed reply; like <see cref="PublishRate"/>.</summary>
    public int FrameRate { get; init; } = 500;

    /// <summary>Other messages that may come at once before <see cref="FrameRate"/> counts.</summary>
    public int FrameBurst { get; init; } = 2_000;

    internal static ProtocolLimits Read(FieldReader f) => new()
    {
        Frame = f.Count("frame", Default.Frame),
        Content = f.Count("content", Default.Content),
        Duration = f.Number("duration", Default.Duration),
        Channels = f.Count("channels", Default.Channels),
        Errors = f.Count("errors", Default.Errors),
        PublishRate = f.Count("publishRate", Default.PublishRate),
        PublishBurst = f.Count("publishBurst", Default.PublishBurst),
        FrameRate = f.Count("frameRate", Default.FrameRate),
        FrameBurst = f.Count("frameBurst", Default.FrameBurst),
    };
}
