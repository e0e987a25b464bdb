using Kotodama.Server.Sockets;

namespace Kotodama.Server.Rates;

/// <summary>
/// Gives what a client says no faster than its allowance, which is how a client in excess is slowed down without losing anything: what
/// has come too early is held, and when that is full nothing more is read, so that the network holds the client back. Pings pass by what
/// is held, or a client would take a busy connection for a dead one; of too many of them the next one waits with everything after it. One
/// caller at a time.
/// </summary>
/// <param name="reader">Where the messages come from; it belongs to this object.</param>
/// <param name="allowance">What the client may say; the caller counts each message that it gets from here.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="early">Called for each message that came too early.</param>
internal sealed class PacedReader(FrameReader reader, Allowance allowance, TimeProvider time, Action early) : IAsyncDisposable
{
    private const int MostHeld = 2048, MostHeldBytes = 256 * 1024;

    private readonly Queue<Inbound> _held = new();
    private int _heldBytes;
    private Task<Inbound>? _reading;
    private bool _isLast;

    /// <summary>
    /// Waits for the next message that may be taken. A client that closes has sent everything: what is held is returned at once
    /// before, because it would not wait for long. Throws what the stream throws.
    /// </summary>
    public async ValueTask<Inbound> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wait = _isLast ? TimeSpan.Zero : allowance.Wait;
            if (wait == TimeSpan.Zero)
                return TryDequeue(out var held) ? held : await NextAsync(cancellationToken);
            if (_held.Count >= MostHeld || _heldBytes >= MostHeldBytes)
            {
                await PauseAsync(wait, cancellationToken);
                continue;
            }

            _reading ??= reader.ReadAsync(cancellationToken).AsTask();
            if (!_reading.IsCompleted)
            {
                using var heard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(_reading, PauseAsync(wait, heard.Token));
                await heard.CancelAsync();
                if (!_reading.IsCompleted)
                    continue;
            }

            var inbound = await NextAsync(cancellationToken);
            if (IsPing(inbound))
                return inbound;
            Hold(inbound);
        }
    }

    /// <summary>What is held, without waiting: for a client that is gone.</summary>
    public bool TryDequeue(out Inbound held)
    {
        if (!_held.TryDequeue(out held))
            return false;
        _heldBytes -= held.Payload.Length;
        return true;
    }

    /// <summary>Ends when the read that was under way has; its token must have been cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_reading is not null)
            await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        reader.Dispose();
    }

    private async ValueTask<Inbound> NextAsync(CancellationToken cancellationToken)
    {
        Inbound inbound;
        if (_reading is { } reading)
        {
            _reading = null;
            inbound = await reading;
        }
        else
        {
            inbound = await reader.ReadAsync(cancellationToken);
        }

        if (!IsPing(inbound))
            return inbound;
        while (allowance.PingWait is var wait && wait > TimeSpan.Zero)
            await PauseAsync(wait, cancellationToken);
        allowance.TakePing();
        return inbound;
    }

    private static bool IsPing(Inbound inbound) => inbound.Kind is InboundKind.Ping or InboundKind.Pong;

    private void Hold(Inbound inbound)
    {
        _isLast = inbound.Kind is InboundKind.Close or InboundKind.Violation or InboundKind.End;
        if (!_isLast)
            early();
        _held.Enqueue(inbound with { Payload = inbound.Payload.ToArray() });
        _heldBytes += inbound.Payload.Length;
    }

    /// <summary>Timers count milliseconds and drop the rest, which would make many waits of no length out of a last short one.</summary>
    private Task PauseAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken);
}
