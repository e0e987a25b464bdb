namespace Kotodama.Server.Rates;

/// <summary>
/// How many lines one client may bring into the log: a hundred, then one a minute, which also says how many were left out. Any thread.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LineLimit(TimeProvider time)
{
    /// <summary>Lines at once.</summary>
    public const int Burst = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly TokenBucket _lines = new(Pause, Burst, time);
    private long _leftOut;

    /// <summary>Asks for a line.</summary>
    /// <param name="leftOut">How many lines were left out before this one.</param>
    /// <returns>Whether the line may be written.</returns>
    public bool TryTake(out long leftOut)
    {
        lock (_lock)
        {
            leftOut = 0;
            if (_lines.Wait > TimeSpan.Zero)
            {
                _leftOut++;
                return false;
            }

            _lines.Take();
            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }
}
