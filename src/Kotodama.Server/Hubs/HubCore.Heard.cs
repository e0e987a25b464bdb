using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <content>How much of a reply was heard, and when nobody has to wait for its speech any more. See section 7 of the protocol.</content>
internal sealed partial class HubCore
{
    /// <summary>The page that was heard tells how much that was within this.</summary>
    private const long HeardWithin = 2_000;

    /// <summary>A voice that says nothing for so long speaks nothing that was displayed before.</summary>
    private const long SpeechPatience = 30_000;

    private long _speechesHeard;
    private long _speechesStopped;

    /// <summary>Speeches that were heard to their end since the start. May be read from any thread.</summary>
    public long SpeechesHeard => Interlocked.Read(ref _speechesHeard);

    /// <summary>Speeches that a voice stopped since the start. May be read from any thread.</summary>
    public long SpeechesStopped => Interlocked.Read(ref _speechesStopped);

    private long SpeechLimit(Publication message) => message is LlmResponseMessage { Speak: true } ? (long)options.Limits.Duration : 0;

    private static bool IsSilent(Channel channel, Publication message) => channel.Voice is null || message is not LlmResponseMessage { Speak: true };

    private static int LengthOf(Publication message) => message is LlmResponseMessage reply ? reply.Content.Length : 0;

    private static bool IsHeard(Channel channel) => channel.Speaker is { Sound: SoundState.On };

    private void Begin(Channel channel, SpeechStartMessage start)
    {
        if (channel.SpokenReply is { } before && before != start.Reply)
            Find(channel, before)?.SilenceAt(clock.Now + HeardWithin);
        channel.SpokenReply = start.Reply;
    }

    /// <summary>All of a reply's speech has been sent. Where no page is heard, nobody will say that it was; one that was just loaded may be heard soon.</summary>
    private void End(Channel channel)
    {
        if (IsHeard(channel) || channel.SpokenReply is not { } reply || Find(channel, reply) is not { } delivery)
            return;
        if (channel.Speaker is not null)
        {
            delivery.UnheardAt(clock.Now + HeardWithin);
            return;
        }

        delivery.Silence();
        delivery.ReportNews();
    }

    /// <summary>The last page that could be heard is gone. One that is loaded anew comes back soon; otherwise nobody will say that the rest was heard.</summary>
    private void Leave(Channel channel)
    {
        if (channel.SpokenReply is { } reply)
            Find(channel, reply)?.UnheardAt(clock.Now + HeardWithin);
    }

    /// <summary>A page can be heard now.</summary>
    private static void Open(Channel channel)
    {
        if (channel.SpokenReply is { } reply && IsHeard(channel))
            Find(channel, reply)?.UnheardAt(long.MaxValue);
    }

    private void Stop(Channel channel)
    {
        Interlocked.Increment(ref _speechesStopped);
        if (channel.SpokenReply is { } reply)
            Find(channel, reply)?.SilenceAt(clock.Now + HeardWithin);
        channel.SpokenReply = null;
    }

    /// <summary>What is being said, and what waits for that, is not said any more.</summary>
    private void StopAll(Channel channel)
    {
        foreach (var delivery in channel.Deliveries.Values)
            delivery.SilenceAt(clock.Now + HeardWithin);
    }

    /// <summary>Of two pages the one that is heard now decides: what the other one heard may go on there.</summary>
    private static void Hear(Channel channel, Viewer viewer, AckHeard heard, IReadOnlyList<long>? spoken)
    {
        if (!channel.Deliveries.TryGetValue(heard.Seq, out var delivery))
            return;
        delivery.Hear(heard.Ms, heard.Chars);
        if (spoken?.Contains(heard.Seq) == true)
            return;
        if (channel.Speaker == viewer || !IsHeard(channel))
            delivery.Silence();
        delivery.ReportNews();
    }

    private static Delivery? Find(Channel channel, string reply) => channel.Deliveries.Values.LastOrDefault(d => d.Id == reply);
}
