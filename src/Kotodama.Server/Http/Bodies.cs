using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>
/// Reads the bodies of requests. What is under way is bounded over all requests, small bodies and large ones each for themselves, so that a
/// message still comes in while others bring sound; so is what one address has under way, and how long it takes. Any thread.
/// </summary>
/// <param name="options">Settings.</param>
/// <param name="time">The clock.</param>
internal sealed class Bodies(IOptions<KotodamaServerOptions> options, TimeProvider time)
{
    /// <summary>Bytes of small bodies under way: of messages, and of what users decide about models.</summary>
    private const int SmallRoom = 16 * 1024 * 1024;

    /// <summary>Bytes of large bodies under way: of sound. At least two of the largest that there may be.</summary>
    private const int LargeRoom = 64 * 1024 * 1024;

    /// <summary>Large bodies under way, and of one address.</summary>
    private const int MostLarge = 64, MostLargeOfOne = 16;

    private const int FirstPiece = 16 * 1024;

    /// <summary>How long a large body may wait for its turn.</summary>
    private static readonly TimeSpan TurnWithin = TimeSpan.FromSeconds(15);

    private readonly int _small = Math.Max(options.Value.Limits.Frame, 256 * 1024);
    private readonly BodyRoom _smallRoom = new(Math.Max(SmallRoom, 2L * options.Value.Limits.Frame));
    private readonly BodyRoom _largeRoom = new(Math.Max(LargeRoom, 2L * options.Value.MaxSoundBytes));
    private readonly Places _large = new(MostLarge, MostLargeOfOne, time);

    /// <summary>Reads the body; null when it is larger than the limit.</summary>
    /// <exception cref="RefusedRequestException">There is no room for it now, or it takes too long.</exception>
    public async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int limit)
    {
        // The framework's own limit would answer without saying which setting it is.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        if (context.Request.ContentLength > limit)
            return null;
        if (limit <= _small)
            return await ReadAsync(context, limit, _smallRoom);
        var address = Gate.RemoteAddress(context);
        if (!await _large.TryEnterAsync(address, TurnWithin, context.RequestAborted))
        {
            throw new RefusedRequestException(
                StatusCodes.Status503ServiceUnavailable,
                RetryableError(
                    ErrorCode.Busy,
                    $"{MostLargeOfOne} large bodies of this address, or {MostLarge} of all, are on their way and take long",
                    "Send it again after Retry-After, and fewer of them at once."),
                TurnWithin);
        }

        try
        {
            return await ReadAsync(context, limit, _largeRoom);
        }
        finally
        {
            _large.Leave(address);
        }
    }

    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int limit, BodyRoom room)
    {
        // One byte more shows that a body that does not tell its length is too large.
        var most = context.Request.ContentLength ?? limit + 1L;
        var (body, count, taken) = (Array.Empty<byte>(), 0, 0L);
        using var clock = new BodyClock(time, context.RequestAborted);
        try
        {
            while (count < most)
            {
                if (count == body.Length)
                {
                    // No more than twice what has come: a length that is only announced takes no room.
                    var length = (int)Math.Min(Math.Min(most, Array.MaxLength), Math.Max(FirstPiece, 2L * body.Length));
                    room.Take(length - body.Length);
                    taken = length;
                    Array.Resize(ref body, length);
                }

                var read = await clock.ReadAsync(context.Request.BodyReader, body.AsMemory(count));
                if (read == 0)
                    break;
                count += read;
            }
        }
        finally
        {
            room.GiveBack(taken);
        }

        if (count > limit)
            return null;
        return body.AsMemory(0, count);
    }
}
