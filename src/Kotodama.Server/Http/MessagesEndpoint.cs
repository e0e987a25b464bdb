using System.Buffers;
using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using static Kotodama.Server.Refused;

namespace Kotodama.Server.Http;

/// <summary><c>POST /api/messages</c>: one message of a backend, with the same JSON as on the socket.</summary>
internal sealed partial class MessagesEndpoint(Hub hub, Callers callers, TimeProvider time, ILogger<MessagesEndpoint> logger)
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(5), LongestWait = TimeSpan.FromMinutes(1), LongestSpeech = TimeSpan.FromMinutes(10);

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

    private async Task PublishAsync(HttpContext context, Publication message, Waiting? wait, ReadOnlyMemory<byte>? sound)
    {
        if (wait is not null && (!message.IsKept || message.Ttl == 0))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, Error(ErrorCode.BadValue, $"nobody reports that a {message.Type} that is not kept was displayed", "Leave wait out, or give the message a ttl.", message.Id));
            return;
        }

        var first = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ReceiptMessage? last = null;

        // A request has one answer: who does not wait hears the first receipt, whatever it names.
        var receiptLevel = wait is not null ? wait.Until : message.Receipt == ReceiptLevel.Stored ? ReceiptLevel.Stored : ReceiptLevel.None;
        await hub.PublishAsync(message with { Receipt = receiptLevel }, ChannelName.Default, null, Hear, context.RequestAborted, sound);
        if (await first.Task.WaitAsync(context.RequestAborted) is not ReceiptMessage receipt)
        {
            var error = (ErrorMessage)await first.Task;
            await RefuseAsync(context, error.Retry ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict, error);
            return;
        }

        // For speech nobody waits where there is no page, and so nobody who could hear it.
        var isOver = wait is not null && (wait.Until < ReceiptLevel.Spoken || receipt.Pages > 0) && await ReachedAsync(reached.Task, wait.Limit, context.RequestAborted);
        var displayed = Volatile.Read(ref last) is { Counts.Displayed: > 0 };
        var spoken = wait?.Until == ReceiptLevel.Spoken ? Volatile.Read(ref last) is { Counts.Spoken: > 0 } : (bool?)null;
        await Answers.WriteAsync(context, wait is not null && (spoken ?? displayed) ? StatusCodes.Status200OK : StatusCodes.Status202Accepted, new MessageAnswer
        {
            Id = receipt.Id,
            Channel = receipt.Channel,
            Pages = receipt.Pages ?? 0,
            Durable = receipt.Durable == true,
            Epoch = receipt.Epoch,
            Seq = receipt.Seq,
            Displayed = displayed,
            Spoken = spoken,
            Heard = Volatile.Read(ref last)?.Heard,
            Duplicate = receipt.Duplicate,
            Hint = spoken ?? displayed ? null : Hint(context.Request, receipt, wait, isOver && displayed),
        }, AnswersJson.Plain.MessageAnswer);

        void Hear(Message answer)
        {
            if (first.TrySetResult(answer) || answer is not ReceiptMessage news)
                return;
            Volatile.Write(ref last, news);
            if (news.Final == true || (wait?.Until == ReceiptLevel.Displayed && news.Counts?.Displayed > 0))
                reached.TrySetResult();
        }
    }

    private async Task<bool> ReachedAsync(Task reached, TimeSpan wait, CancellationToken aborted)
    {
        try
        {
            await reached.WaitAsync(wait, time, aborted);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string? Hint(HttpRequest request, ReceiptMessage receipt, Waiting? wait, bool isOver) =>
        receipt.Pages == 0 ? $"No page is open on channel {receipt.Channel}{(receipt.Seq is null ? ", so nobody will see it" : ": it waits for one")}. Open {request.Scheme}://{request.Host}{Root(request)}{Query(receipt.Channel)} in a browser."
        : isOver ? "It was shown, but not heard to its end: it was cut short, no page has its sound on, nothing speaks on this channel, or the file is one that browsers cannot play. The hub's log says more."
        : wait is { Until: ReceiptLevel.Spoken } late ? $"No page has spoken it within {late.Limit.TotalMilliseconds:0} ms. Other replies may come before it."
        : wait is { } time ? $"No page has shown it within {time.Limit.TotalMilliseconds:0} ms. Is the page hidden behind another tab?"
        : null;

    /// <summary>Where the hub is mapped: this address without its own end.</summary>
    private static string Root(HttpRequest request) => (request.PathBase + request.Path).ToString().Replace("api/messages", "", StringComparison.OrdinalIgnoreCase).Replace("api/speak", "", StringComparison.OrdinalIgnoreCase);

    private static string Query(string channel) => channel == ChannelName.Default ? "" : $"?channel={channel}";

    private static ErrorMessage? Wait(IQueryCollection query, out Waiting? wait)
    {
        wait = null;
        if (!query.TryGetValue("wait", out var what) || what == "none")
            return null;
        if (what != "displayed" && what != "spoken")
            return Error(ErrorCode.BadValue, "wait must be displayed, spoken or none", "Use ?wait=displayed.");
        wait = what == "spoken" ? new Waiting(ReceiptLevel.Spoken, LongestSpeech) : new Waiting(ReceiptLevel.Displayed, DefaultWait);
        if (!query.TryGetValue("timeout", out var text))
            return null;
        var most = (wait.Until == ReceiptLevel.Spoken ? LongestSpeech : LongestWait).TotalMilliseconds;
        if (!int.TryParse(text, out var milliseconds) || milliseconds < 100 || milliseconds > most)
            return Error(ErrorCode.OutOfRange, $"timeout must be 100 to {most} milliseconds", $"Use ?wait={what}&timeout=5000.");
        wait = wait with { Limit = TimeSpan.FromMilliseconds(milliseconds) };
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

    /// <param name="Until">What the sender waits for.</param>
    /// <param name="Limit">How long.</param>
    private sealed record Waiting(ReceiptLevel Until, TimeSpan Limit);

    [LoggerMessage(20, LogLevel.Warning, "A bad message came over HTTP ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, string code, string message);
}
