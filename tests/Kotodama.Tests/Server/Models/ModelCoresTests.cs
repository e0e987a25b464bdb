using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Server.Models;

public sealed class ModelCoresTests
{
    private const string Script = "/* ours */ var Live2DCubismCore = {}; /* MocVersion_30 MocVersion_50 */";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("var Live2DCubismCore = 1", "live2dcubismcore.min.js")]
    [InlineData("\uFEFFvar PurismCore = 1", "live2dcubismcore.min.js")]
    [InlineData("var Live2DModelWebGL = 1", "live2d.min.js")]
    [InlineData(" <!doctype html>Live2DCubismCore", null)]
    [InlineData("alert(1)", null)]
    [InlineData("", null)]
    public void A_core_is_known_by_what_is_in_it(string script, string? file) => Assert.Equal(file, ModelCores.Recognize(ModelRig.Utf8(script)));

    [Fact]
    public void A_core_is_kept_in_place_of_the_old_one_and_says_what_it_knows()
    {
        using var rig = new ModelRig();
        Assert.Null(rig.Folder.Cores.Core);
        Assert.Equal(new CoreFile("live2dcubismcore.min.js", Script.Length, 5), rig.Folder.Cores.Put(ModelRig.Utf8(Script)));
        Assert.Null(rig.Folder.Cores.Put("Live2DCubismCore"u8).NewestMoc);
        Assert.Equal("live2d.min.js", rig.Folder.Cores.Put("Live2DModelWebGL"u8).File);
        Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(rig.Folder.FullPath!, "_core")).Count());
        Assert.Empty(rig.Folder.List());
    }

    [Fact]
    public void A_core_that_the_user_put_there_under_its_long_name_is_found()
    {
        using var rig = new ModelRig();
        rig.Put("_core", KeyValuePair.Create("live2dcubismcore.js", ModelRig.Utf8(Script)));
        Assert.Equal("live2dcubismcore.js", rig.Folder.Cores.Core!.File);
        Assert.NotNull(rig.Folder.Cores.Locate("live2dcubismcore.min.js"));
        Assert.Null(rig.Folder.Cores.Locate("../_core/live2dcubismcore.js"));
    }

    [Fact]
    public void A_script_that_is_too_large_is_refused_with_the_setting()
    {
        using var rig = new ModelRig(new ModelLimits { CoreBytes = 20 });
        var refused = Assert.Throws<ModelException>(() => rig.Folder.Cores.Put(ModelRig.Utf8(Script)));
        Assert.Equal(ErrorCode.TooBig, refused.Code);
        Assert.Contains("Kotodama:Models:CoreBytes", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_fetched_from_the_address_of_the_settings_and_kept()
    {
        await using var host = await HostAsync(context => context.Response.WriteAsync(Script));
        using var rig = new ModelRig(new ModelLimits { CoreAddress = new Uri(host.Urls.Single() + "/core.js") });
        Assert.Equal(5, (await rig.Folder.Cores.FetchAsync(Token)).NewestMoc);
        Assert.Equal(Script.Length, rig.Folder.Cores.Core!.Bytes);
    }

    [Theory]
    [InlineData(200, "<html>Live2DCubismCore", ErrorCode.FetchFailed, "is no Core")]
    [InlineData(404, Script, ErrorCode.FetchFailed, "404")]
    [InlineData(200, "long", ErrorCode.TooBig, "larger than 200 bytes")]
    public async Task What_the_host_sends_instead_is_not_kept(int status, string body, string code, string reason)
    {
        await using var host = await HostAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body == "long" ? Script + new string(' ', 300) : body);
        });
        using var rig = new ModelRig(new ModelLimits { CoreBytes = 200, CoreAddress = new Uri(host.Urls.Single()) });
        var refused = await Assert.ThrowsAsync<ModelException>(() => rig.Folder.Cores.FetchAsync(Token));
        Assert.Equal(code, refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Null(rig.Folder.Cores.Core);
    }

    [Fact]
    public async Task A_host_that_says_nothing_is_given_up_after_the_time_of_the_settings()
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await HostAsync(context =>
        {
            isAsked.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using var rig = new ModelRig(new ModelLimits { CoreAddress = new Uri(host.Urls.Single()) });
        var time = new ManualTime();
        var fetched = new ModelFolder(rig.Data, rig.Limits, time).Cores.FetchAsync(Token);
        await isAsked.Task.InTime("the request");
        time.Advance(TimeSpan.FromSeconds(61));
        var refused = await Assert.ThrowsAsync<ModelException>(() => fetched.InTime("the end"));
        Assert.Contains("longer than 60 s", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://live2d.test/core.js")]
    [InlineData("ftp://live2d.test/core.js")]
    public void An_address_without_encryption_is_refused_at_the_start(string address)
    {
        var options = new KotodamaServerOptions { Models = { CoreAddress = new Uri(address) } };
        Assert.Contains("Kotodama:Models:CoreAddress must be an https address", options.Validate(), StringComparison.Ordinal);
        Assert.Null(new KotodamaServerOptions().Validate());
        Assert.Contains("Models:Files must be at least 1", new KotodamaServerOptions { Models = { Files = 0 } }.Validate(), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> HostAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(Token);
        return app;
    }
}
