using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Client;

/// <summary>
/// The messages that the hub has not said its last word about, in the order of the calls. Knows no socket: one sender takes what is to
/// be sent, the receiver brings the answers, any number of callers add and remove. Bounded: callers wait for room.
/// </summary>
internal sealed class PendingMessages(int capacity, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingMessage> _all = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, PendingMessage> _waiting = [];

    /// <summary>One entry for each message that is here. Full: the next caller waits, first come first served.</summary>
    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(capacity);

    /// <summary>Wakes the sender. One signal is as good as many.</summary>
    private readonly Channel<bool> _work =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Func<KotodamaException>? _closed;
    private bool _isLinked;
    private long _number;

    /// <summary>Waits for room and takes a message in. Each one that was taken in must be removed once.</summary>
    public async Task<PendingMessage> AddAsync(Publication message, CancellationToken cancellationToken)
    {
        var bytes = MessageCodec.Write(message);
        await _room.Writer.WriteAsync(true, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_closed is null && !_all.ContainsKey(message.Id!))
            {
                var pending = new PendingMessage(++_number, message.Id!, bytes);
                _all.Add(pending.Id, pending);
                Enqueue(pending);
                return pending;
            }
        }

        _room.Reader.TryRead(out _);
        ThrowIfClosed();
        throw new ArgumentException($"A message with the id {message.Id} is already on its way.", nameof(message));
    }

    /// <summary>Waits for room and lets the bytes be sent after what is here, once. Without a connection they are lost.</summary>
    public async Task PostAsync(byte[] bytes, bool isBinary, CancellationToken cancellationToken)
    {
        await _room.Writer.WriteAsync(true, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_isLinked && _closed is null)
            {
                Enqueue(new PendingMessage(++_number, "", bytes) { IsOnce = true, IsBinary = isBinary });
                return;
            }
        }

        _room.Reader.TryRead(out _);
    }

    public void Remove(PendingMessage pending)
    {
        lock (_lock)
        {
            _all.Remove(pending.Id);
            _waiting.Remove(pending.Number);
            pending.Pause?.Dispose();
        }

        _room.Reader.TryRead(out _);
    }

    /// <summary>There is a new connection: whatever was sent on the old one and is still here is to be sent again.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _isLinked = true;
            foreach (var pending in _all.Values.Where(d => d.Step == PendingStep.Sent))
                Enqueue(pending);
        }
    }

    /// <summary>The connection is lost, and with it what is sent only once.</summary>
    public void Break()
    {
        PendingMessage[] lost;
        lock (_lock)
        {
            _isLinked = false;
            lost = [.. _waiting.Values.Where(d => d.IsOnce)];
        }

        foreach (var pending in lost)
            Remove(pending);
    }

    /// <summary>The next message to be sent; waits for one.</summary>
    public async Task<PendingMessage> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_waiting.Count > 0)
                {
                    var pending = _waiting.First().Value;
                    _waiting.Remove(pending.Number);
                    pending.Step = PendingStep.Sent;
                    pending.WasSent = true;
                    return pending;
                }
            }

            await _work.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Brings a receipt to the call that waits for it, if there still is one.</summary>
    public void Answer(ReceiptMessage receipt)
    {
        lock (_lock)
        {
            if (!_all.TryGetValue(receipt.Id, out var pending))
                return;
            pending.Counts = receipt.Counts ?? pending.Counts;
            if (receipt.Status == ReceiptStatus.Progress)
                return;
            pending.Stored.TrySetResult(receipt);
            if (IsLast(receipt))
                pending.Last.TrySetResult(receipt);
        }
    }

    /// <summary>Brings an error to the message it is about. False: that message is not here.</summary>
    public bool Refuse(ErrorMessage error)
    {
        lock (_lock)
        {
            if (error.Id is null || !_all.TryGetValue(error.Id, out var pending) || pending.Step != PendingStep.Sent)
                return false;
            if (!error.Retry)
            {
                pending.Fail(KotodamaException.From(error));
                return true;
            }

            pending.Step = PendingStep.Refused;
            pending.Refusal = error;
            var pause = FirstPause * Math.Pow(2, Math.Min(pending.Refusals++, 16));
            pending.Pause?.Dispose();
            pending.Pause = time.CreateTimer(Again, pending, pause < LongestPause ? pause : LongestPause, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>Fails every call under way and every later one. The first reason stays.</summary>
    public void Close(Func<KotodamaException> reason)
    {
        lock (_lock)
        {
            if (_closed is not null)
                return;
            _closed = reason;

            // What waits for a receipt is removed by its caller; what is sent only once has none, and its room must not stay taken.
            foreach (var _ in _waiting.Values.Where(p => p.IsOnce))
                _room.Reader.TryRead(out bool _);
            _waiting.Clear();
            foreach (var pending in _all.Values)
                pending.Fail(reason());
        }
    }

    public void ThrowIfClosed()
    {
        lock (_lock)
            if (_closed is not null)
                throw _closed();
    }

    public static bool IsLast(ReceiptMessage receipt) =>
        receipt.Final == true || receipt.Status is ReceiptStatus.Done or ReceiptStatus.Expired or ReceiptStatus.Dropped;

    private void Again(object? refused)
    {
        var pending = (PendingMessage)refused!;
        lock (_lock)
            if (_closed is null && pending.Step == PendingStep.Refused && _all.ContainsKey(pending.Id))
                Enqueue(pending);
    }

    private void Enqueue(PendingMessage pending)
    {
        pending.Step = PendingStep.Waiting;
        _waiting.Add(pending.Number, pending);
        _work.Writer.TryWrite(true);
    }
}
