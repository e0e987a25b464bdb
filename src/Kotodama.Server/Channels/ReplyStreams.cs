namespace Kotodama.Server.Channels;

/// <summary>The replies of one channel that arrive in pieces and are not complete. Owned by the core.</summary>
internal sealed class ReplyStreams
{
    /// <summary>
    /// A streamed reply without a piece for so long is aborted, in ms. A publisher that needs longer sends a piece without text, as the
    /// companion does.
    /// </summary>
    private const long Silence = 10_000;

    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);

    public int Count => _open.Count;

    /// <summary>A piece of a reply came.</summary>
    /// <param name="id">The reply's id.</param>
    /// <param name="publisher">The connection that sends it; null for a request that has ended.</param>
    /// <param name="now">Now, hub time in ms.</param>
    public void Note(string id, Viewer? publisher, long now) => _open[id] = new Entry(publisher, now);

    /// <summary>A reply is complete or given up.</summary>
    public void End(string id) => _open.Remove(id);

    public void EndAll() => _open.Clear();

    /// <summary>The replies that a publisher has not completed.</summary>
    public IReadOnlyList<string> Of(Viewer publisher) => Find(entry => entry.Publisher == publisher);

    /// <summary>The replies of which no piece came for too long.</summary>
    public IReadOnlyList<string> SilentAt(long now) => Find(entry => now - entry.PieceAt >= Silence);

    private string[] Find(Func<Entry, bool> matches) =>
        _open.Count == 0 ? [] : [.. _open.Where(entry => matches(entry.Value)).Select(entry => entry.Key)];

    private readonly record struct Entry(Viewer? Publisher, long PieceAt);
}
