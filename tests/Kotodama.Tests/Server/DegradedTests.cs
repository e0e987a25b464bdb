using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Server.Log;

namespace Kotodama.Tests.Server;

/// <summary>A hub whose disk fails: its clients stay connected, and are told.</summary>
public sealed class DegradedTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-degraded-").FullName;
    private readonly ManualTime _time = new();
    private FailingStore _disk = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_hub_says_that_it_is_degraded_and_why_until_the_disk_works_again()
    {
        await using var hub = await StartAsync();
        _disk.Writes = FailingStore.Full;
        Assert.False((await hub.Stage.SendStatusAsync("one", cancellationToken: Token)).Durable);
        using (var health = await hub.Http().GetAsync("healthz", Token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Equal("degraded: messages are kept in memory only: the disk is full", await health.Content.ReadAsStringAsync(Token));
        }

        var status = await hub.Http().GetFromJsonAsync<JsonObject>("api/status", Token);
        Assert.Equal(("degraded", "the disk is full", false), ((string)status!["health"]!, (string)status["failure"]!, (bool)status["durable"]!));
        var metrics = await hub.Http().GetStringAsync("metrics", Token);
        Assert.Contains("\nkotodama_degraded 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nkotodama_storage_full 1\n", metrics, StringComparison.Ordinal);
        await HealAsync(hub);
        Assert.Equal("ok", await hub.Http().GetStringAsync("healthz", Token));
        Assert.Equal("ok", (string)(await hub.Http().GetFromJsonAsync<JsonObject>("api/status", Token))!["health"]!);
        Assert.True((await hub.Stage.SendStatusAsync("two", cancellationToken: Token)).Durable);
    }

    [Fact]
    public async Task A_publisher_that_asks_for_stored_is_refused_and_the_others_are_served()
    {
        await using var hub = await StartAsync();
        await using var client = await hub.ClientAsync(o => o.SendTimeout = TimeSpan.FromMilliseconds(300));
        _disk.Writes = FailingStore.Full;
        Assert.Equal((true, false), (await client.SendLlmResponseAsync("hello", cancellationToken: Token)) is var served ? (served.Seq == 1, served.Durable) : default);
        var refused = await Assert.ThrowsAsync<KotodamaException>(() => client.SendLlmResponseAsync("hello", until: ReceiptLevel.Stored, cancellationToken: Token));
        Assert.Equal(ErrorCode.StorageFull, refused.Code);
        using var strict = await hub.Http().PostAsJsonAsync("api/messages", new { type = "status", content = "x", receipt = "stored" }, Token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_full"), (strict.StatusCode, (string)(await strict.Content.ReadFromJsonAsync<JsonObject>(Token))!["code"]!));
        using var easy = await hub.Http().PostAsJsonAsync("api/messages", new { type = "status", content = "x" }, Token);
        Assert.False((bool)(await easy.Content.ReadFromJsonAsync<JsonObject>(Token))!["durable"]!);
    }

    [Fact]
    public async Task Viewers_that_are_connected_go_on_over_the_change_and_back()
    {
        await using var hub = await StartAsync();
        using var page = await hub.PageAsync();
        await using var viewer = await hub.ClientAsync(o => o.Role = PeerRole.Viewer);
        await SayAsync(hub, "a1", "a2");
        _disk.Writes = FailingStore.Full;
        await SayAsync(hub, "b3", "b4");
        await HealAsync(hub);
        await SayAsync(hub, "b5");
        var seen = new List<string>();
        for (var i = 0; i < 6; i++)
            seen.Add(await page.ReceiveAsync() is GapMessage gap ? $"gap {gap.From}..{gap.To} {gap.Reason}" : "message");
        Assert.Equal(["message", "message", "gap 3..2 Epoch", "message", "message", "message"], seen);
        var texts = new List<string>();
        while (texts.Count < 5)
            texts.Add(Assert.IsType<StatusMessage>(await viewer.Incoming.ReadAsync(Token).AsTask().InTime("a message")).Content);

        Assert.Equal(["a1", "a2", "b3", "b4", "b5"], texts);
    }

    [Fact]
    public async Task A_viewer_that_comes_back_with_the_epoch_before_gets_the_rest_once()
    {
        ChannelPosition had;
        await using (var hub = await StartAsync())
        {
            await SayAsync(hub, "1", "2");
            had = new ChannelPosition(hub.Hub.Channels.Single().Epoch, 1);
            _disk.Writes = FailingStore.Full;
            await SayAsync(hub, "3");
            await ComesBackAsync(hub, had);
            await HealAsync(hub);
            await ComesBackAsync(hub, had);
        }

        await using var again = await StartAsync();
        using var page = await ComesBackAsync(again, had);

        // It acknowledges what it had in the epoch in which it had it, which knows nothing of what came later.
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = had.Epoch, Displayed = [2, 3] });
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer });
        await page.ReceiveAsync<ErrorMessage>();
        var displayed = await again.Hub.AskAsync(core => (core.Find("default", "2")!.Value.Entry.Displayed, core.Find("default", "3")!.Value.Entry.Displayed), Token);
        Assert.Equal((true, false), displayed);
    }

    private static async Task SayAsync(TestHub hub, params string[] texts)
    {
        foreach (var text in texts)
            await hub.Stage.PublishAsync(new StatusMessage { Id = text, Content = text, Ttl = 600_000 }, Token);
    }

    private static async Task<TestSocket> ComesBackAsync(TestHub hub, ChannelPosition had)
    {
        var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync(new HelloMessage
        {
            Role = PeerRole.Viewer,
            Caps = [HelloMessage.DisplayCapability],
            Resume = new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { ["default"] = had },
        });
        var welcome = (await socket.WelcomeAsync()).Channels["default"];
        Assert.Equal((3L, true, 2), (welcome.Seq, welcome.Recovered, welcome.Missed));
        Assert.NotEqual(had.Epoch, welcome.Epoch);
        Assert.Equal((2L, 1L, GapReason.Epoch), await socket.ReceiveAsync<GapMessage>() is var gap ? (gap.From, gap.To, gap.Reason) : default);
        Assert.Equal([(welcome.Epoch, 2L), (welcome.Epoch, 3L)], [At(await socket.ReceiveAsync<StatusMessage>()), At(await socket.ReceiveAsync<StatusMessage>())]);
        return socket;

        static (string?, long?) At(StatusMessage message) => (message.Epoch, message.Seq);
    }

    private async Task<TestHub> StartAsync() =>
        await TestHub.StartAsync(o => o.DataFolder = _data, _time, disk: store => _disk = new FailingStore(store));

    private async Task HealAsync(TestHub hub)
    {
        _disk.Writes = null;
        await hub.Hub.AskAsync(
            core =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                core.Tick();
                return true;
            },
            Token);
        Assert.Null(hub.Hub.Failure);
    }
}
