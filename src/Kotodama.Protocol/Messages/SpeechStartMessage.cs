using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// The voice begins to speak one clause of a reply. Sent to the pages before the clause's <see cref="AudioMessage"/>s. The clauses of a
/// <see cref="Turn"/> are numbered 0, 1, 2 … and are heard in this order without a pause between them.
/// </summary>
public sealed record SpeechStartMessage : Message
{
    /// <summary>Makes a message.</summary>
    public SpeechStartMessage()
        : base(MessageType.SpeechStart)
    {
    }

    /// <summary>The channel.</summary>
    [Form(FormAttribute.Channel)]
    public required string Channel { get; init; }

    /// <summary>The number of the speech, 0 to 2^32 - 1. A new speech on a channel ends the one before.</summary>
    [Bounds(0, SpeechFields.LastTurn)]
    public required long Turn { get; init; }

    /// <summary>The number of the clause in it, 0 to 65535.</summary>
    [Bounds(0, SpeechFields.LastClause)]
    public required int Clause { get; init; }

    /// <summary>The id of the reply that is spoken.</summary>
    [Form(FormAttribute.Id)]
    public required string Reply { get; init; }

    /// <summary>Where the clause begins in the reply's content, in UTF-16 code units.</summary>
    public int At { get; init; }

    /// <summary>The length of the clause there, in UTF-16 code units.</summary>
    public int Length { get; init; }

    /// <summary>How the clause becomes sound.</summary>
    public required SpeechFormat Format { get; init; }

    /// <summary>Samples per second of <see cref="SpeechFormat.Pcm"/>, 8000 to 48000; 0 for the other formats.</summary>
    [Bounds(0, SpeechFields.HighestRate)]
    public int Rate { get; init; }

    /// <summary>The words to say, for <see cref="SpeechFormat.Browser"/> and <see cref="SpeechFormat.Silent"/>.</summary>
    public string? Text { get; init; }

    /// <summary>The language of the clause as a BCP 47 tag.</summary>
    public string? Lang { get; init; }

    /// <summary>The browser's voice to use, for <see cref="SpeechFormat.Browser"/>.</summary>
    public string? Voice { get; init; }

    /// <summary>How long the engine took until its first sound, in milliseconds; null when no engine made it.</summary>
    [Bounds(0, SpeechFields.LongestClause)]
    public double? Engine { get; init; }

    internal static SpeechStartMessage Read(FieldReader f) => new()
    {
        Channel = SpeechFields.Channel(f),
        Turn = SpeechFields.Turn(f),
        Clause = SpeechFields.Clause(f),
        Reply = SpeechFields.Reply(f),
        At = SpeechFields.Place(f, "at"),
        Length = SpeechFields.Place(f, "length"),
        Format = f.Choice("format", SpeechFormat.Pcm),
        Rate = SpeechFields.Rate(f),
        Text = f.OptionalText("text"),
        Lang = f.OptionalText("lang"),
        Voice = f.OptionalText("voice"),
        Engine = SpeechFields.OptionalMilliseconds(f, "engine", "Send the milliseconds until the first sound."),
    };
}

/// <summary>How a clause becomes sound.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SpeechFormat>))]
public enum SpeechFormat
{
    /// <summary>Mono samples of 16 bits, little-endian, in <see cref="AudioMessage"/>s.</summary>
    [JsonStringEnumMemberName("pcm_s16le")]
    Pcm,

    /// <summary>A file that the browser decodes (WAV, MP3, Ogg, FLAC …), cut into <see cref="AudioMessage"/>s.</summary>
    [JsonStringEnumMemberName("encoded")]
    Encoded,

    /// <summary>The page speaks with a voice of its own.</summary>
    [JsonStringEnumMemberName("browser")]
    Browser,

    /// <summary>Nothing is heard; the mouth moves for as long as speaking would take.</summary>
    [JsonStringEnumMemberName("silent")]
    Silent,
}
