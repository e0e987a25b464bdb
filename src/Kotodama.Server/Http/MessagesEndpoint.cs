using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary><c>POST /api/messages</c>: one message of a publisher, with the same JSON as on the socket.</summary>
internal sealed class MessagesEndpoint(Hub hub, Callers callers, Bodies bodies, HttpPublisher publisher)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!IsJson(context.Request))
        {
            await publisher.RefuseAsync(
                context,
                StatusCodes.Status415UnsupportedMediaType,
                Error(
                    ErrorCode.UnsupportedMediaType,
                    "the body is not declared as JSON",
                    "Send the header Content-Type: application/json."));
            return;
        }

        if (Waiting.Read(context.Request.Query, out var wait) is { } badWait)
        {
            await publisher.RefuseAsync(context, StatusCodes.Status400BadRequest, badWait);
            return;
        }

        var limit = hub.Options.Limits.Frame;
        if (await bodies.ReadAsync(context, limit) is not { } body)
        {
            await publisher.RefuseAsync(
                context,
                StatusCodes.Status413PayloadTooLarge,
                Error(
                    ErrorCode.TooBig,
                    $"the message is larger than {limit} bytes",
                    "Send less at a time, or raise the hub's limit Kotodama:Limits:Frame."));
            return;
        }

        var (message, error) = MessageCodec.Read(body, hub.Options.Limits);
        var early = callers.TryTake(Gate.RemoteAddress(context), message, body.Length, out var first);
        if (early > TimeSpan.Zero)
        {
            await publisher.RefuseEarlyAsync(context, early, first);
            return;
        }

        if (message is Publication publication)
            await publisher.PublishAsync(context, publication, wait, sound: null);
        else
        {
            await publisher.RefuseAsync(
                context,
                StatusCodes.Status400BadRequest,
                error ?? Error(ErrorCode.NotAllowed, $"{message!.Type} is not a message of a backend", "See docs/protocol.md, section 4."));
        }
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
}
