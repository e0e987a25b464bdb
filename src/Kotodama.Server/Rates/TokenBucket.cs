namespace Kotodama.Server.Rates;

/// <summary>
/// Lets so many things happen at once, and so many per second from then on. It remembers one moment only: when the bucket will be full
/// again. One caller at a time.
/// </summary>
/// <param name="interval">How long until a token comes back; zero: no limit.</param>
/// <param name="burst">Tokens of a full bucket, at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(TimeSpan interval, int burst, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _fullAt;

    /// <param name="rate">Tokens that come back per second; 0: no limit.</param>
    /// <param name="burst">Tokens of a full bucket, at least 1.</param>
    /// <param name="time">The clock.</param>
    public TokenBucket(int rate, int burst, TimeProvider time)
        : this(rate == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(1) / rate, burst, time)
    {
    }

    public bool IsFull => _fullAt <= Now;

    /// <summary>How long until there is a token; zero when there is one.</summary>
    public TimeSpan Wait => TimeSpan.FromTicks(Math.Max(0, (_fullAt - Now - (interval * (burst - 1))).Ticks));

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Takes tokens. Those that are not there are owed, and <see cref="Wait"/> grows.</summary>
    public void Take(long tokens = 1) => _fullAt = TimeSpan.FromTicks(Math.Max(_fullAt.Ticks, Now.Ticks)) + (interval * tokens);
}
