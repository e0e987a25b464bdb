using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Kotodama.Protocol;

namespace Kotodama.Tests.Server;

/// <summary>What becomes of messages, on the wire: waiting, catching up, receipts. F12 is a name of the fault matrix.</summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("kotodama-data-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_message_sent_while_no_page_is_open_waits_and_is_shown_once()
    {
        await using var hub = await TestHub.StartAsync();
        Assert.Equal(0, (await hub.Stage.SendLlmResponseAsync("early", cancellationToken: Token)).Pages);
        using var first = await PageAsync(hub);
        var early = await first.Socket.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal(("early", 1), (early.Content, first.Welcome.Missed));
        await first.Socket.SendAsync(new AckMessage { Channel = "default", Epoch = early.Epoch!, Displayed = [early.Seq!.Value] });
        await Limits.UntilAsync(() => hub.Hub.AskAsync(core => core.Find("default", early.Id!)!.Value.Entry.Displayed, Token).GetAwaiter().GetResult(), "the page's report");
        using var second = await PageAsync(hub);
        Assert.Equal(0, second.Welcome.Missed);
    }

    [Fact]
    public async Task A_message_that_no_page_displayed_in_time_is_not_shown_and_its_publisher_is_told()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        using var sender = await TestSocket.ConnectAsync(hub.Socket);
        await sender.SendAsync("""{"type":"llm_response","id":"late","content":"x","ttl":5000,"receipt":"displayed"}""");
        Assert.Equal(ReceiptStatus.Stored, (await sender.ReceiveAsync<ReceiptMessage>()).Status);
        time.Advance(TimeSpan.FromSeconds(5.5));
        var last = await sender.ReceiveAsync<ReceiptMessage>();
        Assert.Equal((ReceiptStatus.Expired, true, "late"), (last.Status, last.Final, last.Id));
        using var page = await PageAsync(hub);
        Assert.Equal(0, page.Welcome.Missed);
    }

    [Fact]
    public async Task Everything_survives_a_restart_and_numbers_go_on()
    {
        ChannelPosition had;
        string epoch;
        await using (var before = await TestHub.StartAsync(o => o.DataFolder = _data))
        {
            using var page = await PageAsync(before);
            var receipt = await before.Stage.SendLlmResponseAsync("one", cancellationToken: Token);
            Assert.True(receipt.Durable);
            epoch = receipt.Epoch!;
            had = new ChannelPosition(epoch, (await page.Socket.ReceiveAsync<LlmResponseMessage>()).Seq!.Value);
            await page.Socket.CloseAsync();
            await before.Stage.SendLlmResponseAsync("two", cancellationToken: Token);
            await before.Stage.SendLlmResponseAsync("three", cancellationToken: Token);
        }

        await using var after = await TestHub.StartAsync(o => o.DataFolder = _data);
        using var back = await PageAsync(after, had);
        Assert.Equal((epoch, 3L, true, 2), (back.Welcome.Epoch, back.Welcome.Seq, back.Welcome.Recovered, back.Welcome.Missed));
        Assert.Equal(["two", "three"], [(await back.Socket.ReceiveAsync<LlmResponseMessage>()).Content, (await back.Socket.ReceiveAsync<LlmResponseMessage>()).Content]);
        Assert.Equal(4, (await after.Stage.SendLlmResponseAsync("four", cancellationToken: Token)).Seq);
        var history = (await after.Http().GetFromJsonAsync<JsonObject>("api/history?limit=3", Token))!;
        Assert.Equal(["two", "three", "four"], history["replies"]!.AsArray().Select(r => (string)r!["content"]!));
    }

    [Fact]
    public async Task F12_a_message_published_again_is_shown_once_also_by_many_at_once_and_after_a_restart()
    {
        await using (var hub = await TestHub.StartAsync(o => o.DataFolder = _data))
        {
            using var page = await PageAsync(hub);
            var message = new LlmResponseMessage { Id = "once", Content = "once" };
            var receipts = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => hub.Stage.PublishAsync(message, Token)));
            Assert.All(receipts, r => Assert.Equal(1, r.Seq));
            Assert.Single(receipts, r => r.Duplicate is null);
            var conflict = await Assert.ThrowsAsync<KotodamaException>(() => hub.Stage.PublishAsync(message with { Content = "twice" }, Token));
            Assert.Equal(ErrorCode.IdConflict, conflict.Code);
            await hub.Stage.SendStatusAsync("end", cancellationToken: Token);
            Assert.Equal(["llm_response", "status"], [(await page.Socket.ReceiveAsync())!.Type, (await page.Socket.ReceiveAsync())!.Type]);
        }

        await using var after = await TestHub.StartAsync(o => o.DataFolder = _data);
        Assert.True((await after.Stage.PublishAsync(new LlmResponseMessage { Id = "once", Content = "once" }, Token)).Duplicate);
    }

    [Fact]
    public async Task Receipts_follow_a_message_from_the_disk_to_the_screen()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await PageAsync(hub);
        using var other = await PageAsync(hub);
        using var sender = await TestSocket.ConnectAsync(hub.Socket);
        await sender.SendAsync("""{"type":"llm_response","id":"m","content":"x","receipt":"displayed"}""");
        var stored = await sender.ReceiveAsync<ReceiptMessage>();
        Assert.Equal((ReceiptStatus.Stored, 2, 1L, false), (stored.Status, stored.Pages, stored.Seq, stored.Durable));
        await page.Socket.SendAsync(new AckMessage { Channel = "default", Epoch = stored.Epoch!, Received = 1, Displayed = [1] });
        var progress = await sender.ReceiveAsync<ReceiptMessage>();
        Assert.Equal((ReceiptStatus.Progress, new ReceiptCounts(2, 1, 1, 0)), (progress.Status, progress.Counts));
        await other.Socket.SendAsync(new AckMessage { Channel = "default", Epoch = stored.Epoch!, Received = 1, Superseded = [1] });
        ReceiptMessage last;
        do
            last = await sender.ReceiveAsync<ReceiptMessage>();
        while (last.Final is null);
        Assert.Equal((ReceiptStatus.Done, new ReceiptCounts(2, 2, 2, 0)), (last.Status, last.Counts));
        Assert.Equal("done", (string)(await hub.Http().GetFromJsonAsync<JsonObject>("api/messages/m", Token))!["status"]!);
    }

    [Fact]
    public async Task A_page_that_leaves_is_not_waited_for()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await PageAsync(hub);
        using var leaver = await PageAsync(hub);
        var waiting = hub.Stage.SendLlmResponseAsync("x", until: ReceiptLevel.Displayed, cancellationToken: Token);
        var shown = await page.Socket.ReceiveAsync<LlmResponseMessage>();
        await page.Socket.SendAsync(new AckMessage { Channel = "default", Epoch = shown.Epoch!, Displayed = [1] });
        Assert.False(waiting.IsCompleted);
        await leaver.Socket.CloseAsync();
        Assert.Equal(ReceiptStatus.Done, (await waiting.InTime("the last receipt")).Status);
    }

    [Fact]
    public async Task A_viewer_may_report_on_its_own_channels_and_messages_only()
    {
        await using var hub = await TestHub.StartAsync();
        var waiting = hub.Stage.SendLlmResponseAsync("x", channel: "left", until: ReceiptLevel.Displayed, cancellationToken: Token);
        using var left = await PageAsync(hub, null, "left");
        var shown = await left.Socket.ReceiveAsync<LlmResponseMessage>();
        using var right = await PageAsync(hub, null, "right");
        await right.Socket.SendAsync(new AckMessage { Channel = "left", Epoch = shown.Epoch!, Displayed = [1] });
        await left.Socket.SendAsync(new AckMessage { Channel = "left", Epoch = "another", Displayed = [1] });
        await left.Socket.SendAsync(new AckMessage { Channel = "left", Epoch = shown.Epoch!, Displayed = [2, -1, long.MaxValue] });
        await right.Socket.SendAsync("{");
        await right.Socket.ReceiveAsync<ErrorMessage>();
        await left.Socket.SendAsync("{");
        await left.Socket.ReceiveAsync<ErrorMessage>();
        Assert.False(waiting.IsCompleted);
        await left.Socket.SendAsync(new AckMessage { Channel = "left", Epoch = shown.Epoch!, Displayed = [1] });
        Assert.Equal(ReceiptStatus.Done, (await waiting.InTime("the last receipt")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_whose_writer_dies_is_ended_on_the_page(bool gone)
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        using var page = await PageAsync(hub);
        using var writer = await TestSocket.ConnectAsync(hub.Socket);
        await writer.SendAsync("""{"type":"llm_delta","id":"r1","part":0,"content":"Once upon"}""");
        await page.Socket.ReceiveAsync<LlmDeltaMessage>();
        if (gone)
            await writer.CloseAsync();
        else
            time.Advance(TimeSpan.FromSeconds(11));
        var abort = await page.Socket.ReceiveAsync<LlmAbortMessage>();
        Assert.Equal("r1", abort.Id);
        Assert.NotEmpty(abort.Reason);
    }

    [Fact]
    public async Task A_piece_without_text_keeps_a_reply_alive()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        using var page = await PageAsync(hub);
        using var writer = await TestSocket.ConnectAsync(hub.Socket);
        await writer.SendAsync("""{"type":"llm_delta","id":"r1","part":0,"content":"Once upon"}""");
        await page.Socket.ReceiveAsync<LlmDeltaMessage>();
        for (var part = 1; part <= 2; part++)
        {
            time.Advance(TimeSpan.FromSeconds(6));
            await writer.SendAsync($$"""{"type":"llm_delta","id":"r1","part":{{part}},"content":""}""");
            Assert.Equal(part, (await page.Socket.ReceiveAsync<LlmDeltaMessage>()).Part);
        }
    }

    [Fact]
    public async Task A_full_channel_drops_the_oldest_and_tells_sender_and_page()
    {
        await using var hub = await TestHub.StartAsync(o => o.KeptMessages = 2);
        var first = hub.Stage.SendLlmResponseAsync("first", until: ReceiptLevel.Displayed, cancellationToken: Token);
        var second = await hub.Stage.SendLlmResponseAsync("second", cancellationToken: Token);
        await hub.Stage.SendLlmResponseAsync("third", cancellationToken: Token);
        Assert.Equal(ReceiptStatus.Dropped, (await first.InTime("the last receipt")).Status);
        using var back = await PageAsync(hub, new ChannelPosition(second.Epoch!, 0));
        var gap = await back.Socket.ReceiveAsync<GapMessage>();
        Assert.Equal((1L, 1L, GapReason.Overflow), (gap.From, gap.To, gap.Reason));
    }

    [Fact]
    public async Task Messages_without_time_to_live_are_for_those_who_are_there()
    {
        await using var hub = await TestHub.StartAsync();
        var receipt = await hub.Stage.PublishAsync(new StatusMessage { Content = "now", Ttl = 0 }, Token);
        Assert.Equal((null, false, 0), (receipt.Seq, receipt.Durable, receipt.Pages));
        using var page = await PageAsync(hub);
        Assert.Equal((0, 0L), (page.Welcome.Missed, page.Welcome.Seq));
    }

    [Fact]
    public async Task Pings_tell_viewers_how_far_the_channels_are()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        using var page = await PageAsync(hub);
        await hub.Stage.SendStatusAsync("x", cancellationToken: Token);
        await page.Socket.ReceiveAsync<StatusMessage>();
        time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(1, (await page.Socket.ReceiveAsync<PingMessage>()).Tops!["default"]);
    }

    [Fact]
    public async Task A_second_hub_on_the_same_folder_is_refused()
    {
        await using var hub = await TestHub.StartAsync(o => o.DataFolder = _data);
        var refused = await Assert.ThrowsAsync<Kotodama.Server.Log.LogFailedException>(() => TestHub.StartAsync(o => o.DataFolder = _data));
        Assert.Contains($"in use by another hub (pid {Environment.ProcessId})", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_and_message_states_can_be_asked_for()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Stage.PublishAsync(new LlmResponseMessage { Id = "m", Content = "x" }, Token);
        var metrics = await hub.Http().GetStringAsync("metrics", Token);
        Assert.Contains("# TYPE kotodama_messages_published_total counter\nkotodama_messages_published_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Equal("waiting", (string)(await hub.Http().GetFromJsonAsync<JsonObject>("api/messages/m", Token))!["status"]!);
        using var unknown = await hub.Http().GetAsync("api/messages/none", Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var badLimit = await hub.Http().GetAsync("api/history?limit=0", Token);
        Assert.Equal(HttpStatusCode.BadRequest, badLimit.StatusCode);
    }

    private static async Task<(TestSocket Socket, ChannelWelcome Welcome)> ConnectAsync(TestHub hub, ChannelPosition? had, string channel)
    {
        var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync(new HelloMessage
        {
            Role = PeerRole.Viewer,
            Channels = [channel],
            Caps = [HelloMessage.DisplayCapability],
            Resume = had is null ? null : new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { [channel] = had },
        });
        return (socket, (await socket.WelcomeAsync()).Channels[channel]);
    }

    private static async Task<Page> PageAsync(TestHub hub, ChannelPosition? had = null, string channel = "default")
    {
        var (socket, welcome) = await ConnectAsync(hub, had, channel);
        return new Page(socket, welcome);
    }

    private sealed record Page(TestSocket Socket, ChannelWelcome Welcome) : IDisposable
    {
        public void Dispose() => Socket.Dispose();
    }
}
