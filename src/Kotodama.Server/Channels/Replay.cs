using Kotodama.Protocol;

namespace Kotodama.Server.Channels;

/// <summary>
/// What a viewer has still to be sent of its channel's log. As long as there is one, what is stored meanwhile is read from the log in its
/// turn, and what is not stored waits here behind the messages that came before it. Owned by the core.
/// </summary>
/// <param name="at">Everything up to this number was sent, or told to be missing, or is none of the viewer's business.</param>
internal sealed class Replay(long at)
{
    /// <summary>Messages that are not stored and wait for their turn. One more closes the connection as too slow.</summary>
    private const int MostLater = 256;

    /// <summary>Bytes of these.</summary>
    private const int MostLaterBytes = 256 * 1024;

    private readonly Queue<(long After, byte[] Frame)> _later = new();
    private int _laterBytes;

    /// <summary>The number up to which the viewer was served.</summary>
    public long At { get; set; } = at;

    /// <summary>What the numbers are missing for that do not come; null: each has its own reason.</summary>
    public GapReason? Why { get; init; }

    /// <summary>
    /// The numbers that a fresh viewer gets, up to <see cref="ChosenTo"/>; the others up to there were seen. Null: it is no fresh viewer.
    /// </summary>
    public Queue<long>? Chosen { get; init; }

    /// <summary>The channel's newest number when they were chosen.</summary>
    public long ChosenTo { get; init; }

    /// <summary>Whether a fresh viewer was sent its first message: what it does not get before that it is not told of.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Keeps a frame until everything up to a number was sent.</summary>
    /// <returns>False: too much waits.</returns>
    public bool TryPutBehind(long seq, byte[] frame)
    {
        if (_later.Count >= MostLater || (_later.Count > 0 && _laterBytes + frame.Length > MostLaterBytes))
            return false;
        _later.Enqueue((seq, frame));
        _laterBytes += frame.Length;
        return true;
    }

    /// <summary>Takes the next frame that belongs before a number; null when there is none.</summary>
    public byte[]? TakeBefore(long seq)
    {
        if (!_later.TryPeek(out var first) || first.After >= seq)
            return null;
        _later.Dequeue();
        _laterBytes -= first.Frame.Length;
        return first.Frame;
    }
}
