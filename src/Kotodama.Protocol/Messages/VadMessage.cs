using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// A page hears the user speak, or not any more. The sound itself is <see cref="AudioMessage"/>s of the kind
/// <see cref="AudioKind.Microphone"/>, between
/// <see cref="VadEvent.Start"/> and <see cref="VadEvent.End"/>: 16 000 samples of 16 bits a second, with <see cref="Utterance"/> as their
/// <see cref="AudioMessage.Stream"/>.
/// </summary>
public sealed record VadMessage : Message
{
    /// <summary>The rate of a microphone's sound, in samples a second.</summary>
    public const int Rate = 16_000;

    /// <summary>Makes a message.</summary>
    public VadMessage()
        : base(MessageType.Vad)
    {
    }

    /// <summary>The channel. Null: the page's first one; the hub fills it in.</summary>
    [Form(FormAttribute.Channel)]
    public string? Channel { get; init; }

    /// <summary>The number of the utterance, 0 to 2^32 - 1. The hub makes it unique among all pages.</summary>
    [Bounds(0, uint.MaxValue)]
    public required long Utterance { get; init; }

    /// <summary>What happened.</summary>
    public required VadEvent Event { get; init; }

    /// <summary>The session of the page. Set by the hub.</summary>
    public string? Page { get; init; }

    internal static VadMessage Read(FieldReader f) => new()
    {
        Channel = f.OptionalText("channel"),
        Utterance = f.Integer("utterance"),
        Event = f.Choice("event", VadEvent.Misfire),
        Page = f.OptionalText("page"),
    };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        check.Channel("channel", Channel);
        check.Range("utterance", Utterance, 0, uint.MaxValue, "", "Count the utterances from 0.");
        return check.Error;
    }
}

/// <summary>What a page hears.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VadEvent>))]
public enum VadEvent
{
    /// <summary>The user perhaps speaks.</summary>
    [JsonStringEnumMemberName("start")]
    Start,

    /// <summary>It is speech.</summary>
    [JsonStringEnumMemberName("real")]
    Real,

    /// <summary>It is over, and all its sound was sent.</summary>
    [JsonStringEnumMemberName("end")]
    End,

    /// <summary>It was no speech, or the page gives it up.</summary>
    [JsonStringEnumMemberName("misfire")]
    Misfire,
}
