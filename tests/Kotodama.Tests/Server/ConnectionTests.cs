using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Kotodama.Protocol;

namespace Kotodama.Tests.Server;

public sealed class ConnectionTests
{
    [Fact]
    public async Task The_founding_message_reaches_pages_old_and_new_and_never_its_sender()
    {
        await using var hub = await TestHub.StartAsync();
        using var old = await hub.BareAsync();
        using var page = await hub.PageAsync();
        using var backend = await hub.BareAsync();
        await backend.SendAsync("""{"type": "llm_response", "content": "\u4f60\u597d", "duration": 8000}""");
        Assert.Equal("你好", (string)(await old.ReceiveJsonAsync())["content"]!);
        Assert.Equal("你好", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        using var other = await hub.BareAsync();
        await other.SendAsync("""{"type":"status","content":"busy"}""");
        Assert.Equal("busy", (string)(await old.ReceiveJsonAsync())["content"]!);

        // The first backend is a publisher now: the first thing it hears is the error it provokes, not the other's broadcast.
        await backend.SendAsync("{");
        Assert.Equal("error", (string)(await backend.ReceiveJsonAsync())["type"]!);
    }

    [Fact]
    public async Task A_page_without_hello_gets_the_two_founding_types_only()
    {
        await using var hub = await TestHub.StartAsync();
        using var old = await hub.BareAsync();
        await hub.Stage.ExpressAsync("joy", cancellationToken: TestContext.Current.CancellationToken);
        await hub.Stage.MoveAsync("wave", cancellationToken: TestContext.Current.CancellationToken);
        await hub.Stage.StopAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, (await hub.Stage.SendStatusAsync("now", cancellationToken: TestContext.Current.CancellationToken)).Pages);
        Assert.Equal("status", (string)(await old.ReceiveJsonAsync())["type"]!);
    }

    [Fact]
    public async Task Every_kind_of_message_reaches_a_page_in_order_with_contiguous_numbers()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        await using var client = await hub.ClientAsync();
        await client.SendLlmResponseAsync("a", cancellationToken: TestContext.Current.CancellationToken);
        await client.SendStatusAsync("b", cancellationToken: TestContext.Current.CancellationToken);
        await client.PublishAsync(new LlmDeltaMessage { Id = "r", Part = 0, Content = "c" }, TestContext.Current.CancellationToken);
        await client.ExpressAsync("joy", cancellationToken: TestContext.Current.CancellationToken);
        await client.MoveAsync("wave", cancellationToken: TestContext.Current.CancellationToken);
        await client.StopAsync(cancellationToken: TestContext.Current.CancellationToken);
        var got = new List<Publication>();
        for (var i = 0; i < 6; i++)
            got.Add(Assert.IsType<Publication>(await page.ReceiveAsync(), exactMatch: false));
        Assert.Equal(["llm_response", "status", "llm_delta", "expression", "motion", "stop"], got.Select(m => m.Type));
        Assert.Equal([1, 2, null, 3, 4, null], got.Select(m => m.Seq));
        Assert.Single(got.Select(m => m.Epoch).OfType<string>().Distinct());
    }

    [Fact]
    public async Task Channels_are_isolated()
    {
        await using var hub = await TestHub.StartAsync();
        using var left = await hub.PageAsync("left");
        using var both = await hub.PageAsync("left", "right");
        using var bareRight = await hub.BareAsync("?channel=right");
        using var backend = await TestSocket.ConnectAsync(new Uri(hub.Socket, "?channel=right"));
        await backend.SendAsync("""{"type":"status","content":"to the right"}""");
        await backend.SendAsync("""{"type":"status","content":"to the left","channel":"left"}""");
        Assert.Equal("to the left", (await left.ReceiveAsync<StatusMessage>()).Content);
        Assert.Equal("to the right", (string)(await bareRight.ReceiveJsonAsync())["content"]!);
        Assert.Equal(["to the right", "to the left"], [(await both.ReceiveAsync<StatusMessage>()).Content, (await both.ReceiveAsync<StatusMessage>()).Content]);
    }

    [Fact]
    public async Task Hello_is_answered_with_positions_and_limits()
    {
        await using var hub = await TestHub.StartAsync();
        await hub.Stage.SendStatusAsync("one", "left", TestContext.Current.CancellationToken);
        using var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync("""{"type":"hello","v":1,"role":"viewer","channels":["left","right"]}""");
        var welcome = await socket.ReceiveAsync<WelcomeMessage>();
        Assert.Equal(["left", "right"], welcome.Channels.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1L, 0L), (welcome.Channels["left"].Seq, welcome.Channels["right"].Seq));
        Assert.Equal(ProtocolLimits.Default, welcome.Limits);
        Assert.Equal(15_000, welcome.Ping);
    }

    [Theory]
    [InlineData("""{"type":"hello","role":"viewer"}""", """{"type":"status","content":"x"}""")]
    [InlineData("""{"type":"hello","role":"viewer"}""", """{"type":"hello","role":"viewer"}""")]
    [InlineData("""{"type":"hello","role":"publisher"}""", """{"type":"ack","channel":"default","epoch":"e","displayed":[1]}""")]
    [InlineData("""{"type":"status","content":"x","receipt":"stored"}""", """{"type":"hello","role":"viewer"}""")]
    [InlineData("""{"type":"hello","role":"publisher"}""", """{"type":"welcome","v":1,"server":"x","session":"x"}""")]
    [InlineData("""{"type":"hello","role":"publisher"}""", """{"type":"receipt","id":"a","channel":"b","status":"stored","pages":1}""")]
    public async Task What_does_not_fit_the_role_is_refused_and_the_connection_lives_on(string first, string then)
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync(first);
        await socket.ReceiveJsonAsync();
        await socket.SendAsync(then);
        Assert.Equal(ErrorCode.NotAllowed, (string)(await socket.ReceiveJsonAsync())["code"]!);
        await socket.SendAsync("{");
        Assert.Equal(ErrorCode.BadJson, (string)(await socket.ReceiveJsonAsync())["code"]!);
    }

    [Fact]
    public async Task Another_protocol_version_is_told_to_stay_away()
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync("""{"type":"hello","v":2,"role":"viewer"}""");
        Assert.Equal(ErrorCode.UnsupportedVersion, (string)(await socket.ReceiveJsonAsync())["code"]!);
        Assert.Null(await socket.ReceiveTextAsync());
        Assert.Equal(CloseCode.Version, (int?)socket.CloseCode);
    }

    [Fact]
    public async Task Nine_errors_are_forgiven_by_one_good_message_and_ten_in_a_row_are_not()
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await TestSocket.ConnectAsync(hub.Socket);
        for (var i = 0; i < 9; i++)
        {
            await socket.SendAsync("{");
            await socket.ReceiveJsonAsync();
        }

        await socket.SendAsync("""{"type":"stop"}""");
        object[] bad = ["{", "[]", """{"type":"x"}""", """{"type":"llm_response"}""", new byte[10], new string('x', 70_000), "7", """{"type":"status","content":1}""", "", "null"];
        foreach (var message in bad)
        {
            await (message is string text ? socket.SendAsync(text) : socket.SendAsync((byte[])message, WebSocketMessageType.Binary));
            var error = await socket.ReceiveJsonAsync();
            Assert.Equal("error", (string)error["type"]!);
            Assert.All(new[] { "code", "message", "hint" }, field => Assert.NotEmpty((string)error[field]!));
        }

        Assert.Null(await socket.ReceiveTextAsync());
        Assert.Equal(CloseCode.TooManyErrors, (int?)socket.CloseCode);
        Assert.False(CloseCode.MayReturn((int?)socket.CloseCode));
    }

    [Fact]
    public async Task A_stream_grows_piece_by_piece_and_ends_whole()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        var receipt = await hub.Stage.SayAsync(Pieces("Once ", "", "upon ", "a time"), TimeSpan.FromSeconds(3), "joy", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, receipt!.Pages);
        var deltas = new[] { await page.ReceiveAsync<LlmDeltaMessage>(), await page.ReceiveAsync<LlmDeltaMessage>(), await page.ReceiveAsync<LlmDeltaMessage>() };
        var end = await page.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal([(0, "Once "), (1, "upon "), (2, "a time")], deltas.Select(d => (d.Part, d.Content)));
        Assert.Equal(("Once upon a time", 3000.0, "joy"), (end.Content, end.Duration, end.Emotion));
        Assert.All(deltas, d => Assert.Equal(end.Id, d.Id));
    }

    [Fact]
    public async Task A_stream_that_is_too_long_for_one_reply_becomes_several()
    {
        await using var hub = await TestHub.StartAsync();
        await using var viewer = await hub.ClientAsync(o => o.Role = PeerRole.Viewer);
        var piece = new string('x', 6_000);
        await hub.Stage.SayAsync(Pieces(piece, piece, piece, piece), cancellationToken: TestContext.Current.CancellationToken);
        var replies = new List<string>();
        while (replies.Count < 2)
            if (await viewer.Incoming.ReadAsync(TestContext.Current.CancellationToken) is LlmResponseMessage reply)
                replies.Add(reply.Content);
        Assert.Equal([12_000, 12_000], replies.Select(r => r.Length));
    }

    [Fact]
    public async Task A_viewer_reads_what_a_hub_with_larger_limits_took()
    {
        await using var hub = await TestHub.StartAsync(o => o.Limits = new ProtocolLimits { Content = 40_000 });
        await using var viewer = await hub.ClientAsync(o => o.Role = PeerRole.Viewer);
        await hub.Stage.SendStatusAsync(new string('x', 30_000), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(30_000, Assert.IsType<StatusMessage>(await viewer.Incoming.ReadAsync(TestContext.Current.CancellationToken)).Content.Length);
    }

    [Fact]
    public async Task A_stream_that_fails_is_closed_with_what_it_has()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        await Assert.ThrowsAsync<InvalidDataException>(() => hub.Stage.SayAsync(Failing(), cancellationToken: TestContext.Current.CancellationToken));
        await page.ReceiveAsync<LlmDeltaMessage>();
        Assert.Equal("half", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        Assert.Null(await hub.Stage.SayAsync(Pieces(), cancellationToken: TestContext.Current.CancellationToken));

        static async IAsyncEnumerable<string> Failing()
        {
            yield return "half";
            await Task.Yield();
            throw new InvalidDataException("the model died");
        }
    }

    [Fact]
    public async Task The_stage_of_this_process_refuses_what_the_wire_would_refuse()
    {
        await using var hub = await TestHub.StartAsync();
        var refused = await Assert.ThrowsAsync<KotodamaException>(() => hub.Stage.SendLlmResponseAsync("x", TimeSpan.FromHours(1), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.OutOfRange, refused.Code);
    }

    [Fact]
    public async Task A_full_hub_refuses_connections_and_channels_with_the_setting_to_raise()
    {
        await using var hub = await TestHub.StartAsync(o => (o.MaxConnections, o.MaxChannels) = (2, 2));
        using var left = await hub.PageAsync("left");
        using var right = await hub.PageAsync("right");
        var full = await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(hub.Socket));
        Assert.Contains("503", full.Message, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<KotodamaException>(() => hub.Stage.SendStatusAsync("x", "third", TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.TooManyChannels, refused.Code);
        Assert.Contains("MaxChannels", refused.Message, StringComparison.Ordinal);

        // Room comes back: a channel without viewers gives way.
        await right.CloseAsync();
        Assert.Null(await right.ReceiveTextAsync());
        await Limits.UntilAsync(() => hub.Hub.Connections.Count() == 1, "the connection to end");
        Assert.Equal("third", (await hub.Stage.SendStatusAsync("x", "third", TestContext.Current.CancellationToken)).Channel);
        using var again = await TestSocket.ConnectAsync(hub.Socket);
    }

    [Fact]
    public async Task Stopping_tells_pages_and_closes_with_a_come_back_code()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var bare = await hub.BareAsync();
        var stopped = hub.StopAsync();
        Assert.True((await page.ReceiveAsync<ByeMessage>()).RetryAfter > 0);
        Assert.Null(await page.ReceiveTextAsync());
        Assert.Null(await bare.ReceiveTextAsync());
        Assert.Equal((CloseCode.GoingAway, CloseCode.GoingAway), ((int?)page.CloseCode, (int?)bare.CloseCode));
        Assert.True(CloseCode.MayReturn((int?)page.CloseCode));
        await stopped.InTime("the hub to stop");
    }

    [Fact]
    public async Task A_hub_that_stops_asks_each_client_to_come_back_at_another_moment()
    {
        await using var hub = await TestHub.StartAsync();
        var pages = new List<TestSocket>();
        for (var i = 0; i < 5; i++)
            pages.Add(await hub.PageAsync());
        var stopped = hub.StopAsync();
        var moments = new List<double>();
        foreach (var page in pages)
        {
            moments.Add((await page.ReceiveAsync<ByeMessage>()).RetryAfter);
            Assert.Null(await page.ReceiveTextAsync());
            page.Dispose();
        }

        Assert.Equal(5, moments.Distinct().Count());
        Assert.All(moments, m => Assert.InRange(m, 500, 525));
        await stopped.InTime("the hub to stop");
    }

    [Fact]
    public async Task The_first_page_is_one_that_said_hello_and_displays()
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var hello in new[] { """{"type":"hello","role":"publisher"}""", """{"type":"hello","role":"viewer"}""", """{"type":"hello","role":"publisher","caps":["display"]}""" })
        {
            using var other = await TestSocket.ConnectAsync(hub.Socket);
            await other.SendAsync(hello);
            await other.WelcomeAsync();
            await other.SendAsync("{");
            await other.ReceiveAsync<ErrorMessage>();
        }

        using var bare = await hub.BareAsync();
        Assert.False(hub.Hub.FirstPage.IsCompleted);
        using var page = await hub.PageAsync();
        await hub.Hub.FirstPage.InTime("the page to be noticed");
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_for_the_stall_timeout_is_closed_as_too_slow()
    {
        var (second, limit, time) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), new ManualTime());
        await using var hub = await TestHub.StartAsync(
            o => (o.StallTimeout, o.PingInterval, o.PingTimeout, o.OutboxBytes) = (limit, second, TimeSpan.FromMinutes(30), 1024 * 1024 * 1024), time);
        using var witness = await TestSocket.ConnectAsync(hub.Socket);
        await witness.SendAsync(new HelloMessage { Role = PeerRole.Publisher });
        await witness.WelcomeAsync();
        using var stalled = await RawSocket.ConnectAsync(hub.Url, receiveBuffer: 4096);
        await Limits.UntilAsync(() => hub.Hub.Channels.Sum(c => c.Subscriptions.Count) == 1, "the stalled viewer");
        var connection = hub.Hub.Connections.Single(c => !c.SaidHello);
        for (var i = 0; i < 800; i++)
            await hub.Stage.SendStatusAsync(new string('x', 16_000), cancellationToken: TestContext.Current.CancellationToken);

        var silence = TimeSpan.Zero;
        for (; !connection.IsClosing; silence += second)
        {
            Assert.True(silence <= limit + (3 * second), $"still open after {silence}");
            time.Advance(second);
            Assert.IsType<PingMessage>(await witness.ReceiveAsync());
        }

        Assert.True(silence > limit, $"closed after {silence} already");
        Assert.Equal(CloseCode.TooSlow, await stalled.ReadCloseCodeAsync());
    }

    [Fact]
    public async Task What_people_say_is_in_the_log_at_trace_only()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var backend = await hub.BareAsync();
        await backend.SendAsync("""{"type":"llm_response","content":"a private matter","duration":1e999}""");
        await backend.SendAsync("""{"type":"llm_response","content":"a private matter"}""");
        await page.ReceiveAsync<LlmResponseMessage>();
        Assert.All(hub.Log.Lines.Where(l => l.Text.Contains("private", StringComparison.Ordinal)), l => Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Trace, l.Level));
    }

    [Fact]
    public async Task Pings_keep_a_living_connection_and_end_a_dead_one()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        using var page = await hub.PageAsync();
        using var dead = await RawSocket.ConnectAsync(hub.Url);
        await dead.SendAsync(Wire.Text("""{"type":"hello","role":"viewer"}"""));
        await Limits.UntilAsync(() => hub.Hub.Connections.Count(c => c.SaidHello) == 2, "both connections");
        var living = hub.Hub.Connections.Single(c => c.Client is not null);
        var heard = living.LastHeard;
        time.Advance(TimeSpan.FromSeconds(16));
        Assert.IsType<PingMessage>(await page.ReceiveAsync());
        var more = page.ReceiveTextAsync();
        await Limits.UntilAsync(() => living.LastHeard != heard, "the pong of the page");
        time.Advance(TimeSpan.FromSeconds(10));
        await Limits.UntilAsync(() => !hub.Hub.Connections.Any(c => c.Client is null && !c.IsClosing), "the silent connection to be closed");
        Assert.False(living.IsClosing);
        time.Advance(TimeSpan.FromSeconds(2));
        await Limits.UntilAsync(() => hub.Hub.Connections.Count() == 1, "the silent connection to be cut");
        Assert.False(more.IsFaulted);
    }

    [Fact]
    public async Task The_log_tells_of_clients_without_hello_that_they_come_end_and_are_cut()
    {
        var time = new ManualTime();
        await using var hub = await TestHub.StartAsync(time: time);
        using var backend = await hub.BareAsync("?channel=left");
        var session = hub.Hub.Connections.Single().Session;
        await backend.SendAsync("""{"type":"status","content":"x"}""");
        await LoggedAsync($"Connection {session} says no hello: it publishes on the channel left.");
        await backend.CloseAsync();
        Assert.Null(await backend.ReceiveTextAsync());
        await LoggedAsync($"Connection {session}, without hello, has ended after 0.0 s.");

        using var silent = await RawSocket.ConnectAsync(hub.Url);
        await Limits.UntilAsync(() => hub.Hub.Connections.Any(), "the silent viewer");
        session = hub.Hub.Connections.Single().Session;
        time.Advance(TimeSpan.FromSeconds(4));
        await LoggedAsync($"Connection {session} says no hello: it listens on the channel default.");

        // One with hello had to answer within 25 s; this one may compute or sleep.
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.False(hub.Hub.Connections.Single().IsClosing);
        time.Advance(TimeSpan.FromSeconds(20));
        await LoggedAsync($"Connection {session}, without hello, is cut: it answered no ping for 60 s");
        time.Advance(TimeSpan.FromSeconds(2));
        await LoggedAsync($"Connection {session}, without hello, has ended after ");

        Task LoggedAsync(string text) => Limits.UntilAsync(
            () => hub.Log.Lines.Any(l => l.Level >= Microsoft.Extensions.Logging.LogLevel.Information && l.Text.StartsWith(text, StringComparison.Ordinal)), text);
    }

    [Fact]
    public async Task A_byte_order_mark_before_a_message_is_passed_over()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var backend = await hub.BareAsync();
        await backend.SendAsync("\uFEFF{\"type\":\"status\",\"content\":\"one\"}");
        Assert.Equal("one", (await page.ReceiveAsync<StatusMessage>()).Content);
        using var body = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. """{"type":"status","content":"two"}"""u8]);
        body.Headers.ContentType = new("application/json");
        using var answer = await hub.Http().PostAsync("api/messages", body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("two", (await page.ReceiveAsync<StatusMessage>()).Content);
    }

    private static async IAsyncEnumerable<string> Pieces(params string[] pieces)
    {
        foreach (var piece in pieces)
        {
            await Task.Yield();
            yield return piece;
        }
    }
}
