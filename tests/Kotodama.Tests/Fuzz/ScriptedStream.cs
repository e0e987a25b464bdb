using Kotodama.Companion.Memory;

namespace Kotodama.Tests.Fuzz;

/// <summary>How a peer ends when it has said everything.</summary>
internal enum PeerEnd
{
    /// <summary>It ends its side in order.</summary>
    Closes,

    /// <summary>The connection is lost.</summary>
    Breaks,

    /// <summary>It stays and says nothing more.</summary>
    FallsSilent,
}

/// <summary>A connection in memory whose peer says what a script has, in pieces, and may stop taking what it is sent.</summary>
/// <param name="script">What it says.</param>
/// <param name="piece">The largest piece.</param>
/// <param name="end">What it does then.</param>
/// <param name="takes">How many bytes it takes before it takes no more; a write that comes then waits until the connection ends.</param>
internal sealed class ScriptedStream(byte[] script, int piece, PeerEnd end, long takes) : Stream
{
    private readonly MemoryStream _written = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _at;
    private int _writing;

    /// <summary>Ends when the script is over, or the peer takes nothing more.</summary>
    public Task Said => _said.Task;

    /// <summary>Everything that was taken.</summary>
    public byte[] Written
    {
        get
        {
            lock (_written)
                return _written.ToArray();
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The transport is gone: every wait for it fails.</summary>
    public void Abort()
    {
        _said.TrySetResult();
        _gone.TrySetResult();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at < script.Length)
        {
            var length = Math.Min(Math.Min(piece, buffer.Length), script.Length - _at);
            script.AsMemory(_at, length).CopyTo(buffer);
            _at += length;
            return length;
        }

        _said.TrySetResult();
        if (end == PeerEnd.FallsSilent)
        {
            await _gone.Task.WaitAsync(cancellationToken);
            throw new IOException("the connection was aborted");
        }

        return end == PeerEnd.Closes ? 0 : throw new IOException("the connection was lost");
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _writing, 1) == 1)
            throw new NotSupportedException("two writes at once");
        if (_written.Length + buffer.Length > takes)
        {
            // A reader that waits for this write may read no more of the script until time has passed.
            _said.TrySetResult();
            await _gone.Task.WaitAsync(cancellationToken);
            throw new IOException("the connection was aborted");
        }

        lock (_written)
            _written.Write(buffer.Span);
        Volatile.Write(ref _writing, 0);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
