using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;

namespace Kotodama.Tests.Server;

/// <summary>Which avatar a channel shows: chosen on every way in, told to every page, and kept.</summary>
public sealed class AvatarTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-avatars-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Kept => Path.Combine(_data, Avatars.FileName);

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_choice_reaches_every_page_on_every_way_in_and_pages_that_come_later()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var left = await hub.PageAsync("left");
        using var bare = await hub.BareAsync();
        using var publisher = await TestSocket.ConnectAsync(hub.Socket);
        await publisher.SendAsync("""{"type":"avatar","name":"hiyori"}""");
        Assert.Equal("hiyori", (await page.ReceiveAsync<AvatarMessage>()).Name);
        var answer = await PostAsync(hub, """{"type":"avatar","name":"桃瀬ひより"}""");
        Assert.Equal((1, false), ((int)answer["pages"]!, (bool)answer["durable"]!));
        Assert.Equal("桃瀬ひより", (await page.ReceiveAsync<AvatarMessage>()).Name);
        await hub.Stage.ChooseAvatarAsync("kitsu", cancellationToken: Token);
        Assert.Equal(("default", "kitsu"), (await page.ReceiveAsync<AvatarMessage>()) is var told ? (told.Channel, told.Name) : default);
        await page.SendAsync("""{"type":"avatar","name":"nagi"}""");
        Assert.Equal("nagi", (await page.ReceiveAsync<AvatarMessage>()).Name);

        using var late = await hub.PageAsync();
        Assert.Equal(new AvatarMessage { Channel = "default", Name = "nagi" }, await late.ReceiveAsync());
        await hub.Stage.ChooseAvatarAsync(null, cancellationToken: Token);
        Assert.Null((await page.ReceiveAsync<AvatarMessage>()).Name);
        using var later = await hub.PageAsync();
        Assert.Null((await later.ReceiveAsync<AvatarMessage>()).Name);

        // Another channel has a choice of its own, and a client of the founding protocol gets nothing that it does not know.
        await hub.Stage.SendLlmResponseAsync("Hello.", channel: "left", cancellationToken: Token);
        await hub.Stage.SendLlmResponseAsync("Hello.", cancellationToken: Token);
        await left.ReceiveAsync<LlmResponseMessage>();
        await bare.ReceiveAsync<LlmResponseMessage>();
    }

    [Fact]
    public async Task A_page_that_comes_where_nothing_was_ever_chosen_is_told_nothing()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        await hub.Stage.SendLlmResponseAsync("Hello.", cancellationToken: Token);
        await page.ReceiveAsync<LlmResponseMessage>();
    }

    [Fact]
    public async Task A_page_chooses_for_its_own_channels_only()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync("left", "right");
        await page.SendAsync("""{"type":"avatar","channel":"default","name":"koto"}""");
        Assert.Equal(ErrorCode.NotAllowed, (await page.ReceiveAsync<ErrorMessage>()).Code);
        await page.SendAsync("""{"type":"avatar","name":"koto"}""");
        Assert.Equal("left", (await page.ReceiveAsync<AvatarMessage>()).Channel);
        await page.SendAsync("""{"type":"avatar","channel":"right","name":"a/b"}""");
        Assert.Equal(ErrorCode.BadValue, (await page.ReceiveAsync<ErrorMessage>()).Code);
    }

    [Fact]
    public async Task A_choice_outlives_the_hub_and_a_publisher_is_told_so()
    {
        await using (var hub = await TestHub.StartAsync(o => o.DataFolder = _data))
        {
            Assert.True((await hub.Stage.ChooseAvatarAsync("hiyori", "left", Token)).Durable);
            Assert.True((await hub.Stage.ChooseAvatarAsync("kitsu", cancellationToken: Token)).Durable);

            // Before the publisher is answered, so that a hub that is killed now has it.
            Assert.Contains("hiyori", await File.ReadAllTextAsync(Kept, Token), StringComparison.Ordinal);
        }

        await using var again = await TestHub.StartAsync(o => o.DataFolder = _data);
        using var page = await again.PageAsync("left", "default");
        Assert.Equal(["left hiyori", "default kitsu"], [await ChosenAsync(page), await ChosenAsync(page)]);
        var channels = (await again.Http().GetFromJsonAsync<JsonObject>("api/status", Token))!["channels"]!.AsArray();
        Assert.Equal("hiyori", (string?)channels.Single(c => (string?)c!["name"] == "left")!["avatar"]);
    }

    [Theory]
    [InlineData("[{\"channel\":\"default\",\"na")]
    [InlineData("[{\"channel\":\"default\",\"name\":\"../x\"}]")]
    [InlineData("[{\"channel\":\"Not a channel\"}]")]
    [InlineData("[null]")]
    [InlineData("7")]
    public async Task A_damaged_file_is_put_aside_and_the_hub_goes_on(string json)
    {
        await File.WriteAllTextAsync(Kept, json, Token);
        await using var hub = await TestHub.StartAsync(o => o.DataFolder = _data);
        Assert.Contains(hub.Log.Lines, line => line.Text.Contains("are damaged", StringComparison.Ordinal));
        Assert.Equal(json, await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_data, "avatars.json.corrupt-*")), Token));
        Assert.True((await hub.Stage.ChooseAvatarAsync("koto", cancellationToken: Token)).Durable);
    }

    [Fact]
    public void While_the_disk_fails_choices_are_in_memory_and_are_written_when_it_works_again()
    {
        var log = new TestLog();
        var avatars = new Avatars(_data, new ManualTime(), log);
        Directory.CreateDirectory(Kept + ".new");
        Assert.False(avatars.Choose([("default", "koto")], 0));
        Assert.False(avatars.Choose([("left", "nagi")], 1_000));
        Assert.Equal(new AvatarChoice("koto"), avatars.Find("default"));
        Assert.Single(log.Lines);
        Directory.Delete(Kept + ".new");
        avatars.Tick(5_999);
        Assert.False(File.Exists(Kept));
        avatars.Tick(6_000);
        var again = new Avatars(_data, new ManualTime(), log);
        Assert.Equal((new AvatarChoice("koto"), new AvatarChoice("nagi"), null), (again.Find("default"), again.Find("left"), again.Find("right")));
    }

    [Fact]
    public void Of_too_many_channels_the_one_that_chose_longest_ago_is_forgotten()
    {
        var avatars = new Avatars(_data, new ManualTime(), new TestLog());
        avatars.Choose(Enumerable.Range(0, Avatars.Most).Select(i => ($"c{i}", (string?)"koto")), 0);
        avatars.Choose([("c0", "nagi"), ("one-more", null)], 0);
        var again = new Avatars(_data, new ManualTime(), new TestLog());
        Assert.Equal(new AvatarChoice("nagi"), again.Find("c0"));
        Assert.Null(again.Find("c1"));
        Assert.Equal(new AvatarChoice(null), again.Find("one-more"));
    }

    [Fact]
    public async Task A_choice_waits_for_no_page()
    {
        await using var hub = await TestHub.StartAsync();
        Assert.Contains("those that open show it", (string?)(await PostAsync(hub, """{"type":"avatar","name":"koto"}"""))["hint"], StringComparison.Ordinal);
    }

    private static async Task<string> ChosenAsync(TestSocket page) => await page.ReceiveAsync<AvatarMessage>() is var told ? $"{told.Channel} {told.Name}" : "";

    private static async Task<JsonObject> PostAsync(TestHub hub, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await hub.Http().PostAsync("api/messages", body, Token);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Token))!;
    }
}
