using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Kotodama.Protocol;
using Kotodama.Server.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Gates;

/// <summary>
/// Decides, before anything else looks at a request, whether it may come in and what it may do: for one of our names, from this machine or
/// with a token, and not on behalf of a foreign web site. A page of any site can reach loopback, so being local does not prove that the
/// user wants it.
/// </summary>
internal sealed partial class Gate
{
    private const int RememberedRefusals = 100;

    private const string HowToLetIn =
        "make a token for it: kotodama token create --role talker, or, where something in front of the hub checks users, set "
        + "Kotodama:AllowRemoteClients to true; docs/operating.md has examples.";

    private readonly KotodamaServerOptions _options;
    private readonly FrozenSet<string> _hosts;
    private readonly PageOrigins _origins;
    private readonly Proxies _proxies;
    private readonly TokenStore _tokens;
    private readonly FailedTokens _failures;
    private readonly Refusals _refusals;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    /// <param name="options">Settings.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="allowed">The origins that users allowed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="refusals">Where refusals are noted for users.</param>
    /// <param name="logger">Where they are told once.</param>
    /// <param name="server">The server, for the ports it listens on; null: unknown.</param>
    public Gate(
        IOptions<KotodamaServerOptions> options,
        TokenStore tokens,
        OriginStore allowed,
        TimeProvider time,
        Refusals refusals,
        ILogger<Gate> logger,
        IServer? server = null)
    {
        (_options, _tokens, _refusals, _logger) = (options.Value, tokens, refusals, logger);
        _hosts = ReadHosts(options.Value);
        _origins = new PageOrigins(ReadOrigins(options.Value), _hosts, allowed, server);
        _proxies = new Proxies(ReadProxies(options.Value));
        _failures = new FailedTokens(time);
    }

    /// <summary>Decides about a request.</summary>
    /// <param name="context">The request. What a trusted proxy says of the client is put into it.</param>
    /// <param name="needed">What the address takes.</param>
    /// <param name="isForAnyPage">Whether any web page may load what is there.</param>
    public Admission Admit(HttpContext context, Right needed, bool isForAnyPage = false)
    {
        var admission = Decide(context, needed, isForAnyPage);
        if (admission.Error is { } error)
        {
            _refusals.Add($"{context.Request.Method} {context.Request.Path}", error);
            // A refused page tries again and again; the reason is worth one line.
            if (_told.Count < RememberedRefusals && _told.TryAdd(error.Message, true))
                LogRefused(_logger, error.Message, error.Hint);
        }

        return admission;
    }

    /// <summary>Whether a request comes from a web page of another origin that is let in; such a page needs CORS headers.</summary>
    public string? ForeignOrigin(HttpRequest request) => _origins.Foreign(request);

    /// <summary>
    /// Where a request comes from; one client is one address, whichever way the system writes it. Null: not over a network.
    /// </summary>
    public static IPAddress? RemoteAddress(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;

    /// <summary>Whether a host name means this machine.</summary>
    public static bool IsLoopback(string name) => PageOrigins.IsLoopback(name);

    private Admission Decide(HttpContext context, Right needed, bool isForAnyPage)
    {
        var request = context.Request;
        if (_proxies.Apply(context, out var isForwarded) is { } garbled)
            return Admission.Refuse(garbled, StatusCodes.Status400BadRequest);
        var isLocal = _options.AllowRemoteClients || (!isForwarded && IsHere(context));
        if (!isLocal && !_tokens.HasAny())
            return Admission.Refuse(NoStrangers(context, isForwarded));
        if (CheckHost(request) is { } foreignHost)
            return Admission.Refuse(foreignHost);
        if (PresentedToken.IsInAddress(request))
            return Admission.Refuse(InAddress, StatusCodes.Status400BadRequest);
        var allowed = CancellationToken.None;
        var visitor = isForAnyPage && HttpMethods.IsGet(request.Method) ? Visitor.Program : _origins.Find(request, out allowed);
        if (visitor == Visitor.ForeignPage)
            return Admission.Refuse(ForeignPage(request));
        if (visitor == Visitor.BlindPage)
            return IsVisit(request, needed) ? Admission.For(Grant.Nothing) : Admission.Refuse(Blind);
        if (PresentedToken.Read(request) is { } presented)
            return ByToken(context, presented, needed);
        if (isLocal)
            return Check(visitor == Visitor.OtherPage ? OtherPage(request, allowed) : Grant.Everything, needed);
        if (needed == Right.None)
            return Admission.For(Grant.Nothing);
        if (MayUseCookie(request, visitor) && PresentedToken.ReadCookie(request) is { } kept)
        {
            var admission = ByToken(context, kept, needed);

            // A cookie that counts no more is not sent again, or the page would fail with it again and again.
            if (admission is { Error.Code: ErrorCode.BadToken, Status: StatusCodes.Status401Unauthorized })
                context.Response.Cookies.Delete(PresentedToken.Cookie(request));
            return admission;
        }

        return Admission.Refuse(TokenNeeded, StatusCodes.Status401Unauthorized);
    }

    /// <summary>By a token, and by nothing else: who shows one acts as its holder.</summary>
    private Admission ByToken(HttpContext context, string token, Right needed)
    {
        var address = RemoteAddress(context);
        Grant? grant = null;
        if (_failures.Try(address, Find, out var wait, out var blocks))
            return Check(grant!, needed);
        if (wait > TimeSpan.Zero)
            return Admission.Refuse(TooManyTries, StatusCodes.Status429TooManyRequests, wait);
        if (_tokens.Problem is { } problem)
            LogTokens(_logger, problem.Message);
        if (blocks)
            LogBlocked(_logger, address);
        return Admission.Refuse(BadToken, StatusCodes.Status401Unauthorized);

        bool Find()
        {
            if (_tokens.FindLive(token, out var ended) is { } found)
                grant = new Grant(found, ended);
            return grant is not null;
        }
    }

    private static Admission Check(Grant grant, Right needed) =>
        grant.Allows(needed) ? Admission.For(grant) : Admission.Refuse(AccessErrors.NotAllowed(grant, needed));

    private static bool IsHere(HttpContext context) =>
        // Without an address the request did not come over a network: in-memory servers and unix sockets.
        RemoteAddress(context) is not { } address || IPAddress.IsLoopback(address);

    /// <summary>
    /// Browsers send the cookie by themselves, also for what another page of the same host asks, so it counts only where they say that it
    /// is the hub's own page; where they say nothing at all, as on addresses that they do not trust, only for reading.
    /// </summary>
    private static bool MayUseCookie(HttpRequest request, Visitor visitor) => visitor == Visitor.OwnPage
        || (visitor == Visitor.Program && HttpMethods.IsGet(request.Method) && request.Headers[HeaderNames.Upgrade].Count == 0);

    /// <summary>A link on another site may lead to the page.</summary>
    private static bool IsVisit(HttpRequest request, Right needed) =>
        needed == Right.None && HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";

    private static Grant OtherPage(HttpRequest request, CancellationToken ended) =>
        new(Rights.OtherPage, $"a page of {Shown(request.Headers[HeaderNames.Origin].ToString())}", ended);

    private static ErrorMessage NoStrangers(HttpContext context, bool isForwarded) => Error(
        ErrorCode.RemoteNotAllowed,
        isForwarded ? "a request that was forwarded by a proxy is not of this machine"
            : $"a client at {RemoteAddress(context)} is on another machine",
        $"The hub serves this machine only, because it has no token. To let it in, {HowToLetIn}");

    private ErrorMessage? CheckHost(HttpRequest request)
    {
        string name;
        try
        {
            name = request.Host.Host;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The framework decodes international names, and throws where they are none.
            return Error(ErrorCode.HostNotAllowed, "the host name is none", "Use one of the hub's names, such as localhost.");
        }

        if (IsLoopback(name) || _hosts.Contains(name) || IsOwnAddress(name, request.HttpContext))
            return null;
        var shown = Shown(name);
        return Error(
            ErrorCode.HostNotAllowed,
            $"the host name {shown} is not one of this hub's",
            HostName.TryRead(shown, out _, out _)
                ? $"To allow it: kotodama --allow-host {shown}"
                : "Use one of its names, such as localhost.");
    }

    /// <summary>
    /// Whether a host is the very address at which the request arrived. A web site can make its own name mean this machine, but no address.
    /// </summary>
    private static bool IsOwnAddress(string name, HttpContext context) =>
        context.Connection.LocalIpAddress is { } local && name == HostOf(local);

    /// <summary>An address as browsers write it: what is only another spelling of it is no name of the hub.</summary>
    private static string HostOf(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"[{address}]",
        _ => address.ToString(),
    };

    private ErrorMessage ForeignPage(HttpRequest request)
    {
        var shown = Shown(request.Headers[HeaderNames.Origin].ToString());
        return Error(ErrorCode.OriginNotAllowed, $"pages of {shown} may not use this hub", HowToAllow(shown));
    }

    /// <summary>Never advises what would not help, or would not start.</summary>
    private string HowToAllow(string origin)
    {
        var command = _options.DataFolder is null ? "kotodama --allow-origin" : "kotodama origin allow";
        if (origin == WebOrigin.None)
        {
            return "Serve the page over http instead of opening it as a file, "
                + "or allow every page that has no origin: " + $"{command} null";
        }

        var wouldHelp = WebOrigin.TryRead(origin, out var origins, out _) && origins.Contains(origin, StringComparer.OrdinalIgnoreCase);
        return wouldHelp
            ? $"To allow them: {command} {origin}"
            : "No browser sends such an Origin; a program can leave it out.";
    }

    private static ErrorMessage Blind => Error(
        ErrorCode.OriginNotAllowed,
        "a page of another site asked for this without saying which",
        "Open it in a tab of its own, or ask with fetch from an origin that is allowed.");

    private static ErrorMessage InAddress => Error(
        ErrorCode.BadToken,
        "a token does not belong into an address, because addresses end up in logs and histories",
        "Send the header Authorization: Bearer TOKEN, or open the page with #token=TOKEN. Revoke this token if others could see it.");

    private static ErrorMessage TokenNeeded => Error(
        ErrorCode.TokenNeeded,
        "clients of other machines need a token",
        "Make one on the hub's machine: kotodama token create --role talker. Send it as Authorization: Bearer TOKEN.");

    private static ErrorMessage BadToken => Error(
        ErrorCode.BadToken,
        "the token is none of this hub's, was revoked, or has expired",
        "Make another one on the hub's machine: kotodama token create --role talker.");

    private static ErrorMessage TooManyTries => new()
    {
        Code = ErrorCode.BadToken,
        Message = $"{FailedTokens.Most} wrong tokens came from this address within a minute",
        Hint = "Wait a minute, also with a right one.",
        Retry = true,
    };

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

    private static IPNetwork[] ReadProxies(KotodamaServerOptions options) =>
        [.. options.TrustedProxies.SelectMany(text => ProxyAddress.TryRead(text, out var network, out _) ? [network] : (IPNetwork[])[])];

    /// <summary>The client chose the header's text: it goes into logs and answers cut, and with plain characters only.</summary>
    private static string Shown(string text)
    {
        var plain = new string([.. text.Take(100).Where(c => c is > ' ' and < '\x7f')]);
        return plain.Length == 0 ? "(none)" : plain;
    }

    [LoggerMessage(30, LogLevel.Warning, "Refused: {Message}. {Hint}")]
    private static partial void LogRefused(ILogger logger, PlainText message, PlainText hint);

    [LoggerMessage(640, LogLevel.Error, "No token counts: {Problem}")]
    private static partial void LogTokens(ILogger logger, PlainText problem);

    [LoggerMessage(641, LogLevel.Warning, "{Address} tried too many wrong tokens, and is blocked for a minute.")]
    private static partial void LogBlocked(ILogger logger, IPAddress? address);
}
