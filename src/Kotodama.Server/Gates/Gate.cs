using System.Collections.Concurrent;
using System.Collections.Frozen;
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

    private const string HowToLetIn =
        "set Kotodama:AllowRemoteClients to true in appsettings.json, or Kotodama__AllowRemoteClients=true in the hub's environment; "
        + "docs/operating.md has examples.";

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    private static readonly string[] ForwardingHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    private readonly KotodamaServerOptions _options = options.Value;
    private readonly FrozenSet<string> _hosts = ReadHosts(options.Value);
    private readonly FrozenSet<string> _origins = ReadOrigins(options.Value);
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
                + $"Where something checks users before they reach it, {HowToLetIn}");
        }

        foreach (var header in ForwardingHeaders)
        {
            if (context.Request.Headers.ContainsKey(header))
            {
                return Error(ErrorCode.RemoteNotAllowed, $"a request with the header {header} was forwarded from elsewhere",
                    "The hub serves this machine only, because it has no passwords. "
                    + $"Behind a proxy that checks users, {HowToLetIn}");
            }
        }

        return null;
    }

    private ErrorMessage? CheckHost(HostString host)
    {
        var name = host.Host;
        if (IsLoopback(name) || _hosts.Contains(name))
            return null;
        var shown = Shown(name);
        return Error(
            ErrorCode.HostNotAllowed,
            $"the host name {shown} is not one of this hub's",
            HostName.TryRead(shown, out _, out _)
                ? $"To allow it: kotodama --allow-host {shown}"
                : "Use one of its names, such as localhost.");
    }

    private ErrorMessage? CheckOrigin(HttpRequest request)
    {
        // Only programs leave the Origin out; a browser never does on a WebSocket or a POST.
        var origin = request.Headers[HeaderNames.Origin].ToString();
        if (origin.Length == 0
            || IsOwn(origin, request)
            || IsLoopbackOrigin(origin)
            || _origins.Contains(origin))
            return null;
        var shown = Shown(origin);
        return Error(ErrorCode.OriginNotAllowed, $"pages of {shown} may not use this hub", HowToAllow(shown));
    }

    /// <summary>Never advises what would not help, or would not start.</summary>
    private static string HowToAllow(string origin)
    {
        if (origin == WebOrigin.None)
        {
            return "Serve the page over http instead of opening it as a file, "
                + "or allow every page that has no origin: kotodama --allow-origin null";
        }

        var wouldHelp = WebOrigin.TryRead(origin, out var origins, out _) && origins.Contains(origin, StringComparer.OrdinalIgnoreCase);
        return wouldHelp
            ? $"To allow them: kotodama --allow-origin {origin}"
            : "No browser sends such an Origin; a program can leave it out.";
    }

    private static FrozenSet<string> ReadHosts(KotodamaServerOptions options)
    {
        var names = options.AllowedHosts.Select(text => HostName.TryRead(text, out var name, out _) ? name : text);
        return names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    private static FrozenSet<string> ReadOrigins(KotodamaServerOptions options)
    {
        var origins = options.AllowedOrigins.SelectMany(text => WebOrigin.TryRead(text, out var read, out _) ? read : []);
        return origins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
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
    private static partial void LogRefused(ILogger logger, PlainText message, PlainText hint);
}
