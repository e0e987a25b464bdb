using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Channels;

/// <summary>
/// The speech of one channel: the voice that speaks its replies, the speech it is in, and the one page that plays it. It also decides when
/// a publisher stops waiting until a reply is spoken. See sections 7 and 10 of the protocol. Owned by the core; <see cref="Voice"/> and
/// <see cref="ElectedPage"/> may be read from any thread.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="clock">The hub's clock.</param>
internal sealed class ChannelSpeech(Channel channel, HubClock clock)
{
    /// <summary>The page that played a speech reports within this how much it played, in ms.</summary>
    private const long PlaybackGrace = 2_000;

    /// <summary>A voice that sends nothing for so long speaks nothing that was displayed before, in ms.</summary>
    private const long VoicePatience = 30_000;

    private IPerformer? _voice;
    private Viewer? _electedPage;
    private string? _reply;
    private AudienceMessage? _reported;
    private long _newsAt;

    /// <summary>Pages that have the present speech; counts nothing while there is none.</summary>
    private int _followed;
    private readonly Candidates _candidates = new();

    /// <summary>The voice that speaks the channel's replies; null when there is none.</summary>
    public IPerformer? Voice => Volatile.Read(ref _voice);

    /// <summary>The page that plays the speech, or would play it once its sound is on.</summary>
    public Viewer? ElectedPage => Volatile.Read(ref _electedPage);

    /// <summary>
    /// The number of the present speech, or of the last one; null after the voice has stopped it. The wire calls it <c>turn</c>.
    /// </summary>
    public uint? Number { get; private set; }

    /// <summary>Whether a page has the present speech, or there is none.</summary>
    public bool IsFollowed => Number is null || _followed > 0;

    private bool IsAudible => _electedPage is { Sound: SoundState.On };

    /// <summary>Makes another voice speak here, and tells the pages and both voices.</summary>
    /// <param name="voice">The voice; null when none serves the channel any more.</param>
    public void Appoint(IPerformer? voice)
    {
        var before = _voice;
        if (voice == before)
            return;
        if (Number is { } number)
            channel.Broadcast(new SpeechStopMessage { Channel = channel.Name, Turn = number, Reason = SpeechStopReason.Failed });
        before?.Deliver(new AudienceMessage { Channel = channel.Name, Pages = 0, Speaker = false });
        if (voice is null || before is null)
            channel.Broadcast(new VoiceMessage { Channel = channel.Name, On = voice is not null });
        Volatile.Write(ref _voice, voice);
        (Number, _reply, _reported) = (null, null, null);
        EndSpeechOf(channel.Deliveries.Values.Where(d => !d.IsSealed));
        channel.ReportAudience();
    }

    /// <summary>A page follows the channel from now on.</summary>
    public void Add(Subscription subscription)
    {
        if (Has(subscription))
            _followed++;
        _candidates.Note(subscription);
        Elect();
    }

    /// <summary>A page has left the channel.</summary>
    public void Remove(Subscription subscription)
    {
        if (Has(subscription))
            _followed--;
        _candidates.Remove(subscription);
        Elect();
    }

    /// <summary>Tells a page that just came whether the replies are spoken.</summary>
    public void Greet(Viewer viewer)
    {
        if (_voice is not null && viewer.FollowsSpeech)
            viewer.Send(Frame.Text(new VoiceMessage { Channel = channel.Name, On = true }));
    }

    /// <summary>
    /// Elects the page that plays the speech: the one with sound that came first, else the first that could switch it on.
    /// </summary>
    private void Elect()
    {
        var elected = _candidates.First;
        if (elected != _electedPage)
        {
            _electedPage?.Send(Frame.Text(new SpeakerMessage { Channel = channel.Name, On = false }));
            elected?.Send(Frame.Text(new SpeakerMessage { Channel = channel.Name, On = true }));
            Volatile.Write(ref _electedPage, elected);

            // A page that is loaded anew comes back soon; otherwise no page will report that the rest was played.
            if (elected is null)
                FindSpokenReply()?.ExpectNoPlaybackFrom(clock.Now + PlaybackGrace);
        }

        channel.ReportAudience();
    }

    /// <summary>A page has switched its sound on or off.</summary>
    public void SoundChanged(Subscription subscription)
    {
        _candidates.Note(subscription);
        Elect();
        if (IsAudible)
            FindSpokenReply()?.ExpectNoPlaybackFrom(long.MaxValue);
    }

    /// <summary>Tells the voice of the audience when that has changed. The first report is due when a page follows.</summary>
    public void Report(AudienceMessage audience)
    {
        if (_voice is not { } voice || audience == _reported || (_reported is null && audience.Pages == 0))
            return;
        _reported = audience;
        voice.Deliver(audience);
    }

    /// <summary>The voice sent something for this channel.</summary>
    public void NoteNews() => _newsAt = clock.Now;

    /// <summary>The voice begins to speak a reply.</summary>
    public void Start(SpeechStartMessage start)
    {
        if (_reply is { } before && before != start.Reply)
            channel.FindReply(before)?.EndSpeechAt(clock.Now + PlaybackGrace);
        Number = (uint)start.Turn;
        _reply = start.Reply;
        foreach (var subscription in channel.Subscriptions)
            subscription.Speech = start.Turn;
        _followed = channel.Followers;
        channel.Broadcast(start);
        channel.Companion.Performer?.Deliver(start);
    }

    /// <summary>A part of the speech is complete. After the last one no page reports playback where none is audible.</summary>
    public void End(SpeechEndMessage end)
    {
        channel.Broadcast(end);
        if (!end.Final || IsAudible || FindSpokenReply() is not { } delivery)
            return;

        // A page that was just loaded may become audible soon.
        if (_electedPage is not null)
        {
            delivery.ExpectNoPlaybackFrom(clock.Now + PlaybackGrace);
            return;
        }

        delivery.EndSpeech();
        delivery.ReportNews();
    }

    /// <summary>The voice stops the present speech.</summary>
    public void Stop(SpeechStopMessage stop)
    {
        channel.Broadcast(stop);
        channel.Companion.Performer?.Deliver(stop);
        FindSpokenReply()?.EndSpeechAt(clock.Now + PlaybackGrace);
        (Number, _reply) = (null, null);
    }

    /// <summary>The voice discards a reply that it had not begun to speak.</summary>
    public void Discard(string reply, SpeechStopMessage stop)
    {
        channel.FindReply(reply)?.EndSpeechAt(clock.Now + PlaybackGrace);
        channel.Companion.Performer?.Deliver(stop);
    }

    /// <summary>Neither the present speech nor what waits behind it is spoken any more.</summary>
    public void Discard() => EndSpeechOf(channel.Deliveries.Values);

    /// <summary>A page reports what it plays of the present speech.</summary>
    /// <returns>Whether it is the page that plays it; otherwise the report is ignored.</returns>
    public bool Play(Viewer page, PlaybackMessage playback)
    {
        if (_electedPage != page || Number != playback.Turn)
            return false;
        NoteNews();
        _voice?.Deliver(playback);
        channel.Companion.Performer?.Deliver(playback);
        return true;
    }

    /// <summary>
    /// A page acknowledges how much of a reply it played. Of two pages the audible one decides whether the reply may still go on elsewhere.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="played">How much it played.</param>
    /// <param name="isSpoken">Whether the same acknowledgement says that it played all.</param>
    public void Acknowledge(Viewer page, AckHeard played, bool isSpoken)
    {
        if (!channel.Deliveries.TryGetValue(played.Seq, out var delivery))
            return;
        delivery.Played(played.Ms, played.Chars);
        if (isSpoken)
            return;
        if (_electedPage == page || !IsAudible)
            delivery.EndSpeech();
        delivery.ReportNews();
    }

    /// <summary>Ends the speech of a delivery when that is due.</summary>
    public void Check(Delivery delivery, long now) => delivery.CheckSpeech(now, _newsAt, VoicePatience);

    private void EndSpeechOf(IEnumerable<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
            delivery.EndSpeechAt(clock.Now + PlaybackGrace);
    }

    private Delivery? FindSpokenReply() => _reply is { } reply ? channel.FindReply(reply) : null;

    private bool Has(Subscription subscription) =>
        subscription.FollowsSpeech && Number is { } number && subscription.Speech == number;
}
