using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>Finds out what a viewer missed, and sends it: messages from the log, and gaps for those that it cannot get.</summary>
internal sealed class CatchUp(IMessageLog log)
{
    /// <summary>New messages that a page gets which comes for the first time.</summary>
    private const int Mailbox = 20;

    /// <summary>Plans what a viewer gets that comes, or comes back, with a position.</summary>
    /// <param name="subscription">The viewer and its channel.</param>
    /// <param name="has">How far it has come; null: it never followed the channel.</param>
    /// <param name="now">Now, hub time in ms.</param>
    public CatchUpPlan Plan(Subscription subscription, ChannelPosition? has, long now)
    {
        var channel = subscription.Channel;
        if (has is null)
            return new CatchUpPlan(null, 0, subscription.Viewer.IsPage ? FirstVisit(channel, now) : []);

        // Numbers of another life, or from the future, mean nothing here: it gets what it would get with none, and a gap tells it so.
        var place = Place(channel, has.Epoch, has.Seq);
        var from = place ?? 0;
        var steps = Since(channel, from, place is null ? GapReason.Epoch : null, now);
        var recovered = place is not null && !steps.Exists(s => s is CatchUpStep.Missing);
        if (place is { } seq && has.Epoch != channel.Epoch)
            steps.Insert(0, new CatchUpStep.Missing(seq + 1, seq, GapReason.Epoch));
        return new CatchUpPlan(recovered, from, steps);
    }

    /// <summary>Which number of the channel a position stands for; null when it stands for none.</summary>
    public long? Place(Channel channel, string epoch, long seq)
    {
        var place = epoch == channel.Epoch ? seq : log.Place(channel.Name, new LogPosition(epoch, seq));
        return place >= 0 && place <= channel.Top ? place : null;
    }

    /// <summary>Sends what was planned; the viewer then has come to the channel's newest number.</summary>
    public static void Send(Subscription subscription, CatchUpPlan plan)
    {
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case CatchUpStep.Missing missing:
                    SendGap(subscription, missing);
                    break;
                case CatchUpStep.Kept kept:
                    SendKept(subscription, kept);
                    break;
            }
        }

        subscription.Position = subscription.Channel.Top;
    }

    private static void SendGap(Subscription subscription, CatchUpStep.Missing missing)
    {
        var gap = new GapMessage { Channel = subscription.Channel.Name, From = missing.From, To = missing.To, Reason = missing.Reason };
        subscription.Viewer.Send(Frame.Text(gap), FrameKind.Replayed);
    }

    private static void SendKept(Subscription subscription, CatchUpStep.Kept kept)
    {
        var viewer = subscription.Viewer;
        if (!viewer.Understands(kept.Message) || !viewer.Send(Frame.Text(kept.Message), FrameKind.Replayed))
            return;
        if (subscription.Seat is { } seat && subscription.Channel.Deliveries.TryGetValue(kept.Seq, out var delivery))
            delivery.Sent(seat.Number);
    }

    private List<CatchUpStep> Since(Channel channel, long seq, GapReason? why, long now)
    {
        var steps = new List<CatchUpStep>();
        if (seq == channel.Top)
            return steps;
        var next = seq + 1;
        foreach (var entry in log.Read(channel.Name, seq))
        {
            if (entry.Seq > channel.Top)
                break;
            if (entry.Seq > next)
                Miss(steps, next, entry.Seq - 1, why ?? GapReason.Overflow);
            if (entry.ExpiresAt <= now)
                Miss(steps, entry.Seq, entry.Seq, why ?? GapReason.Expired);
            else if (StoredBody.Read(entry, channel.Name, channel.Epoch) is { } message)
                steps.Add(new CatchUpStep.Kept(entry.Seq, message));
            else
                Miss(steps, entry.Seq, entry.Seq, why ?? GapReason.Overflow);
            next = entry.Seq + 1;
        }

        if (next <= channel.Top)
            Miss(steps, next, channel.Top, why ?? GapReason.Overflow);
        return steps;
    }

    /// <summary>
    /// What is new and no page has displayed: the newest of it, oldest first, and from the first one on without a silent hole.
    /// </summary>
    private List<CatchUpStep> FirstVisit(Channel channel, long now)
    {
        var kept = log.Read(channel.Name, 0)
            .Where(e => e.ExpiresAt > now && !e.Displayed && e.Seq <= channel.Top)
            .Select(e => (e.Seq, Message: StoredBody.Read(e, channel.Name, channel.Epoch)))
            .Where(e => e.Message is not null).TakeLast(Mailbox).ToArray();
        var steps = new List<CatchUpStep>();
        for (var i = 0; i < kept.Length; i++)
        {
            steps.Add(new CatchUpStep.Kept(kept[i].Seq, kept[i].Message!));
            var next = i + 1 < kept.Length ? kept[i + 1].Seq : channel.Top + 1;
            if (next > kept[i].Seq + 1)
                steps.Add(new CatchUpStep.Missing(kept[i].Seq + 1, next - 1, GapReason.Seen));
        }

        return steps;
    }

    private static void Miss(List<CatchUpStep> steps, long from, long to, GapReason reason)
    {
        if (steps is [.., CatchUpStep.Missing last] && last.Reason == reason && last.To == from - 1)
            steps[^1] = last with { To = to };
        else
            steps.Add(new CatchUpStep.Missing(from, to, reason));
    }
}

/// <summary>What a viewer gets that comes or comes back.</summary>
/// <param name="Recovered">Whether the viewer gets everything that it does not have; null: it had nothing.</param>
/// <param name="Has">The number up to which it has everything, 0 when nothing is known.</param>
/// <param name="Steps">The messages and gaps, in the order of their numbers.</param>
internal sealed record CatchUpPlan(bool? Recovered, long Has, IReadOnlyList<CatchUpStep> Steps)
{
    /// <summary>Without hello a client gets what comes from now on, as it always did.</summary>
    public static CatchUpPlan Nothing { get; } = new(null, 0, []);

    public int Messages => Steps.Count(s => s is CatchUpStep.Kept);
}

internal abstract record CatchUpStep
{
    /// <summary>A message that the viewer gets.</summary>
    public sealed record Kept(long Seq, Publication Message) : CatchUpStep;

    /// <summary>Numbers that it does not get, and why.</summary>
    public sealed record Missing(long From, long To, GapReason Reason) : CatchUpStep;
}
