using System.Net;
using System.Net.Sockets;

namespace Kotodama.Server.Access;

/// <summary>
/// Who tries wrong tokens waits: after <see cref="Most"/> within a minute an address is blocked for a minute, also for a right token, and
/// also on this machine, where any web page can try. May be used from any thread.
/// </summary>
internal sealed class FailedTokens(TimeProvider time)
{
    /// <summary>Failures of one address within <see cref="Window"/>.</summary>
    public const int Most = 5;

    /// <summary>Addresses that are told apart; more share one count.</summary>
    public const int MostAddresses = 1024;

    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1), Block = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Count> _counts = [];

    /// <summary>
    /// Looks at a token, unless its address has to wait. Tokens are looked at one by one, so that no crowd slips past the count.
    /// </summary>
    /// <param name="address">Where it came from; null: not over a network.</param>
    /// <param name="isRight">Whether it is right; must be quick.</param>
    /// <param name="wait">How long the address has to wait; zero: the token was looked at.</param>
    /// <param name="blocks">Whether the address is blocked from now on.</param>
    /// <returns>Whether it is right.</returns>
    public bool Try(IPAddress? address, Func<bool> isRight, out TimeSpan wait, out bool blocks)
    {
        lock (_lock)
        {
            blocks = false;
            wait = Wait(address);
            if (wait > TimeSpan.Zero)
                return false;
            if (isRight())
                return true;
            blocks = Add(address);
            return false;
        }
    }

    /// <summary>How long an address has to wait until it may try a token; zero: it may.</summary>
    /// <param name="address">The address; null: not over a network.</param>
    public TimeSpan Wait(IPAddress? address)
    {
        lock (_lock)
        {
            if (Find(Key(address)) is not { Failures: >= Most } count)
                return TimeSpan.Zero;
            var left = Block - time.GetElapsedTime(count.Last);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Counts a wrong token.</summary>
    /// <param name="address">Where it came from; null: not over a network.</param>
    /// <returns>Whether the address is blocked from now on.</returns>
    public bool Add(IPAddress? address)
    {
        lock (_lock)
        {
            var key = Key(address);
            var count = Find(key);
            if (count is null)
            {
                if (_counts.Count >= MostAddresses)
                    foreach (var (quiet, _) in _counts.Where(c => IsOver(c.Value)).ToArray())
                        _counts.Remove(quiet);
                if (_counts.Count >= MostAddresses)
                    key = IPAddress.Any;
                count = _counts.GetValueOrDefault(key) ?? (_counts[key] = new Count { First = time.GetTimestamp() });
            }

            if (IsOver(count))
                (count.Failures, count.First) = (0, time.GetTimestamp());
            count.Last = time.GetTimestamp();
            return ++count.Failures == Most;
        }
    }

    /// <summary>
    /// One client is one address, whichever way the system writes it; of IPv6 a client has a whole network, and could use another one for
    /// each attempt.
    /// </summary>
    private static IPAddress Key(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }

    private Count? Find(IPAddress key) =>
        _counts.GetValueOrDefault(key) ?? (_counts.Count >= MostAddresses ? _counts.GetValueOrDefault(IPAddress.Any) : null);

    private bool IsOver(Count count) => count.Failures >= Most
        ? time.GetElapsedTime(count.Last) >= Block
        : time.GetElapsedTime(count.First) >= Window;

    private sealed class Count
    {
        public int Failures { get; set; }

        public long First { get; set; }

        public long Last { get; set; }
    }
}
