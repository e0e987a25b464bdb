using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A speech ends before its time: pages fall silent at once.</summary>
public sealed record SpeechStopMessage : Message
{
    /// <summary>Makes a message.</summary>
    public SpeechStopMessage()
        : base(MessageType.SpeechStop)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>The speech.</summary>
    [Bounds(0, SpeechFields.LastTurn)]
    public required long Turn { get; init; }

    /// <summary>The reply that is not spoken any more; tells it also when no sound of the turn was ever sent.</summary>
    public string? Reply { get; init; }

    /// <summary>Why.</summary>
    public SpeechStopReason Reason { get; init; }

    internal static SpeechStopMessage Read(FieldReader f) => new()
    {
        Channel = SpeechFields.Channel(f),
        Turn = SpeechFields.Turn(f),
        Reply = f.OptionalText("reply"),
        Reason = f.Choice("reason", SpeechStopReason.Stop),
    };
}

/// <summary>Why a speech ends before its time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SpeechStopReason>))]
public enum SpeechStopReason
{
    /// <summary>Somebody asked for silence.</summary>
    [JsonStringEnumMemberName("stop")]
    Stop,

    /// <summary>Another reply cut in.</summary>
    [JsonStringEnumMemberName("replaced")]
    Replaced,

    /// <summary>The reply's sender is gone, or no voice could speak it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The person began to speak.</summary>
    [JsonStringEnumMemberName("barge_in")]
    BargeIn,
}
