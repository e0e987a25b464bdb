using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>Plays a motion once.</summary>
public sealed record MotionMessage : Publication
{
    /// <summary>Makes a message.</summary>
    public MotionMessage()
        : base(MessageType.Motion, kept: true)
    {
    }

    /// <summary>The motion, for example <c>wave</c>, <c>nod</c> or <c>shake</c>.</summary>
    [Form(FormAttribute.Name)]
    public required string Name { get; init; }

    /// <summary>What happens when another motion is playing.</summary>
    public MotionPriority Priority { get; init; } = MotionPriority.Normal;

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new MotionMessage
    {
        Name = f.Text("name", """Name the motion: {"type":"motion","name":"wave"}."""),
        Priority = f.Choice("priority", MotionPriority.Normal),
    });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits) => check.Name("name", Name);
}

/// <summary>Who wins when two motions want to play.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MotionPriority>))]
public enum MotionPriority
{
    /// <summary>Plays only when nothing else does.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    /// <summary>Replaces idle motions.</summary>
    [JsonStringEnumMemberName("normal")]
    Normal,

    /// <summary>Replaces everything.</summary>
    [JsonStringEnumMemberName("force")]
    Force,
}
