using System.Text.Json.Serialization;

namespace Kotodama.Protocol;

/// <summary>Tells a viewer that messages will not come.</summary>
public sealed record GapMessage : Message
{
    /// <summary>Makes a message.</summary>
    public GapMessage()
        : base(MessageType.Gap)
    {
    }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The first missing number.</summary>
    public required long From { get; init; }

    /// <summary>The last missing number; the viewer's position is now here.</summary>
    public required long To { get; init; }

    /// <summary>Why.</summary>
    public required GapReason Reason { get; init; }

    internal static GapMessage Read(FieldReader f) => new()
    {
        Channel = f.Text("channel", ""),
        From = f.Integer("from"),
        To = f.Integer("to"),
        Reason = f.Choice("reason", GapReason.Expired),
    };
}

/// <summary>Why messages are missing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GapReason>))]
public enum GapReason
{
    /// <summary>They expired.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>The channel was full.</summary>
    [JsonStringEnumMemberName("overflow")]
    Overflow,

    /// <summary>For a fresh viewer: another page has shown them, or they expired.</summary>
    [JsonStringEnumMemberName("seen")]
    Seen,

    /// <summary>The numbering began anew.</summary>
    [JsonStringEnumMemberName("epoch")]
    Epoch,
}
