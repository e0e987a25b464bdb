namespace Microsoft.Extensions.DependencyInjection;

/// <summary>An app with a Kotodama hub, to which a voice, a companion and engines can be added.</summary>
public sealed class KotodamaBuilder
{
    internal KotodamaBuilder(IServiceCollection services) => Services = services;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }
}
