using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kotodama.Cli.Configuration;

/// <summary>
/// The app in which the hub runs. The framework's usual builders take files of the working directory, addresses and assemblies of
/// variables and trusted proxies of <c>ForwardedHeaders_Enabled</c>; this one knows only <see cref="Settings"/>.
/// </summary>
internal static class HubBuilder
{
    /// <summary>Makes the builder of the app.</summary>
    public static WebApplicationBuilder Create(Settings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(HubBuilder).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,

            // Development shows stacks to a client that makes a request fail.
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        settings.AddTo(builder.Configuration);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        return builder;
    }
}
