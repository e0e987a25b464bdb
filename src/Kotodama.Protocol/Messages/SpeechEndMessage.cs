using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>All audio of a clause has been sent. It may still be playing.</summary>
public sealed record SpeechEndMessage : Message
{
    /// <summary>Makes a message.</summary>
    public SpeechEndMessage()
        : base(MessageType.SpeechEnd)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>The speech.</summary>
    [Bounds(0, SpeechFields.LastTurn)]
    public required long Turn { get; init; }

    /// <summary>The clause.</summary>
    [Bounds(0, SpeechFields.LastClause)]
    public required int Clause { get; init; }

    /// <summary>How long the clause is, in milliseconds; 0 when the voice does not know.</summary>
    [Bounds(0, SpeechFields.LongestClause)]
    public double Duration { get; init; }

    /// <summary>No clause follows. May be said later than, and in addition to, the end of the last clause.</summary>
    public bool Final { get; init; }

    internal static SpeechEndMessage Read(FieldReader f) => new()
    {
        Channel = SpeechFields.Channel(f),
        Turn = SpeechFields.Turn(f),
        Clause = SpeechFields.Clause(f),
        Duration = SpeechFields.Milliseconds(f, "duration"),
        Final = f.Flag("final", false),
    };
}
