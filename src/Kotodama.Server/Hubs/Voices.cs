using System.Collections.Concurrent;
using Kotodama.Protocol;
using Kotodama.Server.Channels;

namespace Kotodama.Server.Hubs;

/// <summary>The voices: which of them speaks on which channel, and where what they send belongs. See section 10 of the protocol.</summary>
/// <param name="channels">The channels.</param>
internal sealed class Voices(ConcurrentDictionary<string, Channel> channels)
{
    /// <summary>In the order they came; the last one that serves a channel speaks there.</summary>
    private readonly List<IPerformer> _voices = [];

    /// <summary>Where the sound of a speech belongs, because sound names no channel.</summary>
    private readonly Dictionary<(IPerformer Voice, uint Speech), Channel> _speeches = [];
    private long _heard;
    private long _stopped;

    /// <summary>Speeches that a page played to their end since the start. May be read from any thread.</summary>
    public long SpeechesHeard => Interlocked.Read(ref _heard);

    /// <summary>Speeches that a voice stopped since the start. May be read from any thread.</summary>
    public long SpeechesStopped => Interlocked.Read(ref _stopped);

    public void Add(IPerformer voice)
    {
        _voices.Add(voice);
        foreach (var channel in channels.Values)
            Appoint(channel);
    }

    public void Remove(IPerformer voice)
    {
        _voices.Remove(voice);
        foreach (var channel in channels.Values)
            Appoint(channel);
        foreach (var key in _speeches.Keys.Where(key => key.Voice == voice).ToArray())
            _speeches.Remove(key);
    }

    /// <summary>Finds the voice of a channel.</summary>
    public void Appoint(Channel channel) => channel.Speech.Appoint(_voices.FindLast(v => v.Serves(channel.Name)));

    /// <summary>A channel is removed.</summary>
    public void Forget(Channel channel)
    {
        if (channel.Speech is { Voice: { } voice, Number: { } number })
            _speeches.Remove((voice, number));
    }

    /// <summary>A voice sends speech. What it sends for a channel that another voice speaks on is dropped.</summary>
    public void Speak(IPerformer voice, Message message)
    {
        switch (message)
        {
            case SpeechStartMessage start when Find(voice, start.Channel) is { } channel:
                if (channel.Speech.Number is { } before && before != start.Turn)
                    _speeches.Remove((voice, before));
                _speeches[(voice, (uint)start.Turn)] = channel;
                channel.Speech.Start(start);
                break;
            case SpeechMarksMessage marks when Find(voice, marks.Channel) is { } channel && channel.Speech.Number == marks.Turn:
                channel.Broadcast(marks);
                break;
            case SpeechEndMessage end when Find(voice, end.Channel) is { } channel && channel.Speech.Number == end.Turn:
                channel.Speech.End(end);
                break;
            case SpeechStopMessage stop when Find(voice, stop.Channel) is { } channel && channel.Speech.Number == stop.Turn:
                _speeches.Remove((voice, (uint)stop.Turn));
                Interlocked.Increment(ref _stopped);
                channel.Speech.Stop(stop);
                break;
            case SpeechStopMessage { Reply: { } reply } stop when Find(voice, stop.Channel) is { } channel:
                channel.Speech.Discard(reply, stop);
                break;
            case AudioMessage audio when _speeches.TryGetValue((voice, audio.Stream), out var channel):
                channel.Speech.NoteNews();
                channel.BroadcastSound(audio);
                break;
        }
    }

    /// <summary>A page reports whether its sound is on, or what it plays.</summary>
    public void Report(Viewer page, Message message)
    {
        switch (message)
        {
            case SoundMessage sound:
                page.Sound = sound.State;
                foreach (var subscription in page.Subscriptions)
                    subscription.Channel.Speech.SoundChanged(subscription);
                break;
            case PlaybackMessage playback:
                var followed = page.Subscriptions.Find(s => s.Channel.Name == playback.Channel)?.Channel;
                if (followed?.Speech.Play(page, playback) == true && playback.Event == PlaybackEvent.Done)
                    Interlocked.Increment(ref _heard);
                break;
        }
    }

    private Channel? Find(IPerformer voice, string name)
    {
        if (!channels.TryGetValue(name, out var channel) || channel.Speech.Voice != voice)
            return null;
        channel.Speech.NoteNews();
        return channel;
    }
}
