using System.Net;
using System.Security.Cryptography;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;
using Kotodama.Server.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>
/// The server side of the opening handshake, RFC 6455 section 4.2. The framework's own WebSocket is not used, because it frames and
/// copies every message once per client; a frame of ours is made once and shared by all.
/// </summary>
internal sealed class SocketUpgrade(Hub hub, TimeProvider time, ILogger<Connection> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly byte[] Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.ToArray();

    private readonly Farewell _farewell = new(hub.Options, time);

    public static bool IsRequested(HttpRequest request) =>
        request.Headers.GetCommaSeparatedValues(HeaderNames.Upgrade).Contains("websocket", StringComparer.OrdinalIgnoreCase);

    public async Task HandleAsync(HttpContext context)
    {
        var channel = context.Request.Query.TryGetValue("channel", out var named) ? named.ToString() : ChannelName.Default;
        if (Problem(context, channel) is { } problem)
        {
            // RFC 6455 section 4.4: this is how a client learns which version to use.
            var version = problem.Message.Contains("Version", StringComparison.Ordinal);
            if (version)
                context.Response.Headers.SecWebSocketVersion = "13";
            hub.Refusals.Add("WebSocket " + context.Request.Path, problem);
            await Answers.RefuseAsync(context, version ? StatusCodes.Status426UpgradeRequired : StatusCodes.Status400BadRequest, problem);
            return;
        }

        // The answer leaves with the upgrade, so a full hub has to be found out before.
        var address = Gate.RemoteAddress(context) is { } remote && !IPAddress.IsLoopback(remote) ? remote : null;
        if (hub.TryReserve(address) is { } full)
        {
            hub.Refusals.Add("WebSocket " + context.Request.Path, full);
            await Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, full, RetryAfter);
            return;
        }

        try
        {
            var socket = hub.Options.DirectSend ? DirectSocket.Find(context.Features) : null;
            await using var stream = await AcceptAsync(context);
            using var connection = new Connection(hub, stream, channel, Grant.Of(context), time, logger, socket);
            if (!await connection.RunAsync(context.RequestAborted))
                context.Abort();
        }
        finally
        {
            hub.Release(address);
        }
    }

    /// <summary>
    /// Whether a client that is refused is told over a WebSocket, because a browser hides the status of a refused handshake from its page.
    /// </summary>
    public static bool MayBeTold(ErrorMessage error) =>
        error.Code is ErrorCode.OriginNotAllowed or ErrorCode.TokenNeeded or ErrorCode.BadToken;

    /// <summary>Accepts a client that is refused only to tell it so; see <see cref="Farewell"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="error">Why it is turned away.</param>
    /// <returns>False: it asks for no WebSocket, or too many were turned away just now; the request is as it was.</returns>
    public async Task<bool> TryTurnAwayAsync(HttpContext context, ErrorMessage error)
    {
        if (!IsRequested(context.Request) || Problem(context, ChannelName.Default) is not null || !_farewell.TryBegin())
            return false;
        await using var stream = await AcceptAsync(context);
        if (!await _farewell.SayAsync(stream, error, context.RequestAborted))
            context.Abort();
        return true;
    }

    /// <summary>Says where the WebSocket is to a client that looks for it elsewhere.</summary>
    /// <param name="context">The request, for an address that has no WebSocket.</param>
    /// <param name="prefix">Where the hub is mapped.</param>
    public Task PointAsync(HttpContext context, string prefix)
    {
        var request = context.Request;
        var root = $"{(request.IsHttps ? "wss" : "ws")}://{request.Host}{request.PathBase}{prefix}";
        var error = Error(
            ErrorCode.NotFound,
            "there is no WebSocket at this address",
            $"Connect to {root}/ or {root}/ws");
        hub.Refusals.Add("WebSocket " + request.Path, error);
        return Answers.RefuseAsync(context, StatusCodes.Status404NotFound, error);
    }

    private static async Task<Stream> AcceptAsync(HttpContext context)
    {
        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        context.Response.Headers.Upgrade = "websocket";
        var offered = context.Request.Headers.GetCommaSeparatedValues(HeaderNames.SecWebSocketProtocol);
        if (offered.Contains(PresentedToken.Subprotocol, StringComparer.Ordinal))
            context.Response.Headers.SecWebSocketProtocol = PresentedToken.Subprotocol;
        context.Response.Headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        return await upgrade.UpgradeAsync();
    }

    private static ErrorMessage? Problem(HttpContext context, string channel)
    {
        var request = context.Request;

        // The framework upgrades to anything, and HTTP/1.0 too.
        var isUpgradable = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };
        if (!HttpMethods.IsGet(request.Method) || !HttpProtocol.IsHttp11(request.Protocol) || !IsRequested(request) || !isUpgradable)
        {
            return Error(
                ErrorCode.BadValue,
                "a WebSocket begins with a GET request of HTTP/1.1 with Connection: Upgrade and Upgrade: websocket",
                "Use a WebSocket client.");
        }

        if (request.Headers.SecWebSocketVersion != "13")
            return Error(ErrorCode.BadValue, "the header Sec-WebSocket-Version must be 13", "Use a WebSocket client of RFC 6455.");
        if (!IsKey(request.Headers.SecWebSocketKey.ToString()))
        {
            return Error(
                ErrorCode.BadValue,
                "the header Sec-WebSocket-Key must be 16 bytes in base64",
                "Use a WebSocket client of RFC 6455.");
        }

        if (ChannelName.IsValid(channel))
            return null;
        return Error(
            ErrorCode.BadValue,
            "channel must be 1 to 64 characters of a-z 0-9 . _ -",
            "For example ws://localhost:8765/?channel=left");
    }

    private static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out var written) && written == 16;
    }

    private static string Accept(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6455 prescribes SHA-1 here; it proves nothing but that the server speaks WebSocket.
        SHA1.HashData([.. Encoding.ASCII.GetBytes(key), .. Magic], hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }
}
