namespace Kotodama.Server.Channels;

/// <summary>
/// The pages of one channel, each with a seat under whose number deliveries note how far they came there. A page that gives a viewer id
/// finds its seat again when it comes back, as long as a delivery remembers it; any other page is its connection.
/// </summary>
/// <param name="deliveries">The channel's live messages.</param>
internal sealed class Audience(SortedDictionary<long, Delivery> deliveries)
{
    /// <summary>Pages that left and may come back. The one that has been away longest gives up its seat first.</summary>
    public const int MostAbsent = 1_000;

    private readonly Dictionary<string, Seat> _known = new(StringComparer.Ordinal);
    private readonly List<Seat> _absent = [];
    private readonly Stack<int> _free = [];

    /// <summary>Seats that were ever needed at once.</summary>
    public int Size { get; private set; }

    /// <summary>Pages that are remembered although they left.</summary>
    public int Absent => _absent.Count;

    /// <summary>Gives a page its seat. There is at most one page with the same <paramref name="viewer"/> at a time.</summary>
    /// <param name="viewer">The viewer id that it gave; null: it cannot come back to this seat.</param>
    public Seat Enter(string? viewer)
    {
        if (viewer is not null && _known.TryGetValue(viewer, out var seat))
        {
            _absent.Remove(seat);
            return seat;
        }

        seat = new Seat(_free.TryPop(out var number) ? number : Size++, viewer);
        if (viewer is not null)
            _known.Add(viewer, seat);
        return seat;
    }

    /// <summary>A page is gone: the hub does not wait for it.</summary>
    /// <param name="seat">Its seat.</param>
    /// <param name="top">The channel's newest number.</param>
    public void Leave(Seat seat, long top)
    {
        var remembered = false;
        foreach (var delivery in deliveries.Values)
            remembered |= delivery.Left(seat.Number);
        if (seat.Viewer is null || !remembered)
        {
            Free(seat);
            return;
        }

        seat.LeftAt = top;
        _absent.Add(seat);
        if (_absent.Count > MostAbsent)
            ForgetOldest(1);
    }

    /// <summary>Forgets the pages that left before everything that is still live.</summary>
    public void Tidy()
    {
        if (_absent.Count == 0)
            return;
        var oldest = deliveries.Count == 0 ? long.MaxValue : deliveries.First().Key;
        var gone = _absent.FindIndex(seat => seat.LeftAt >= oldest);
        ForgetOldest(gone < 0 ? _absent.Count : gone);
    }

    private void ForgetOldest(int count)
    {
        foreach (var seat in _absent.Take(count))
            Free(seat);
        _absent.RemoveRange(0, count);
    }

    private void Free(Seat seat)
    {
        foreach (var delivery in deliveries.Values)
            delivery.Forget(seat.Number);
        if (seat.Viewer is not null)
            _known.Remove(seat.Viewer);
        _free.Push(seat.Number);
    }
}

/// <summary>The place of one page in one channel.</summary>
/// <param name="number">Its number; used again for another page when nothing remembers this one.</param>
/// <param name="viewer">The viewer id that the page gave.</param>
internal sealed class Seat(int number, string? viewer)
{
    public int Number { get; } = number;

    public string? Viewer { get; } = viewer;

    /// <summary>The channel's newest number when the page left.</summary>
    public long LeftAt { get; set; }
}
