using System.IO.Pipelines;
using Kotodama.Server.Models;

namespace Kotodama.Server.Http;

/// <summary>
/// The body of an upload, which ends with an error when it is longer than an upload may be, because one that is sent in chunks does not say
/// its length before, or when it comes too slowly.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="limits">How long it may be.</param>
/// <param name="clock">How slowly it may come.</param>
internal sealed class BoundedBody(PipeReader body, ModelLimits limits, BodyClock clock) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await clock.ReadAsync(body, buffer));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(int read)
    {
        _read += read;
        return _read <= limits.UploadBytes ? read : throw ModelUpload.TooLarge(limits);
    }
}
