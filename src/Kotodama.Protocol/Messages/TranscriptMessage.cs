namespace Kotodama.Protocol;

/// <summary>What the user said, for all pages of the channel.</summary>
public sealed record TranscriptMessage : Message
{
    /// <summary>Makes a message.</summary>
    public TranscriptMessage()
        : base(MessageType.Transcript)
    {
    }

    /// <summary>The channel.</summary>
    public required string Channel { get; init; }

    /// <summary>The exchange, see <see cref="TurnMessage.Turn"/>.</summary>
    public required long Turn { get; init; }

    /// <summary>What was said. Empty: it was nothing after all.</summary>
    public required string Content { get; init; }

    /// <summary>False: another text takes the place of this one.</summary>
    public required bool Final { get; init; }

    /// <summary>
    /// The sessions of the pages whose users typed it, when it is final. Null: it was spoken, or the companion does not tell.
    /// </summary>
    public IReadOnlyList<string>? Pages { get; init; }

    internal static TranscriptMessage Read(FieldReader f) => new()
    {
        Channel = f.Channel(),
        Turn = f.Integer("turn"),
        Content = f.Text("content", "Send what was said."),
        Final = f.Flag("final", true),
        Pages = f.OptionalTexts("pages"),
    };
}
