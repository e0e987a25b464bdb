using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// A page reports what it plays. The hub passes on the reports of the page that speaks for the others, see <see cref="SpeakerMessage"/>.
/// </summary>
public sealed record PlaybackMessage : Message
{
    /// <summary>Makes a message.</summary>
    public PlaybackMessage()
        : base(MessageType.Playback)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>The speech.</summary>
    [Bounds(0, SpeechFields.LastTurn)]
    public required long Turn { get; init; }

    /// <summary>The clause that is being heard, or was last.</summary>
    [Bounds(0, SpeechFields.LastClause)]
    public required int Clause { get; init; }

    /// <summary>What happened.</summary>
    public required PlaybackEvent Event { get; init; }

    /// <summary>How much of the clause has been heard, in milliseconds.</summary>
    [Bounds(0, SpeechFields.LongestClause)]
    public double Played { get; init; }

    /// <summary>The id of the reply that is spoken; null when the page does not tell.</summary>
    [Form(FormAttribute.Id)]
    public string? Reply { get; init; }

    /// <summary>
    /// How far the speech came in the reply's content, in UTF-16 code units, as in <see cref="AckHeard"/>; null when the page does not
    /// tell.
    /// </summary>
    public int? Chars { get; init; }

    internal static PlaybackMessage Read(FieldReader f) => new()
    {
        Channel = SpeechFields.Channel(f),
        Turn = SpeechFields.Turn(f),
        Clause = SpeechFields.Clause(f),
        Event = f.Choice("event", PlaybackEvent.Progress),
        Played = SpeechFields.Milliseconds(f, "played"),
        Reply = SpeechFields.OptionalReply(f),
        Chars = f.OptionalCount("chars"),
    };
}

/// <summary>What happens while a page plays a speech.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlaybackEvent>))]
public enum PlaybackEvent
{
    /// <summary>The first sample of the speech is heard.</summary>
    [JsonStringEnumMemberName("first")]
    First,

    /// <summary>Sent about once a second.</summary>
    [JsonStringEnumMemberName("progress")]
    Progress,

    /// <summary>The speech was heard to its end.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It was cut off here.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,

    /// <summary>The page has no way to make this clause heard: it cannot decode it, or has no voices.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The audio came too late, and there was silence in the middle.</summary>
    [JsonStringEnumMemberName("underrun")]
    Underrun,
}
