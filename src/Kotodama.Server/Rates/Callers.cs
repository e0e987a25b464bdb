using System.Net;
using Kotodama.Protocol;
using Microsoft.Extensions.Options;

namespace Kotodama.Server.Rates;

/// <summary>How much clients may send with single requests instead of a connection: one allowance for each address.</summary>
internal sealed class Callers(IOptions<KotodamaServerOptions> options, TimeProvider time)
{
    private const int Most = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Caller> _callers = [];

    /// <summary>Counts a message, if it may be taken now.</summary>
    /// <param name="address">The sender's address; null: not over a network.</param>
    /// <param name="message">The message; null: something that is none.</param>
    /// <param name="first">Whether this is the first one of this sender that may not.</param>
    /// <returns>How long until it may; zero: it was counted.</returns>
    public TimeSpan TryTake(IPAddress? address, Message? message, out bool first)
    {
        lock (_lock)
        {
            var caller = Find(address ?? IPAddress.None);
            var wait = caller.Allowance.TryTake(message);
            first = wait > TimeSpan.Zero && !caller.WasRefused;
            caller.WasRefused |= first;
            return wait;
        }
    }

    private Caller Find(IPAddress address)
    {
        if (_callers.TryGetValue(address, out var known))
            return known;
        if (_callers.Count >= Most)
            foreach (var (quiet, _) in _callers.Where(c => c.Value.Allowance.IsFull).ToArray())
                _callers.Remove(quiet);

        // With more busy addresses than can be told apart, the rest share one allowance.
        if (_callers.Count >= Most)
            address = IPAddress.Any;
        if (!_callers.TryGetValue(address, out var caller))
            _callers[address] = caller = new Caller(new Allowance(options.Value.Limits, time));
        return caller;
    }

    private sealed class Caller(Allowance allowance)
    {
        public Allowance Allowance => allowance;

        public bool WasRefused { get; set; }
    }
}
