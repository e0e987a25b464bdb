namespace Kotodama.EndToEnd.Integration.Rfc6455;

/// <summary>One hub for all cases of a class.</summary>
public sealed class OneHub : IAsyncLifetime
{
    internal TestHub Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hub = await TestHub.StartAsync();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
