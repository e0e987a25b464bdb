using Kotodama.Protocol;

namespace Kotodama.Server.Http;

/// <summary>A request is not served, wherever in its handling that was found out.</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="error">Why.</param>
/// <param name="retryAfter">When the client may try again; null: that is not known.</param>
internal sealed class RefusedRequestException(int status, ErrorMessage error, TimeSpan? retryAfter = null) : Exception(error.Message)
{
    public int Status => status;

    public ErrorMessage Error => error;

    public TimeSpan? RetryAfter => retryAfter;
}
