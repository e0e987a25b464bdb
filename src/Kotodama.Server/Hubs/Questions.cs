using Kotodama.Protocol;

namespace Kotodama.Server.Hubs;

/// <summary>
/// The questions of pages that their companion has not answered yet. Each may make it read a disk or ask other servers, so one page may
/// have only so many at once. Owned by the core.
/// </summary>
internal sealed class Questions
{
    /// <summary>Questions of one page that may wait for their answers.</summary>
    private const int MostOpen = 4;

    /// <summary>A companion that has not answered for so long does not, in ms. Ours answers within half a minute.</summary>
    private const long Patience = 60_000;

    private readonly Dictionary<string, List<(string Id, long At)>> _open = new(StringComparer.Ordinal);

    /// <summary>A page asks.</summary>
    /// <param name="session">The page.</param>
    /// <param name="id">The question.</param>
    /// <param name="now">Now, hub time in ms.</param>
    /// <returns>Whether it may.</returns>
    public bool TryOpen(string session, string id, long now)
    {
        if (!_open.TryGetValue(session, out var mine))
            _open[session] = mine = [];
        mine.RemoveAll(question => now - question.At >= Patience);
        if (mine.Count >= MostOpen)
            return false;
        mine.Add((id, now));
        return true;
    }

    /// <summary>A question was answered.</summary>
    public void Close(string session, string id)
    {
        if (!_open.TryGetValue(session, out var mine))
            return;
        var place = mine.FindIndex(question => question.Id == id);
        if (place >= 0)
            mine.RemoveAt(place);
        if (mine.Count == 0)
            _open.Remove(session);
    }

    /// <summary>A page is gone.</summary>
    public void Forget(string session) => _open.Remove(session);

    /// <summary>The error of a question too many.</summary>
    /// <param name="id">The question.</param>
    public static ErrorMessage TooMany(string id) => new()
    {
        Code = ErrorCode.RateLimited,
        Message = $"{MostOpen} questions of this page wait for their answers, its limit",
        Hint = "Ask again when one is answered.",
        Id = id,
        Retry = true,
    };
}
