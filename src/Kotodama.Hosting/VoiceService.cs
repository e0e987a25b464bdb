using Kotodama.Voice;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kotodama.Hosting;

/// <summary>Lets the hub of this process speak, unless the settings switch that off.</summary>
internal sealed class VoiceService(
    IServiceProvider services,
    IOptions<VoiceOptions> options,
    TimeProvider time,
    ILogger<Speaker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
            return;
        await using var hub = await services.ConnectKotodamaVoiceAsync(stoppingToken);
        var speaker = new Speaker(hub, services.GetRequiredService<SpeechChain>(), options.Value.Speed, time, logger);
        await speaker.RunAsync(stoppingToken);
    }
}
