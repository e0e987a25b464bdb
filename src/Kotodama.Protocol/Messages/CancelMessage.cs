using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>The user wants the character to end what it is saying or thinking about.</summary>
public sealed record CancelMessage : Message
{
    /// <summary>Makes a message.</summary>
    public CancelMessage()
        : base(MessageType.Cancel)
    {
    }

    /// <summary>The channel. Null: the page's first one; the hub fills it in.</summary>
    [Form(FormAttribute.Channel)]
    public string? Channel { get; init; }

    /// <summary>The session of the page. Set by the hub.</summary>
    public string? Page { get; init; }

    internal static CancelMessage Read(FieldReader f) => new() { Channel = f.OptionalText("channel"), Page = f.OptionalText("page") };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        check.Channel("channel", Channel);
        return check.Error;
    }
}
