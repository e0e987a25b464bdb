using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// The user says something to the character: typed, or recognized by the browser. The hub passes it to the channel's companion.
/// </summary>
public sealed record UserTextMessage : Message
{
    /// <summary>Makes a message.</summary>
    public UserTextMessage()
        : base(MessageType.UserText)
    {
    }

    /// <summary>The channel. Null: the page's first one; the hub fills it in.</summary>
    [Form(FormAttribute.Channel)]
    public string? Channel { get; init; }

    /// <summary>What was said, 1 to <see cref="ProtocolLimits.Content"/> characters.</summary>
    [Bounds(1, nameof(ProtocolLimits.Content))]
    public required string Content { get; init; }

    /// <summary>The language as a BCP 47 tag, for example <c>zh</c>. Null: unknown.</summary>
    [Form(FormAttribute.Name)]
    public string? Lang { get; init; }

    /// <summary>Whether it was spoken and recognized by the browser; otherwise it was typed.</summary>
    public bool Spoken { get; init; }

    /// <summary>False: the user is still speaking, and another text takes the place of this one.</summary>
    public bool Final { get; init; } = true;

    /// <summary>The session of the page. Set by the hub.</summary>
    public string? Page { get; init; }

    internal static UserTextMessage Read(FieldReader f) => new()
    {
        Channel = f.OptionalText("channel"),
        Content = f.Text("content", """Send what the person said: {"type":"user_text","content":"Hello"}."""),
        Lang = f.OptionalText("lang"),
        Spoken = f.Flag("spoken", false),
        Final = f.Flag("final", true),
        Page = f.OptionalText("page"),
    };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        check.Channel("channel", Channel);
        check.Text("content", Content, 1, limits.Content);
        check.Name("lang", Lang);
        return check.Error;
    }
}
