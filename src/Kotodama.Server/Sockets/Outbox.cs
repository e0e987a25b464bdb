using System.Buffers;

namespace Kotodama.Server.Sockets;

/// <summary>
/// The write side of one socket: a bounded queue and the only writer of its stream. <see cref="TrySend"/> may be called from any thread
/// and never waits: when nothing is pending the frame is written on the caller's thread, otherwise it queues up behind the rest and goes
/// out together with it. A full queue refuses the frame, whatever it is; what to do about that is the connection's business. A frame that
/// is larger than the bound may wait alone. Who has much to send waits for room with <see cref="WhenRoom"/>.
/// </summary>
internal sealed class Outbox(Stream stream, int maxFrames, int maxBytes, TimeProvider time)
{
    private const int WriteSize = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _pending = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pendingBytes;
    private bool _writing;
    private bool _closed;
    private Action? _whenRoom;
    private long _writingSince;

    /// <summary>Ends when the last frame has been written or the stream has failed; never faults.</summary>
    public Task Finished => _finished.Task;

    /// <summary>For how long the current write has been under way; zero when nothing waits.</summary>
    public TimeSpan Blocked
    {
        get
        {
            lock (_lock)
                return _writing ? time.GetElapsedTime(_writingSince) : TimeSpan.Zero;
        }
    }

    /// <summary>Whether so little waits that a portion of a longer answer may follow: a quarter of the bound at most.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
                return HasRoomNow;
        }
    }

    private bool HasRoomNow => 4L * _pending.Count <= maxFrames && 4L * _pendingBytes <= maxBytes;

    private bool IsFullFor(byte[] frame) =>
        _pending.Count >= maxFrames || (_pending.Count > 0 && (long)_pendingBytes + frame.Length > maxBytes);

    /// <summary>Calls back once, as soon as there is room; never after the outbox has closed.</summary>
    /// <param name="call">Called on any thread while the outbox is locked, perhaps before this method returns; must not block.</param>
    public void WhenRoom(Action call)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (HasRoomNow)
                call();
            else
                _whenRoom = call;
        }
    }

    /// <summary>Sends a frame, or puts it behind those that wait.</summary>
    /// <param name="frame">The frame; it must not change afterwards.</param>
    /// <param name="kind">What becomes of it when the queue is full.</param>
    public SendResult TrySend(byte[] frame, FrameKind kind = FrameKind.Ordinary)
    {
        lock (_lock)
        {
            if (_closed)
                return SendResult.Closed;
            if (_writing && IsFullFor(frame))
                return kind == FrameKind.Ephemeral ? SendResult.Dropped : SendResult.Full;
            Enqueue(frame);
            if (_writing)
                return SendResult.Sent;
            StartWriting();
        }

        _ = WriteAsync();
        return SendResult.Sent;
    }

    /// <summary>Takes no more frames, and finishes with <paramref name="last"/>.</summary>
    /// <param name="last">The close frame.</param>
    /// <param name="dropPending">Whether to give up what waits: for a peer that is too slow to take it.</param>
    public void Close(byte[] last, bool dropPending)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
            _whenRoom = null;
            if (dropPending)
            {
                _pending.Clear();
                _pendingBytes = 0;
            }

            Enqueue(last);
            if (_writing)
                return;
            StartWriting();
        }

        _ = WriteAsync();
    }

    /// <summary>Takes no more frames and forgets those that wait: the stream is gone.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _closed = true;
            _whenRoom = null;
            _pending.Clear();
            _pendingBytes = 0;
            if (!_writing)
                _finished.TrySetResult();
        }
    }

    private void Enqueue(byte[] frame)
    {
        _pending.Enqueue(frame);
        _pendingBytes += frame.Length;
    }

    private void StartWriting()
    {
        _writing = true;
        _writingSince = time.GetTimestamp();
    }

    private async Task WriteAsync()
    {
        byte[]? joined = null;
        try
        {
            for (var first = true; Next(ref joined) is { Length: > 0 } bytes; first = false)
            {
                // One frame goes out on the publisher's thread; whatever arrived meanwhile must not keep the publisher busy.
                if (!first)
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                await stream.WriteAsync(bytes);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer is gone. The reader of the same socket notices and ends the connection.
            Abandon();
            _finished.TrySetResult();
        }
        finally
        {
            if (joined is not null)
                ArrayPool<byte>.Shared.Return(joined);
        }
    }

    /// <summary>Takes the next bytes: one frame as it is, or as many small ones as fit into one write. Empty: nothing waits.</summary>
    private ReadOnlyMemory<byte> Next(ref byte[]? joined)
    {
        lock (_lock)
        {
            if (!_pending.TryDequeue(out var frame))
            {
                _writing = false;
                if (_closed)
                    _finished.TrySetResult();
                return default;
            }

            _pendingBytes -= frame.Length;
            _writingSince = time.GetTimestamp();
            if (!_pending.TryPeek(out var next) || frame.Length + next.Length > WriteSize)
            {
                TellRoom();
                return frame;
            }

            joined ??= ArrayPool<byte>.Shared.Rent(WriteSize);
            frame.CopyTo(joined, 0);
            var length = frame.Length;
            while (_pending.TryPeek(out next) && length + next.Length <= WriteSize)
            {
                next.CopyTo(joined, length);
                length += next.Length;
                _pendingBytes -= next.Length;
                _pending.Dequeue();
            }

            TellRoom();
            return joined.AsMemory(0, length);
        }
    }

    private void TellRoom()
    {
        if (_whenRoom is not { } call || !HasRoomNow)
            return;
        _whenRoom = null;
        call();
    }
}

internal enum SendResult
{
    Sent,

    /// <summary>The queue is at its bound.</summary>
    Full,

    /// <summary>The queue is at its bound, and the frame is worth nothing later.</summary>
    Dropped,

    /// <summary>The connection is closing.</summary>
    Closed,
}
