using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// Opens what a viewer gets, each sealed message once (docs/encryption.md). Used by one thread at a time.
/// </summary>
/// <param name="key">The key. Null: what is sealed stays so.</param>
/// <param name="time">The clock.</param>
internal sealed class SealedMessages(MessageKey? key, TimeProvider time)
{
    /// <summary>Clocks of publishers and viewers may differ by this, in milliseconds.</summary>
    private const long ClockTolerance = 300_000;

    /// <summary>Messages that are remembered. Of more, those go first whose time is over first.</summary>
    private const int MostRemembered = 4096;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> _byEnd = new();

    /// <summary>Anything that ends by this moment may have come before: its time is over, or it was forgotten for want of room.</summary>
    private long _floor = long.MinValue;

    /// <summary>
    /// The message as the reader gets it; as it came when it cannot be opened; null when it came before or its time is over.
    /// </summary>
    public Publication? Open(Publication message)
    {
        if (message is not EncMessage { Id: { } id } enc || key is null || !key.TryOpen(enc, out var opened))
            return message;
        return Accept(id, enc.Until) ? opened : null;
    }

    private bool Accept(string id, long until)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _floor = Math.Max(_floor, now - ClockTolerance);
        Forget();
        if (until <= _floor || until > now + (long)Publication.LongestTtl + ClockTolerance || !_seen.Add(id))
            return false;
        _byEnd.Enqueue(id, until);
        Forget();
        return true;
    }

    private void Forget()
    {
        while (_byEnd.TryPeek(out var id, out var until) && (until <= _floor || _byEnd.Count > MostRemembered))
        {
            _byEnd.Dequeue();
            _seen.Remove(id);
            _floor = Math.Max(_floor, until);
        }
    }
}
