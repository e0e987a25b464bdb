using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Channels;

/// <summary>
/// One stream of numbered messages, the viewers that follow it, and the speech and the companion on it. The core's loop changes it;
/// <see cref="Name"/>, <see cref="Epoch"/>, <see cref="Top"/>, <see cref="Pages"/>, the number of <see cref="Subscriptions"/>,
/// <see cref="Avatar"/> and the performers may be read from any thread.
/// </summary>
internal sealed class Channel
{
    /// <summary>Every viewer that gets the pieces of a reply also gets its end.</summary>
    private static readonly LlmDeltaMessage Piece = new() { Part = 0, Content = "" };

    private readonly SubscriptionList _subscriptions = [];
    private long _order;
    private int _pages;
    private int _followers;
    private string _epoch;
    private long _top;
    private AvatarChoice? _avatar;

    /// <param name="name">Its name.</param>
    /// <param name="epoch">The present life of its numbering.</param>
    /// <param name="top">The newest number in the log.</param>
    /// <param name="clock">The hub's clock.</param>
    /// <param name="kept">Messages that the log keeps of it at most.</param>
    public Channel(string name, string epoch, long top, HubClock clock, int kept)
    {
        Displayed = new DisplayedNumbers(kept);
        (Name, _epoch, _top) = (name, epoch, top);
        Deliveries = [];
        Audience = new Audience(Deliveries);
        Speech = new ChannelSpeech(this, clock);
        Companion = new ChannelCompanion(this);
    }

    public string Name { get; }

    /// <summary>The life of its numbering.</summary>
    public string Epoch => Volatile.Read(ref _epoch);

    /// <summary>The newest number that every viewer was offered.</summary>
    public long Top => Volatile.Read(ref _top);

    public SubscriptionList Subscriptions => _subscriptions;

    /// <summary>Connections behind which a user looks at it.</summary>
    public int Pages => Volatile.Read(ref _pages);

    /// <summary>Pages that follow speech.</summary>
    public int Followers => _followers;

    /// <summary>Called when <see cref="IsUnused"/> may have become true.</summary>
    public Action<Channel>? Idle { get; init; }

    /// <summary>Whether the table knows already that it may be unused.</summary>
    public bool IsIdle { get; set; }

    /// <summary>The messages that are new, being spoken, or waited for by a publisher, by number.</summary>
    public SortedDictionary<long, Delivery> Deliveries { get; }

    public Audience Audience { get; }

    /// <summary>What the log knows to be displayed.</summary>
    public DisplayedNumbers Displayed { get; }

    public ReplyStreams Streams { get; } = new();

    public ChannelSpeech Speech { get; }

    public ChannelCompanion Companion { get; }

    /// <summary>The avatar that was chosen for it; null: nothing was chosen yet.</summary>
    public AvatarChoice? Avatar
    {
        get => Volatile.Read(ref _avatar);
        set => Volatile.Write(ref _avatar, value);
    }

    /// <summary>Whether no viewer follows it and no message of it is still under way.</summary>
    public bool IsUnused => _subscriptions.Count == 0 && Deliveries.Count == 0;

    /// <summary>Makes a viewer follow the channel, and elects the page that plays its speech.</summary>
    public void Add(Subscription subscription)
    {
        subscription.Order = _order++;
        _subscriptions.Add(subscription);
        Count(subscription, 1);
        Speech.Add(subscription);
    }

    /// <summary>Ends a subscription, frees its seat, and elects the page that plays the speech.</summary>
    public void Remove(Subscription subscription)
    {
        if (!_subscriptions.Remove(subscription))
            return;
        Count(subscription, -1);
        if (subscription.Seat is { } seat)
            Audience.Leave(seat, Top);
        Speech.Remove(subscription);
        Idle?.Invoke(this);
    }

    private void Count(Subscription subscription, int change)
    {
        if (subscription.IsPage)
            Volatile.Write(ref _pages, _pages + change);
        if (subscription.FollowsSpeech)
            _followers += change;
    }

    /// <summary>Notes that every viewer was offered a number.</summary>
    public void MoveTop(long seq) => Volatile.Write(ref _top, seq);

    /// <summary>The numbers continue in another epoch: viewers are told, with a gap that misses nothing.</summary>
    public void Renew(string epoch)
    {
        Volatile.Write(ref _epoch, epoch);
        SendToReaders(new GapMessage { Channel = Name, From = Top + 1, To = Top, Reason = GapReason.Epoch });

        // For a viewer that is behind the numbers change their epoch where it is.
        foreach (var subscription in _subscriptions)
        {
            if (subscription.Replay is not { At: var at } || !subscription.Viewer.Understands(Piece))
                continue;
            subscription.Viewer.Send(Frame.Text(new GapMessage { Channel = Name, From = at + 1, To = at, Reason = GapReason.Epoch }));
        }
    }

    /// <summary>The delivery of the newest live reply with an id; null when there is none.</summary>
    public Delivery? FindReply(string id)
    {
        Delivery? found = null;
        foreach (var delivery in Deliveries.Values)
            if (delivery.Id == id)
                found = delivery;
        return found;
    }

    /// <summary>
    /// Sends a message to every page that follows speech; what a user said only to those that may learn it. It is serialised and framed at
    /// most once.
    /// </summary>
    public void Broadcast(Message message)
    {
        byte[]? frame = null;
        foreach (var subscription in _subscriptions)
            if (subscription.Viewer.FollowsSpeech && (message is not TranscriptMessage || subscription.Viewer.HearsUsers))
                subscription.Viewer.Send(frame ??= Frame.Text(message));
    }

    /// <summary>
    /// Sends sound to every page that plays it. A page that misses a piece of a clause gets no more of that clause: half a word is worse
    /// than none.
    /// </summary>
    public void BroadcastSound(AudioMessage audio)
    {
        byte[]? frame = null;
        foreach (var subscription in _subscriptions)
        {
            if (!subscription.Viewer.PlaysSpeech || subscription.SkippedClause == (audio.Stream, audio.Clause))
                continue;
            frame ??= Frame.Binary(audio.ToBytes());
            if (!subscription.Viewer.Send(frame, FrameKind.Ephemeral))
                subscription.SkippedClause = (audio.Stream, audio.Clause);
        }
    }

    /// <summary>Tells a page that just came which avatar was chosen. Where nothing ever was, the page knows what to show.</summary>
    public void Greet(Viewer viewer)
    {
        if (Avatar is { } avatar && viewer.FollowsSpeech)
            viewer.Send(Frame.Text(new AvatarMessage { Channel = Name, Name = avatar.Name }));
    }

    /// <summary>Tells the voice and the companion how many pages follow, when that has changed for them.</summary>
    public void ReportAudience()
    {
        if (Speech.Voice is null && Companion.Performer is null)
            return;
        var audience = CountAudience();
        Speech.Report(audience);
        Companion.Report(audience);
    }

    /// <summary>How many pages follow speech here, and whether one of them plays it.</summary>
    public AudienceMessage CountAudience()
    {
        return new AudienceMessage
        {
            Channel = Name,
            Pages = _followers,
            Speaker = Speech.ElectedPage is not null,
            Lost = _followers == 0 || Speech.IsFollowed ? null : Speech.Number,
        };
    }

    /// <summary>Ends the streamed replies of a publisher that is gone.</summary>
    public void AbortRepliesOf(Viewer publisher)
    {
        foreach (var id in Streams.Of(publisher))
            Abort(id, "its sender is gone");
    }

    /// <summary>What time brings: final receipts, progress, and the end of streamed replies that are silent.</summary>
    /// <param name="now">Now, hub time in ms.</param>
    public void Tick(long now)
    {
        var isLive = Deliveries.Count > 0;
        foreach (var (seq, delivery) in Deliveries.ToArray())
        {
            Speech.Check(delivery, now);
            delivery.Report();
            if (delivery.Expire(now))
                Deliveries.Remove(seq);
        }

        Audience.Tidy();
        foreach (var id in Streams.SilentAt(now))
            Abort(id, "its sender has been silent for 10 s");
        if (isLive && IsUnused)
            Idle?.Invoke(this);
    }

    /// <summary>
    /// A piece of a streamed reply came. Of one that writes more of them at once than it may the oldest is given up.
    /// </summary>
    /// <param name="id">The reply's id.</param>
    /// <param name="publisher">Its sender; null for a request that has ended.</param>
    /// <param name="now">Now, hub time in ms.</param>
    public void NotePiece(string id, Viewer? publisher, long now)
    {
        publisher?.NoteStreaming();
        if (Streams.Note(id, publisher, now) is { } oldest)
            Abort(oldest, $"its sender writes more than {ReplyStreams.MostOpen} replies at once");
    }

    private void Abort(string id, string reason)
    {
        Streams.End(id);
        var abort = new LlmAbortMessage { Channel = Name, Id = id, Reason = reason };
        Speech.Voice?.Deliver(abort);
        SendToReaders(abort);
    }

    private void SendToReaders(Message message)
    {
        var frame = Frame.Text(message);
        foreach (var subscription in _subscriptions)
            if (subscription.Viewer.Understands(Piece) && !(message is GapMessage && subscription.Replay is not null))
                subscription.Viewer.Send(frame);
    }
}
