using System.Net;

namespace Kotodama.Server.Rates;

/// <summary>
/// Places for work that takes long, of which one address may hold only so many: who comes first is served first, but who has its share does
/// not keep others waiting. Any thread.
/// </summary>
/// <param name="most">Places.</param>
/// <param name="mostOfOne">Places of one address.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class Places(int most, int mostOfOne, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _held = [];
    private readonly LinkedList<(IPAddress Address, TaskCompletionSource Place)> _waiting = [];
    private int _count;

    /// <summary>Waits for a place.</summary>
    /// <param name="address">Who wants it; null: not over a network.</param>
    /// <param name="patience">For so long at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there is one; it is given back with <see cref="Leave"/>.</returns>
    public async Task<bool> TryEnterAsync(IPAddress? address, TimeSpan patience, CancellationToken cancellationToken)
    {
        var who = address ?? IPAddress.None;
        LinkedListNode<(IPAddress, TaskCompletionSource Place)> waiting;
        lock (_lock)
        {
            if (MayEnter(who))
            {
                Enter(who);
                return true;
            }

            waiting = _waiting.AddLast((who, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await waiting.Value.Place.Task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_lock)
            {
                // It may have been given away in this very moment.
                if (waiting.Value.Place.Task.IsCompleted)
                    Leave(address);
                else
                    _waiting.Remove(waiting);
            }

            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Gives a place back, to the first who may have it.</summary>
    public void Leave(IPAddress? address)
    {
        var who = address ?? IPAddress.None;
        lock (_lock)
        {
            _count--;
            if (--_held[who] == 0)
                _held.Remove(who);
            for (var next = _waiting.First; next is not null; next = next.Next)
            {
                if (!MayEnter(next.Value.Address))
                    continue;
                Enter(next.Value.Address);
                _waiting.Remove(next);
                next.Value.Place.SetResult();
                return;
            }
        }
    }

    private bool MayEnter(IPAddress address) => _count < most && _held.GetValueOrDefault(address) < mostOfOne;

    private void Enter(IPAddress address)
    {
        _count++;
        _held[address] = _held.GetValueOrDefault(address) + 1;
    }
}
