using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <content>Voices speak, one page of each channel is heard, and publishers bring sound of their own. See section 10 of the protocol.</content>
internal sealed partial class HubCore
{
    private const int MostStreams = 16;

    /// <summary>Sound of which nothing comes for so long is over.</summary>
    private const long StreamSilence = 30_000;

    /// <summary>In the order they came; the last one that serves a channel speaks there.</summary>
    private readonly List<IPerformer> _voices = [];
    private readonly Dictionary<(IPerformer Voice, uint Turn), Channel> _turns = [];
    private readonly Dictionary<(Viewer Writer, uint Stream), SoundStream> _streams = [];
    private uint _nextStream;

    private void Add(IPerformer voice)
    {
        _voices.Add(voice);
        foreach (var channel in Channels.Values)
            Appoint(channel);
    }

    private void Remove(IPerformer voice)
    {
        _voices.Remove(voice);
        foreach (var channel in Channels.Values)
            Appoint(channel);
        foreach (var key in _turns.Keys.Where(key => key.Voice == voice).ToArray())
            _turns.Remove(key);
    }

    /// <summary>Finds out who speaks on a channel, and tells everybody when that has changed.</summary>
    private void Appoint(Channel channel)
    {
        var voice = _voices.FindLast(v => v.Serves(channel.Name));
        if (voice == channel.Voice)
            return;
        if (channel.Turn is { } turn)
            Broadcast(channel, new SpeechStopMessage { Channel = channel.Name, Turn = turn, Reason = SpeechStopReason.Failed });
        channel.Voice?.Hear(new AudienceMessage { Channel = channel.Name, Pages = 0, Speaker = false });
        if (voice is null || channel.Voice is null)
            Broadcast(channel, new VoiceMessage { Channel = channel.Name, On = voice is not null });
        (channel.Voice, channel.Turn, channel.SpokenReply, channel.Listeners) = (voice, null, null, null);
        StopAll(channel);
        TellAudience(channel);
    }

    private static void GreetForSpeech(Subscription subscription)
    {
        if (subscription.Channel.Voice is not null && subscription.Viewer.FollowsSpeech)
            subscription.Viewer.Send(Frame.Text(new VoiceMessage { Channel = subscription.Channel.Name, On = true }));
    }

    /// <summary>Lets the page speak that can be heard and has been there longest, and tells the voice who listens.</summary>
    private void Elect(Channel channel)
    {
        var candidates = channel.Subscriptions.Select(s => s.Viewer).Where(v => v.PlaysSpeech && v.Sound != SoundState.Off).ToArray();
        var speaker = Array.Find(candidates, v => v.Sound == SoundState.On) ?? candidates.FirstOrDefault();
        if (speaker != channel.Speaker)
        {
            channel.Speaker?.Send(Frame.Text(new SpeakerMessage { Channel = channel.Name, On = false }));
            speaker?.Send(Frame.Text(new SpeakerMessage { Channel = channel.Name, On = true }));
            channel.Speaker = speaker;
            if (speaker is null)
                Leave(channel);
        }

        TellAudience(channel);
    }

    private static void TellAudience(Channel channel)
    {
        var audience = AudienceOf(channel);
        if (channel.Voice is { } voice && audience != channel.Listeners && (channel.Listeners is not null || audience.Pages > 0))
            voice.Hear(channel.Listeners = audience);
        if (channel.Companion is { } companion && audience != channel.People)
            companion.Hear(channel.People = audience);
    }

    private static AudienceMessage AudienceOf(Channel channel)
    {
        var pages = channel.Subscriptions.Where(s => s.Viewer.FollowsSpeech).ToArray();
        return new AudienceMessage
        {
            Channel = channel.Name,
            Pages = pages.Length,
            Speaker = channel.Speaker is not null,
            Lost = pages.Length == 0 || Array.Exists(pages, s => s.Turn == channel.Turn) ? null : channel.Turn,
        };
    }

    private void Report(Viewer viewer, Message message)
    {
        switch (message)
        {
            case SoundMessage sound:
                viewer.Sound = sound.State;
                foreach (var subscription in viewer.Subscriptions)
                {
                    Elect(subscription.Channel);
                    Open(subscription.Channel);
                }

                break;
            case PlaybackMessage playback:
                var channel = viewer.Subscriptions.Find(s => s.Channel.Name == playback.Channel)?.Channel;
                if (channel?.Speaker != viewer || channel.Turn != playback.Turn)
                    break;
                channel.SpeechNewsAt = clock.Now;
                if (playback.Event == PlaybackEvent.Done)
                    Interlocked.Increment(ref _speechesHeard);
                channel.Voice?.Hear(playback);
                channel.Companion?.Hear(playback);
                break;
        }
    }

    private void Speak(IPerformer voice, Message message)
    {
        switch (message)
        {
            case SpeechStartMessage start when Spoken(start.Channel) is { } channel:
                if (channel.Turn is { } before && before != start.Turn)
                    _turns.Remove((voice, before));
                channel.Turn = (uint)start.Turn;
                Begin(channel, start);
                _turns[(voice, (uint)start.Turn)] = channel;
                foreach (var subscription in channel.Subscriptions)
                    subscription.Turn = start.Turn;
                Broadcast(channel, start);
                channel.Companion?.Hear(start);
                break;
            case SpeechMarksMessage marks when Spoken(marks.Channel) is { } channel && channel.Turn == marks.Turn:
                Broadcast(channel, marks);
                break;
            case SpeechEndMessage end when Spoken(end.Channel) is { } channel && channel.Turn == end.Turn:
                Broadcast(channel, end);
                if (end.Final)
                    End(channel);
                break;
            case SpeechStopMessage stop when Spoken(stop.Channel) is { } channel && channel.Turn == stop.Turn:
                Broadcast(channel, stop);
                channel.Companion?.Hear(stop);
                _turns.Remove((voice, (uint)stop.Turn));
                channel.Turn = null;
                Stop(channel);
                break;
            case SpeechStopMessage { Reply: { } reply } stop when Spoken(stop.Channel) is { } channel:
                Find(channel, reply)?.SilenceAt(clock.Now + HeardWithin);
                channel.Companion?.Hear(stop);
                break;
            case AudioMessage audio when _turns.TryGetValue((voice, audio.Turn), out var channel):
                channel.SpeechNewsAt = clock.Now;
                Broadcast(channel, audio);
                break;
        }

        Channel? Spoken(string name)
        {
            if (!Channels.TryGetValue(name, out var channel) || channel.Voice != voice)
                return null;
            channel.SpeechNewsAt = clock.Now;
            return channel;
        }
    }

    private static void Broadcast(Channel channel, Message message)
    {
        byte[]? frame = null;
        foreach (var subscription in channel.Subscriptions)
            if (subscription.Viewer.FollowsSpeech)
                subscription.Viewer.Send(frame ??= Frame.Text(message));
    }

    /// <summary>A page that cannot take a piece of a clause gets nothing more of it: half a word is worse than none.</summary>
    private static void Broadcast(Channel channel, AudioMessage audio)
    {
        byte[]? frame = null;
        foreach (var subscription in channel.Subscriptions)
        {
            if (!subscription.Viewer.PlaysSpeech || subscription.Unheard == (audio.Turn, audio.Clause))
                continue;
            frame ??= Frame.Binary(audio.ToBytes());
            if (!subscription.Viewer.Send(frame, FrameKind.Ephemeral))
                subscription.Unheard = (audio.Turn, audio.Clause);
        }
    }

    /// <summary>Tells the voice what was published, with the sound that its sender brings.</summary>
    private void Voice(Channel channel, Publication message, Prepared prepared)
    {
        if (channel.Voice is not { } voice || message is not (LlmResponseMessage or LlmDeltaMessage or StopMessage))
            return;
        message = message with { Ttl = prepared.Message.Ttl };
        if (message is not LlmResponseMessage reply || (prepared.Sound is null && prepared.Stream is null))
        {
            voice.Hear(message);
            return;
        }

        var stream = _nextStream++;
        voice.Hear(reply with { AudioStream = stream });
        if (prepared.Sound is { } sound)
            HearFile(voice, stream, sound);
        else if (prepared.Writer is { } writer && _streams.Keys.Count(key => key.Writer == writer) < MostStreams)
            _streams[(writer, (uint)prepared.Stream!.Value)] = new SoundStream(channel, voice, stream) { HeardAt = clock.Now };
        else
            voice.Hear(EndOf(stream));
    }

    private static void HearFile(IPerformer voice, uint stream, ReadOnlyMemory<byte> file)
    {
        const int Most = AudioMessage.MaxLength - AudioMessage.HeaderLength;
        var number = 0u;
        for (var done = 0; done < file.Length; done += Most)
        {
            var piece = file.Slice(done, Math.Min(Most, file.Length - done));
            voice.Hear(new AudioMessage { Kind = AudioKind.Encoded, Turn = stream, Clause = 0, Number = number++, Offset = (uint)done, Data = piece });
        }

        voice.Hear(EndOf(stream));
    }

    private void Take(Viewer writer, AudioMessage audio)
    {
        if (!_streams.TryGetValue((writer, audio.Turn), out var stream))
            return;
        stream.Bytes += audio.Data.Length;
        stream.HeardAt = clock.Now;
        if (stream.Bytes > options.MaxSoundBytes)
        {
            writer.Send(Frame.Text(new ErrorMessage
            {
                Code = ErrorCode.TooBig,
                Message = $"the sound of a reply has more than {options.MaxSoundBytes} bytes; the rest is not heard",
                Hint = $"Send less, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxSoundBytes)}.",
            }));
            audio = EndOf(audio.Turn);
        }

        if (stream.Voice == stream.Channel.Voice)
            stream.Voice.Hear(audio with { Turn = stream.Number });
        if (audio.Data.IsEmpty)
            _streams.Remove((writer, audio.Turn));
    }

    /// <summary>Ends the sound of a sender that is gone.</summary>
    private void EndSound(Viewer writer) => EndSound((key, _) => key == writer);

    /// <summary>Ends sound that was announced and does not come, or does not go on: it holds a place and keeps the voice waiting.</summary>
    private void EndSilentSound(long now) => EndSound((_, stream) => now - stream.HeardAt >= StreamSilence);

    private void EndSound(Func<Viewer, SoundStream, bool> which)
    {
        foreach (var (key, stream) in _streams.Where(s => which(s.Key.Writer, s.Value)).ToArray())
        {
            stream.Voice.Hear(EndOf(stream.Number));
            _streams.Remove(key);
        }
    }

    private static AudioMessage EndOf(uint stream) =>
        new() { Kind = AudioKind.Encoded, Turn = stream, Clause = 0, Number = 0, Offset = 0, Data = ReadOnlyMemory<byte>.Empty };

    /// <summary>Sound that a publisher sends for one of its replies.</summary>
    private sealed class SoundStream(Channel channel, IPerformer voice, uint number)
    {
        public Channel Channel { get; } = channel;

        public IPerformer Voice { get; } = voice;

        /// <summary>Its number for the voice.</summary>
        public uint Number { get; } = number;

        public long Bytes { get; set; }

        /// <summary>When something of it came last, hub time in ms.</summary>
        public long HeardAt { get; set; }
    }
}
