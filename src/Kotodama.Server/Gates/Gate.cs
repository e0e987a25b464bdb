using System.Collections.Concurrent;
using System.Net;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Gates;

/// <summary>
/// Decides, before anything else looks at a request, whether it may come in: from this machine, for one of our names, and not on behalf
/// of a foreign web site. A page of any site can reach loopback, so being local does not prove that the user wants it.
/// </summary>
internal sealed partial class Gate(IOptions<KotodamaServerOptions> options, Refusals refusals, ILogger<Gate> logger)
{
    private const int RememberedRefusals = 100;

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    private readonly KotodamaServerOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <summary>Checks a request. Null: it may come in.</summary>
    public ErrorMessage? Check(HttpContext context)
    {
        var error = CheckRemote(context) ?? CheckHost(context.Request.Host) ?? CheckOrigin(context.Request);
        if (error is not null)
        {
            refusals.Add($"{context.Request.Method} {context.Request.Path}", error);
            // A refused page tries again and again; the reason is worth one line.
            if (_told.Count < RememberedRefusals && _told.TryAdd(error.Message, true))
                LogRefused(logger, error.Message, error.Hint);
        }

        return error;
    }

    /// <summary>
    /// Whether the request comes from a web page of another origin that <see cref="Check"/> lets in; such a page needs CORS headers.
    /// </summary>
    public static string? ForeignOrigin(HttpRequest request) =>
        request.Headers[HeaderNames.Origin].ToString() is { Length: > 0 } origin && !IsOwn(origin, request) ? origin : null;

    /// <summary>
    /// Where a request comes from; one client is one address, whichever way the system writes it. Null: not over a network.
    /// </summary>
    public static IPAddress? RemoteAddress(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;

    private ErrorMessage? CheckRemote(HttpContext context)
    {
        if (_options.AllowRemoteClients)
            return null;
        // Without an address the request did not come over a network: in-memory servers and unix sockets.
        if (RemoteAddress(context) is { } address && !IPAddress.IsLoopback(address))
        {
            return Error(ErrorCode.RemoteNotAllowed, $"a client at {address} is on another machine",
                "The hub serves this machine only, because it has no passwords. "
                + "In an app that checks users itself, set AllowRemoteClients.");
        }

        foreach (var header in ForwardingHeaders)
        {
            if (context.Request.Headers.ContainsKey(header))
            {
                return Error(ErrorCode.RemoteNotAllowed, $"a request with the header {header} was forwarded from elsewhere",
                    "The hub serves this machine only, because it has no passwords. "
                    + "Behind a proxy that checks users, set AllowRemoteClients.");
            }
        }

        return null;
    }

    private ErrorMessage? CheckHost(HostString host)
    {
        var name = host.Host;
        if (IsLoopback(name) || _options.AllowedHosts.Contains(name, StringComparer.OrdinalIgnoreCase))
            return null;
        var shown = Shown(name);
        return Error(
            ErrorCode.HostNotAllowed,
            $"the host name {shown} is not one of this hub's",
            $"To allow it: kotodama --allow-host {shown}");
    }

    private ErrorMessage? CheckOrigin(HttpRequest request)
    {
        // Only programs leave the Origin out; a browser never does on a WebSocket or a POST.
        var origin = request.Headers[HeaderNames.Origin].ToString();
        if (origin.Length == 0
            || IsOwn(origin, request)
            || IsLoopbackOrigin(origin)
            || _options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return null;
        var shown = Shown(origin);
        var hint = origin == "null"
            ? "Serve the page over http instead of opening it as a file."
            : $"To allow them: kotodama --allow-origin {shown}";
        return Error(ErrorCode.OriginNotAllowed, $"pages of {shown} may not use this hub", hint);
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopbackOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0
        && IsLoopback(uri.Host);

    /// <summary>Whether a host name means this machine.</summary>
    public static bool IsLoopback(string name) => Loopback.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The client chose the header's text: it goes into logs and answers cut, and with plain characters only.</summary>
    private static string Shown(string text)
    {
        var plain = new string([.. text.Take(100).Where(c => c is > ' ' and < '\x7f')]);
        return plain.Length == 0 ? "(none)" : plain;
    }

    [LoggerMessage(30, LogLevel.Warning, "Refused: {Message}. {Hint}")]
    private static partial void LogRefused(ILogger logger, string message, string hint);
}
