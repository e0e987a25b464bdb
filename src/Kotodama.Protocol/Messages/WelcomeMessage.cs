using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>The hub's answer to <see cref="HelloMessage"/>.</summary>
public sealed record WelcomeMessage : Message
{
    /// <summary>Makes a message.</summary>
    public WelcomeMessage()
        : base(MessageType.Welcome)
    {
    }

    /// <summary>The protocol version the hub speaks.</summary>
    [Bounds(double.NegativeInfinity, double.PositiveInfinity)]
    public int V { get; init; } = ProtocolVersion.Current;

    /// <summary>The hub's version, for example <c>0.1.0</c>.</summary>
    public required string Server { get; init; }

    /// <summary>The name of this connection in the hub's logs and status.</summary>
    public required string Session { get; init; }

    /// <summary>The position of each channel of this connection.</summary>
    public required IReadOnlyDictionary<string, ChannelWelcome> Channels { get; init; }

    /// <summary>The interval of the hub's <see cref="PingMessage"/>s in milliseconds.</summary>
    public required double Ping { get; init; }

    /// <summary>The limits in force.</summary>
    public required ProtocolLimits Limits { get; init; }

    internal static WelcomeMessage Read(FieldReader f) => new()
    {
        V = (int)Math.Clamp(f.Integer("v"), int.MinValue, int.MaxValue),
        Server = f.Text("server", ""),
        Session = f.Text("session", ""),
        Channels = f.OptionalObjectsByName("channels", ChannelWelcome.Read) ?? [],
        Ping = f.Number("ping", 0),
        Limits = f.OptionalInner("limits") is { } limits ? ProtocolLimits.Read(limits) : ProtocolLimits.Default,
    };
}

/// <summary>Where a channel stands.</summary>
/// <param name="Epoch">The life of the numbering; it changes when the hub starts anew.</param>
/// <param name="Seq">The number of the newest kept message, 0 before the first.</param>
public record ChannelPosition(string Epoch, long Seq)
{
    internal static ChannelPosition Read(FieldReader f) => new(f.Text("epoch", ""), f.Integer("seq"));
}

/// <summary>Where a channel stands for a viewer that has come (back).</summary>
/// <param name="Epoch">The life of the numbering; it changes when the store is new or lost.</param>
/// <param name="Seq">The number of the newest kept message, 0 before the first.</param>
/// <param name="Recovered">Whether the viewer gets everything since its position. Null: it had none.</param>
/// <param name="Missed">How many messages follow.</param>
public sealed record ChannelWelcome(string Epoch, long Seq, bool? Recovered, int Missed) : ChannelPosition(Epoch, Seq)
{
    internal static new ChannelWelcome Read(FieldReader f) =>
        new(f.Text("epoch", ""), f.Integer("seq"), f.OptionalFlag("recovered"), f.Count("missed", 0));
}
