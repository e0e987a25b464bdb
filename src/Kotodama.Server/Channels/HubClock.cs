namespace Kotodama.Server.Channels;

/// <summary>
/// The hub's time in Unix milliseconds. It runs with the monotonic clock and never behind what is stored, so a wall clock that is set
/// while the hub runs, or was wrong before, expires nothing early and keeps nothing for ever.
/// </summary>
internal sealed class HubClock(TimeProvider time, long notBefore)
{
    private readonly long _start = time.GetTimestamp();
    private readonly long _wall = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), notBefore);

    /// <summary>The hub's time, by which messages expire.</summary>
    public long Now => _wall + (long)time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>The machine's time, in Unix milliseconds, which users are told: it follows a wall clock that is set right.</summary>
    public long Wall => time.GetUtcNow().ToUnixTimeMilliseconds();
}
