using Kotodama.Server.Channels;
using Kotodama.Server.Log;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Messages that a page displayed first in the present batch. They are marked in the log together, because a commit costs the same for one
/// and for a hundred, and each of them once, however often pages tell it.
/// </summary>
internal sealed class DisplayedNotes(IMessageLog log)
{
    private readonly List<(string Channel, long Seq)> _pending = [];

    /// <summary>A page displayed a message.</summary>
    /// <param name="channel">Its channel.</param>
    /// <param name="seq">Its number, not above the channel's newest one.</param>
    public void Add(Channel channel, long seq)
    {
        if (channel.Displayed.Add(seq, channel.Top))
            _pending.Add((channel.Name, seq));
    }

    /// <summary>Marks in the log what was noted since the last call.</summary>
    public void Flush()
    {
        if (_pending.Count == 0)
            return;
        try
        {
            log.MarkDisplayed(_pending);
        }
        finally
        {
            _pending.Clear();
        }
    }
}
