using System.Text.Json.Serialization;

namespace Kotodama.Protocol;

/// <summary>Silences the character, or clears the stage.</summary>
public sealed record StopMessage : Publication
{
    /// <summary>Makes a message.</summary>
    public StopMessage()
        : base(MessageType.Stop, kept: false)
    {
    }

    /// <summary>What ends.</summary>
    public StopTarget What { get; init; }

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new StopMessage { What = f.Choice("what", StopTarget.All) });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits)
    {
    }
}

/// <summary>What a <see cref="StopMessage"/> ends.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopTarget>))]
public enum StopTarget
{
    /// <summary>Speech, bubble, expression and motion.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>Speech only; the bubble stays for its time.</summary>
    [JsonStringEnumMemberName("speech")]
    Speech,
}
