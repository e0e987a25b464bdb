using Kotodama.Server.Gates;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kotodama.Server.Http;

/// <summary>What every answer says to browsers: who may show it, frame it and read it.</summary>
internal static class AnswerHeaders
{
    /// <summary>Where the parts for other sites are, which any page may load.</summary>
    private const string Embed = "/embed";

    /// <summary>How long a browser may remember that it may ask, in seconds.</summary>
    private const string PreflightSeconds = "600";

    /// <summary>Whether any web page may load what an address has.</summary>
    /// <param name="path">The address below the mapping.</param>
    public static bool IsForAnyPage(string path) =>
        path.Equals(Embed + ".js", StringComparison.Ordinal) || path.StartsWith(Embed + "/", StringComparison.Ordinal);

    /// <summary>
    /// Sets what holds for each answer that does not say otherwise: it is what its type says, no other site shows it, and nothing frames
    /// it or runs in it.
    /// </summary>
    public static void Secure(HttpContext context, bool isForAnyPage)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = isForAnyPage ? "cross-origin" : "same-origin";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>Lets a page of another origin that may use the hub read the answer.</summary>
    public static void Share(HttpContext context, Gate gate)
    {
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (gate.ForeignOrigin(context.Request) is not { } origin)
            return;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = HeaderNames.RetryAfter;
    }

    /// <summary>Answers a browser that asks whether a page of another origin may send a request.</summary>
    public static void AnswerPreflight(HttpContext context, IEnumerable<string> methods)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = string.Join(", ", methods);
        headers.AccessControlAllowHeaders = $"{HeaderNames.ContentType}, {HeaderNames.Authorization}";
        headers.AccessControlMaxAge = PreflightSeconds;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
