namespace Kotodama.Protocol;

/// <summary>
/// Why a connection ended, as a WebSocket close code (RFC 6455 section 7.4). 4000 to 4499 mean come back, 4500 to 4999 stay away.
/// </summary>
public static class CloseCode
{
    /// <summary>Done.</summary>
    public const int Normal = 1000;

    /// <summary>The hub stops. Come back.</summary>
    public const int GoingAway = 1001;

    /// <summary>The WebSocket protocol was violated. Stay away.</summary>
    public const int ProtocolError = 1002;

    /// <summary>A text message is not UTF-8. Stay away.</summary>
    public const int InvalidPayload = 1007;

    /// <summary>Web pages of this origin may not use the hub. Stay away.</summary>
    public const int NotAllowed = 1008;

    /// <summary>A message is too large even to be skipped. Stay away.</summary>
    public const int TooBig = 1009;

    /// <summary>Too much waited for this connection. Come back.</summary>
    public const int TooSlow = 4008;

    /// <summary>A ping was not answered. Come back.</summary>
    public const int NoPong = 4012;

    /// <summary>The client needs a token, or its token is wrong, was revoked or has expired. Stay away without another one.</summary>
    public const int BadToken = 4501;

    /// <summary>Too many errors in a row. Stay away.</summary>
    public const int TooManyErrors = 4505;

    /// <summary>The protocol version is not supported. Stay away.</summary>
    public const int Version = 4506;

    /// <summary>
    /// Another connection said hello with the same <see cref="HelloMessage.Viewer"/>. Stay away with that one; a client that lives takes a
    /// new one and may come back.
    /// </summary>
    public const int Replaced = 4508;

    /// <summary>Whether a client that was closed with <paramref name="code"/> should connect again.</summary>
    /// <param name="code">The close code, or null when the connection ended without one.</param>
    public static bool MayReturn(int? code) => code is not (ProtocolError or 1003 or InvalidPayload or NotAllowed or TooBig or >= 4500);
}
