using System.Globalization;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Http;

/// <summary>Reads what was said: <c>GET /api/history</c> and <c>GET /api/messages/{id}</c>.</summary>
internal sealed class LogEndpoints(Hub hub)
{
    private const int DefaultReplies = 100, MostReplies = 1000;

    public async Task HistoryAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultReplies;
        if (query.TryGetValue("limit", out var text)
            && (!int.TryParse(text, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostReplies))
        {
            await Answers.RefuseAsync(
                context,
                StatusCodes.Status400BadRequest,
                ErrorCode.OutOfRange,
                $"limit must be 1 to {MostReplies}{Answers.Got(text)}",
                "Leave it out for 100.");
            return;
        }

        if (await ChannelAsync(context) is not { } channel)
            return;
        var (epoch, replies) = await hub.AskAsync(
            core => (core.Position(channel)?.Epoch ?? "", core.History(channel, limit)),
            context.RequestAborted);
        await Answers.WriteAsync(
            context,
            StatusCodes.Status200OK,
            new HistoryAnswer(channel, epoch, [.. replies.Select(e => Reply(e, channel, epoch)).OfType<HistoryReply>()]),
            AnswersJson.Plain.HistoryAnswer);
    }

    public async Task MessageAsync(HttpContext context)
    {
        if (await ChannelAsync(context) is not { } channel)
            return;
        var id = context.Request.RouteValues["id"] as string ?? "";
        if (await hub.AskAsync(core => core.Find(channel, id), context.RequestAborted) is not { } found)
        {
            await Answers.RefuseAsync(
                context,
                StatusCodes.Status404NotFound,
                ErrorCode.NotFound,
                "no message with this id is kept on this channel",
                "Ids are kept as long as their messages; ?channel=NAME names another channel.");
            return;
        }

        var displayed = found.Entry.Displayed || found.Delivery is { WasDisplayed: true };
        await Answers.WriteAsync(context, StatusCodes.Status200OK, new MessageState(
            id,
            channel,
            found.Entry.Seq,
            displayed ? "done" : found.Expired ? "expired" : "waiting",
            found.Delivery?.Counts,
            found.Delivery?.Heard), AnswersJson.Plain.MessageState);
    }

    private static async Task<string?> ChannelAsync(HttpContext context)
    {
        var channel = context.Request.Query.TryGetValue("channel", out var named) ? named.ToString() : ChannelName.Default;
        var grant = Grant.Of(context);
        if (ChannelName.IsValid(channel) && grant.Reaches(channel))
            return channel;
        if (ChannelName.IsValid(channel))
        {
            await Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, AccessErrors.WrongChannel(grant));
            return null;
        }

        await Answers.RefuseAsync(
            context,
            StatusCodes.Status400BadRequest,
            ErrorCode.BadValue,
            "channel must be 1 to 64 characters of a-z 0-9 . _ -",
            "Leave it out for the channel \"default\".");
        return null;
    }

    private static HistoryReply? Reply(LogEntry entry, string channel, string epoch) =>
        StoredBody.Read(entry, channel, epoch) is LlmResponseMessage reply
            ? new HistoryReply(entry.Seq, entry.Id, entry.At, reply.Content, reply.Emotion, reply.Lang)
            : null;
}

/// <summary>The newest replies of a channel, oldest first.</summary>
internal sealed record HistoryAnswer(string Channel, string Epoch, IReadOnlyList<HistoryReply> Replies);

internal sealed record HistoryReply(long Seq, string Id, long Ts, string Content, string? Emotion, string? Lang);

/// <summary>What became of a message.</summary>
internal sealed record MessageState(string Id, string Channel, long Seq, string Status, ReceiptCounts? Counts, ReceiptHeard? Heard);
