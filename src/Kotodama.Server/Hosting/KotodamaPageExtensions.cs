using Kotodama.Server.Hubs;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Tells an app about the pages of its Kotodama hub.</summary>
public static class KotodamaPageExtensions
{
    /// <summary>Waits until a page has connected for the first time since the hub's start.</summary>
    /// <param name="services">The app's services, with <c>AddKotodama()</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task WaitForKotodamaPageAsync(this IServiceProvider services, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.GetRequiredService<Hub>().FirstPage.WaitAsync(cancellationToken);
    }
}
