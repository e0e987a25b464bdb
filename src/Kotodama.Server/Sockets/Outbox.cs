using System.Buffers;
using System.Net.Sockets;

namespace Kotodama.Server.Sockets;

/// <summary>
/// The write side of one socket: a bounded queue and the only writer. <see cref="TrySend"/> may be called from any thread
/// and never waits: when nothing is pending the frame is written on the caller's thread, otherwise it queues up behind the rest and goes
/// out together with it. A full queue refuses the frame, whatever it is; what to do about that is the connection's business. A frame that
/// is larger than the bound may wait alone. Who has much to send waits for room with <see cref="WhenRoom"/>.
/// <para>
/// With a <see cref="DirectSocket"/> frames go past the stream, if the client has got all that the stream was given when the first frame
/// comes; that frame decides for the life of the connection. While the caller's thread has a <see cref="Bundle"/> open, its frames wait in
/// the queue, and leave together at the end of the bundle.
/// </para>
/// </summary>
/// <param name="stream">Takes the bytes when there is no way past it.</param>
/// <param name="maxFrames">Frames that may wait.</param>
/// <param name="maxBytes">Bytes that may wait.</param>
/// <param name="time">The clock.</param>
/// <param name="socket">What the stream writes to in the end; null: only the stream may be used.</param>
internal sealed class Outbox(Stream stream, int maxFrames, int maxBytes, TimeProvider time, DirectSocket? socket = null)
{
    /// <summary>Small frames leave together, up to so many bytes.</summary>
    private const int WriteSize = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _pending = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadOnlyMemory<byte> _rest;
    private int _pendingBytes;
    private bool _isDecided;
    private bool _isDirect;
    private bool _inBundle;
    private bool _writing;
    private bool _closed;
    private Action? _whenRoom;
    private long _writingSince;

    /// <summary>Ends when the last frame has been written or the connection has failed; never faults.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Whether frames go past the stream. False until the first one has been sent.</summary>
    public bool IsDirect
    {
        get
        {
            lock (_lock)
                return _isDirect;
        }
    }

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
        while (true)
        {
            SendResult? result = null;
            bool goesOn;
            lock (_lock)
            {
                // More than one write takes does not wait for the end of the bundle.
                goesOn = OverflowsBundle(frame) && SendPending();
                if (!goesOn)
                    result = Take(frame, kind, out goesOn);
            }

            if (goesOn)
                _ = WriteAsync();
            if (result is { } known)
                return known;
        }
    }

    /// <summary>Sends what waited for the end of a bundle.</summary>
    public void EndBundle()
    {
        bool goesOn;
        lock (_lock)
        {
            _inBundle = false;
            goesOn = SendPending();
        }

        if (goesOn)
            _ = WriteAsync();
    }

    /// <summary>Takes no more frames, and finishes with <paramref name="last"/>.</summary>
    /// <param name="last">The close frame.</param>
    /// <param name="dropPending">Whether to give up what waits: for a peer that is too slow to take it.</param>
    public void Close(byte[] last, bool dropPending)
    {
        bool goesOn;
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
            goesOn = SendPending();
        }

        if (goesOn)
            _ = WriteAsync();
    }

    /// <summary>Takes no more frames and forgets those that wait: the connection is gone.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            Forget();
            if (!_writing)
                _finished.TrySetResult();
        }
    }

    private bool OverflowsBundle(byte[] frame) =>
        _inBundle && !_writing && _pending.Count > 0 && (IsFullFor(frame) || _pendingBytes + frame.Length > WriteSize);

    private SendResult Take(byte[] frame, FrameKind kind, out bool goesOn)
    {
        goesOn = false;
        if (_closed)
            return SendResult.Closed;
        if (_writing && IsFullFor(frame))
            return kind == FrameKind.Ephemeral ? SendResult.Dropped : SendResult.Full;
        var bundle = _writing || _inBundle ? null : Bundle.Open;
        if (_writing || _inBundle || bundle is not null)
        {
            Enqueue(frame);
            bundle?.Add(this);
            _inBundle |= bundle is not null;
            return SendResult.Sent;
        }

        if (GoesDirect())
            return SendNow(frame, isShared: true, ref goesOn) ? SendResult.Sent : SendResult.Closed;
        Enqueue(frame);
        StartWriting();
        goesOn = true;
        return SendResult.Sent;
    }

    /// <summary>Sends what waits, unless that is under way.</summary>
    /// <returns>Whether <see cref="WriteAsync"/> has to go on with it.</returns>
    private bool SendPending()
    {
        if (_writing || _pending.Count == 0)
            return false;
        if (!GoesDirect())
        {
            StartWriting();
            return true;
        }

        byte[]? joined = null;
        var goesOn = false;
        while (!goesOn && NextFrames(ref joined) is { Length: > 0 } bytes && SendNow(bytes, isShared: joined is null, ref goesOn))
        {
        }

        if (joined is not null)
            ArrayPool<byte>.Shared.Return(joined);
        if (!goesOn && _closed)
            _finished.TrySetResult();
        return goesOn;
    }

    /// <summary>Gives bytes to the socket; what it does not take at once is the rest, which goes before all that waits.</summary>
    /// <returns>False: the connection is gone.</returns>
    private bool SendNow(ReadOnlyMemory<byte> bytes, bool isShared, ref bool goesOn)
    {
        var taken = socket!.Send(bytes.Span);
        if (taken < 0)
        {
            // The reader of the same socket notices, too, and ends the connection.
            Forget();
            _finished.TrySetResult();
            return false;
        }

        if (taken == bytes.Length)
            return true;
        _rest = isShared ? bytes[taken..] : bytes[taken..].ToArray();
        StartWriting();
        goesOn = true;
        return true;
    }

    private bool GoesDirect()
    {
        if (_isDecided)
            return _isDirect;
        _isDecided = true;
        return _isDirect = socket?.TryOpen() ?? false;
    }

    private void Enqueue(byte[] frame)
    {
        _pending.Enqueue(frame);
        _pendingBytes += frame.Length;
    }

    private void Forget()
    {
        _closed = true;
        _whenRoom = null;
        _pending.Clear();
        _rest = default;
        _pendingBytes = 0;
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
                if (!_isDirect)
                    await stream.WriteAsync(bytes);
                else
                    while (bytes.Length > 0)
                        bytes = bytes[await socket!.SendAsync(bytes)..];
            }
        }
        catch (Exception e) when (
            e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or SocketException)
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

    /// <summary>Takes the next bytes to write. Empty: nothing waits, and the write is over.</summary>
    private ReadOnlyMemory<byte> Next(ref byte[]? joined)
    {
        lock (_lock)
        {
            if (_rest.Length == 0 && _pending.Count == 0)
            {
                _writing = false;
                if (_closed)
                    _finished.TrySetResult();
                return default;
            }

            _writingSince = time.GetTimestamp();
            if (_rest.Length == 0)
                return NextFrames(ref joined);
            var rest = _rest;
            _rest = default;
            return rest;
        }
    }

    /// <summary>Takes one frame as it is, or as many small ones as fit into one write. Empty: no frame waits.</summary>
    private ReadOnlyMemory<byte> NextFrames(ref byte[]? joined)
    {
        if (!_pending.TryDequeue(out var frame))
            return default;
        _pendingBytes -= frame.Length;
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
