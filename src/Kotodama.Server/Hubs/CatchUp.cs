using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Finds out what a viewer missed, and sends it: messages from the log, and gaps for those that it cannot get. It goes out in portions, the
/// next one when the viewer has taken most of the last: a viewer that takes nothing has a portion waiting and not its channels' logs.
/// </summary>
/// <param name="log">The stored messages.</param>
/// <param name="options">What may wait for one connection.</param>
internal sealed class CatchUp(IMessageLog log, KotodamaServerOptions options)
{
    /// <summary>New messages that a page gets which comes for the first time.</summary>
    private const int Mailbox = 20;

    /// <summary>Bytes of the log that are read for one viewer in one go, unless a single message is larger.</summary>
    private const int PortionBytes = 128 * 1024;

    /// <summary>Messages and gaps of one portion.</summary>
    private const int PortionMessages = 512;

    /// <summary>The first portion of all that a viewer gets on one occasion.</summary>
    public Portion NewPortion() => new(
        Math.Clamp(options.OutboxBytes / 4, 1, PortionBytes),
        Math.Clamp(options.OutboxMessages / 4, 1, PortionMessages));

    /// <summary>Plans what a viewer gets that comes, or comes back, with a position.</summary>
    /// <param name="subscription">The viewer and its channel.</param>
    /// <param name="has">How far it has come; null: it never followed the channel.</param>
    /// <param name="portion">How much of it may be read now.</param>
    /// <param name="now">Now, hub time in ms.</param>
    public CatchUpPlan Plan(Subscription subscription, ChannelPosition? has, Portion portion, long now)
    {
        var channel = subscription.Channel;
        if (has is null)
            return subscription.IsPage ? FirstVisit(channel, portion, now) : CatchUpPlan.Nothing;

        // Numbers of another life, or from the future, mean nothing here: it gets what it would get with none, and a gap tells it so.
        var place = Place(channel, has.Epoch, has.Seq);
        var replay = new Replay(place ?? 0) { Why = place is null ? GapReason.Epoch : null };
        var steps = Next(replay, channel, portion, now);
        var (rest, isWhole) = Count(replay, channel, now);
        var recovered = place is not null && isWhole && !steps.Exists(s => s is CatchUpStep.Missing);
        if (place is { } seq && has.Epoch != channel.Epoch)
            steps.Insert(0, new CatchUpStep.Missing(seq + 1, seq, GapReason.Epoch));
        return new CatchUpPlan(recovered, place ?? 0, rest + steps.Count(s => s is CatchUpStep.Kept), replay, steps);
    }

    /// <summary>Which number of the channel a position stands for; null when it stands for none.</summary>
    public long? Place(Channel channel, string epoch, long seq)
    {
        var place = epoch == channel.Epoch ? seq : log.Place(channel.Name, new LogPosition(epoch, seq));
        return place >= 0 && place <= channel.Top ? place : null;
    }

    /// <summary>Sends what was planned, and remembers what is still to come.</summary>
    public static void Begin(Subscription subscription, CatchUpPlan plan)
    {
        subscription.Replay = plan.Replay ?? new Replay(subscription.Channel.Top);
        subscription.Position = Math.Max(subscription.Position, plan.Has);
        Send(subscription, plan.Steps);
    }

    /// <summary>
    /// A viewer on an open connection found out that it missed messages. One that is being sent what it missed gets that and no more: what
    /// it asks for is on its way, or will be when it asks again.
    /// </summary>
    public void Resume(Subscription subscription, ResumeMessage resume, long now)
    {
        if (subscription.Replay is not null)
            return;
        var place = Place(subscription.Channel, resume.Epoch, resume.Seq);
        subscription.Replay = new Replay(place ?? 0) { Why = place is null ? GapReason.Epoch : null };
        if (place is { } seq && resume.Epoch != subscription.Channel.Epoch)
            SendGap(subscription, new CatchUpStep.Missing(seq + 1, seq, GapReason.Epoch));
        if (subscription.Viewer.HasRoom)
            Continue(subscription.Viewer, now);
        else
            subscription.Viewer.AwaitRoom();
    }

    /// <summary>Sends a viewer the next portion of what it has still to get, on whichever of its channels.</summary>
    public void Continue(Viewer viewer, long now)
    {
        var portion = NewPortion();
        foreach (var subscription in viewer.Subscriptions)
            if (subscription.Replay is { } replay && !portion.IsUsedUp)
                Send(subscription, Next(replay, subscription.Channel, portion, now));
        AwaitRest(viewer);
    }

    /// <summary>Goes on when there is room, if there is anything to go on with.</summary>
    public static void AwaitRest(Viewer viewer)
    {
        if (viewer.Subscriptions.Exists(s => s.Replay is not null))
            viewer.AwaitRoom();
    }

    private static void Send(Subscription subscription, IEnumerable<CatchUpStep> steps)
    {
        var bytes = 0L;
        foreach (var step in steps)
        {
            switch (step)
            {
                case CatchUpStep.Missing missing:
                    SendLater(subscription, missing.From);
                    SendGap(subscription, missing);
                    break;
                case CatchUpStep.Kept kept:
                    SendLater(subscription, kept.Seq);
                    bytes += SendKept(subscription, kept);
                    break;
            }
        }

        subscription.Viewer.NoteReplayed(bytes);
        var replay = subscription.Replay!;
        subscription.Position = Math.Max(subscription.Position, replay.At);
        if (replay.At < subscription.Channel.Top)
            return;
        SendLater(subscription, long.MaxValue);
        subscription.Replay = null;
    }

    /// <summary>Sends what is not stored and came before a number.</summary>
    private static void SendLater(Subscription subscription, long seq)
    {
        while (subscription.Replay!.TakeBefore(seq) is { } frame)
            subscription.Viewer.Send(frame);
    }

    private static void SendGap(Subscription subscription, CatchUpStep.Missing missing) => subscription.Viewer.Send(Frame.Text(
        new GapMessage { Channel = subscription.Channel.Name, From = missing.From, To = missing.To, Reason = missing.Reason }));

    /// <returns>The bytes that were sent.</returns>
    private static int SendKept(Subscription subscription, CatchUpStep.Kept kept)
    {
        var viewer = subscription.Viewer;
        if (!viewer.Understands(kept.Message))
            return 0;
        var frame = Frame.Text(kept.Message);
        if (!viewer.Send(frame))
            return 0;
        if (subscription.Seat is { } seat && subscription.Channel.Deliveries.TryGetValue(kept.Seq, out var delivery))
            delivery.Sent(seat.Number);
        return frame.Length;
    }

    /// <summary>Reads the next portion, up to the channel's newest number at most.</summary>
    private List<CatchUpStep> Next(Replay replay, Channel channel, Portion portion, long now)
    {
        var steps = new List<CatchUpStep>();
        while (!portion.IsUsedUp && replay.At < channel.Top)
        {
            var isChosen = replay.At < replay.ChosenTo;
            if (isChosen && replay.Chosen!.TryDequeue(out var seq))
                Read(replay, channel, portion, steps, now, seq);
            else if (isChosen)
                Miss(replay, steps, replay.ChosenTo, GapReason.Seen);
            else
                Read(replay, channel, portion, steps, now);
        }

        return steps;
    }

    /// <summary>Reads one message that a fresh viewer gets.</summary>
    private void Read(Replay replay, Channel channel, Portion portion, List<CatchUpStep> steps, long now, long seq)
    {
        Miss(replay, steps, seq - 1, GapReason.Seen);
        var entry = log.Read(channel.Name, seq - 1, mostBytes: 1).FirstOrDefault(e => e.Seq == seq);
        portion.Use(entry?.Body.Length ?? 0);
        if (entry is null)
            Miss(replay, steps, seq, GapReason.Overflow, isUnread: true);
        else
            Take(replay, channel, steps, entry, now);
    }

    /// <summary>Reads what follows.</summary>
    private void Read(Replay replay, Channel channel, Portion portion, List<CatchUpStep> steps, long now)
    {
        var before = replay.At;
        foreach (var entry in log.Read(channel.Name, replay.At, portion.Bytes))
        {
            if (entry.Seq > channel.Top || portion.IsUsedUp)
                break;
            Miss(replay, steps, entry.Seq - 1, GapReason.Overflow);
            portion.Use(entry.Body.Length);
            Take(replay, channel, steps, entry, now);
        }

        if (replay.At == before)
            Miss(replay, steps, channel.Top, GapReason.Overflow);
    }

    private static void Take(Replay replay, Channel channel, List<CatchUpStep> steps, LogEntry entry, long now)
    {
        if (entry.ExpiresAt <= now)
        {
            Miss(replay, steps, entry.Seq, GapReason.Expired);
        }
        else if (StoredBody.Read(entry, channel.Name, channel.Epoch) is { } message)
        {
            steps.Add(new CatchUpStep.Kept(entry.Seq, message));
            (replay.At, replay.HasBegun) = (entry.Seq, true);
        }
        else
        {
            Miss(replay, steps, entry.Seq, GapReason.Overflow);
        }
    }

    /// <summary>
    /// Everything up to a number does not come. A fresh viewer is told so from its first message on: other viewers have seen it, unless
    /// it is what this one would have got, and the log can no longer read it.
    /// </summary>
    private static void Miss(Replay replay, List<CatchUpStep> steps, long to, GapReason usual, bool isUnread = false)
    {
        var from = replay.At + 1;
        if (to < from)
            return;
        replay.At = to;
        var isChosen = to <= replay.ChosenTo;
        if (isChosen && !replay.HasBegun)
            return;
        var reason = isChosen && !isUnread ? GapReason.Seen : replay.Why ?? usual;
        if (steps is [.., CatchUpStep.Missing last] && last.Reason == reason && last.To == from - 1)
            steps[^1] = last with { To = to };
        else
            steps.Add(new CatchUpStep.Missing(from, to, reason));
    }

    /// <summary>What a replay will still send, as far as can be told without reading it.</summary>
    /// <returns>How many messages, and whether those are all that there were.</returns>
    private (int Messages, bool IsWhole) Count(Replay replay, Channel channel, long now)
    {
        if (replay.At >= channel.Top)
            return (0, true);
        var (messages, next, isWhole) = (0, replay.At + 1, true);
        foreach (var mark in log.Glance(channel.Name, replay.At))
        {
            if (mark.Seq > channel.Top)
                break;
            isWhole &= mark.Seq == next && mark.ExpiresAt > now;
            messages += mark.ExpiresAt > now ? 1 : 0;
            next = mark.Seq + 1;
        }

        return (messages, isWhole && next > channel.Top);
    }

    /// <summary>
    /// What is new and no page has displayed: the newest of it, oldest first, and from the first one on without a silent hole.
    /// </summary>
    private CatchUpPlan FirstVisit(Channel channel, Portion portion, long now)
    {
        var chosen = log.Glance(channel.Name, 0)
            .Where(mark => mark.ExpiresAt > now && !mark.Displayed && mark.Seq <= channel.Top)
            .Select(mark => mark.Seq).TakeLast(Mailbox).ToArray();
        if (chosen.Length == 0)
            return CatchUpPlan.Nothing;
        var replay = new Replay(chosen[0] - 1) { Chosen = new Queue<long>(chosen), ChosenTo = channel.Top };
        var steps = Next(replay, channel, portion, now);
        return new CatchUpPlan(null, 0, steps.Count(s => s is CatchUpStep.Kept) + replay.Chosen.Count, replay, steps);
    }
}

/// <summary>How much may still be read in one go.</summary>
/// <param name="bytes">Bytes of the log.</param>
/// <param name="messages">Messages.</param>
internal sealed class Portion(int bytes, int messages)
{
    public int Bytes { get; private set; } = bytes;

    public int Messages { get; private set; } = messages;

    public bool IsUsedUp => Bytes <= 0 || Messages <= 0;

    /// <summary>A message was read.</summary>
    public void Use(int length)
    {
        Bytes -= length;
        Messages--;
    }
}

/// <summary>What a viewer gets that comes or comes back.</summary>
/// <param name="Recovered">Whether the viewer gets everything that it does not have; null: it had nothing.</param>
/// <param name="Has">The number up to which it has everything, 0 when nothing is known.</param>
/// <param name="Messages">The messages that follow.</param>
/// <param name="Replay">How far the steps go; null: from the channel's newest number on.</param>
/// <param name="Steps">The first messages and gaps, in the order of their numbers.</param>
internal sealed record CatchUpPlan(bool? Recovered, long Has, int Messages, Replay? Replay, IReadOnlyList<CatchUpStep> Steps)
{
    /// <summary>Without hello a client gets what comes from now on, as it always did.</summary>
    public static CatchUpPlan Nothing { get; } = new(null, 0, 0, null, []);
}

internal abstract record CatchUpStep
{
    /// <summary>A message that the viewer gets.</summary>
    public sealed record Kept(long Seq, Publication Message) : CatchUpStep;

    /// <summary>Numbers that it does not get, and why.</summary>
    public sealed record Missing(long From, long To, GapReason Reason) : CatchUpStep;
}
