using System.Globalization;
using Kotodama.Server.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kotodama.Server.Gates;

/// <summary>
/// How clients show a token: <c>Authorization: Bearer</c>, the list of subprotocols of a browser's WebSocket, or the cookie that the page
/// exchanged it for. Never an address, which ends up in logs, histories and on screens.
/// </summary>
internal static class PresentedToken
{
    /// <summary>The subprotocol that a hub answers, so that a browser takes the connection.</summary>
    public const string Subprotocol = "kotodama.v1";

    private const string Scheme = "Bearer ", SubprotocolPrefix = "bearer.", CookieName = "kotodama_";

    private static readonly string[] Names = ["token", "access_token", "auth_token", "bearer", "api_key", "apikey"];

    /// <summary>The token that a client sent on purpose; null: none.</summary>
    public static string? Read(HttpRequest request)
    {
        foreach (var value in request.Headers.Authorization)
            if (value?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) == true)
                return value[Scheme.Length..].Trim();
        foreach (var protocol in request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol))
            if (protocol.StartsWith(SubprotocolPrefix, StringComparison.OrdinalIgnoreCase))
                return protocol[SubprotocolPrefix.Length..];
        return null;
    }

    /// <summary>The token in the cookie, which a browser sends by itself; null: none.</summary>
    public static string? ReadCookie(HttpRequest request) =>
        request.Cookies[Cookie(request)] is { Length: > 0 } token ? token : null;

    /// <summary>
    /// The name of the cookie. Browsers send a cookie to every port of a host, so hubs on one machine would take each other's.
    /// </summary>
    public static string Cookie(HttpRequest request)
    {
        var port = request.Host.Port ?? (request.IsHttps ? 443 : 80);
        return CookieName + port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a client writes its token into the address.</summary>
    public static bool IsInAddress(HttpRequest request)
    {
        foreach (var (name, values) in request.Query)
        {
            if (Names.Contains(name, StringComparer.OrdinalIgnoreCase))
                return true;
            foreach (var value in values)
                if (value is not null && TokenText.TryRead(value, out _, out _))
                    return true;
        }

        return false;
    }
}
