namespace Kotodama.Protocol;

/// <summary>
/// Tells viewers that a streamed reply will not be finished, because its publisher is gone: what has come is all there is.
/// </summary>
public sealed record LlmAbortMessage : Message
{
    /// <summary>Makes a message.</summary>
    public LlmAbortMessage()
        : base(MessageType.LlmAbort)
    {
    }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The id of the reply.</summary>
    public required string Id { get; init; }

    /// <summary>Why, for the log of a viewer.</summary>
    public required string Reason { get; init; }

    internal static LlmAbortMessage Read(FieldReader f) => new()
    {
        Channel = f.Text("channel", ""),
        Id = f.Text("id", ""),
        Reason = f.OptionalText("reason") ?? "",
    };
}
