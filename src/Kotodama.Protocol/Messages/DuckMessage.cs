using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A companion makes the speech of its channel quieter, or holds it, while the user speaks. Nothing of it is lost.</summary>
public sealed record DuckMessage : Message
{
    /// <summary>Makes a message.</summary>
    public DuckMessage()
        : base(MessageType.Duck)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>How loud the speech is, 0 to 1: 0 holds it where it is, 1 lets it resume.</summary>
    [Bounds(0, 1)]
    public required double Gain { get; init; }

    internal static DuckMessage Read(FieldReader f) => new() { Channel = f.Channel(), Gain = f.Number("gain", 1) };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(null);
        check.Channel("channel", Channel);
        check.Range("gain", Gain, 0, 1, "", "0 holds the speech, 1 lets it go on.");
        return check.Error;
    }
}
