using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// What a viewer has of one channel: decides what is new, what it has had and what is missing (docs/protocol.md, section 6). Used by one
/// thread at a time.
/// </summary>
internal sealed class ViewerChannel(string name)
{
    /// <summary>The life of the numbers; null before the first welcome.</summary>
    private string? _epoch;

    /// <summary>The last message it has.</summary>
    private long _last;

    /// <summary>
    /// Numbers up to here are not missed: they were said before this viewer came, or the hub said that they will not come.
    /// </summary>
    private long _floor;

    /// <summary>The hub was asked for what leads up to this number; nothing is asked again before it is here.</summary>
    private long _asked;

    /// <summary>Pings since then. After two of them the question counts as lost.</summary>
    private int _pings;

    /// <summary>The numbering began anew and the next message tells its epoch.</summary>
    private bool _adopting;

    /// <summary>The position for <c>hello</c>; null: begin fresh.</summary>
    public ChannelPosition? Position => _epoch is null || (_last == 0 && _floor > 0) ? null : new ChannelPosition(_epoch, _last);

    private long Known => Math.Max(_last, _floor);

    /// <summary>A connection begins.</summary>
    public void Welcome(ChannelWelcome welcome)
    {
        if (Position is not { } position)
        {
            // What a fresh viewer is sent lies below the newest number and has holes.
            (_last, _floor) = (welcome.Missed > 0 ? 0 : welcome.Seq, welcome.Seq);
        }
        else if (position.Epoch != welcome.Epoch || position.Seq > welcome.Seq)
        {
            // A gap follows, which says where to begin.
            (_last, _floor) = (0, 0);
        }

        (_epoch, _asked, _adopting) = (welcome.Epoch, 0, false);
    }

    /// <summary>Whether a kept message is the next one.</summary>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="seq">Its number.</param>
    /// <param name="ask">What to send to the hub.</param>
    public bool Accept(string epoch, long seq, out ResumeMessage? ask)
    {
        ask = null;
        if (_epoch is null)
            (_epoch, _last) = (epoch, seq - 1);
        if (_adopting)
            (_epoch, _adopting) = (epoch, false);
        if (epoch != _epoch)
        {
            // The numbering began anew on the open connection: of that one it has nothing yet.
            (_epoch, _last, _floor, _asked) = (epoch, 0, 0, 0);
        }

        if (seq <= _last)
            return false;
        if (seq > Known + 1)
        {
            // It comes again with the answer, behind what is missing.
            ask = Ask(seq);
            return false;
        }

        _last = seq;
        return true;
    }

    /// <summary>Whether a gap says something new. One that misses nothing says only that the numbering goes on in another epoch.</summary>
    public bool Accept(GapMessage gap)
    {
        if (gap.Reason == GapReason.Epoch)
            (_adopting, _floor, _asked) = (true, 0, 0);
        else if (gap.To <= _last)
            return false;
        _last = gap.To;
        return gap.From <= gap.To;
    }

    /// <summary>Compares with the hub's newest number. Returns what to send when something is missing.</summary>
    public ResumeMessage? Compare(long top)
    {
        if (top <= Known || _epoch is null)
            return null;
        if (++_pings >= 2)
            _asked = 0;
        return Ask(top);
    }

    private ResumeMessage? Ask(long upTo)
    {
        // What is under way is the answer to both questions.
        if (_asked > _last)
            return null;
        (_asked, _pings) = (upTo, 0);
        return new ResumeMessage { Channel = name, Epoch = _epoch!, Seq = Known };
    }
}
