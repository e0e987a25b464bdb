using Kotodama.Server.Log;

namespace Kotodama.Server.Hubs;

/// <summary>
/// Messages that a page displayed first in the present batch. They are marked in the log together, because a commit costs the same for one
/// and for a hundred.
/// </summary>
internal sealed class DisplayedNotes(IMessageLog log)
{
    private readonly List<(string Channel, long Seq)> _pending = [];

    public void Add(string channel, long seq) => _pending.Add((channel, seq));

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
