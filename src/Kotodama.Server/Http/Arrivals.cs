using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>
/// Every request passes here after the gate: it counts in the allowance of its address, whatever it asks for, and what is refused in the
/// middle of its handling is answered.
/// </summary>
internal sealed partial class Arrivals(Hub hub, Callers callers, ILogger<Arrivals> logger)
{
    /// <summary>Serves a request, or says why not.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate handler)
    {
        var wait = callers.TryTakeRequest(Gate.RemoteAddress(context), out var isFirst);
        if (wait > TimeSpan.Zero)
        {
            hub.CountLimited();
            await RefuseAsync(context, TooMany(wait), isNews: isFirst);
            return;
        }

        try
        {
            await handler(context);
        }
        catch (RefusedRequestException e) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, e, isNews: true);
        }
    }

    private Task RefuseAsync(HttpContext context, RefusedRequestException refused, bool isNews)
    {
        hub.Refusals.Add($"{context.Request.Method} {context.Request.Path}", refused.Error);
        if (isNews && callers.Lines.TryTake(out _))
            LogRefused(logger, refused.Error.Code, refused.Error.Message);

        // What has not been read of the body is not worth waiting for.
        if (refused.Status == StatusCodes.Status408RequestTimeout)
            context.Response.Headers.Connection = "close";
        return Answers.RefuseAsync(context, refused.Status, refused.Error, refused.RetryAfter);
    }

    private static RefusedRequestException TooMany(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests,
        RetryableError(
            ErrorCode.RateLimited,
            $"more than {Callers.RequestRate} requests per second came from this address",
            "Send it again after Retry-After, or use one WebSocket."),
        wait);

    [LoggerMessage(601, LogLevel.Warning, "A request was not served ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, PlainText code, PlainText message);
}
