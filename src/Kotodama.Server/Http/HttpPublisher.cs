using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Hubs;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>Publishes the message of a request, waits for what the request waits for, and answers it.</summary>
internal sealed partial class HttpPublisher(Hub hub, Callers callers, TimeProvider time, ILogger<HttpPublisher> logger)
{
    /// <summary>Publishes a valid message and answers the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="message">The message.</param>
    /// <param name="wait">What the request waits for; null: for the first receipt only.</param>
    /// <param name="sound">The message as a sound file; null when a voice shall make it.</param>
    public async Task PublishAsync(HttpContext context, Publication message, Waiting? wait, ReadOnlyMemory<byte>? sound)
    {
        if (Grant.Of(context) is var grant && !grant.Reaches(message.Channel ?? ChannelName.Default))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, AccessErrors.WrongChannel(grant, message.Id));
            return;
        }

        if (wait is not null && (!message.IsKept || message.Ttl == 0))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, Error(
                ErrorCode.BadValue,
                $"no page reports that it displayed a {message.Type} that is not kept",
                "Leave wait out, or give the message a ttl.",
                message.Id));
            return;
        }

        // A request has one answer: one that does not wait gets the first receipt, whatever level the message names.
        var receipts = new Receipts(wait);
        var level = wait?.Until ?? (message.Receipt == ReceiptLevel.Stored ? ReceiptLevel.Stored : ReceiptLevel.None);
        await hub.PublishAsync(message with { Receipt = level }, ChannelName.Default, null, receipts.Add, context.RequestAborted, sound);
        switch (await receipts.First.WaitAsync(context.RequestAborted))
        {
            case ReceiptMessage receipt:
                await AnswerAsync(context, message, receipt, receipts, wait);
                break;
            case ErrorMessage error:
                await RefuseAsync(context, error.Retry ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict, error);
                break;
        }
    }

    /// <summary>Answers a request with an error, and notes it for the user.</summary>
    public Task RefuseAsync(HttpContext context, int status, ErrorMessage error)
    {
        Note(context, error);
        Tell(error);
        return Answers.RefuseAsync(context, status, error);
    }

    /// <summary>Answers a request that came too early. A client in excess is worth one line in the log, not one for each message.</summary>
    /// <param name="context">The request.</param>
    /// <param name="wait">After how long the client may try again.</param>
    /// <param name="isFirst">Whether it is the client's first one that came too early.</param>
    public Task RefuseEarlyAsync(HttpContext context, TimeSpan wait, bool isFirst)
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
        Note(context, error);
        if (isFirst)
            Tell(error);
        return Answers.RefuseAsync(context, StatusCodes.Status429TooManyRequests, error, wait);
    }

    private void Note(HttpContext context, ErrorMessage error) =>
        hub.Refusals.Add($"{context.Request.Method} {context.Request.Path}", error);

    private void Tell(ErrorMessage error)
    {
        if (!callers.Lines.TryTake(out var leftOut))
            return;
        if (leftOut > 0)
            LogLeftOut(logger, leftOut, LineLimit.Burst);
        LogRefused(logger, error.Code, error.Message);
    }

    private async Task AnswerAsync(
        HttpContext context,
        Publication message,
        ReceiptMessage receipt,
        Receipts receipts,
        Waiting? wait)
    {
        // Where there is no page, no page plays the speech, and waiting for that is in vain.
        // What is sent again was handed to the pages before, and tells no number of them.
        var mayCome = wait is not null && (wait.Until < ReceiptLevel.Spoken || receipt.Pages > 0 || receipt.Duplicate == true);
        var isOver = mayCome && await ReachedAsync(receipts.Reached, wait!.Limit, context.RequestAborted);
        var last = receipts.Last;
        var displayed = last is { Counts.Displayed: > 0 };
        var spoken = wait?.Until == ReceiptLevel.Spoken ? last is { Counts.Spoken: > 0 } : (bool?)null;
        var isReached = spoken ?? displayed;
        await Answers.WriteAsync(
            context,
            wait is not null && isReached ? StatusCodes.Status200OK : StatusCodes.Status202Accepted,
            new MessageAnswer
            {
                Id = receipt.Id,
                Channel = receipt.Channel,
                Pages = receipt.Pages ?? 0,
                Durable = receipt.Durable == true,
                Epoch = receipt.Epoch,
                Seq = receipt.Seq,
                Displayed = displayed,
                Spoken = spoken,
                Heard = last?.Heard,
                Duplicate = receipt.Duplicate,
                Hint = isReached ? null : Hint(context.Request, message, receipt, wait, isOver && displayed),
            },
            AnswersJson.Plain.MessageAnswer);
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

    private static string? Hint(HttpRequest request, Publication message, ReceiptMessage receipt, Waiting? wait, bool isOver)
    {
        if (receipt.Pages == 0)
        {
            var fate = message is AvatarMessage ? ": those that open show it"
                : receipt.Seq is null ? ", so no user will see it"
                : ": it waits for one";
            return $"No page is open on channel {receipt.Channel}{fate}. Open {Root(request)}{Query(receipt.Channel)} in a browser.";
        }

        if (isOver)
        {
            return "It was shown, but not heard to its end: it was cut short, no page has its sound on, nothing speaks on this channel, "
                + "or the file is one that browsers cannot play. The hub's log says more.";
        }

        return wait switch
        {
            (ReceiptLevel.Spoken, var limit) =>
                $"No page has spoken it within {limit.TotalMilliseconds:0} ms. Other replies may come before it.",
            var (_, limit) =>
                $"No page has shown it within {limit.TotalMilliseconds:0} ms. Is the page hidden behind another tab?",
            null => null,
        };
    }

    /// <summary>Where the hub is mapped: this address without its own end.</summary>
    private static string Root(HttpRequest request)
    {
        var path = (request.PathBase + request.Path).ToString()
            .Replace("api/messages", "", StringComparison.OrdinalIgnoreCase)
            .Replace("api/speak", "", StringComparison.OrdinalIgnoreCase);
        return $"{request.Scheme}://{request.Host}{path}";
    }

    private static string Query(string channel) => channel == ChannelName.Default ? "" : $"?channel={channel}";

    /// <summary>The receipts of one message. The hub's loop adds; the request reads.</summary>
    private sealed class Receipts(Waiting? wait)
    {
        private readonly TaskCompletionSource<Message> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ReceiptMessage? _last;

        /// <summary>The first receipt, or the error.</summary>
        public Task<Message> First => _first.Task;

        /// <summary>Ends when the message has come as far as the request waits for.</summary>
        public Task Reached => _reached.Task;

        /// <summary>The newest receipt after the first.</summary>
        public ReceiptMessage? Last => Volatile.Read(ref _last);

        public void Add(Message answer)
        {
            if (_first.TrySetResult(answer) || answer is not ReceiptMessage news)
                return;
            Volatile.Write(ref _last, news);
            if (news.Final == true || (wait?.Until == ReceiptLevel.Displayed && news.Counts?.Displayed > 0))
                _reached.TrySetResult();
        }
    }

    [LoggerMessage(
        602,
        LogLevel.Warning,
        "{Count} more bad messages over HTTP are not listed: after {Most} lines there is one a minute.")]
    private static partial void LogLeftOut(ILogger logger, long count, int most);

    [LoggerMessage(20, LogLevel.Warning, "A bad message came over HTTP ({Code}): {Message}.")]
    private static partial void LogRefused(ILogger logger, PlainText code, PlainText message);
}
