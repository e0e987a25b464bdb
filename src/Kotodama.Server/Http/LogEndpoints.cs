using System.Globalization;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Access;
using Kotodama.Server.Gates;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Http;

/// <summary>Reads what was said: <c>GET /api/history</c> and <c>GET /api/messages/{id}</c>.</summary>
internal sealed class LogEndpoints(Hub hub, Callers callers)
{
    private const int DefaultReplies = 100, MostReplies = 1000;

    /// <summary>Bytes of stored replies in one answer: with more, the newest ones.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Bytes that the hub's loop reads for it in one go, between other work.</summary>
    private const int PortionBytes = 128 * 1024;

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
        await Answers.WriteAsync(
            context, StatusCodes.Status200OK, await HistoryAsync(context, channel, limit), AnswersJson.Plain.HistoryAnswer);
    }

    private async Task<HistoryAnswer> HistoryAsync(HttpContext context, string channel, int limit)
    {
        var (epoch, before, bytes) = ("", long.MaxValue, 0L);
        var (newest, entries) = (new List<HistoryReply>(), 0);
        while (entries < limit && bytes < MostBytes)
        {
            var most = limit - entries;
            var (place, portion) = await hub.AskAsync(
                core => (core.Position(channel)?.Epoch ?? "", core.History(channel, most, before, PortionBytes)), context.RequestAborted);
            epoch = epoch.Length == 0 ? place : epoch;
            foreach (var entry in portion.Reverse())
            {
                bytes += entry.Body.Length;
                if (Reply(entry, channel, epoch) is { } reply)
                    newest.Add(reply);
            }

            if (portion.Count == 0)
                break;
            (before, entries) = (portion[0].Seq, entries + portion.Count);
        }

        callers.Charge(Gate.RemoteAddress(context), bytes);
        newest.Reverse();
        return new HistoryAnswer(channel, epoch, newest);
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
        StoredBody.Read(entry, channel, epoch) switch
        {
            LlmResponseMessage reply => new HistoryReply(entry.Seq, entry.Id, entry.At, reply.Content, reply.Emotion, reply.Lang, null),
            EncMessage message => new HistoryReply(
                entry.Seq,
                entry.Id,
                entry.At,
                "",
                null,
                null,
                new HistorySealed(message.Kid, message.Iv, message.Until, message.Ct)),
            _ => null,
        };
}

/// <summary>The newest replies of a channel, oldest first.</summary>
internal sealed record HistoryAnswer(string Channel, string Epoch, IReadOnlyList<HistoryReply> Replies);

/// <summary>One of them. <c>Content</c> is empty where <c>Sealed</c> says that only pages with the key can read it.</summary>
internal sealed record HistoryReply(
    long Seq,
    string Id,
    long Ts,
    string Content,
    string? Emotion,
    string? Lang,
    HistorySealed? Sealed);

/// <summary>What a page needs to open an encrypted message.</summary>
internal sealed record HistorySealed(string Kid, string Iv, long Until, string Ct);

/// <summary>What became of a message.</summary>
internal sealed record MessageState(string Id, string Channel, long Seq, string Status, ReceiptCounts? Counts, ReceiptHeard? Heard);
