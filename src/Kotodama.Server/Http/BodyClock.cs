using System.Buffers;
using System.IO.Pipelines;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>
/// How long the body of one request may take: no piece of it for too long, and on the whole it must keep up a speed. Then what its client
/// holds meanwhile is free again. One caller at a time; disposed with the request.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="aborted">Cancelled when the client is gone.</param>
internal sealed class BodyClock(TimeProvider time, CancellationToken aborted) : IDisposable
{
    /// <summary>How long nothing of a body may come.</summary>
    private static readonly TimeSpan StallWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long a body may take, however slowly it comes.</summary>
    private static readonly TimeSpan BodyWithin = TimeSpan.FromSeconds(60);

    /// <summary>A longer one must come at this speed on the whole, in bytes a second.</summary>
    private const int LeastSpeed = 128 * 1024;

    private readonly long _start = time.GetTimestamp();
    private readonly CancellationTokenSource _limit = new(Timeout.InfiniteTimeSpan, time);
    private long _read;

    /// <summary>Reads a piece of a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="buffer">Where to; not empty.</param>
    /// <returns>How many bytes; 0: it has ended.</returns>
    /// <exception cref="RefusedRequestException">It takes too long.</exception>
    public async ValueTask<int> ReadAsync(PipeReader body, Memory<byte> buffer)
    {
        var left = BodyWithin + TimeSpan.FromSeconds(_read / LeastSpeed) - time.GetElapsedTime(_start);
        if (left <= TimeSpan.Zero)
            throw TooSlow();
        _limit.CancelAfter(left < StallWithin ? left : StallWithin);

        // A read that a token ends stays open, and the server could not read to the end of the request; one that is called back is not.
        using var limit = _limit.Token.UnsafeRegister(static b => ((PipeReader)b!).CancelPendingRead(), body);
        using var gone = aborted.UnsafeRegister(static b => ((PipeReader)b!).CancelPendingRead(), body);
        while (true)
        {
            var result = await body.ReadAsync(CancellationToken.None);
            var length = result.IsCanceled ? 0 : (int)Math.Min(result.Buffer.Length, buffer.Length);
            result.Buffer.Slice(0, length).CopyTo(buffer.Span);
            body.AdvanceTo(result.Buffer.GetPosition(length));
            aborted.ThrowIfCancellationRequested();
            if (result.IsCanceled)
                throw TooSlow();
            _read += length;
            if (length > 0 || result.IsCompleted)
                return length;
        }
    }

    public void Dispose() => _limit.Dispose();

    private static RefusedRequestException TooSlow() => new(StatusCodes.Status408RequestTimeout, Error(
        ErrorCode.TooSlow,
        $"nothing of the body came for {StallWithin.TotalSeconds:0} s, or it took longer than {BodyWithin.TotalSeconds:0} s",
        "Send it again, as fast as it is read from a file."));
}
