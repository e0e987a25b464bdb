namespace Kotodama.Server.Rates;

/// <summary>
/// Lets so many things happen at once, and so many per second from then on. It remembers one moment only: when the bucket will be full
/// again. One caller at a time.
/// </summary>
/// <param name="rate">Tokens that come back per second; 0: no limit.</param>
/// <param name="burst">Tokens of a full bucket, at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(int rate, int burst, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly TimeSpan _interval = rate == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1) / rate;
    private TimeSpan _fullAt;

    public bool IsFull => _fullAt <= Now;

    /// <summary>How long until there is a token; zero when there is one.</summary>
    public TimeSpan Wait => TimeSpan.FromTicks(Math.Max(0, (_fullAt - Now - (_interval * (burst - 1))).Ticks));

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Takes a token. Without one it is owed, and <see cref="Wait"/> grows.</summary>
    public void Take() => _fullAt = TimeSpan.FromTicks(Math.Max(_fullAt.Ticks, Now.Ticks)) + _interval;
}
