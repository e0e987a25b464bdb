namespace Kotodama.Server.Channels;

/// <summary>The replies of one channel that arrive in pieces and are not complete. Owned by the core.</summary>
internal sealed class ReplyStreams
{
    /// <summary>Replies that one publisher may stream to the channel at once.</summary>
    public const int MostOpen = 64;

    /// <summary>
    /// A streamed reply without a piece for so long is aborted, in ms. A publisher that needs longer sends a piece without text, as the
    /// companion does.
    /// </summary>
    private const long Silence = 10_000;

    /// <summary>Stands for requests, which end with their message.</summary>
    private static readonly object Requests = new();

    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);

    /// <summary>The ids of each publisher, in the order in which they began.</summary>
    private readonly Dictionary<object, List<string>> _byPublisher = [];

    public int Count => _open.Count;

    /// <summary>A piece of a reply came.</summary>
    /// <param name="id">The reply's id.</param>
    /// <param name="publisher">The connection that sends it; null for a request that has ended.</param>
    /// <param name="now">Now, hub time in ms.</param>
    /// <returns>The reply that this publisher began first, when it streams more than it may; null otherwise.</returns>
    public string? Note(string id, Viewer? publisher, long now)
    {
        if (_open.TryGetValue(id, out var known) && known.Publisher == publisher)
        {
            _open[id] = new Entry(publisher, now);
            return null;
        }

        End(id);
        _open[id] = new Entry(publisher, now);
        var owner = publisher ?? Requests;
        if (!_byPublisher.TryGetValue(owner, out var mine))
            _byPublisher[owner] = mine = [];
        mine.Add(id);
        return mine.Count > MostOpen ? mine[0] : null;
    }

    /// <summary>A reply is complete or given up.</summary>
    public void End(string id)
    {
        if (!_open.Remove(id, out var entry))
            return;
        var owner = entry.Publisher ?? Requests;
        var mine = _byPublisher[owner];
        mine.Remove(id);
        if (mine.Count == 0)
            _byPublisher.Remove(owner);
    }

    public void EndAll()
    {
        _open.Clear();
        _byPublisher.Clear();
    }

    /// <summary>The replies that a publisher has not completed.</summary>
    public IReadOnlyList<string> Of(Viewer publisher) => _byPublisher.TryGetValue(publisher, out var mine) ? [.. mine] : [];

    /// <summary>The replies of which no piece came for too long.</summary>
    public IReadOnlyList<string> SilentAt(long now) => _open.Count == 0
        ? []
        : [.. _open.Where(entry => now - entry.Value.PieceAt >= Silence).Select(entry => entry.Key)];

    private readonly record struct Entry(Viewer? Publisher, long PieceAt);
}
