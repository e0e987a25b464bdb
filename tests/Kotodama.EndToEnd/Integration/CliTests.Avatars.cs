using System.Diagnostics;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Integration;

/// <summary>Avatars and touches, as the commands choose and show them.</summary>
public sealed partial class CliTests
{
    [Fact]
    public async Task Avatar_chooses_what_pages_show_and_a_hub_that_is_killed_has_kept_it()
    {
        await using (var server = await ServeAsync())
        {
            using var page = await server.PageAsync();
            var chosen = await RunAsync("avatar", "kitsu", "--data", _data);
            Assert.True(chosen.Code == 0, chosen.Error);
            Assert.Equal("kitsu on channel default; 1 page was told.\n", chosen.Out);
            Assert.Equal("kitsu", (await page.ReceiveAsync<AvatarMessage>()).Name);
            Process.GetProcessById(server.ProcessId).Kill();
        }

        await using var again = await ServeAsync();
        using var late = await again.PageAsync();
        Assert.Equal("kitsu", (await late.ReceiveAsync<AvatarMessage>()).Name);
        Assert.Equal("kitsu\n", (await RunAsync("avatar", "--data", _data)).Out);
        Assert.StartsWith("As the character says on channel default", (await RunAsync("avatar", "--reset", "--data", _data)).Out, StringComparison.Ordinal);
        Assert.Null((await late.ReceiveAsync<AvatarMessage>()).Name);
        Assert.Equal("As the character says\n", (await RunAsync("avatar", "--data", _data)).Out);
        Assert.Equal(1, (await RunAsync("avatar", "--channel", "unused", "--data", _data)).Code);
        var both = await RunAsync("avatar", "koto", "--reset", "--data", _data);
        Assert.Equal(2, both.Code);
        var unknown = await RunAsync("avatar", "hiyori", "--data", _data);
        Assert.Equal(1, unknown.Code);
        Assert.Contains("There is no avatar hiyori at", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("There are: koto, kitsu, nagi.", unknown.Error, StringComparison.Ordinal);
        var bad = await RunAsync("avatar", "../x", "--data", _data);
        Assert.Equal(2, bad.Code);
        Assert.Contains("name must be 1 to 64 characters", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_shows_touches_and_avatars()
    {
        await using var server = await ServeAsync();
        using var watch = Start(["watch", "--data", _data]);
        await LineAsync(watch.StandardError, "Watching");
        using var page = await server.PageAsync();
        await page.SendAsync(new AvatarMessage { Name = "hiyori" });
        Assert.Contains("avatar hiyori", await LineAsync(watch.StandardOutput, "avatar"), StringComparison.Ordinal);
        await page.SendAsync(new TouchMessage { Area = "head", Gesture = TouchGesture.Stroke, Avatar = "hiyori" });
        Assert.Contains("touch (stroke, hiyori) head", await LineAsync(watch.StandardOutput, "touch"), StringComparison.Ordinal);
        watch.Kill();
    }
}
