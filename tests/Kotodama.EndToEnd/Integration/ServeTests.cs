using Kotodama.Cli;
using Kotodama.Cli.Commands;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kotodama.EndToEnd.Integration;

/// <summary>Parts of the program that a process of its own would show too slowly or not at all.</summary>
public sealed class ServeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_is_wanted_only_when_no_page_has_come_within_two_seconds()
    {
        var time = new ManualTime();
        var page = new TaskCompletionSource();
        var found = ServeCommand.IsPageMissingAsync(page.Task, time, Token);
        var alone = ServeCommand.IsPageMissingAsync(new TaskCompletionSource().Task, time, Token);
        time.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(alone.IsCompleted);
        page.SetResult();
        Assert.False(await found.InTime("the page to be noticed"));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(await alone.InTime("the wait to end"));
        Assert.False(await ServeCommand.IsPageMissingAsync(new TaskCompletionSource().Task, time, new CancellationToken(canceled: true)));
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public void The_program_bounds_its_web_server_above_the_hub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new("Kotodama:MaxConnections", "300")]);
        ServeCommand.Configure(builder, ServeSettings.Read(builder.Configuration), pagePort: 0);
        using var services = builder.Services.BuildServiceProvider();
        var limits = services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(1300, limits.MaxConcurrentConnections);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.RequestHeadersTimeout);
    }

    [Fact]
    public void An_app_that_embeds_the_hub_keeps_the_limits_of_its_web_server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddKotodama();
        using var services = builder.Services.BuildServiceProvider();
        var (limits, standard) = (services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits, new KestrelServerLimits());
        Assert.Equal((standard.MaxConcurrentConnections, standard.RequestHeadersTimeout), (limits.MaxConcurrentConnections, limits.RequestHeadersTimeout));
    }

    [Fact]
    public async Task Commands_that_are_too_fast_wait_as_long_as_the_hub_asks()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(o => o.Limits = new ProtocolLimits { PublishRate = 1, PublishBurst = 1 }, time);
        using var api = new HubApi(hub.Url);
        await api.PublishAsync(new StatusMessage { Content = "first" }, null, Token);
        var second = api.PublishAsync(new StatusMessage { Content = "second" }, null, Token);
        await Limits.UntilAsync(() => hub.Hub.Limited == 1, "the second one to be refused");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await second.InTime("the answer")).GetProperty("seq").GetInt32());
    }
}
