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

    /// <summary>Checks what the fields of a message must be beyond their JSON types. Null: nothing is wrong.</summary>
    internal virtual ErrorMessage? Check(ProtocolLimits limits) => null;
}
