using System.Text.Json.Serialization;

namespace Kotodama.Protocol;

/// <summary>A page says whether it can be heard. The hub lets one page of a channel speak, and prefers one that can be heard.</summary>
public sealed record SoundMessage : Message
{
    /// <summary>Makes a message.</summary>
    public SoundMessage()
        : base(MessageType.Sound)
    {
    }

    /// <summary>Whether it can be heard.</summary>
    public required SoundState State { get; init; }

    internal static SoundMessage Read(FieldReader f) => new() { State = f.Choice("state", SoundState.Off) };
}

/// <summary>Whether a page can be heard.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SoundState>))]
public enum SoundState
{
    /// <summary>Its sound is off.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>The browser waits for a click before it lets the page make a sound.</summary>
    [JsonStringEnumMemberName("blocked")]
    Blocked,

    /// <summary>It can.</summary>
    [JsonStringEnumMemberName("on")]
    On,
}
