using Kotodama.Server.Channels;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// What one connection makes the hub do: the work that it brings, of which so much may wait for the loop and no more, and what it is being
/// sent again. Any thread.
/// </summary>
/// <param name="hub">The hub.</param>
/// <param name="viewer">The connection.</param>
/// <param name="outbox">What waits for the connection.</param>
#pragma warning disable CA1001 // The hub's loop gives places back after the connection has ended, and the semaphore's handle is not used.
internal sealed class BroughtWork(Hub hub, Viewer viewer, Outbox outbox)
#pragma warning restore CA1001
{
    /// <summary>Work of one connection that may wait for the hub's loop. With more the connection stops reading.</summary>
    private const int MostQueued = 256;

    private readonly SemaphoreSlim _places = new(MostQueued);
    private long _replayed;
    private int _awaitsRoom;

    /// <summary>Gives the hub work, as soon as this connection has a place for it.</summary>
    public async ValueTask DoAsync(Work work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        work.Bringer = this;
        try
        {
            await hub.DoAsync(work, cancellationToken);
        }
        catch
        {
            Done();
            throw;
        }
    }

    /// <summary>Work that this connection brought is done. Called on the hub's loop.</summary>
    public void Done() => _places.Release();

    /// <summary>Waits until everything is done that was brought before, receipts included.</summary>
    /// <param name="limit">For so long at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task FinishAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await hub.AskAsync(_ => true, cancellationToken).WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The hub is busy; the caller goes on without.
        }
    }

    /// <inheritdoc cref="Viewer.AwaitRoom"/>
    public void AwaitRoom()
    {
        if (Interlocked.Exchange(ref _awaitsRoom, 1) == 0)
            outbox.WhenRoom(TellRoom);
    }

    /// <inheritdoc cref="Viewer.NoteReplayed"/>
    public void NoteReplayed(long bytes) => Interlocked.Add(ref _replayed, bytes);

    /// <summary>The bytes that were sent again since the last call.</summary>
    public long TakeReplayed() => Interlocked.Exchange(ref _replayed, 0);

    private void TellRoom()
    {
        Volatile.Write(ref _awaitsRoom, 0);
        hub.Continue(viewer);
    }
}
