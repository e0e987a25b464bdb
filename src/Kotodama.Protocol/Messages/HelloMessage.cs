using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>The optional first message of a client: who it is and what it wants. Answered by <see cref="WelcomeMessage"/>.</summary>
public sealed record HelloMessage : Message
{
    /// <summary>The capability of a viewer that shows messages to a user; only such viewers count as pages.</summary>
    public const string DisplayCapability = "display";

    /// <summary>The capability of a viewer that plays speech.</summary>
    public const string SpeakCapability = "speak";

    /// <summary>
    /// The capability of a viewer or publisher that wants to be told when a user touches the character on one of its channels, with
    /// <see cref="TouchMessage"/>. Companions are told without it.
    /// </summary>
    public const string TouchCapability = "touch";

    /// <summary>Capabilities of one client.</summary>
    internal const int MostCaps = 64;

    /// <summary>Makes a message.</summary>
    public HelloMessage()
        : base(MessageType.Hello)
    {
    }

    /// <summary>The protocol version the client speaks.</summary>
    [Bounds(double.NegativeInfinity, double.PositiveInfinity)]
    public int V { get; init; } = ProtocolVersion.Current;

    /// <summary>What the client does.</summary>
    public required PeerRole Role { get; init; }

    /// <summary>The channels of a viewer; the default channel of a publisher. Null: the connection's channel.</summary>
    [Bounds(1, nameof(ProtocolLimits.Channels))]
    [Form(FormAttribute.Channel)]
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>What the client can do, for example <see cref="DisplayCapability"/>. Unknown entries are ignored.</summary>
    [Bounds(0, MostCaps)]
    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>
    /// Who a viewer is, over all its connections: 1 to 64 characters of <c>A-Z a-z 0-9 . _ : -</c>. Of two connections with the same one
    /// the older is closed with <see cref="CloseCode.Replaced"/>. Null: each connection is a viewer of its own.
    /// </summary>
    [Form(FormAttribute.Id)]
    public string? Viewer { get; init; }

    /// <summary>The last message a returning viewer has, by channel. Channels without one begin fresh.</summary>
    public IReadOnlyDictionary<string, ChannelPosition>? Resume { get; init; }

    /// <summary>The speech that a returning page has in full and still plays, by channel. Of another one it gets the rest anew.</summary>
    public IReadOnlyDictionary<string, long>? Speech { get; init; }

    /// <summary>The client's name and version for logs and the status, at most 64 characters.</summary>
    [Form(FormAttribute.Name)]
    public string? Client { get; init; }

    // How many channels there may be is the hub's setting, see Check.
    internal static HelloMessage Read(FieldReader f) => new()
    {
        V = (int)Math.Clamp(f.OptionalInteger("v") ?? ProtocolVersion.Current, int.MinValue, int.MaxValue),
        Role = f.Choice("role", PeerRole.Viewer),
        Channels = f.OptionalTexts("channels", int.MaxValue),
        Caps = f.OptionalTexts("caps", MostCaps),
        Viewer = f.OptionalText("viewer"),
        Resume = f.OptionalObjectsByName("resume", ChannelPosition.Read),
        Speech = f.OptionalIntegersByName("speech"),
        Client = f.OptionalText("client"),
    };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        if (Channels is { } channels)
        {
            check.Range("channels", channels.Count, 1, limits.Channels, "names", "Name the channels to watch, for example [\"default\"].");
            foreach (var channel in channels)
                check.Channel("channels", channel);
        }

        check.Id("viewer", Viewer, "Leave it out, and each connection counts as a page of its own.");
        check.Name("client", Client);
        return check.Error;
    }
}

/// <summary>What a client does on its connection.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PeerRole>))]
public enum PeerRole
{
    /// <summary>Receives what is published on its channels.</summary>
    [JsonStringEnumMemberName("viewer")]
    Viewer,

    /// <summary>Publishes; is never sent what is broadcast.</summary>
    [JsonStringEnumMemberName("publisher")]
    Publisher,

    /// <summary>
    /// Speaks the replies of its channels: is sent what is published there and what the pages report, and sends the speech.
    /// </summary>
    [JsonStringEnumMemberName("voice")]
    Voice,

    /// <summary>Answers the user on its channels: is sent what the user says, publishes replies, and tells what it is doing.</summary>
    [JsonStringEnumMemberName("companion")]
    Companion,
}
