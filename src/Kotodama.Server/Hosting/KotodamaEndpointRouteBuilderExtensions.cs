using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Http;
using Kotodama.Server.Hubs;
using Kotodama.Server.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Kotodama hub into an app.</summary>
public static class KotodamaEndpointRouteBuilderExtensions
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps the WebSocket (<c>/</c> and <c>/ws</c>), the page (<c>/</c>), the HTTP API (<c>/api/…</c>) and <c>/healthz</c> below a
    /// prefix. Every request passes the gate first: loopback clients, known host names, allowed origins.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="prefix">Where to map, for example <c>/avatar</c>. Empty: at the root.</param>
    /// <returns>The mapped endpoints, to add conventions to.</returns>
    public static IEndpointConventionBuilder MapKotodama(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var gate = services.GetService<Gate>()
            ?? throw new InvalidOperationException("Call builder.Services.AddKotodama() before app.MapKotodama().");
        var hub = services.GetRequiredService<Hub>();
        var socket = services.GetRequiredService<SocketUpgrade>();
        var page = services.GetRequiredService<PageEndpoint>();
        var log = services.GetRequiredService<LogEndpoints>();
        var messages = services.GetRequiredService<MessagesEndpoint>();
        var speak = services.GetRequiredService<SpeakEndpoint>();
        var models = services.GetRequiredService<ModelEndpoints>();

        var group = endpoints.MapGroup(prefix);
        Map("/ws", Reading, socket.HandleAsync, isSocket: true);
        Map("/api/messages", [HttpMethods.Post], messages.HandleAsync);
        Map("/api/speak", [HttpMethods.Post], speak.HandleAsync);
        Map(
            "/api/status",
            Reading,
            context => Answers.WriteAsync(context, StatusCodes.Status200OK, StatusReport.Of(hub), AnswersJson.Plain.StatusReport));
        Map("/api/messages/{id}", Reading, log.MessageAsync);
        Map("/api/history", Reading, log.HistoryAsync);
        Map("/api/models", [.. Reading, HttpMethods.Post], models.AllAsync);
        Map("/api/models/core/download", [HttpMethods.Post], models.FetchCoreAsync);
        Map("/api/models/{name}", [.. Reading, HttpMethods.Delete], models.OneAsync);
        Map("/api/models/{name}/check", Reading, models.CheckAsync);
        Map("/api/models/{name}/avatar.json", [.. Reading, HttpMethods.Put], models.AvatarAsync);
        Map("/models/{name}/{**file}", Reading, models.FileAsync);
        Map("/metrics", Reading, context => Metrics.WriteAsync(context, hub));
        Map("/healthz", Reading, context =>
        {
            var failure = hub.Failure;
            context.Response.StatusCode = failure is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(
                failure is null ? "ok" : $"degraded: messages are kept in memory only: {failure.Reason}",
                context.RequestAborted);
        });
        Map(
            "/",
            Reading,
            context => SocketUpgrade.IsRequested(context.Request) ? socket.HandleAsync(context) : page.RootAsync(context),
            isSocket: true);
        Map("/embed.js", Reading, page.EmbedAsync, anyPage: true);
        Map("/embed/{**path}", Reading, page.EmbedPartAsync, anyPage: true);
        Map("/demo/demo.html", Reading, page.IndexAsync);
        Map("/demo/{**path}", Reading, page.FileAsync);
        Map("/{**path}", Reading, page.FileAsync);
        return group;

        void Map(
            string pattern,
            string[] methods,
            RequestDelegate handler,
            bool isSocket = false,
            bool anyPage = false) => group.Map(pattern, async context =>
        {
            if (gate.Check(context, anyPage) is { } refused)
            {
                var isPage = isSocket && refused.Code == ErrorCode.OriginNotAllowed;
                if (isPage && await socket.TryTurnAwayAsync(context, refused))
                    return;
                await Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, refused);
                return;
            }

            if (!anyPage)
                AllowOrigin(context);
            if (!isSocket && HttpMethods.IsGet(context.Request.Method) && SocketUpgrade.IsRequested(context.Request))
            {
                await socket.PointAsync(context, prefix);
                return;
            }

            if (methods.Contains(context.Request.Method, StringComparer.Ordinal))
            {
                await handler(context);
            }
            else if (HttpMethods.IsOptions(context.Request.Method))
            {
                context.Response.Headers.AccessControlAllowMethods = string.Join(", ", methods);
                context.Response.Headers.AccessControlAllowHeaders = HeaderNames.ContentType;
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            }
            else
            {
                context.Response.Headers.Allow = string.Join(", ", methods);
                await Answers.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, ErrorCode.NotFound,
                    $"{context.Request.Method} means nothing at {context.Request.Path}", $"Use {string.Join(" or ", methods)}.");
            }
        });
    }

    /// <summary>Lets a page of another allowed origin read the answer.</summary>
    private static void AllowOrigin(HttpContext context)
    {
        if (Gate.ForeignOrigin(context.Request) is not { } origin)
            return;
        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
    }
}
