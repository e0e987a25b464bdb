using Microsoft.Extensions.Hosting;

namespace Kotodama.Server.Hubs;

/// <summary>
/// The hub's one timer: pings connections, ends dead and stalled ones, and says bye when the host stops. One timer for all, because
/// a timer per connection costs more than looking at ten thousand of them once a second.
/// </summary>
internal sealed class Heartbeat(Hub hub, TimeProvider time, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The web server waits for open connections when it stops, so they have to be told before.
        await using var goodbye = lifetime.ApplicationStopping.Register(() => _ = hub.StopAsync());
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            var last = time.GetTimestamp();
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // After a pause of the whole process nothing has been read from any client, and no client is to blame.
                var late = time.GetElapsedTime(last) > Late;
                last = time.GetTimestamp();
                foreach (var connection in hub.Connections)
                    connection.Beat(late);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
