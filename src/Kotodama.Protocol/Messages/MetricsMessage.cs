using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>How long an exchange took, step by step. Sent after each step; a later one has all the steps before it.</summary>
public sealed record MetricsMessage : Message
{
    /// <summary>Makes a message.</summary>
    public MetricsMessage()
        : base(MessageType.Metrics)
    {
    }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The exchange, see <see cref="TurnMessage.Turn"/>.</summary>
    public required long Turn { get; init; }

    /// <summary>The steps.</summary>
    public required TurnMarks Marks { get; init; }

    internal static MetricsMessage Read(FieldReader f) => new()
    {
        Channel = f.Channel(),
        Turn = f.Integer("turn"),
        Marks = f.OptionalInner("marks") is { } marks ? TurnMarks.Read(marks) : new TurnMarks(),
    };
}

/// <summary>
/// The moments of an exchange in milliseconds since the user ended: since the last sound of the voice, as far as the page knows, or since
/// the text was sent. Null: it did not come, or is not known.
/// </summary>
/// <param name="EndOfSpeech">The companion knew that the user had ended.</param>
/// <param name="Transcript">What was said was known.</param>
/// <param name="FirstToken">The language model gave its first piece.</param>
/// <param name="FirstClause">The first clause of the answer was complete.</param>
/// <param name="FirstAudio">Its first sound was made.</param>
/// <param name="FirstSound">It was heard.</param>
public sealed record TurnMarks(
    [property: Bounds(0, TurnMarks.LongestStep)] double? EndOfSpeech = null,
    [property: Bounds(0, TurnMarks.LongestStep)] double? Transcript = null,
    [property: Bounds(0, TurnMarks.LongestStep)] double? FirstToken = null,
    [property: Bounds(0, TurnMarks.LongestStep)] double? FirstClause = null,
    [property: Bounds(0, TurnMarks.LongestStep)] double? FirstAudio = null,
    [property: Bounds(0, TurnMarks.LongestStep)] double? FirstSound = null)
{
    internal const double LongestStep = 86_400_000;

    internal static TurnMarks Read(FieldReader f) =>
        new(
            Step(f, "endOfSpeech"),
            Step(f, "transcript"),
            Step(f, "firstToken"),
            Step(f, "firstClause"),
            Step(f, "firstAudio"),
            Step(f, "firstSound"));

    private static double? Step(FieldReader f, string field)
    {
        var value = f.OptionalNumber(field);
        if (value is null or (>= 0 and <= LongestStep))
            return value;
        f.Fail(ErrorCode.OutOfRange, $"{field} must be 0 to {LongestStep} milliseconds", "Send milliseconds since the person ended.");
        return null;
    }
}
