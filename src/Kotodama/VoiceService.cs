using Kotodama.Voice;
using Kotodama.Voice.Speaking;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kotodama.Cli;

/// <summary>Lets the hub of this process speak.</summary>
internal sealed class VoiceService(IServiceProvider services, VoiceOptions options, TimeProvider time, ILogger<Speaker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var speech = SpeechChains.Create(options, Environment.GetEnvironmentVariable, time, logger);
        await using var hub = await services.ConnectKotodamaVoiceAsync(stoppingToken);
        await new Speaker(hub, speech, options.Speed, time, logger).RunAsync(stoppingToken);
    }
}
