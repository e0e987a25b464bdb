using Kotodama.Protocol;
using Kotodama.Server.Gates;
using Kotodama.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Kotodama.Server.Page;

/// <summary>Serves the page at the root, and at <c>/demo/demo.html</c>, the founding project's address.</summary>
internal sealed class PageEndpoint(PageFiles files)
{
    public Task IndexAsync(HttpContext context) => ServeAsync(context, PageFiles.Index);

    /// <summary>
    /// The page at the root of the mapping. The addresses in it are relative, so without the last slash none would be found.
    /// </summary>
    public Task RootAsync(HttpContext context)
    {
        var request = context.Request;
        var path = (request.PathBase + request.Path).ToString();
        if (path.EndsWith('/'))
            return IndexAsync(context);
        context.Response.Redirect(path + "/" + request.QueryString);
        return Task.CompletedTask;
    }

    public Task FileAsync(HttpContext context) => ServeAsync(context, context.Request.RouteValues["path"] as string ?? "");

    /// <summary>
    /// The script for pages of others. It is the same for every page and holds nothing of this hub, so any page may load it, also one that
    /// may not connect: only then it can say so.
    /// </summary>
    public Task EmbedAsync(HttpContext context) => ServeAnyPageAsync(context, PageFiles.Embed);

    /// <summary>What that script brings.</summary>
    public Task EmbedPartAsync(HttpContext context) =>
        ServeAnyPageAsync(context, PageFiles.EmbedParts + context.Request.RouteValues["path"]);

    private Task ServeAnyPageAsync(HttpContext context, string path)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.XContentTypeOptions = "nosniff";
        return files.Find(path) is { } file ? file.WriteAsync(context) : NothingAsync(context);
    }

    private Task ServeAsync(HttpContext context, string path)
    {
        SecureHeaders(context);
        return files.Find(path) is { } file
            ? file.WriteAsync(context)
            : NothingAsync(context);
    }

    private static Task NothingAsync(HttpContext context) =>
        Answers.RefuseAsync(context, StatusCodes.Status404NotFound, ErrorCode.NotFound, "there is nothing here", "The page is at /.");

    private static void SecureHeaders(HttpContext context)
    {
        // A Cubism Core is WebAssembly; it may compile itself, but nothing makes code of text.
        // The host is one of ours: the gate has checked it. Older browsers do not count ws: as 'self'.
        var host = context.Request.Host;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
            + $"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
            + "require-trusted-types-for 'script'; trusted-types kotodama-worker kotodama-core 'allow-duplicates'";
        headers["Permissions-Policy"] = "microphone=(self)";

        // Browsers heed it where they trust the origin, and complain everywhere else.
        if (context.Request.IsHttps || Gate.IsLoopback(host.Host))
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
