using System.Text;

namespace Kotodama.Tests.Support;

/// <summary>What a program prints, as it is read by a test, shown line by line to a <see cref="SecretWatch"/> on the way.</summary>
internal sealed class WatchedStream(Stream inner, Action<string> line) : Stream
{
    /// <summary>Sound that a program prints has no lines.</summary>
    private const int LongestLine = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly MemoryStream _line = new();
    private int _reading;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Reads what no test has read, up to the end; not while a test reads it.</summary>
    public void ReadRest()
    {
        if (Volatile.Read(ref _reading) > 0)
            return;
        var buffer = new byte[4096];
        try
        {
            while (Read(buffer, 0, buffer.Length) > 0)
            {
                // Each part was shown while it was read.
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The test has closed it.
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Interlocked.Increment(ref _reading);
        try
        {
            return Show(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reading);
        try
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            return Show(buffer.Span, count);
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Show(ReadOnlySpan<byte> buffer, int count)
    {
        lock (_gate)
        {
            foreach (var b in buffer[..count])
            {
                _line.WriteByte(b);
                if (b == (byte)'\n' || _line.Length == LongestLine)
                    End();
            }

            if (count == 0)
                End();
        }

        return count;
    }

    private void End()
    {
        if (_line.Length > 0)
            line(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length));
        _line.SetLength(0);
    }
}
