namespace Kotodama.Client;

/// <summary>Where a client's connection stands.</summary>
public enum ConnectionState
{
    /// <summary>The hub has welcomed the client.</summary>
    Connected,

    /// <summary>The connection was lost; the client tries again.</summary>
    Reconnecting,

    /// <summary>It has ended: the client was disposed, or the hub said to stay away.</summary>
    Closed,
}
