using Kotodama.Server.Access;
using Kotodama.Server.Gates;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Http;

/// <summary>
/// <c>/api/session</c>: the page exchanges a token for a cookie that no script can read, so that it outlives a reload and is nowhere in the
/// page. <c>DELETE</c> ends that.
/// </summary>
internal static class SessionEndpoint
{
    /// <summary>Browsers keep no cookie longer.</summary>
    private const int LongestDays = 400;

    /// <summary>Sets the cookie by the token of the request, or removes it.</summary>
    public static Task HandleAsync(HttpContext context, TimeProvider time)
    {
        var request = context.Request;
        var name = PresentedToken.Cookie(request);
        if (HttpMethods.IsDelete(request.Method))
        {
            context.Response.Cookies.Delete(name, Options(request, null));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var grant = Grant.Of(context);
        if (grant.TokenId is null || PresentedToken.Read(request) is not { } token)
        {
            return Answers.RefuseAsync(
                context,
                StatusCodes.Status401Unauthorized,
                Protocol.ErrorCode.TokenNeeded,
                "there is no token to exchange",
                "Send it as Authorization: Bearer TOKEN.");
        }

        var most = time.GetUtcNow().AddDays(LongestDays);
        context.Response.Cookies.Append(name, token, Options(request, grant.Expires < most ? grant.Expires : most));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        Path = Root(request),
        Expires = expires,
    };

    /// <summary>Where the hub is mapped: only there is the cookie sent.</summary>
    private static string Root(HttpRequest request)
    {
        var path = (request.PathBase + request.Path).ToString();
        return path[..^"api/session".Length];
    }
}
