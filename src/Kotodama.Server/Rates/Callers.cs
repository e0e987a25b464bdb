using System.Net;
using Kotodama.Protocol;
using Microsoft.Extensions.Options;

namespace Kotodama.Server.Rates;

/// <summary>How much clients may send with single requests instead of a connection: one allowance for each address.</summary>
internal sealed class Callers(IOptions<KotodamaServerOptions> options, TimeProvider time)
{
    private const int Most = 1024;

    /// <summary>Requests of one address per second, whatever they ask for; at once more, because a page loads dozens of files.</summary>
    public const int RequestRate = 2_000;

    private const int RequestBurst = 10_000;

    /// <summary>So many bytes of an answer that the hub's loop had to read cost as much as another request.</summary>
    private const int BytesPerRequest = 4 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Caller> _callers = [];

    /// <summary>Lines about bad requests, from wherever they come.</summary>
    public LineLimit Lines { get; } = new(time);

    /// <summary>Counts a request, if it may be taken now.</summary>
    /// <param name="address">The sender's address; null: not over a network.</param>
    /// <param name="first">Whether this is the first one of this sender that may not.</param>
    /// <returns>How long until it may; zero: it was counted.</returns>
    public TimeSpan TryTakeRequest(IPAddress? address, out bool first)
    {
        lock (_lock)
        {
            var caller = Find(address ?? IPAddress.None);
            var wait = caller.Requests.Wait;
            if (wait == TimeSpan.Zero)
                caller.Requests.Take();
            first = wait > TimeSpan.Zero && !caller.WasRefused;
            caller.WasRefused |= first;
            return wait;
        }
    }

    /// <summary>Counts what the answer to a request cost: the next requests of this address wait for it.</summary>
    /// <param name="address">The sender's address; null: not over a network.</param>
    /// <param name="bytes">Bytes that were read for it.</param>
    public void Charge(IPAddress? address, long bytes)
    {
        lock (_lock)
            Find(address ?? IPAddress.None).Requests.Take(bytes / BytesPerRequest);
    }

    /// <summary>Counts a message, if it may be taken now.</summary>
    /// <param name="address">The sender's address; null: not over a network.</param>
    /// <param name="message">The message; null: something that is none.</param>
    /// <param name="bytes">How long it is on the wire.</param>
    /// <param name="first">Whether this is the first one of this sender that may not.</param>
    /// <returns>How long until it may; zero: it was counted.</returns>
    public TimeSpan TryTake(IPAddress? address, Message? message, long bytes, out bool first)
    {
        lock (_lock)
        {
            var caller = Find(address ?? IPAddress.None);
            var wait = caller.Allowance.TryTake(message, bytes);
            first = wait > TimeSpan.Zero && !caller.WasRefused;
            caller.WasRefused |= first;
            return wait;
        }
    }

    /// <summary>Counts what a message turned out to cost: the next ones of this address wait for it.</summary>
    /// <inheritdoc cref="TryTake"/>
    public void Take(IPAddress? address, Message? message, long bytes)
    {
        lock (_lock)
            Find(address ?? IPAddress.None).Allowance.Take(message, bytes);
    }

    private Caller Find(IPAddress address)
    {
        if (_callers.TryGetValue(address, out var known))
            return known;
        if (_callers.Count >= Most)
            foreach (var (quiet, _) in _callers.Where(c => c.Value.IsQuiet).ToArray())
                _callers.Remove(quiet);

        // With more busy addresses than can be told apart, the rest share one allowance.
        if (_callers.Count >= Most)
            address = IPAddress.Any;
        if (!_callers.TryGetValue(address, out var caller))
            _callers[address] = caller = new Caller(
                new Allowance(options.Value.Limits, time), new TokenBucket(RequestRate, RequestBurst, time));
        return caller;
    }

    private sealed class Caller(Allowance allowance, TokenBucket requests)
    {
        public Allowance Allowance => allowance;

        public TokenBucket Requests => requests;

        public bool IsQuiet => allowance.IsFull && requests.IsFull;

        public bool WasRefused { get; set; }
    }
}
