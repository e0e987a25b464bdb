namespace Kotodama.Server.Sockets;

/// <summary>What the reader of a socket found next.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">The message, ping payload or close reason; valid until the next read.</param>
/// <param name="Code">The close code to answer with; null for a close frame without one.</param>
/// <param name="Reason">Why the connection has to end.</param>
/// <param name="Skipped">The bytes of a message that is too big.</param>
internal readonly record struct Inbound(
    InboundKind Kind,
    ReadOnlyMemory<byte> Payload = default,
    int? Code = null,
    string Reason = "",
    long Skipped = 0);

internal enum InboundKind
{
    /// <summary>A whole text message of valid UTF-8.</summary>
    Text,

    /// <summary>A whole binary message.</summary>
    Binary,

    /// <summary>A whole message above the limit; its bytes were skipped.</summary>
    TooBig,

    Ping,

    Pong,

    /// <summary>The peer closes.</summary>
    Close,

    /// <summary>The peer broke the protocol; the connection must be closed with the code.</summary>
    Violation,

    /// <summary>The bytes ended without a close frame.</summary>
    End,
}
