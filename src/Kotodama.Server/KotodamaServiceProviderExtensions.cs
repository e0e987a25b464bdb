using Kotodama.Protocol;
using Kotodama.Server.Hubs;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives a voice to the Kotodama hub of an app.</summary>
public static class KotodamaServiceProviderExtensions
{
    /// <summary>
    /// Begins to speak for all channels of the hub in this process: what is published and who listens comes in, speech goes out, as section 10 of the
    /// protocol says of the role <c>voice</c>. Another voice that comes later takes over, and gives back when it leaves.
    /// </summary>
    /// <param name="services">The app's services, with <c>AddKotodama()</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The voice's end. Dispose it to stop speaking.</returns>
    public static async Task<IPeer> ConnectKotodamaVoiceAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        return await HubLink.OpenAsync(services.GetRequiredService<Hub>(), services.GetRequiredService<ILogger<HubLink>>(), cancellationToken);
    }
}
