using Kotodama.Protocol;
using Kotodama.Server.Channels;

namespace Kotodama.Server.Hubs;

/// <summary>The viewers: they join channels, resume, acknowledge and leave.</summary>
/// <param name="channels">The channels.</param>
/// <param name="catchUp">Sends what a viewer missed.</param>
/// <param name="companions">Learn that a page is gone.</param>
/// <param name="displayed">Notes what pages displayed.</param>
internal sealed class Viewers(ChannelTable channels, CatchUp catchUp, Companions companions, DisplayedNotes displayed)
{
    /// <summary>Those that gave a viewer id, by that.</summary>
    private readonly Dictionary<string, Viewer> _identified = new(StringComparer.Ordinal);

    /// <summary>Makes a viewer follow channels. When one of them cannot be added, the viewer is refused.</summary>
    public void Join(Work.Join join, long now)
    {
        var viewer = join.Viewer;
        Leave(viewer);
        viewer.IsGreeted = join.Hello is not null;
        if (Subscribe(join) is not { } subscriptions)
            return;
        var portion = catchUp.NewPortion();
        var plans = subscriptions.ConvertAll(s => Plan(s, join.Hello, portion, now));
        if (join.Hello?.Viewer is { } identity)
            Identify(viewer, identity);
        if (join.Welcome is { } welcome)
            viewer.Send(welcome(Describe(subscriptions, plans)));
        foreach (var (subscription, plan) in subscriptions.Zip(plans))
            Enter(subscription, plan);
        CatchUp.AwaitRest(viewer);
    }

    /// <summary>A viewer found out that it missed messages.</summary>
    public void Resume(Viewer viewer, ResumeMessage resume, long now)
    {
        if (viewer.Subscriptions.Find(s => s.Channel.Name == resume.Channel) is { } subscription)
            catchUp.Resume(subscription, resume, now);
    }

    /// <summary>A viewer has taken most of what it was sent, and gets the next portion of what it missed.</summary>
    public void Continue(Viewer viewer, long now) => catchUp.Continue(viewer, now);

    /// <summary>A page acknowledges what it received, displayed and played. Numbers that it was not sent are ignored.</summary>
    public void Acknowledge(Viewer viewer, AckMessage ack, long now)
    {
        if (viewer.Subscriptions.Find(s => s.Channel.Name == ack.Channel) is not { Seat.Number: var seat } subscription)
            return;
        var channel = subscription.Channel;
        AcknowledgeReceived(subscription, seat, ack);
        foreach (var seq in (ack.Displayed ?? []).Concat(ack.Superseded ?? []).Distinct().Where(IsMeant))
        {
            var delivery = channel.Deliveries.GetValueOrDefault(seq);
            if (delivery is null or { WasDisplayed: false })
                displayed.Add(channel, seq);
            if (delivery?.Displayed(seat, now) == true)
                delivery.ReportNews();
        }

        var spoken = (ack.Spoken ?? []).ToHashSet();
        foreach (var heard in (ack.Heard ?? []).Where(h => IsMeant(h.Seq)))
            channel.Speech.Acknowledge(viewer, heard, isSpoken: spoken.Contains(heard.Seq));
        foreach (var seq in spoken.Where(IsMeant))
            if (channel.Deliveries.TryGetValue(seq, out var delivery) && delivery.Spoken(seat))
                delivery.ReportNews();
        foreach (var failure in (ack.Failed ?? []).Where(f => IsMeant(f.Seq)))
            if (channel.Deliveries.TryGetValue(failure.Seq, out var delivery) && delivery.Failed(seat, failure.Code))
                delivery.ReportNews();

        bool IsMeant(long seq) => seq > 0 && seq <= subscription.Position && catchUp.Place(channel, ack.Epoch, seq) == seq;
    }

    /// <summary>A viewer stops following its channels.</summary>
    public void Leave(Viewer viewer)
    {
        foreach (var subscription in viewer.Subscriptions)
        {
            subscription.Channel.Remove(subscription);
            companions.Mute(viewer, subscription.Channel);
        }

        companions.Forget(viewer);
        viewer.Subscriptions.Clear();
        if (viewer.Identity is { } identity)
            _identified.Remove(identity);
        viewer.Identity = null;
    }

    private List<Subscription>? Subscribe(Work.Join join)
    {
        var subscriptions = new List<Subscription>();
        var wanted = join.Channels.ToHashSet(StringComparer.Ordinal);
        foreach (var name in join.Channels.Distinct(StringComparer.Ordinal))
        {
            var (channel, error) = channels.FindOrAdd(name, wanted);
            if (channel is null)
            {
                join.Viewer.Refuse(error!);
                return null;
            }

            var speech = join.Hello?.Speech is { } known && known.TryGetValue(name, out var number) ? number : (long?)null;
            subscriptions.Add(new Subscription(join.Viewer, channel) { Speech = speech });
        }

        return subscriptions;
    }

    private CatchUpPlan Plan(Subscription subscription, HelloMessage? hello, Portion portion, long now) => hello is null
        ? CatchUpPlan.Nothing
        : catchUp.Plan(subscription, hello.Resume?.GetValueOrDefault(subscription.Channel.Name), portion, now);

    /// <summary>
    /// A viewer id has one connection: an older one, which may be dead without the hub knowing, gives way to the new one.
    /// </summary>
    private void Identify(Viewer viewer, string identity)
    {
        if (_identified.TryGetValue(identity, out var old))
        {
            Leave(old);
            old.Replace();
        }

        viewer.Identity = identity;
        _identified.Add(identity, viewer);
    }

    private static Dictionary<string, ChannelWelcome> Describe(List<Subscription> subscriptions, List<CatchUpPlan> plans)
    {
        var welcomes = new Dictionary<string, ChannelWelcome>(StringComparer.Ordinal);
        foreach (var (subscription, plan) in subscriptions.Zip(plans))
        {
            var channel = subscription.Channel;
            welcomes.Add(channel.Name, new ChannelWelcome(channel.Epoch, channel.Top, plan.Recovered, plan.Messages));
        }

        return welcomes;
    }

    private void Enter(Subscription subscription, CatchUpPlan plan)
    {
        var (viewer, channel) = (subscription.Viewer, subscription.Channel);
        if (viewer.IsPage)
            TakeSeat(subscription, plan.Has);
        channel.Greet(viewer);
        channel.Speech.Greet(viewer);
        channel.Companion.Greet(viewer);
        CatchUp.Begin(subscription, plan);
        channel.Add(subscription);
        viewer.Subscriptions.Add(subscription);
        companions.Know(viewer);
    }

    /// <summary>Deliveries wait again for a page that comes back with them; what it does not have it gets now, or a gap.</summary>
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

    private void AcknowledgeReceived(Subscription subscription, int seat, AckMessage ack)
    {
        var channel = subscription.Channel;
        var place = catchUp.Place(channel, ack.Epoch, Math.Min(ack.Received ?? 0, channel.Top)) ?? 0;
        var received = Math.Min(place, subscription.Position);
        if (received <= subscription.Received)
            return;
        foreach (var (seq, delivery) in channel.Deliveries)
        {
            if (seq > received)
                break;
            if (seq > subscription.Received)
                delivery.Received(seat);
        }

        subscription.Received = received;
    }
}
