using Kotodama.Protocol;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <content>Viewers come, catch up, report and go.</content>
internal sealed partial class HubCore
{
    /// <summary>Whoever gets the pieces of a reply gets its end.</summary>
    private static readonly LlmDeltaMessage Piece = new() { Part = 0, Content = "" };

    private void Join(Work.Join join, long now)
    {
        var viewer = join.Viewer;
        Leave(viewer, isWriter: false);
        var subscriptions = new List<Subscription>();
        foreach (var name in join.Channels.Distinct(StringComparer.Ordinal))
        {
            var (channel, error) = FindOrAdd(name, join.Channels);
            if (channel is null)
            {
                viewer.Refuse(error!);
                return;
            }

            subscriptions.Add(new Subscription(viewer, channel));
        }

        // Without hello a client gets what comes from now on, as it always did.
        var plans = subscriptions.ConvertAll(s => join.Hello is { } hello ? Plan(s, hello.Resume?.GetValueOrDefault(s.Channel.Name), now) : new CatchUpPlan(null, []));
        if (join.Welcome is { } welcome)
        {
            viewer.Send(welcome(subscriptions.Zip(plans).ToDictionary(
                s => s.First.Channel.Name,
                s => new ChannelWelcome(s.First.Channel.Epoch, s.First.Channel.Top, s.Second.Recovered, s.Second.Messages),
                StringComparer.Ordinal)));
        }

        foreach (var (subscription, plan) in subscriptions.Zip(plans))
        {
            Carry(subscription, plan);
            subscription.Channel.Add(subscription);
            viewer.Subscriptions.Add(subscription);
        }
    }

    private void CatchUp(Subscription subscription, ChannelPosition has, long now) => Carry(subscription, Plan(subscription, has, now));

    /// <summary>Finds out what a viewer gets that has come, or come back, with <paramref name="has"/>.</summary>
    private CatchUpPlan Plan(Subscription subscription, ChannelPosition? has, long now)
    {
        var channel = subscription.Channel;
        if (has is null)
            return new CatchUpPlan(null, subscription.Viewer.IsPage ? Fresh(channel, now) : []);
        // Numbers of another life, or from the future, mean nothing here: it gets what it would get with none, and is told so.
        var place = Place(channel, has.Epoch, has.Seq);
        var steps = Since(channel, place ?? 0, place is null ? GapReason.Epoch : null, now);
        var recovered = place is not null && !steps.Exists(s => s is Missing);
        if (place is { } seq && has.Epoch != channel.Epoch)
            steps.Insert(0, new Missing(seq + 1, seq, GapReason.Epoch));
        return new CatchUpPlan(recovered, steps);
    }

    /// <summary>Which number of the channel a position stands for; null when it stands for none.</summary>
    private long? Place(Channel channel, string epoch, long seq)
    {
        var place = epoch == channel.Epoch ? seq : log.Place(channel.Name, new LogPosition(epoch, seq));
        return place >= 0 && place <= channel.Top ? place : null;
    }

    /// <summary>The channel's numbers go on in another epoch: its viewers are told, with a gap that misses nothing.</summary>
    private static void Renew(Channel channel, string epoch)
    {
        channel.Epoch = epoch;
        var frame = Frame.Text(new GapMessage { Channel = channel.Name, From = channel.Top + 1, To = channel.Top, Reason = GapReason.Epoch });
        foreach (var subscription in channel.Subscriptions)
            if (subscription.Viewer.Understands(Piece))
                subscription.Viewer.Send(frame);
    }

    private List<Step> Since(Channel channel, long seq, GapReason? why, long now)
    {
        var steps = new List<Step>();
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
            else
                steps.Add(new Kept(entry));
            next = entry.Seq + 1;
        }

        if (next <= channel.Top)
            Miss(steps, next, channel.Top, why ?? GapReason.Overflow);
        return steps;
    }

    /// <summary>What is new and nobody has seen: the newest of it, oldest first, and from the first one on without a silent hole.</summary>
    private List<Step> Fresh(Channel channel, long now)
    {
        var kept = log.Read(channel.Name, 0).Where(e => e.ExpiresAt > now && !e.Displayed && e.Seq <= channel.Top).TakeLast(Mailbox).ToArray();
        var steps = new List<Step>();
        for (var i = 0; i < kept.Length; i++)
        {
            steps.Add(new Kept(kept[i]));
            var next = i + 1 < kept.Length ? kept[i + 1].Seq : channel.Top + 1;
            if (next > kept[i].Seq + 1)
                steps.Add(new Missing(kept[i].Seq + 1, next - 1, GapReason.Seen));
        }

        return steps;
    }

    private static void Miss(List<Step> steps, long from, long to, GapReason reason)
    {
        if (steps is [.., Missing last] && last.Reason == reason && last.To == from - 1)
            steps[^1] = last with { To = to };
        else
            steps.Add(new Missing(from, to, reason));
    }

    private static void Carry(Subscription subscription, CatchUpPlan plan)
    {
        var (viewer, channel) = (subscription.Viewer, subscription.Channel);
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case Missing(var from, var to, var reason):
                    viewer.Send(Frame.Text(new GapMessage { Channel = channel.Name, From = from, To = to, Reason = reason }), FrameKind.Replayed);
                    break;
                case Kept(var entry):
                    if (Restore(entry, channel.Name, channel.Epoch) is not { } message)
                        viewer.Send(Frame.Text(new GapMessage { Channel = channel.Name, From = entry.Seq, To = entry.Seq, Reason = GapReason.Overflow }), FrameKind.Replayed);
                    else if (viewer.Understands(message) && viewer.Send(Frame.Text(message), FrameKind.Replayed) && viewer.IsPage && channel.Deliveries.TryGetValue(entry.Seq, out var delivery))
                        delivery.Sent(viewer);
                    break;
            }
        }

        subscription.Position = channel.Top;
    }

    private void Acknowledge(Viewer viewer, AckMessage ack)
    {
        if (viewer.Subscriptions.Find(s => s.Channel.Name == ack.Channel) is not { } subscription)
            return;
        var channel = subscription.Channel;
        if (ack.Received is { } received)
        {
            var until = Math.Min(Place(channel, ack.Epoch, Math.Min(received, channel.Top)) ?? 0, subscription.Position);
            foreach (var (seq, delivery) in channel.Deliveries)
                if (seq > subscription.Received && seq <= until)
                    delivery.Received(viewer);
            subscription.Received = Math.Max(subscription.Received, until);
        }

        if (!viewer.IsPage)
            return;
        foreach (var seq in (ack.Displayed ?? []).Concat(ack.Superseded ?? []).Where(IsMeant))
        {
            var delivery = channel.Deliveries.GetValueOrDefault(seq);
            if (delivery is null or { WasDisplayed: false })
                _displayed.Add((channel.Name, seq));
            delivery?.Displayed(viewer);
            delivery?.ReportNews();
        }

        foreach (var seq in (ack.Spoken ?? []).Where(IsMeant))
        {
            if (!channel.Deliveries.TryGetValue(seq, out var delivery))
                continue;
            delivery.Spoken();
            delivery.ReportNews();
        }

        foreach (var failed in (ack.Failed ?? []).Where(failed => IsMeant(failed.Seq)))
        {
            if (!channel.Deliveries.TryGetValue(failed.Seq, out var delivery))
                continue;
            delivery.Gone(viewer);
            delivery.ReportNews();
        }

        bool IsMeant(long seq) => seq > 0 && seq <= subscription.Position && Place(channel, ack.Epoch, seq) == seq;
    }

    private static void Leave(Viewer viewer, bool isWriter, ICollection<Channel> channels)
    {
        foreach (var subscription in viewer.Subscriptions)
        {
            subscription.Channel.Remove(subscription);
            foreach (var delivery in subscription.Channel.Deliveries.Values)
                delivery.Gone(viewer);
        }

        viewer.Subscriptions.Clear();
        if (!isWriter)
            return;
        foreach (var channel in channels)
            foreach (var (id, writing) in channel.Writings.ToArray())
                if (writing.Writer == viewer)
                    Abort(channel, id, "its sender is gone");
    }

    private void Leave(Viewer viewer, bool isWriter) => Leave(viewer, isWriter, Channels.Values);

    private static void Abort(Channel channel, string id, string reason)
    {
        channel.Writings.Remove(id);
        var frame = Frame.Text(new LlmAbortMessage { Channel = channel.Name, Id = id, Reason = reason });
        foreach (var subscription in channel.Subscriptions)
            if (subscription.Viewer.Understands(Piece))
                subscription.Viewer.Send(frame);
    }

    private void NoteDisplayed()
    {
        if (_displayed.Count == 0)
            return;

        log.MarkDisplayed(_displayed);
        _displayed.Clear();
    }

    /// <summary>A channel, known already or new. When there are too many, those that nobody uses and nobody is about to use give way.</summary>
    private (Channel? Channel, ErrorMessage? Error) FindOrAdd(string name, IReadOnlyList<string> wanted)
    {
        if (Channels.TryGetValue(name, out var existing))
            return (existing, null);

        // Everybody passes through the default channel, so it is always there.
        if (Channels.Count >= options.MaxChannels && name != ChannelName.Default)
        {
            foreach (var (other, channel) in Channels)
                if (channel.Subscriptions.Count == 0 && channel.Deliveries.Count == 0 && !wanted.Contains(other, StringComparer.Ordinal))
                    Channels.TryRemove(other, out _);
            if (Channels.Count >= options.MaxChannels)
                return (null, TooManyChannels());
        }

        var position = log.Position(name);
        return (Channels.GetOrAdd(name, new Channel(name, position.Epoch, position.Top)), null);
    }

    private ErrorMessage TooManyChannels() => new()
    {
        Code = ErrorCode.TooManyChannels,
        Message = $"the hub holds {options.MaxChannels} channels in use, its limit",
        Hint = $"Use fewer channels, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxChannels)}.",
        Retry = true,
    };

    private abstract record Step;

    private sealed record Kept(LogEntry Entry) : Step;

    private sealed record Missing(long From, long To, GapReason Reason) : Step;

    private sealed record CatchUpPlan(bool? Recovered, IReadOnlyList<Step> Steps)
    {
        public int Messages => Steps.Count(s => s is Kept);
    }
}
