using Kotodama.Protocol;
using Kotodama.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Gates;

/// <summary>What the gate decided about a request.</summary>
/// <param name="Grant">What it may do; nothing when it is refused.</param>
/// <param name="Error">Why it is refused; null: it may come in.</param>
/// <param name="Status">The status of the refusal.</param>
/// <param name="RetryAfter">When to try again; null: not by itself.</param>
internal sealed record Admission(
    Grant Grant,
    ErrorMessage? Error = null,
    int Status = StatusCodes.Status403Forbidden,
    TimeSpan? RetryAfter = null)
{
    /// <summary>Lets a request in.</summary>
    public static Admission For(Grant grant) => new(grant);

    /// <summary>Refuses a request.</summary>
    public static Admission Refuse(ErrorMessage error, int status = StatusCodes.Status403Forbidden, TimeSpan? retryAfter = null) =>
        new(Grant.Nothing, error, status, retryAfter);
}
