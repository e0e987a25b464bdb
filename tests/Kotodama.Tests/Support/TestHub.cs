using System.Net;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Hubs;
using Kotodama.Server.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Support;

/// <summary>
/// A hub on real Kestrel, on a free port of 127.0.0.1. When it ends it proves that nothing is left behind: no connection, no subscription,
/// no work, no timer of a manual clock, and no exception in the log.
/// </summary>
internal sealed class TestHub : IAsyncDisposable
{
    /// <summary>A request with this header comes from the address that it names, as far as the hub can tell.</summary>
    public const string AddressHeader = "Test-Address";

    private readonly WebApplication _app;
    private readonly List<HttpClient> _clients = [];
    private readonly ManualTime? _time;
    private readonly bool _mayDegrade;

    private TestHub(WebApplication app, TestLog log, TimeProvider? time, bool mayDegrade)
    {
        _app = app;
        _time = time as ManualTime;
        _mayDegrade = mayDegrade;
        Log = log;
        Url = new Uri(app.Urls.Single() + "/");
    }

    public Uri Url { get; private set; }

    public Uri Socket => new UriBuilder(Url) { Scheme = "ws" }.Uri;

    public TestLog Log { get; }

    public Hub Hub => _app.Services.GetRequiredService<Hub>();

    /// <summary>A part of the hub.</summary>
    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Stage Stage => _app.Services.GetRequiredService<Stage>();

    /// <param name="configure">Changes the hub's settings.</param>
    /// <param name="time">The hub's clock. Null: the real one.</param>
    /// <param name="port">0: a free one.</param>
    /// <param name="prefix">Where the hub is mapped.</param>
    /// <param name="disk">Puts a failing disk below a hub with a data folder.</param>
    public static async Task<TestHub> StartAsync(Action<KotodamaServerOptions>? configure = null, TimeProvider? time = null, int port = 0, string prefix = "", Func<IMessageStore, IMessageStore>? disk = null)
    {
        var log = new TestLog();
        var builder = WebApplication.CreateSlimBuilder();
        // Of the framework as little as the program shows: it writes addresses, and fails on names of hosts that are none.
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        if (time is not null)
            builder.Services.Replace(ServiceDescriptor.Singleton(time));
        builder.Services.AddKotodama(configure);
        if (time is not null)
            builder.Services.Replace(ServiceDescriptor.Singleton(time));
        if (disk is not null)
            builder.Services.AddSingleton(disk);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Headers.Remove(AddressHeader, out var address))
                context.Connection.RemoteIpAddress = IPAddress.Parse(address.ToString());
            return next(context);
        });
        app.MapKotodama(prefix);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestHub(app, log, time, disk is not null);
    }

    public HttpClient Http()
    {
        var http = new HttpClient { BaseAddress = Url };
        _clients.Add(http);
        return http;
    }

    /// <summary>A viewer that said hello and counts as a page.</summary>
    public async Task<TestSocket> PageAsync(params string[] channels)
    {
        var socket = await TestSocket.ConnectAsync(Socket);
        await socket.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Channels = channels.Length == 0 ? null : channels, Caps = [HelloMessage.DisplayCapability], Client = "test page" });
        await socket.WelcomeAsync();
        return socket;
    }

    /// <summary>A viewer that says nothing, known to the hub.</summary>
    public async Task<TestSocket> BareAsync(string query = "")
    {
        var before = Hub.Channels.Sum(c => c.Subscriptions.Count);
        var socket = await TestSocket.ConnectAsync(new Uri(Socket, query));
        await Limits.UntilAsync(() => Hub.Channels.Sum(c => c.Subscriptions.Count) > before, "the bare viewer to be known");
        return socket;
    }

    /// <summary>A voice in the hub's process, known to the hub.</summary>
    public Task<IPeer> VoiceAsync() => _app.Services.ConnectKotodamaVoiceAsync(TestContext.Current.CancellationToken);

    public Task<IPeer> CompanionAsync() => _app.Services.ConnectKotodamaCompanionAsync(TestContext.Current.CancellationToken);

    public Task<KotodamaClient> ClientAsync(Action<KotodamaClientOptions>? configure = null)
    {
        var options = new KotodamaClientOptions { Name = "test client" };
        configure?.Invoke(options);
        return KotodamaClient.ConnectAsync(Socket, options, TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var http in _clients)
            http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        var hub = Hub;
        await Limits.UntilAsync(() => !hub.Connections.Any(), "every connection to end with the hub");
        await Limits.UntilAsync(() => hub.Channels.All(c => c.Subscriptions.Count == 0), "every viewer to leave its channels");
        await _app.DisposeAsync();
        Assert.Equal(0, hub.QueueDepth);
        Assert.Equal(0, _time?.Timers ?? 0);
        var errors = Log.Errors.Where(line => !_mayDegrade || !line.Contains("degraded", StringComparison.Ordinal)).ToArray();
        Assert.True(errors.Length == 0, string.Join('\n', errors));
    }
}
