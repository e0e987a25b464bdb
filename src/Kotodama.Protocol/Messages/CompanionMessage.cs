using System.Text.Json;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// Says whether a companion answers the user on a channel, and which. The hub says it when a companion connects or leaves; the companion
/// adds the details. The hub keeps the last one for pages that connect later.
/// </summary>
public sealed record CompanionMessage : Message
{
    /// <summary>Makes a message.</summary>
    public CompanionMessage()
        : base(MessageType.Companion)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>Whether a companion answers.</summary>
    public required bool On { get; init; }

    /// <summary>The character's name as the page shows it.</summary>
    [Form(FormAttribute.Name)]
    public string? Name { get; init; }

    /// <summary>The character.</summary>
    [Form(FormAttribute.Name)]
    public string? Character { get; init; }

    /// <summary>The language model that answers.</summary>
    public string? Model { get; init; }

    /// <summary>True: no language model is connected, and the built-in demo answers.</summary>
    public bool? Demo { get; init; }

    /// <summary>Whether the companion recognises what is spoken into a microphone.</summary>
    public bool? Hears { get; init; }

    /// <summary>False: the user cannot interrupt the character by speaking, so pages do not fall silent. Null: they do.</summary>
    public bool? BargeIn { get; init; }

    /// <summary>
    /// The avatar of the character: a Live2D model or a drawn character by its name. A channel's own choice,
    /// <see cref="AvatarMessage"/>, goes before. Null: the one that <see cref="Look"/> is made of, or <c>koto</c>.
    /// </summary>
    [Form(FormAttribute.Avatar)]
    public string? Avatar { get; init; }

    /// <summary>
    /// How a drawn character looks that is the character's own, as <c>look</c> in its <c>character.json</c>. Null: as usual.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement>? Look { get; init; }

    internal static CompanionMessage Read(FieldReader f) => new()
    {
        Channel = f.Channel(),
        On = f.Flag("on", true),
        Name = f.OptionalText("name"),
        Character = f.OptionalText("character"),
        Model = f.OptionalText("model"),
        Demo = f.OptionalFlag("demo"),
        Hears = f.OptionalFlag("hears"),
        BargeIn = f.OptionalFlag("bargeIn"),
        Avatar = f.OptionalText("avatar"),
        Look = f.OptionalValuesByName("look"),
    };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        check.Channel("channel", Channel);
        check.Name("name", Name);
        check.Name("character", Character);
        check.Avatar("avatar", Avatar);
        return check.Error;
    }
}
