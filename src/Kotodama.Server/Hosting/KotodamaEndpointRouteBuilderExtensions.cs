using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Gates;
using Kotodama.Server.Http;
using Kotodama.Server.Hubs;
using Kotodama.Server.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Kotodama hub into an app.</summary>
public static class KotodamaEndpointRouteBuilderExtensions
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps the WebSocket (<c>/</c> and <c>/ws</c>), the page (<c>/</c>), the HTTP API (<c>/api/…</c>) and <c>/healthz</c> below a
    /// prefix. Every request passes the gate first: loopback clients or a token, known host names, allowed origins.
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
        var arrivals = services.GetRequiredService<Arrivals>();
        var socket = services.GetRequiredService<SocketUpgrade>();
        var page = services.GetRequiredService<PageEndpoint>();
        var log = services.GetRequiredService<LogEndpoints>();
        var messages = services.GetRequiredService<MessagesEndpoint>();
        var speak = services.GetRequiredService<SpeakEndpoint>();
        var models = services.GetRequiredService<ModelEndpoints>();
        var phones = services.GetRequiredService<PhoneEndpoints>();

        var time = services.GetRequiredService<TimeProvider>();

        var group = endpoints.MapGroup(prefix);
        Map("/ws", Reading, socket.HandleAsync, isSocket: true);
        Map("/api/messages", [HttpMethods.Post], messages.HandleAsync);
        Map("/api/speak", [HttpMethods.Post], speak.HandleAsync);
        Map(
            "/api/status",
            Reading,
            context => Answers.WriteAsync(
                context, StatusCodes.Status200OK, StatusReport.Of(hub, Grant.Of(context)), AnswersJson.Plain.StatusReport));
        Map("/api/session", [HttpMethods.Post, HttpMethods.Delete], context => SessionEndpoint.HandleAsync(context, time));
        Map("/api/messages/{id}", Reading, log.MessageAsync);
        Map("/api/history", Reading, log.HistoryAsync);
        Map("/api/models", [.. Reading, HttpMethods.Post], models.AllAsync);
        Map("/api/models/core/download", [HttpMethods.Post], models.FetchCoreAsync);
        Map("/api/models/{name}", [.. Reading, HttpMethods.Delete], models.OneAsync);
        Map("/api/models/{name}/check", Reading, models.CheckAsync);
        Map("/api/models/{name}/avatar.json", [.. Reading, HttpMethods.Put], models.AvatarAsync);
        Map("/models/{name}/{**file}", Reading, models.FileAsync);
        Map("/api/phone", [HttpMethods.Post], phones.InviteAsync);
        Map("/lan/root.crt", Reading, phones.RootAsync);
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
        Map("/embed.js", Reading, page.EmbedAsync);
        Map("/embed/{**path}", Reading, page.EmbedPartAsync);
        Map("/demo/demo.html", Reading, page.IndexAsync);
        Map("/demo/{**path}", Reading, page.FileAsync);
        Map("/{**path}", Reading, page.FileAsync);
        return group;

        void Map(string pattern, string[] methods, RequestDelegate handler, bool isSocket = false) => group.Map(pattern, async context =>
        {
            var request = context.Request;
            var isForAnyPage = AnswerHeaders.IsForAnyPage(BelowPrefix(request.Path, prefix));
            AnswerHeaders.Secure(context, isForAnyPage);
            var admission = gate.Admit(context, Needed(request, pattern, isSocket), isForAnyPage);
            if (admission.Error is { } refused)
            {
                await RefuseAsync(context, admission, refused, isSocket);
                return;
            }

            context.Features.Set(admission.Grant);

            // A request that waits ends with its token. A WebSocket does so by itself, and says why.
            using var ending = isSocket && SocketUpgrade.IsRequested(request)
                ? default
                : admission.Grant.Ended.UnsafeRegister(static c => ((HttpContext)c!).Abort(), context);
            AnswerHeaders.Share(context, gate);
            if (!isSocket && HttpMethods.IsGet(request.Method) && SocketUpgrade.IsRequested(request))
                await socket.PointAsync(context, prefix);
            else if (methods.Contains(request.Method, StringComparer.Ordinal))
                await arrivals.HandleAsync(context, handler);
            else if (HttpMethods.IsOptions(request.Method))
                AnswerHeaders.AnswerPreflight(context, methods);
            else
            {
                context.Response.Headers.Allow = string.Join(", ", methods);
                await Answers.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, ErrorCode.NotFound,
                    $"{request.Method} means nothing at {request.Path}", $"Use {string.Join(" or ", methods)}.");
            }
        });

        async Task RefuseAsync(HttpContext context, Admission admission, ErrorMessage refused, bool isSocket)
        {
            if (isSocket && SocketUpgrade.MayBeTold(refused) && await socket.TryTurnAwayAsync(context, refused))
                return;
            if (admission.Status == StatusCodes.Status401Unauthorized)
                context.Response.Headers.WWWAuthenticate = "Bearer";
            if (refused.Code is ErrorCode.NotAllowed or ErrorCode.TokenNeeded)
                AnswerHeaders.Share(context, gate);
            await Answers.RefuseAsync(context, admission.Status, refused, admission.RetryAfter);
        }
    }

    private static Right Needed(HttpRequest request, string pattern, bool isSocket)
    {
        // A browser asks without a token whether it may ask with one.
        if (HttpMethods.IsOptions(request.Method))
            return Right.None;
        var isReading = Reading.Contains(request.Method, StringComparer.Ordinal);
        return isSocket && SocketUpgrade.IsRequested(request) ? Rights.ForPath("/ws", isReading) : Rights.ForPath(pattern, isReading);
    }

    private static string BelowPrefix(PathString path, string prefix)
    {
        var root = prefix.Trim('/');
        return root.Length > 0 && path.StartsWithSegments("/" + root, StringComparison.OrdinalIgnoreCase, out var rest)
            ? rest.ToString()
            : path.ToString();
    }
}
