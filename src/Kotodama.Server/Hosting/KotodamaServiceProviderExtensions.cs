using Kotodama.Protocol;
using Kotodama.Server.Hubs;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives a voice and a companion to the Kotodama hub of an app.</summary>
public static class KotodamaServiceProviderExtensions
{
    /// <summary>
    /// Begins to speak for all channels of the hub in this process: publications and reports of the audience come in, speech goes out, as
    /// section 10 of the protocol says of the role <c>voice</c>. Another voice that comes later takes over, and gives back when it leaves.
    /// </summary>
    /// <param name="services">The app's services, with <c>AddKotodama()</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The voice's end. Dispose it to stop speaking.</returns>
    public static async Task<IPeer> ConnectKotodamaVoiceAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        return await ConnectAsync(services, PeerRole.Voice, cancellationToken);
    }

    /// <summary>
    /// Begins to answer on all channels of the hub in this process: what users say comes in, replies go out, as section 11 of the protocol
    /// says of the role <c>companion</c>. Another companion that comes later takes over, and gives back when it leaves.
    /// </summary>
    /// <param name="services">The app's services, with <c>AddKotodama()</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The companion's end. Dispose it to stop answering.</returns>
    public static async Task<IPeer> ConnectKotodamaCompanionAsync(
        this IServiceProvider services,
        CancellationToken cancellationToken = default)
    {
        return await ConnectAsync(services, PeerRole.Companion, cancellationToken);
    }

    private static Task<HubLink> ConnectAsync(IServiceProvider services, PeerRole role, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        return HubLink.OpenAsync(
            services.GetRequiredService<Hub>(),
            role,
            services.GetRequiredService<ILogger<HubLink>>(),
            cancellationToken);
    }
}
