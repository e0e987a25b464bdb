using System.Text.Json.Serialization;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A companion says what it is doing. The hub keeps the last one of a channel for pages that connect later.</summary>
public sealed record TurnMessage : Message
{
    /// <summary>Makes a message.</summary>
    public TurnMessage()
        : base(MessageType.Turn)
    {
    }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The number of the exchange between user and character, from 0.</summary>
    public required long Turn { get; init; }

    /// <summary>What it is doing.</summary>
    public required TurnState State { get; init; }

    /// <summary>
    /// Why, when the exchange does not go as the user would expect: a code such as <c>interrupted</c> or <c>llm_unreachable</c>.
    /// </summary>
    [Codes(typeof(TurnReason))]
    public string? Reason { get; init; }

    /// <summary>The tool that the language model uses at the moment.</summary>
    public string? Tool { get; init; }

    internal static TurnMessage Read(FieldReader f) => new()
    {
        Channel = f.Channel(),
        Turn = f.Integer("turn"),
        State = f.Choice("state", TurnState.Idle),
        Reason = f.OptionalText("reason"),
        Tool = f.OptionalText("tool"),
    };
}

/// <summary>What a companion is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TurnState>))]
public enum TurnState
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    /// <summary>The user is speaking.</summary>
    [JsonStringEnumMemberName("listening")]
    Listening,

    /// <summary>It finds out what was said.</summary>
    [JsonStringEnumMemberName("transcribing")]
    Transcribing,

    /// <summary>It thinks about the answer.</summary>
    [JsonStringEnumMemberName("thinking")]
    Thinking,

    /// <summary>It answers.</summary>
    [JsonStringEnumMemberName("speaking")]
    Speaking,
}
