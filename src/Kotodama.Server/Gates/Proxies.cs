using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Gates;

/// <summary>
/// What proxies say about a request. Of a trusted one the client's address, the scheme and the host are taken; of any other one only that
/// the request is not of this machine, whatever its address says.
/// </summary>
/// <param name="trusted">The addresses of proxies whose word counts.</param>
internal sealed class Proxies(IReadOnlyList<IPNetwork> trusted)
{
    private const string For = "X-Forwarded-For", Proto = "X-Forwarded-Proto", Host = "X-Forwarded-Host";

    /// <summary>What a chain of proxies may be long; a longer one is made up.</summary>
    private const int MostHops = 16;

    private static readonly SearchValues<char> Letters = SearchValues.Create("0123456789abcdefABCDEF.:[]");

    private static readonly string[] Traces =
    [
        "Forwarded", For, Host, Proto, "X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Forwarded-By",
        "X-Forwarded", "X-Forwarded-Client-Cert", "Forwarded-For", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP",
        "X-Original-For", "X-Original-Host", "X-Original-Forwarded-For", "X-Original-Proto", "X-Original-URL", "X-Remote-IP",
        "X-Remote-Addr", "X-Envoy-External-Address", "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Appengine-User-IP", "True-Client-IP",
        "CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Ray", "CF-Visitor", "CDN-Loop", "Fastly-Client-IP", "Fly-Client-IP",
        "Fly-Forwarded-Port", "DO-Connecting-IP", "Ali-CDN-Real-IP", "X-Amzn-Trace-Id", "X-Vercel-Forwarded-For",
        "X-NF-Client-Connection-IP", "Tailscale-User-Login", "Tailscale-Headers-Info", "Ngrok-Trace-Id", "Via",
    ];

    /// <summary>
    /// Takes what a trusted proxy says into the request: its remote address, scheme and host are then those of the client.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="isForwarded">Whether it came through a proxy, trusted or not, and so is not of this machine.</param>
    /// <returns>Why it is refused; null: it is not.</returns>
    public ErrorMessage? Apply(HttpContext context, out bool isForwarded)
    {
        var request = context.Request;
        var isTrusted = context.Connection.RemoteIpAddress is { } peer && IsTrusted(peer);
        isForwarded = isTrusted || Array.Exists(Traces, request.Headers.ContainsKey);
        if (!isTrusted)
            return null;
        if (Client(request) is not { } client)
            return Bad(For, "addresses, the last one added by the proxy");
        if (!client.Equals(IPAddress.None))
            context.Connection.RemoteIpAddress = client;
        if (Last(request, Proto) is { } scheme)
        {
            if (scheme.ToLowerInvariant() is not ("http" or "https" or "ws" or "wss"))
                return Bad(Proto, "http or https");
            request.Scheme = scheme.EndsWith('s') || scheme.EndsWith('S') ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        }

        return Last(request, Host) is { } host && !TrySetHost(request, host) ? Bad(Host, "the name under which clients reach it") : null;
    }

    private static bool TrySetHost(HttpRequest request, string host)
    {
        try
        {
            request.Host = new HostString(host);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The framework encodes international names, and throws where they are none.
            return false;
        }
    }

    private static ErrorMessage Bad(string header, string what) => Error(
        ErrorCode.BadValue,
        $"the header {header} of the proxy must be {what}",
        "Look at the configuration of the proxy; docs/operating.md has examples.");

    /// <summary>
    /// The last address that is no trusted proxy's: what stands before it was written by the client, and may be anything.
    /// </summary>
    /// <returns>None: the proxy names no client. Null: what it names is no address.</returns>
    private IPAddress? Client(HttpRequest request)
    {
        var hops = request.Headers[For].SelectMany(line => (line ?? "").Split(',')).Reverse().Take(MostHops);
        var client = IPAddress.None;
        foreach (var hop in hops)
        {
            if (!TryReadHop(hop.Trim(), out var address))
                return null;
            client = address;
            if (!IsTrusted(client))
                break;
        }

        return client;
    }

    /// <summary>An address, perhaps with a port, as proxies write it.</summary>
    private static bool TryReadHop(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;

        // Without its port an address of IPv6 has more than one colon; IPAddress would read "1.2.3.4:5" and "5" as addresses, too.
        var isPlain = text.Length is > 2 and <= 64 && text.AsSpan().IndexOfAnyExcept(Letters) < 0;
        if (!isPlain || (!text.Contains('.', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal)))
            return false;
        if (!IPEndPoint.TryParse(text, out var end) || (text.Count(c => c == '.') is not (0 or 3)))
            return false;
        address = ProxyAddress.Plain(end.Address);
        return true;
    }

    private static string? Last(HttpRequest request, string header) =>
        request.Headers[header].ToString() is { Length: > 0 } text ? text.Split(',')[^1].Trim() : null;

    private bool IsTrusted(IPAddress address)
    {
        address = ProxyAddress.Plain(address);
        foreach (var network in trusted)
            if (network.Contains(address))
                return true;
        return false;
    }
}
