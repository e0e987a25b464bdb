using Kotodama.Companion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kotodama.Hosting;

/// <summary>Lets the hub of this process answer the user, unless the settings switch that off.</summary>
internal sealed class CompanionService(IServiceProvider services, IOptions<CompanionOptions> options) : BackgroundService
{
    private CompanionHost? _companion;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here and not in the background: a store that cannot be opened stops the app's start.
        if (!options.Value.Llm.IsOff)
            _companion = services.GetRequiredService<CompanionHost>();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_companion is null)
            return;
        await using var hub = await services.ConnectKotodamaCompanionAsync(stoppingToken);
        await _companion.RunAsync(hub, stoppingToken);
    }
}
