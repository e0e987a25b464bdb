using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using static Kotodama.Server.ErrorMessages;

namespace Kotodama.Server.Http;

/// <summary>The memory that the bodies of all requests may take while they are on their way. Any thread.</summary>
/// <param name="most">Bytes.</param>
internal sealed class BodyRoom(long most)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private long _taken;

    /// <summary>Takes room for a body that has come so far.</summary>
    /// <exception cref="RefusedRequestException">Other bodies have it.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most)
            return;
        GiveBack(bytes);
        throw new RefusedRequestException(
            StatusCodes.Status503ServiceUnavailable,
            RetryableError(
                ErrorCode.Busy,
                $"the bodies of other requests take the {most} bytes that there are for them",
                "Send it again after Retry-After, and fewer of them at once."),
            RetryAfter);
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
