using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// The stretches of sound that users say into microphones and that have not ended. Each gets a number of the hub's own, because two pages
/// may choose the same, and its sound names no channel.
/// </summary>
internal sealed class Utterances
{
    /// <summary>The sound of one utterance in bytes: a minute.</summary>
    private const int MostBytes = 60 * VadMessage.Rate * 2;

    /// <summary>Utterances of one page at once.</summary>
    private const int MostOpen = 4;

    private readonly Dictionary<Viewer, Dictionary<uint, Utterance>> _open = [];
    private uint _next;

    /// <summary>A page reports that an utterance begins, goes on or ends.</summary>
    public void Report(Viewer page, Channel channel, VadMessage vad)
    {
        var number = (uint)vad.Utterance;
        if (Find(page, number) is not { } utterance)
        {
            if (vad.Event is not VadEvent.Start || channel.Companion.Performer is null)
                return;
            if (!_open.TryGetValue(page, out var mine))
                _open[page] = mine = [];
            if (mine.Count >= MostOpen)
            {
                page.Send(Frame.Text(TooMany()));
                return;
            }

            mine[number] = utterance = new Utterance(channel, _next++);
        }

        channel.Companion.Performer?.Deliver(vad with { Channel = channel.Name, Utterance = utterance.Number, Page = page.Session });
        if (vad.Event is VadEvent.End or VadEvent.Misfire)
            Remove(page, number);
    }

    /// <summary>A page sends the sound of an utterance; sound that belongs to none is dropped.</summary>
    public void Add(Viewer page, AudioMessage sound)
    {
        if (sound.Kind != AudioKind.Microphone || Find(page, sound.Stream) is not { } utterance)
            return;
        var before = utterance.Bytes;
        utterance.Bytes += sound.Data.Length;
        if (utterance.Bytes <= MostBytes)
            utterance.Channel.Companion.Performer?.Deliver(sound with { Stream = utterance.Number });
        else if (before <= MostBytes)
            page.Send(Frame.Text(TooLong()));
    }

    /// <summary>Ends what a page's user was saying on a channel: the microphone is off, or the page is gone.</summary>
    public void End(Viewer page, Channel channel)
    {
        if (!_open.TryGetValue(page, out var mine))
            return;
        foreach (var (number, utterance) in mine.Where(u => u.Value.Channel == channel).ToArray())
        {
            channel.Companion.Performer?.Deliver(new VadMessage
            {
                Channel = channel.Name,
                Utterance = utterance.Number,
                Event = VadEvent.Misfire,
                Page = page.Session,
            });
            Remove(page, number);
        }
    }

    /// <summary>Discards the utterances of a channel: its companion changes, and the new one has not heard their beginning.</summary>
    public void Discard(Channel channel)
    {
        foreach (var (page, mine) in _open.ToArray())
            foreach (var (number, _) in mine.Where(u => u.Value.Channel == channel).ToArray())
                Remove(page, number);
    }

    private Utterance? Find(Viewer page, uint number) => _open.TryGetValue(page, out var mine) ? mine.GetValueOrDefault(number) : null;

    private void Remove(Viewer page, uint number)
    {
        if (_open.TryGetValue(page, out var mine) && mine.Remove(number) && mine.Count == 0)
            _open.Remove(page);
    }

    private static ErrorMessage TooMany() => new()
    {
        Code = ErrorCode.NotAllowed,
        Message = $"a page may say {MostOpen} utterances at once",
        Hint = "End one with vad end or misfire.",
    };

    private static ErrorMessage TooLong() => new()
    {
        Code = ErrorCode.TooBig,
        Message = $"an utterance may have {MostBytes / VadMessage.Rate / 2} seconds; the rest is not heard",
        Hint = "Make a pause.",
    };

    private sealed class Utterance(Channel channel, uint number)
    {
        public Channel Channel { get; } = channel;

        /// <summary>Its number for the companion.</summary>
        public uint Number { get; } = number;

        public long Bytes { get; set; }
    }
}
