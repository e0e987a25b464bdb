using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// A user touched the character on a page. The hub passes it to the channel's companion and to the clients that asked for it with
/// <see cref="HelloMessage.TouchCapability"/>. It is not kept: a touch is worth nothing a moment later.
/// </summary>
public sealed record TouchMessage : Message
{
    /// <summary>Makes a message.</summary>
    public TouchMessage()
        : base(MessageType.Touch)
    {
    }

    /// <summary>The channel. Null: the page's first one; the hub fills it in.</summary>
    [Form(FormAttribute.Channel)]
    public string? Channel { get; init; }

    /// <summary>Where: <c>head</c>, <c>face</c> or <c>body</c>, or an area of the model by its own name.</summary>
    [Form(FormAttribute.Name)]
    public required string Area { get; init; }

    /// <summary>How.</summary>
    public TouchGesture Gesture { get; init; }

    /// <summary>The avatar that the page shows, by its name. Null: unknown.</summary>
    [Form(FormAttribute.Avatar)]
    public string? Avatar { get; init; }

    /// <summary>The session of the page. Set by the hub.</summary>
    public string? Page { get; init; }

    internal static TouchMessage Read(FieldReader f) => new()
    {
        Channel = f.OptionalText("channel"),
        Area = f.Text("area", """Say where: {"type":"touch","area":"head"}."""),
        Gesture = f.Choice("gesture", TouchGesture.Tap),
        Avatar = f.OptionalText("avatar"),
        Page = f.OptionalText("page"),
    };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        check.Channel("channel", Channel);
        check.Name("area", Area);
        check.Avatar("avatar", Avatar);
        return check.Error;
    }
}

/// <summary>How a user touches the character.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TouchGesture>))]
public enum TouchGesture
{
    /// <summary>A click or a tap.</summary>
    [JsonStringEnumMemberName("tap")]
    Tap,

    /// <summary>The pointer was moved over it while it was pressed.</summary>
    [JsonStringEnumMemberName("stroke")]
    Stroke,
}
