using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A line about what the backend is doing. It has a place of its own on the page and never touches the bubble.</summary>
public sealed record StatusMessage : Publication
{
    /// <summary>Makes a message.</summary>
    public StatusMessage()
        : base(MessageType.Status, kept: true)
    {
    }

    /// <summary>The text, at most <see cref="ProtocolLimits.Content"/> characters. Empty: the line goes away.</summary>
    [Bounds(0, nameof(ProtocolLimits.Content))]
    public required string Content { get; init; }

    internal static Publication Read(FieldReader f) => WithEnvelope(f, new StatusMessage
    {
        Content = f.Text("content", """Say what is going on: {"type":"status","content":"Thinking"}."""),
    });

    private protected override void Validate(FieldChecks check, ProtocolLimits limits) =>
        check.Text("content", Content, 0, limits.Content);
}
