using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// Chooses the avatar that a channel shows. Publishers send it, and pages, whose users choose. The hub keeps the last one of each channel,
/// also over restarts, and tells every page when it changes and when it comes.
/// </summary>
public sealed record AvatarMessage : Publication
{
    /// <summary>Makes a message.</summary>
    public AvatarMessage()
        : base(MessageType.Avatar, kept: false)
    {
    }

    /// <summary>
    /// A Live2D model or a drawn character by its name, see <see cref="AvatarName"/>. A page that does not have it goes on with the one it
    /// shows, and says so to its user. Null: as the character says.
    /// </summary>
    [Form(FormAttribute.Avatar)]
    public string? Name { get; init; }

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new AvatarMessage { Name = f.OptionalText("name") });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits) => check.Avatar("name", Name);
}
