using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Access;
using Kotodama.Server.Gates;
using Kotodama.Server.Http;
using Kotodama.Server.Hubs;
using Kotodama.Server.Models;
using Kotodama.Server.Page;
using Kotodama.Server.Rates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Kotodama hub to an app.</summary>
public static class KotodamaServiceCollectionExtensions
{
    /// <summary>
    /// Adds the hub. The app then maps it with <c>app.MapKotodama()</c> and makes the character speak through the singleton
    /// <see cref="Stage"/>. Calling it twice is harmless.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Changes the settings. Null: configuration and defaults.</param>
    /// <returns>What a voice, a companion and engines are added to.</returns>
    public static KotodamaBuilder AddKotodama(this IServiceCollection services, Action<KotodamaServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<KotodamaServerOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.BindKotodama(KotodamaServerOptions.Section, options))
            .ValidateOnStart();
        if (configure is not null)
            services.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KotodamaServerOptions>, KotodamaServerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Hub>();
        services.TryAddSingleton(provider => provider.GetRequiredService<Hub>().Refusals);
        services.TryAddSingleton<Stage, HubStage>();
        services.TryAddSingleton(provider =>
        {
            var tokens = new TokenStore(
                provider.GetRequiredService<IOptions<KotodamaServerOptions>>().Value.DataFolder,
                provider.GetRequiredService<TimeProvider>());
            tokens.Watch();
            return tokens;
        });
        services.TryAddSingleton(provider =>
        {
            var origins = new OriginStore(
                provider.GetRequiredService<IOptions<KotodamaServerOptions>>().Value.DataFolder,
                provider.GetRequiredService<TimeProvider>());
            origins.Watch();
            return origins;
        });
        services.TryAddSingleton<Gate>();
        services.TryAddSingleton<SocketUpgrade>();
        services.TryAddSingleton<Callers>();
        services.TryAddSingleton<HttpPublisher>();
        services.TryAddSingleton<MessagesEndpoint>();
        services.TryAddSingleton<SpeakEndpoint>();
        services.TryAddSingleton<LogEndpoints>();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<KotodamaServerOptions>>().Value;
            return new ModelFolder(options.DataFolder, options.Models, provider.GetRequiredService<TimeProvider>());
        });
        services.TryAddSingleton<ModelEndpoints>();
        services.TryAddSingleton<PageFiles>();
        services.TryAddSingleton<PageEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Heartbeat>());
        return new KotodamaBuilder(services);
    }
}
