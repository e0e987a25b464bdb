using System.Collections.Frozen;
using Kotodama.Server.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kotodama.Server.Gates;

/// <summary>On whose behalf a request comes.</summary>
internal enum Visitor
{
    /// <summary>A program: only programs leave out where a request comes from.</summary>
    Program,

    /// <summary>The hub's own page, or its user, who typed an address.</summary>
    OwnPage,

    /// <summary>A page of this machine or of an origin that is allowed.</summary>
    OtherPage,

    /// <summary>A page of an origin that is not allowed.</summary>
    ForeignPage,

    /// <summary>A page, most likely of another origin, that does not even wait for the answer: a picture, a frame, a link.</summary>
    BlindPage,
}

/// <summary>Tells by what browsers send on whose behalf a request comes.</summary>
/// <param name="configured">The origins of the settings.</param>
/// <param name="hosts">The names of the hub besides those of this machine.</param>
/// <param name="allowed">The origins that users allowed.</param>
/// <param name="server">The server, for the ports it listens on; null: unknown.</param>
internal sealed class PageOrigins(FrozenSet<string> configured, FrozenSet<string> hosts, OriginStore allowed, IServer? server)
{
    private const string SecFetchSite = "Sec-Fetch-Site";

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private int[]? _ports;

    /// <summary>Who asks.</summary>
    /// <param name="request">The request.</param>
    /// <param name="ended">Cancelled when its origin is allowed no more.</param>
    public Visitor Find(HttpRequest request, out CancellationToken ended)
    {
        ended = CancellationToken.None;
        var origin = request.Headers[HeaderNames.Origin].ToString();
        if (origin.Length > 0)
        {
            return IsOwn(origin, request) ? Visitor.OwnPage
                : IsLoopbackOrigin(origin) || configured.Contains(origin) || allowed.Allows(origin, out ended) ? Visitor.OtherPage
                : Visitor.ForeignPage;
        }

        return request.Headers[SecFetchSite].ToString() switch
        {
            "" => Visitor.Program,
            "same-origin" or "none" => Visitor.OwnPage,
            _ => Visitor.BlindPage,
        };
    }

    /// <summary>Whether a host name means this machine.</summary>
    public static bool IsLoopback(string name) => Loopback.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The origin of the page of another origin that sent a request; null: there is none.</summary>
    public string? Foreign(HttpRequest request) =>
        request.Headers[HeaderNames.Origin].ToString() is { Length: > 0 } origin && !IsOwn(origin, request) ? origin : null;

    /// <summary>
    /// The origin under which the request itself came, or another one under which this server listens: the page may stand on another port
    /// than the socket that it opens, and call this machine by another name.
    /// </summary>
    private bool IsOwn(string origin, HttpRequest request)
    {
        if (string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            return true;

        // Where TLS ends in front of the hub, the page has another scheme than the request that comes here.
        if (!IsLoopback(request.Host.Host) && string.Equals(origin, $"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            return true;
        return Parse(origin) is { } uri
            && uri.Scheme == request.Scheme
            && (IsLoopback(uri.Host) || hosts.Contains(uri.Host))
            && Ports().Contains(uri.Port);
    }

    private int[] Ports() => _ports ??= server?.Features.Get<IServerAddressesFeature>() is { Addresses: { Count: > 0 } addresses }
        ? [.. addresses.Select(a => Uri.TryCreate(a, UriKind.Absolute, out var uri) ? uri.Port : 0).Where(port => port > 0)]
        : [];

    private static bool IsLoopbackOrigin(string origin) => Parse(origin) is { } uri && IsLoopback(uri.Host);

    /// <summary>Null: no browser writes an origin like this.</summary>
    private static Uri? Parse(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0
            ? uri
            : null;
}
