using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>Changes the character's face.</summary>
public sealed record ExpressionMessage : Publication
{
    /// <summary>Makes a message.</summary>
    public ExpressionMessage()
        : base(MessageType.Expression, kept: true)
    {
    }

    /// <summary>An emotion (<c>joy</c>, <c>sad</c> …) or an expression of the model; <c>neutral</c> for none.</summary>
    [Form(FormAttribute.Name)]
    public required string Name { get; init; }

    /// <summary>How long, in milliseconds, up to <see cref="ProtocolLimits.Duration"/>. Null: until the next change.</summary>
    [Bounds(0, nameof(ProtocolLimits.Duration))]
    public double? Duration { get; init; }

    /// <summary>How strongly, 0 to 1.</summary>
    [Bounds(0, 1)]
    public double Weight { get; init; } = 1;

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new ExpressionMessage
    {
        Name = f.Text("name", """Name the expression: {"type":"expression","name":"joy"}."""),
        Duration = f.OptionalNumber("duration"),
        Weight = f.Number("weight", 1),
    });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits)
    {
        check.Name("name", Name);
        if (Duration is { } duration)
            check.Range("duration", duration, 0, limits.Duration, "milliseconds", "Send milliseconds, or leave it out.");
        check.Range("weight", Weight, 0, 1, "", "1 is the whole expression.");
    }
}
