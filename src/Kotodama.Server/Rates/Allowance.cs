using Kotodama.Protocol;

namespace Kotodama.Server.Rates;

/// <summary>
/// How much one sender may say: kept messages, which cost a place on the disk, and everything else, of which a language model says hundreds
/// in a second. One caller at a time.
/// </summary>
internal sealed class Allowance(ProtocolLimits limits, TimeProvider time)
{
    private readonly TokenBucket _kept = new(limits.PublishRate, limits.PublishBurst, time);
    private readonly TokenBucket _others = new(limits.FrameRate, limits.FrameBurst, time);

    /// <summary>Whether nothing was said for so long that everything may be said again.</summary>
    public bool IsFull => _kept.IsFull && _others.IsFull;

    /// <summary>How long until a message of any kind may be taken; zero: now.</summary>
    public TimeSpan Wait => TimeSpan.FromTicks(Math.Max(_kept.Wait.Ticks, _others.Wait.Ticks));

    /// <summary>Counts a message; null: something that is none.</summary>
    public void Take(Message? message) => Of(message).Take();

    /// <summary>Counts a message, if it may be taken now.</summary>
    /// <returns>How long until it may; zero: it was counted.</returns>
    public TimeSpan TryTake(Message? message)
    {
        var bucket = Of(message);
        var wait = bucket.Wait;
        if (wait == TimeSpan.Zero)
            bucket.Take();
        return wait;
    }

    private TokenBucket Of(Message? message) => message is Publication { IsKept: true, Ttl: not 0 } ? _kept : _others;
}
