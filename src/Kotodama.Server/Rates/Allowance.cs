using Kotodama.Protocol;

namespace Kotodama.Server.Rates;

/// <summary>
/// How much one sender may say: kept messages, which cost a place on the disk; everything else that is text, of which a language model says
/// hundreds in a second; pieces of sound; pings. A message costs by the work that it makes and not by how long it is to write down: a large
/// one, one with many numbers, and the replay that a question brings count more than once. One caller at a time.
/// </summary>
internal sealed class Allowance(ProtocolLimits limits, TimeProvider time)
{
    /// <summary>Pieces of sound per second, and at once. A voice sends some fifty a second for each channel.</summary>
    private const int SoundRate = 2_000, SoundBurst = 8_000;

    /// <summary>Pings and pongs per second, and at once.</summary>
    private const int PingRate = 100, PingBurst = 1_000;

    /// <summary>So many bytes more cost as much as another message.</summary>
    private const int BytesPerMessage = 16 * 1024;

    /// <summary>So many numbers of an <c>ack</c> more cost as much as another message.</summary>
    private const int NumbersPerMessage = 32;

    private readonly TokenBucket _kept = new(limits.PublishRate, limits.PublishBurst, time);
    private readonly TokenBucket _others = new(limits.FrameRate, limits.FrameBurst, time);

    // A hub without a limit for messages has none for sound and pings.
    private readonly TokenBucket _sound = new(limits.FrameRate == 0 ? 0 : SoundRate, SoundBurst, time);
    private readonly TokenBucket _pings = new(limits.FrameRate == 0 ? 0 : PingRate, PingBurst, time);

    /// <summary>Whether nothing was said for so long that everything may be said again.</summary>
    public bool IsFull => _kept.IsFull && _others.IsFull && _sound.IsFull;

    /// <summary>How long until a message of any kind may be taken; zero: now.</summary>
    public TimeSpan Wait => TimeSpan.FromTicks(Math.Max(Math.Max(_kept.Wait.Ticks, _others.Wait.Ticks), _sound.Wait.Ticks));

    /// <summary>How long until a ping may be answered; zero: now.</summary>
    public TimeSpan PingWait => _pings.Wait;

    /// <summary>Counts a message.</summary>
    /// <param name="message">The message; null: something that is none.</param>
    /// <param name="bytes">How long it was on the wire.</param>
    public void Take(Message? message, long bytes = 0) => Of(message).Take(CostOf(message, bytes));

    /// <summary>Counts a piece of sound.</summary>
    /// <param name="bytes">How long it was on the wire.</param>
    public void TakeSound(int bytes) => _sound.Take(CostOf(null, bytes));

    /// <summary>Counts a ping or a pong.</summary>
    public void TakePing() => _pings.Take();

    /// <summary>Counts bytes that the hub read and sent because the sender asked for them.</summary>
    public void TakeReplay(long bytes) => _others.Take(bytes / BytesPerMessage);

    /// <summary>Counts a message, if it may be taken now.</summary>
    /// <param name="message">The message; null: something that is none.</param>
    /// <param name="bytes">How long it was on the wire.</param>
    /// <returns>How long until it may; zero: it was counted.</returns>
    public TimeSpan TryTake(Message? message, long bytes = 0)
    {
        var bucket = Of(message);
        var wait = bucket.Wait;
        if (wait == TimeSpan.Zero)
            bucket.Take(CostOf(message, bytes));
        return wait;
    }

    private static long CostOf(Message? message, long bytes) =>
        1 + (bytes / BytesPerMessage) + (message is AckMessage ack ? NumbersIn(ack) / NumbersPerMessage : 0);

    private static int NumbersIn(AckMessage ack) =>
        (ack.Displayed?.Count ?? 0) + (ack.Superseded?.Count ?? 0) + (ack.Spoken?.Count ?? 0) + (ack.Heard?.Count ?? 0)
        + (ack.Failed?.Count ?? 0);

    /// <summary>The choice of an avatar is written to the disk as well.</summary>
    private TokenBucket Of(Message? message) => message is AvatarMessage or Publication { IsKept: true, Ttl: not 0 } ? _kept : _others;
}
