using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>When what is said in a clause: sent with, or before, the audio it belongs to. Several may follow for one clause.</summary>
public sealed record SpeechMarksMessage : Message
{
    /// <summary>Numbers in each list of one message: more than ten minutes of speech have.</summary>
    internal const int MostNumbers = 16_384;

    /// <summary>Makes a message.</summary>
    public SpeechMarksMessage()
        : base(MessageType.SpeechMarks)
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

    /// <summary>
    /// The words in order, three numbers each: milliseconds since the beginning of the clause, where the word begins in the reply's content
    /// and its length there, both in UTF-16 code units.
    /// </summary>
    [Bounds(0, MostNumbers)]
    public IReadOnlyList<long>? Words { get; init; }

    /// <summary>The moments at which the mouth changes, in milliseconds since the beginning of the clause, in order.</summary>
    [Bounds(0, MostNumbers)]
    public IReadOnlyList<long>? Visemes { get; init; }

    /// <summary>
    /// One letter for each of <see cref="Visemes"/>: the vowels <c>A I U E O</c>, <c>N</c> for lips that nearly close (n, t, s …),
    /// <c>M</c> for closed lips (m, b, p), <c>_</c> for a pause.
    /// </summary>
    public string? Shapes { get; init; }

    internal static SpeechMarksMessage Read(FieldReader f)
    {
        var marks = new SpeechMarksMessage
        {
            Channel = SpeechFields.Channel(f),
            Turn = SpeechFields.Turn(f),
            Clause = SpeechFields.Clause(f),
            Words = f.OptionalIntegers("words", MostNumbers),
            Visemes = f.OptionalIntegers("visemes", MostNumbers),
            Shapes = f.OptionalText("shapes"),
        };
        if ((marks.Words?.Count ?? 0) % 3 != 0)
            f.Fail(ErrorCode.BadValue, "words must have three numbers for each word", "Send milliseconds, place and length of each word.");
        if ((marks.Visemes?.Count ?? 0) != (marks.Shapes?.Length ?? 0))
            f.Fail(ErrorCode.BadValue, "shapes must have one letter for each of visemes", "Send one of A I U E O N M _ for each moment.");
        return marks;
    }
}
