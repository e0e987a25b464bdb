using System.Buffers;
using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Kotodama.Server.Http;

/// <summary><c>POST /api/messages</c>: one message of a backend, with the same JSON as on the socket.</summary>
internal sealed partial class MessagesEndpoint(Hub hub, Callers callers, TimeProvider time, ILogger<MessagesEndpoint> logger)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5);

    public async Task HandleAsync(HttpContext context)
    {
        if (!IsJson(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, Error(ErrorCode.UnsupportedMediaType, "the body is not declared as JSON", "Send the header Content-Type: application/json."));
            return;
        }

        if (Wait(context.Request.Query, out var wait) is { } badWait)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, badWait);
            return;
        }

        var limit = hub.Options.Limits.Frame;
        if (await ReadBodyAsync(context, limit) is not { } body)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, Error(ErrorCode.TooBig, $"the message is larger than {limit} bytes", "Send less at a time, or raise the hub's limit Kotodama:Limits:Frame."));
            return;
        }

        var (message, error) = MessageCodec.Read(body, hub.Options.Limits);
        var early = callers.TryTake(Gate.RemoteAddress(context), message, out var first);
        if (early > TimeSpan.Zero)
        {
            await RefuseEarlyAsync(context, early, first);
            return;
        }

        if (message is Publication publication)
            await PublishAsync(context, publication, wait, sound: null);
        else
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error ?? Error(ErrorCode.NotAllowed, $"{message!.Type} is not a message of a backend", "See docs/protocol.md, section 4."));
    }

    private async Task PublishAsync(HttpContext context, Publication message, TimeSpan? wait, ReadOnlyMemory<byte>? sound)
    {
        if (wait is not null && (!message.IsKept || message.Ttl == 0))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, Error(ErrorCode.BadValue, $"nobody reports that a {message.Type} that is not kept was displayed", "Leave wait out, or give the message a ttl.", message.Id));
            return;
        }

        var first = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        var displayed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A request has one answer: who does not wait hears the first receipt, whatever it names.
        var receiptLevel = wait is not null ? ReceiptLevel.Displayed : message.Receipt == ReceiptLevel.Stored ? ReceiptLevel.Stored : ReceiptLevel.None;
        await hub.PublishAsync(message with { Receipt = receiptLevel }, ChannelName.Default, null, Hear, context.RequestAborted, sound);
        if (await first.Task.WaitAsync(context.RequestAborted) is not ReceiptMessage receipt)
        {
            var error = (ErrorMessage)await first.Task;
            await RefuseAsync(context, error.Retry ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict, error);
            return;
        }

        var seen = wait is { } limit && await SeenAsync(displayed.Task, limit, context.RequestAborted);
        await Answers.WriteAsync(context, seen ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, new MessageAnswer
        {
            Id = receipt.Id,
            Channel = receipt.Channel,
            Pages = receipt.Pages ?? 0,
            Durable = receipt.Durable == true,
            Epoch = receipt.Epoch,
            Seq = receipt.Seq,
            Displayed = seen,
            Duplicate = receipt.Duplicate,
            Hint = seen ? null : Hint(context.Request, receipt, wait),
        }, AnswersJson.Plain.MessageAnswer);

        void Hear(Message answer)
        {
            if (!first.TrySetResult(answer) && answer is ReceiptMessage { Counts.Displayed: > 0 })
                displayed.TrySetResult();
        }
    }

    private async Task<bool> SeenAsync(Task displayed, TimeSpan wait, CancellationToken aborted)
    {
        try
        {
            await displayed.WaitAsync(wait, time, aborted);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string? Hint(HttpRequest request, ReceiptMessage receipt, TimeSpan? wait) =>
        receipt.Pages == 0 ? $"No page is open on channel {receipt.Channel}{(receipt.Seq is null ? ", so nobody will see it" : ": it waits for one")}. Open {request.Scheme}://{request.Host}{Root(request)}{Query(receipt.Channel)} in a browser."
        : wait is { } time ? $"No page has shown it within {time.TotalMilliseconds:0} ms. Is the page hidden behind another tab?"
        : null;

    /// <summary>Where the hub is mapped: this address without its own end.</summary>
    private static string Root(HttpRequest request) => (request.PathBase + request.Path).ToString().Replace("api/messages", "", StringComparison.OrdinalIgnoreCase).Replace("api/speak", "", StringComparison.OrdinalIgnoreCase);

    private static string Query(string channel) => channel == ChannelName.Default ? "" : $"?channel={channel}";

    private static ErrorMessage? Wait(IQueryCollection query, out TimeSpan? wait)
    {
        wait = null;
        if (!query.TryGetValue("wait", out var what) || what == "none")
            return null;
        if (what != "displayed")
            return Error(ErrorCode.BadValue, "wait must be displayed or none", "Use ?wait=displayed.");
        wait = DefaultWait;
        if (!query.TryGetValue("timeout", out var text))
            return null;
        if (!int.TryParse(text, out var milliseconds) || milliseconds is < 100 or > 60_000)
            return Error(ErrorCode.OutOfRange, "timeout must be 100 to 60000 milliseconds", "Use ?wait=displayed&timeout=5000.");
        wait = TimeSpan.FromMilliseconds(milliseconds);
        return null;
    }

    private static bool IsJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the body; null when it is larger than the limit.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpContext context, int limit)
    {
        // The framework's own limit would answer without saying which setting it is.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        if (context.Request.ContentLength > limit)
            return null;
        var body = new ArrayBufferWriter<byte>(4096);
        int read;
        while ((read = await context.Request.Body.ReadAsync(body.GetMemory(), context.RequestAborted)) > 0)
        {
            body.Advance(read);
            if (body.WrittenCount > limit)
                return null;
        }

        return body.WrittenMemory;
    }

    /// <summary>A caller in excess is worth one line in the log, not one for each message.</summary>
    private Task RefuseEarlyAsync(HttpContext context, TimeSpan wait, bool first)
    {
        var limits = hub.Options.Limits;
        var error = new ErrorMessage
        {
            Code = ErrorCode.RateLimited,
            Message = $"more than {limits.PublishRate} kept or {limits.FrameRate} other messages per second came from this address",
            Hint = "Send it again after Retry-After, use one WebSocket, or raise the hub's limit Kotodama:Limits:PublishRate or FrameRate.",
            Retry = true,
        };
        hub.CountLimited();
        hub.Refusals.Add($"{context.Request.Method} {context.Request.Path}", error);
        if (first)
            LogRefused(logger, error.Code, error.Message);
        return Answers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, error, wait);
    }

    private Task RefuseAsync(HttpContext context, int status, ErrorMessage error)
    {
        hub.Refusals.Add($"{context.Request.Method} {context.Request.Path}", error);
        LogRefused(logger, error.Code, error.Message);
        return Answers.RefuseAsync(context, status, error);
    }

    private static ErrorMessage Error(string code, string message, string hint, string? id = null) =>
        new() { Code = code, Message = message, Hint = hint, Id = id };

    [LoggerMessage(20, LogLevel.Warning, "A bad message came over HTTP ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, string code, string message);
}
