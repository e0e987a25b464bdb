using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A page reports what became of the messages of one channel.</summary>
public sealed record AckMessage : Message
{
    /// <summary>Numbers in each list of one message.</summary>
    internal const int MostNumbers = 1_024;

    /// <summary>Makes a message.</summary>
    public AckMessage()
        : base(MessageType.Ack)
    {
    }

    /// <summary>The channel the numbers belong to.</summary>
    public required string Channel { get; init; }

    /// <summary>The epoch the numbers belong to; numbers of another epoch are ignored.</summary>
    public required string Epoch { get; init; }

    /// <summary>Everything up to this number has arrived.</summary>
    public long? Received { get; init; }

    /// <summary>On the screen now.</summary>
    [Bounds(0, MostNumbers)]
    public IReadOnlyList<long>? Displayed { get; init; }

    /// <summary>Heard to the end.</summary>
    [Bounds(0, MostNumbers)]
    public IReadOnlyList<long>? Spoken { get; init; }

    /// <summary>
    /// How much was heard of replies whose speech is over: with those in <see cref="Spoken"/>, and of those that were cut short.
    /// </summary>
    [Bounds(0, MostNumbers)]
    public IReadOnlyList<AckHeard>? Heard { get; init; }

    /// <summary>In the page's history only, because a newer reply had the bubble.</summary>
    [Bounds(0, MostNumbers)]
    public IReadOnlyList<long>? Superseded { get; init; }

    /// <summary>Could not be shown or spoken.</summary>
    [Bounds(0, MostNumbers)]
    public IReadOnlyList<AckFailure>? Failed { get; init; }

    internal static AckMessage Read(FieldReader f) => new()
    {
        Channel = f.Text("channel", "Name the channel of the numbers."),
        Epoch = f.Text("epoch", "Send the epoch of the messages."),
        Received = f.OptionalInteger("received"),
        Displayed = f.OptionalIntegers("displayed", MostNumbers),
        Spoken = f.OptionalIntegers("spoken", MostNumbers),
        Heard = f.OptionalObjects("heard", AckHeard.Read, MostNumbers),
        Superseded = f.OptionalIntegers("superseded", MostNumbers),
        Failed = f.OptionalObjects("failed", AckFailure.Read, MostNumbers),
    };
}

/// <summary>How much of a reply was heard.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Ms">The sound that was heard, in ms.</param>
/// <param name="Chars">How far that came in the reply's content, in UTF-16 code units.</param>
public sealed record AckHeard(long Seq, double Ms, int Chars)
{
    internal static AckHeard Read(FieldReader f) => new(f.Integer("seq"), f.Number("ms", 0), f.Count("chars", 0));
}

/// <summary>A message that a page could not show or speak.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Code">Why, for programs, for example <c>tts_error</c> or <c>unknown_expression</c>.</param>
public sealed record AckFailure(long Seq, string Code)
{
    internal static AckFailure Read(FieldReader f) => new(f.Integer("seq"), f.OptionalText("code") ?? "");
}
