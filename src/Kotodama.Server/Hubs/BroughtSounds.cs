using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Gives publications to the voice, with the sound that publishers bring for their replies: as a file, or as a stream of pieces. Every
/// sound gets a number of the hub's own, because two publishers may choose the same. See section 10 of the protocol.
/// </summary>
/// <param name="clock">The hub's clock.</param>
/// <param name="mostBytes">The limit of one sound.</param>
internal sealed class BroughtSounds(HubClock clock, int mostBytes)
{
    /// <summary>Streams that one publisher may bring at once.</summary>
    private const int MostStreams = 16;

    /// <summary>A stream without a piece for so long has ended, in ms.</summary>
    private const long StreamSilence = 30_000;

    private readonly Dictionary<Viewer, Dictionary<uint, SoundStream>> _streams = [];
    private uint _next;

    /// <summary>Gives a publication to the channel's voice, if it has to do with speech.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="message">The message as the viewers get it.</param>
    /// <param name="submission">The message as it was published.</param>
    public void Deliver(Channel channel, Publication message, Submission submission)
    {
        if (channel.Speech.Voice is not { } voice || message is not (LlmResponseMessage or LlmDeltaMessage or StopMessage))
            return;
        message = message with { Ttl = submission.Message.Ttl };
        if (message is LlmResponseMessage reply && (submission.Sound is not null || submission.SoundStream is not null))
            DeliverWithSound(channel, voice, reply, submission);
        else
            voice.Deliver(message);
    }

    /// <summary>A publisher sends a piece of the sound that it announced; a piece without data ends it.</summary>
    public void Add(Viewer publisher, AudioMessage audio)
    {
        if (!_streams.TryGetValue(publisher, out var mine) || !mine.TryGetValue(audio.Stream, out var stream))
            return;
        stream.Bytes += audio.Data.Length;
        stream.PieceAt = clock.Now;
        if (stream.Bytes > mostBytes)
        {
            publisher.Send(Frame.Text(TooBig()));
            audio = EndOf(audio.Stream);
        }

        if (stream.Voice == stream.Channel.Speech.Voice)
            stream.Voice.Deliver(audio with { Stream = stream.Number });
        if (audio.Data.IsEmpty)
            Remove(publisher, audio.Stream);
    }

    /// <summary>Ends the sound of a publisher that is gone.</summary>
    public void EndOf(Viewer publisher)
    {
        if (_streams.TryGetValue(publisher, out var mine))
            End(publisher, mine, _ => true);
    }

    /// <summary>Ends sound of which no piece came for too long: it takes a place and keeps the voice waiting.</summary>
    public void EndSilent(long now)
    {
        foreach (var (publisher, mine) in _streams.ToArray())
            End(publisher, mine, stream => now - stream.PieceAt >= StreamSilence);
    }

    private void DeliverWithSound(Channel channel, IPerformer voice, LlmResponseMessage reply, Submission submission)
    {
        var number = _next++;
        voice.Deliver(reply with { AudioStream = number });
        if (submission.Sound is { } file)
            DeliverFile(voice, number, file);
        else if (submission.Work.Publisher is not { } publisher
            || !TryAdd(publisher, (uint)submission.SoundStream!.Value, channel, voice, number))
            voice.Deliver(EndOf(number));
    }

    private static void DeliverFile(IPerformer voice, uint stream, ReadOnlyMemory<byte> file)
    {
        const int Most = AudioMessage.MaxLength - AudioMessage.HeaderLength;
        var number = 0u;
        for (var done = 0; done < file.Length; done += Most)
        {
            var piece = file.Slice(done, Math.Min(Most, file.Length - done));
            voice.Deliver(Piece(stream, number++, done, piece));
        }

        voice.Deliver(EndOf(stream));
    }

    private bool TryAdd(Viewer publisher, uint stream, Channel channel, IPerformer voice, uint number)
    {
        if (!_streams.TryGetValue(publisher, out var mine))
            _streams[publisher] = mine = [];
        if (mine.Count >= MostStreams)
            return false;
        mine[stream] = new SoundStream(channel, voice, number) { PieceAt = clock.Now };
        return true;
    }

    private void End(Viewer publisher, Dictionary<uint, SoundStream> mine, Predicate<SoundStream> matches)
    {
        foreach (var (key, stream) in mine.Where(s => matches(s.Value)).ToArray())
        {
            stream.Voice.Deliver(EndOf(stream.Number));
            Remove(publisher, key);
        }
    }

    private void Remove(Viewer publisher, uint stream)
    {
        if (_streams.TryGetValue(publisher, out var mine) && mine.Remove(stream) && mine.Count == 0)
            _streams.Remove(publisher);
    }

    private ErrorMessage TooBig() => new()
    {
        Code = ErrorCode.TooBig,
        Message = $"the sound of a reply has more than {mostBytes} bytes; the rest is not heard",
        Hint = $"Send less, or raise {KotodamaServerOptions.Section}:{nameof(KotodamaServerOptions.MaxSoundBytes)}.",
    };

    private static AudioMessage EndOf(uint stream) => Piece(stream, 0, 0, ReadOnlyMemory<byte>.Empty);

    private static AudioMessage Piece(uint stream, uint number, int offset, ReadOnlyMemory<byte> data) =>
        new() { Kind = AudioKind.Encoded, Stream = stream, Clause = 0, Number = number, Offset = (uint)offset, Data = data };

    /// <summary>Sound that a publisher brings in pieces for one of its replies.</summary>
    private sealed class SoundStream(Channel channel, IPerformer voice, uint number)
    {
        public Channel Channel { get; } = channel;

        public IPerformer Voice { get; } = voice;

        /// <summary>Its number for the voice.</summary>
        public uint Number { get; } = number;

        public long Bytes { get; set; }

        /// <summary>When the last piece came, hub time in ms.</summary>
        public long PieceAt { get; set; }
    }
}
