namespace Kotodama.Server.Channels;

/// <summary>
/// The numbers of one channel that the log knows to be displayed, as far back as it keeps messages: one bit for each. So a number that a
/// page tells again, or of a message that is long gone, costs the disk nothing. Owned by the core.
/// </summary>
/// <param name="kept">Messages that the log keeps at most.</param>
internal sealed class DisplayedNumbers(int kept)
{
    private ulong[]? _bits;
    private long _top;

    /// <summary>Notes that a number is displayed.</summary>
    /// <param name="seq">The number, above 0.</param>
    /// <param name="top">The channel's newest number, not below <paramref name="seq"/>.</param>
    /// <returns>Whether that is new, of a message that the log may hold.</returns>
    public bool Add(long seq, long top)
    {
        if (seq <= top - kept)
            return false;
        _bits ??= new ulong[(kept + 63) / 64];
        var places = _bits.Length * 64L;
        if (top - _top >= places)
            Array.Clear(_bits);
        else
            for (var gone = _top + 1; gone <= top; gone++)
                _bits[gone % places / 64] &= ~Bit(gone);
        _top = Math.Max(_top, top);
        ref var word = ref _bits[seq % places / 64];
        var isNew = (word & Bit(seq)) == 0;
        word |= Bit(seq);
        return isNew;
    }

    // The places are a multiple of 64, so a number has the same bit wherever its word is.
    private static ulong Bit(long seq) => 1UL << (int)(seq & 63);
}
