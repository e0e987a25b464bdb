namespace Kotodama.Voice.Speaking;

/// <summary>
/// The wait for the next piece of a stream. The hub ends a stream whose publisher is silent, but what it says of that may be lost with the
/// link, or where a queue is full; then nothing else would ever end the wait. The speaker's loop notes the pieces; one turn waits.
/// </summary>
/// <param name="limit">How long no piece may come before the stream counts as complete.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamSilence(TimeSpan limit, TimeProvider time)
{
    private long _pieceAt = time.GetTimestamp();

    /// <summary>Whether no piece came for too long.</summary>
    public bool IsTooLong => Left <= TimeSpan.Zero;

    private TimeSpan Left => limit - time.GetElapsedTime(Volatile.Read(ref _pieceAt));

    /// <summary>A piece has come.</summary>
    public void Break() => Volatile.Write(ref _pieceAt, time.GetTimestamp());

    /// <summary>Waits for news, as long as the stream may be silent.</summary>
    /// <param name="news">Ends when there is a piece to read, or the end.</param>
    /// <param name="most">Wait no longer than this; null: as long as the stream may be silent.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there are news.</returns>
    public async Task<bool> WaitAsync(Task news, TimeSpan? most, CancellationToken cancellationToken)
    {
        var wait = Left;
        if (most < wait)
            wait = most.Value;
        try
        {
            await news.WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
