using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A page's microphone was switched on or off. The hub also says <see cref="MicState.Off"/> when the page is gone.</summary>
public sealed record MicMessage : Message
{
    /// <summary>Makes a message.</summary>
    public MicMessage()
        : base(MessageType.Mic)
    {
    }

    /// <summary>The channel. Null: the page's first one; the hub fills it in.</summary>
    [Form(FormAttribute.Channel)]
    public string? Channel { get; init; }

    /// <summary>Whether it is on.</summary>
    public required MicState State { get; init; }

    /// <summary>What decides when the user speaks.</summary>
    public MicMode Mode { get; init; }

    /// <summary>The language that is spoken, as a BCP 47 tag. Null: unknown.</summary>
    [Form(FormAttribute.Name)]
    public string? Lang { get; init; }

    /// <summary>The session of the page. Set by the hub.</summary>
    public string? Page { get; init; }

    internal static MicMessage Read(FieldReader f) => new()
    {
        Channel = f.OptionalText("channel"),
        State = f.Choice("state", MicState.Off),
        Mode = f.Choice("mode", MicMode.HandsFree),
        Lang = f.OptionalText("lang"),
        Page = f.OptionalText("page"),
    };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        check.Channel("channel", Channel);
        check.Name("lang", Lang);
        return check.Error;
    }
}

/// <summary>Whether a microphone is on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MicState>))]
public enum MicState
{
    /// <summary>It is off.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>It is on.</summary>
    [JsonStringEnumMemberName("on")]
    On,
}

/// <summary>What decides when the user speaks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MicMode>))]
public enum MicMode
{
    /// <summary>The page, which listens for a voice.</summary>
    [JsonStringEnumMemberName("hands_free")]
    HandsFree,

    /// <summary>The user, who holds a button.</summary>
    [JsonStringEnumMemberName("push_to_talk")]
    PushToTalk,
}
