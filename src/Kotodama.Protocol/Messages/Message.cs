using System.Text.Json.Serialization;

namespace Kotodama.Protocol;

/// <summary>
/// One message on the wire. The hierarchy is closed: every message of protocol version 1 is a sealed record in this assembly.
/// Records are immutable and may be shared between threads. See <c>docs/protocol.md</c>.
/// </summary>
public abstract record Message
{
    private protected Message(string type) => Type = type;

    /// <summary>The wire name, the <c>type</c> field.</summary>
    [JsonPropertyOrder(-10)]
    public string Type { get; }
}
