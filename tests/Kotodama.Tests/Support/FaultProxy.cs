using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Kotodama.Tests.Support;

/// <summary>
/// A bad network in front of a hub: a TCP proxy on a free port of 127.0.0.1. <c>Down</c> is from the hub to the client, <c>Up</c> the other
/// way. What a new connection suffers is decided by a plan with its number (0, 1, 2 …); a test may change it later. All
/// members may be used from any thread.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Uri _hub;
    private readonly Func<int, LinkFaults> _plan;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<FaultyLink> _links = new();
    private readonly Task _accepting;

    /// <param name="hub">Where the good network begins.</param>
    /// <param name="plan">The faults of each connection. Null: none.</param>
    public FaultProxy(Uri hub, Func<int, LinkFaults>? plan = null)
    {
        _hub = hub;
        _plan = plan ?? (_ => new LinkFaults());
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        _accepting = AcceptAsync();
    }

    /// <summary>The hub as its clients see it from behind the proxy.</summary>
    public Uri Socket => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");

    /// <summary>Every connection that there was, in the order of their numbers.</summary>
    public IReadOnlyList<FaultyLink> Links => [.. _links];

    /// <summary>Ends all connections with a reset.</summary>
    public void Drop()
    {
        foreach (var link in _links)
            link.Drop(reset: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var link in _links)
            link.Drop(reset: true);
        await Task.WhenAll(_links.Select(l => l.Ended)).InTime("the proxy to end");
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_end.Token);
                _links.Enqueue(new FaultyLink(client, _hub, _plan(_links.Count), _end.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}

/// <summary>What one connection suffers.</summary>
internal sealed class LinkFaults
{
    public WayFaults Up { get; init; } = new();

    public WayFaults Down { get; init; } = new();

    /// <summary>Whether the end after <see cref="WayFaults.CutAfter"/> is a reset. False: an orderly end of the stream.</summary>
    public bool Reset { get; init; }
}

/// <summary>What one direction of a connection suffers. May be changed while it runs.</summary>
internal sealed class WayFaults
{
    private volatile bool _swallow;
    private volatile bool _drips;
    private volatile TaskCompletionSource? _stopped;

    /// <summary>The connection ends after so many bytes of this direction. Null: never.</summary>
    public long? CutAfter { get; init; }

    /// <summary>Every piece is late by this much …</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>… and by up to this much more.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The seed of the jitter.</summary>
    public int Seed { get; init; }

    /// <summary>Whether the network takes little ahead, so that a sender soon notices a receiver that does not read.</summary>
    public bool SmallBuffer { get; init; }

    /// <summary>Passes one byte a second. Otherwise as fast as it goes.</summary>
    public bool Drips
    {
        get => _drips;
        set => _drips = value;
    }

    /// <summary>Takes everything, the end of the stream included, and passes nothing on: half of a half-open connection.</summary>
    public bool Swallow
    {
        get => _swallow;
        set => _swallow = value;
    }

    /// <summary>Takes nothing any more, as a process that hangs.</summary>
    public bool StopReading
    {
        get => _stopped is not null;
        set
        {
            if (value)
                _stopped ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            else if (Interlocked.Exchange(ref _stopped, null) is { } stopped)
                stopped.SetResult();
        }
    }

    public Task Reading => _stopped?.Task ?? Task.CompletedTask;
}
