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

    /// <summary>The reply that is not spoken any more; it is said also when no sound of the speech was ever sent.</summary>
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
    /// <summary>A backend or the user asked for silence.</summary>
    [JsonStringEnumMemberName("stop")]
    Stop,

    /// <summary>Another reply took its place.</summary>
    [JsonStringEnumMemberName("replaced")]
    Replaced,

    /// <summary>The reply's publisher is gone, or no voice could speak it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>The user began to speak.</summary>
    [JsonStringEnumMemberName("barge_in")]
    BargeIn,
}
