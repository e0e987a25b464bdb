using Kotodama.Protocol;
using Kotodama.Server.Log;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <content>Viewers come, catch up, report and go.</content>
internal sealed partial class HubCore
{
    /// <summary>Those who said who they are, by that.</summary>
    private readonly Dictionary<string, Viewer> _viewers = new(StringComparer.Ordinal);

    /// <summary>Whoever gets the pieces of a reply gets its end.</summary>
    private static readonly LlmDeltaMessage Piece = new() { Part = 0, Content = "" };

    private void Join(Work.Join join, long now)
    {
        var viewer = join.Viewer;
        Leave(viewer, isWriter: false);
        viewer.IsGreeted = join.Hello is not null;
        var subscriptions = new List<Subscription>();
        foreach (var name in join.Channels.Distinct(StringComparer.Ordinal))
        {
            var (channel, error) = FindOrAdd(name, join.Channels);
            if (channel is null)
            {
                viewer.Refuse(error!);
                return;
            }

            subscriptions.Add(new Subscription(viewer, channel) { Turn = join.Hello?.Speech is { } speech && speech.TryGetValue(name, out var turn) ? turn : null });
        }

        // Without hello a client gets what comes from now on, as it always did.
        var plans = subscriptions.ConvertAll(s => join.Hello is { } hello ? Plan(s, hello.Resume?.GetValueOrDefault(s.Channel.Name), now) : new CatchUpPlan(null, 0, []));
        if (join.Hello?.Viewer is { } identity)
            Identify(viewer, identity);
        if (join.Welcome is { } welcome)
        {
            viewer.Send(welcome(subscriptions.Zip(plans).ToDictionary(
                s => s.First.Channel.Name,
                s => new ChannelWelcome(s.First.Channel.Epoch, s.First.Channel.Top, s.Second.Recovered, s.Second.Messages),
                StringComparer.Ordinal)));
        }

        foreach (var (subscription, plan) in subscriptions.Zip(plans))
        {
            if (viewer.IsPage)
                TakeSeat(subscription, plan.Has);
            GreetForSpeech(subscription);
            GreetForTalk(subscription);
            Carry(subscription, plan);
            subscription.Channel.Add(subscription);
            viewer.Subscriptions.Add(subscription);
            Elect(subscription.Channel);
        }
    }

    /// <summary>Nobody is here twice: a connection that nobody knows yet to be dead gives way to the new one.</summary>
    private void Identify(Viewer viewer, string identity)
    {
        if (_viewers.TryGetValue(identity, out var old))
        {
            Leave(old, isWriter: false);
            old.Replace();
        }

        viewer.Identity = identity;
        _viewers.Add(identity, viewer);
    }

    /// <summary>A page that comes back is waited for again for what it has; what it does not have it gets, or it is not for it.</summary>
    private static void TakeSeat(Subscription subscription, long has)
    {
        var channel = subscription.Channel;
        var seat = channel.Audience.Enter(subscription.Viewer.Identity);
        subscription.Seat = seat;
        foreach (var (seq, delivery) in channel.Deliveries)
        {
            if (seq > has)
                break;
            delivery.Returned(seat.Number);
        }
    }

    private void CatchUp(Subscription subscription, ChannelPosition has, long now) => Carry(subscription, Plan(subscription, has, now));

    /// <summary>Finds out what a viewer gets that has come, or come back, with <paramref name="has"/>.</summary>
    private CatchUpPlan Plan(Subscription subscription, ChannelPosition? has, long now)
    {
        var channel = subscription.Channel;
        if (has is null)
            return new CatchUpPlan(null, 0, subscription.Viewer.IsPage ? Fresh(channel, now) : []);
        // Numbers of another life, or from the future, mean nothing here: it gets what it would get with none, and is told so.
        var place = Place(channel, has.Epoch, has.Seq);
        var from = place ?? 0;
        var steps = Since(channel, from, place is null ? GapReason.Epoch : null, now);
        var recovered = place is not null && !steps.Exists(s => s is Missing);
        if (place is { } seq && has.Epoch != channel.Epoch)
            steps.Insert(0, new Missing(seq + 1, seq, GapReason.Epoch));
        return new CatchUpPlan(recovered, from, steps);
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
            else if (Restore(entry, channel.Name, channel.Epoch) is { } message)
                steps.Add(new Kept(entry.Seq, message));
            else
                Miss(steps, entry.Seq, entry.Seq, why ?? GapReason.Overflow);
            next = entry.Seq + 1;
        }

        if (next <= channel.Top)
            Miss(steps, next, channel.Top, why ?? GapReason.Overflow);
        return steps;
    }

    /// <summary>What is new and nobody has seen: the newest of it, oldest first, and from the first one on without a silent hole.</summary>
    private List<Step> Fresh(Channel channel, long now)
    {
        var kept = log.Read(channel.Name, 0)
            .Where(e => e.ExpiresAt > now && !e.Displayed && e.Seq <= channel.Top)
            .Select(e => (e.Seq, Message: Restore(e, channel.Name, channel.Epoch)))
            .Where(e => e.Message is not null).TakeLast(Mailbox).ToArray();
        var steps = new List<Step>();
        for (var i = 0; i < kept.Length; i++)
        {
            steps.Add(new Kept(kept[i].Seq, kept[i].Message!));
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
                case Kept(var seq, var message):
                    if (viewer.Understands(message) && viewer.Send(Frame.Text(message), FrameKind.Replayed) && subscription.Seat is { } seat && channel.Deliveries.TryGetValue(seq, out var delivery))
                        delivery.Sent(seat.Number);
                    break;
            }
        }

        subscription.Position = channel.Top;
    }

    private void Acknowledge(Viewer viewer, AckMessage ack, long now)
    {
        if (viewer.Subscriptions.Find(s => s.Channel.Name == ack.Channel) is not { } subscription)
            return;
        if (subscription.Seat is not { Number: var seat })
            return;
        var channel = subscription.Channel;
        var received = Math.Min(Place(channel, ack.Epoch, Math.Min(ack.Received ?? 0, channel.Top)) ?? 0, subscription.Position);
        if (received > subscription.Received)
        {
            foreach (var (seq, delivery) in channel.Deliveries)
                if (seq > subscription.Received && seq <= received)
                    delivery.Received(seat);
            subscription.Received = received;
        }

        foreach (var seq in (ack.Displayed ?? []).Concat(ack.Superseded ?? []).Where(IsMeant))
        {
            var delivery = channel.Deliveries.GetValueOrDefault(seq);
            if (delivery is null or { WasDisplayed: false })
                _displayed.Add((channel.Name, seq));
            if (delivery?.Displayed(seat, now) == true)
                delivery.ReportNews();
        }

        foreach (var heard in (ack.Heard ?? []).Where(h => IsMeant(h.Seq)))
            Hear(channel, viewer, heard, ack.Spoken);
        foreach (var seq in (ack.Spoken ?? []).Where(IsMeant))
            if (channel.Deliveries.TryGetValue(seq, out var delivery) && delivery.Spoken(seat))
                delivery.ReportNews();
        foreach (var seq in (ack.Failed ?? []).Select(f => f.Seq).Where(IsMeant))
            if (channel.Deliveries.TryGetValue(seq, out var delivery) && delivery.Failed(seat))
                delivery.ReportNews();

        bool IsMeant(long seq) => seq > 0 && seq <= subscription.Position && Place(channel, ack.Epoch, seq) == seq;
    }

    private void Leave(Viewer viewer, bool isWriter)
    {
        foreach (var subscription in viewer.Subscriptions)
        {
            subscription.Channel.Remove(subscription);
            if (subscription.Seat is { } seat)
                subscription.Channel.Audience.Leave(seat, subscription.Channel.Top);
            Elect(subscription.Channel);
            Mute(viewer, subscription.Channel);
        }

        viewer.Subscriptions.Clear();
        if (viewer.Identity is { } identity)
            _viewers.Remove(identity);
        viewer.Identity = null;
        if (!isWriter)
            return;
        EndSound(viewer);
        foreach (var channel in Channels.Values)
            foreach (var (id, writing) in channel.Writings.ToArray())
                if (writing.Writer == viewer)
                    Abort(channel, id, "its sender is gone");
    }

    private static void Abort(Channel channel, string id, string reason)
    {
        channel.Writings.Remove(id);
        var abort = new LlmAbortMessage { Channel = channel.Name, Id = id, Reason = reason };
        channel.Voice?.Hear(abort);
        var frame = Frame.Text(abort);
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
            {
                if (channel.Subscriptions.Count > 0 || channel.Deliveries.Count > 0 || wanted.Contains(other, StringComparer.Ordinal))
                    continue;
                Channels.TryRemove(other, out _);
                if (channel is { Voice: { } voice, Turn: { } turn })
                    _turns.Remove((voice, turn));
            }

            if (Channels.Count >= options.MaxChannels)
                return (null, TooManyChannels());
        }

        var position = log.Position(name);
        var added = Channels.GetOrAdd(name, new Channel(name, position.Epoch, position.Top));
        Appoint(added);
        AppointCompanion(added);
        return (added, null);
    }

    private ErrorMessage TooManyChannels() => new()
    {
        Code = ErrorCode.TooManyChannels,
        Message = $"the hub holds {options.MaxChannels} channels in use, its limit",
        Hint = $"Use fewer channels, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxChannels)}.",
        Retry = true,
    };

    private abstract record Step;

    private sealed record Kept(long Seq, Publication Message) : Step;

    private sealed record Missing(long From, long To, GapReason Reason) : Step;

    /// <param name="Recovered">Whether the viewer gets everything that it does not have; null: it had nothing.</param>
    /// <param name="Has">The number up to which it has everything, 0 when nothing is known.</param>
    /// <param name="Steps">What it is told.</param>
    private sealed record CatchUpPlan(bool? Recovered, long Has, IReadOnlyList<Step> Steps)
    {
        public int Messages => Steps.Count(s => s is Kept);
    }
}
