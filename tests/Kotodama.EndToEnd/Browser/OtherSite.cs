using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kotodama.EndToEnd.Browser;

/// <summary>A web site of another origin on a free port of 127.0.0.1: every path is the same page.</summary>
internal sealed class OtherSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherSite(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single() + "/");

    /// <param name="body">What stands in the page's body, and before it.</param>
    /// <param name="policy">The page's Content-Security-Policy; null: none.</param>
    public static async Task<OtherSite> StartAsync(string body, string? policy = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            if (context.Request.Path.Value?.EndsWith(".ico", StringComparison.Ordinal) == true)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            if (policy is not null)
                context.Response.Headers.ContentSecurityPolicy = policy;
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync("<!doctype html><html lang=\"en\"><title>A site</title>" + body, context.RequestAborted);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtherSite(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
