using Kotodama.Protocol;

namespace Kotodama.Server.Gates;

/// <summary>
/// The newest messages and connections that were refused, for users who look for the reason. Holds no content. May be used from any thread.
/// </summary>
internal sealed class Refusals(TimeProvider time)
{
    private const int Kept = 20;

    private readonly Lock _lock = new();
    private readonly Queue<Refusal> _newest = new();
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(string who, ErrorMessage error)
    {
        Interlocked.Increment(ref _total);
        lock (_lock)
        {
            if (_newest.Count == Kept)
                _newest.Dequeue();
            _newest.Enqueue(new Refusal(time.GetUtcNow(), who, error.Code, error.Message, error.Hint));
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Refusal> Newest()
    {
        lock (_lock)
            return [.. _newest];
    }
}
