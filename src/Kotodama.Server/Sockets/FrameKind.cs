namespace Kotodama.Server.Sockets;

/// <summary>What becomes of a frame when too much waits for its connection.</summary>
internal enum FrameKind
{
    /// <summary>The connection is closed and may resume and get it then.</summary>
    Ordinary,

    /// <summary>It is dropped: a later frame makes up for it.</summary>
    Ephemeral,
}
