using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Server.Hubs;
using Kotodama.Server.Sockets;
using Kotodama.Tests.Simulation;

namespace Kotodama.Tests.Server;

/// <summary>Clients that say more than they may. The hub's clock stands still unless a test moves it.</summary>
public sealed class RateTests
{
    private const int Burst = 5, Early = 7;

    private static readonly ProtocolLimits Slow = new() { PublishRate = 10, PublishBurst = Burst, FrameRate = 10, FrameBurst = Burst };

    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_sends_too_fast_is_slowed_down_to_the_rate_and_nothing_is_lost()
    {
        await using var hub = await StartAsync();
        using var page = await hub.PageAsync();
        using var sender = await RawSocket.ConnectAsync(hub.Url);
        var connection = await ExcessAsync(hub, sender);
        for (var i = 0; i < Burst; i++)
            Assert.Equal($"{i}", (await page.ReceiveAsync<StatusMessage>()).Content);
        for (var i = Burst; i < Burst + Early; i++)
        {
            Assert.Equal(i, hub.Hub.Published);
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal($"{i}", (await page.ReceiveAsync<StatusMessage>()).Content);
        }

        Assert.Equal(Early, connection.Slowed);
        Assert.Single(hub.Log.Lines, l => l.Text.Contains("slowed down", StringComparison.Ordinal));
        Assert.Contains($"kotodama_rate_limited_total {Early}\n", await hub.Http().GetStringAsync("metrics", Token), StringComparison.Ordinal);
        var status = (await hub.Http().GetFromJsonAsync<JsonObject>("api/status", Token))!;
        Assert.Equal(Early, (long)status["rateLimited"]!);
        Assert.Equal(Early, (long)status["clients"]!.AsArray().Single(c => (string)c!["session"]! == connection.Session)!["slowed"]!);
    }

    [Fact]
    public async Task Pieces_of_a_streamed_reply_have_an_allowance_of_their_own()
    {
        await using var hub = await StartAsync(new ProtocolLimits { PublishRate = 10, PublishBurst = 1, FrameRate = 10, FrameBurst = Burst });
        using var page = await hub.PageAsync();
        using var sender = await TestSocket.ConnectAsync(hub.Socket);
        for (var i = 0; i < Burst + 1; i++)
            await sender.SendAsync(new LlmDeltaMessage { Id = "r", Part = i, Content = "x" });
        await sender.SendAsync(new LlmResponseMessage { Id = "r", Content = "xxxxxx" });
        for (var i = 0; i < Burst; i++)
            Assert.Equal(i, (await page.ReceiveAsync<LlmDeltaMessage>()).Part);
        await Limits.UntilAsync(() => hub.Hub.Limited == 2, "the last piece and the end to be held");
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Burst, (await page.ReceiveAsync<LlmDeltaMessage>()).Part);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await page.ReceiveAsync<LlmResponseMessage>();
    }

    [Fact]
    public async Task A_ping_is_answered_although_messages_are_held_before_it()
    {
        await using var hub = await StartAsync();
        using var sender = await RawSocket.ConnectAsync(hub.Url);
        await ExcessAsync(hub, sender);
        await sender.SendAsync(Wire.Frame(Opcode.Ping, [1, 2, 3]));
        Assert.Equal(Opcode.Pong, (await sender.ReadFrameAsync())!.Value.Opcode);
        Assert.Equal(Burst, hub.Hub.Published);
    }

    [Fact]
    public async Task Who_says_goodbye_has_everything_taken_at_once_before_the_answer()
    {
        await using var hub = await StartAsync();
        using var sender = await RawSocket.ConnectAsync(hub.Url);
        await ExcessAsync(hub, sender);
        await sender.SendAsync(Wire.Close(CloseCode.Normal));
        Assert.Equal(CloseCode.Normal, await sender.ReadCloseCodeAsync());
        await Limits.UntilAsync(() => hub.Hub.Published == Burst + Early, "everything to be stored");
    }

    [Fact]
    public async Task What_was_held_of_a_client_that_vanishes_is_taken_too()
    {
        await using var hub = await StartAsync();
        using var sender = await RawSocket.ConnectAsync(hub.Url);
        await ExcessAsync(hub, sender);
        sender.Reset();
        await Limits.UntilAsync(() => hub.Hub.Published == Burst + Early, "everything to be stored");
        await Limits.UntilAsync(() => !hub.Hub.Connections.Any(), "the connection to end");
    }

    [Fact]
    public async Task What_is_held_has_a_bound_beyond_which_the_network_holds_the_client_back()
    {
        await using var hub = await StartAsync();
        using var sender = await RawSocket.ConnectAsync(hub.Url);
        var text = new string('x', 16_000);
        var sending = SendAsync();
        var connection = await OnlyAsync(hub);
        await Limits.UntilAsync(() => connection.Slowed == 17, "256 KiB to be held");
        Assert.False(sending.IsCompleted);

        // Alive although nothing of what it answers to pings can be read.
        for (var i = 0; i < 40; i++)
        {
            var published = hub.Hub.Published;
            _time.Advance(TimeSpan.FromSeconds(1));
            await Limits.UntilAsync(() => hub.Hub.Published > published, "the next message");
        }

        Assert.False(connection.IsClosing);
        sender.Reset();
        await Assert.ThrowsAnyAsync<IOException>(() => sending);

        async Task SendAsync()
        {
            var frame = Wire.Text($$"""{"type":"status","content":"{{text}}"}""");
            for (var i = 0; i < 10_000; i++)
                await sender.SendAsync(frame);
        }
    }

    [Fact]
    public async Task Stopping_cuts_the_wait_and_leaves_no_timer()
    {
        await using var hub = await StartAsync();
        await Limits.UntilAsync(() => _time.Timers > 0, "the hub's own timers");
        var before = _time.Timers;
        using var sender = await RawSocket.ConnectAsync(hub.Url);
        var connection = await ExcessAsync(hub, sender);
        await Limits.UntilAsync(() => _time.Timers > before, "the wait");
        var stopped = hub.StopAsync();
        await Limits.UntilAsync(() => connection.IsClosing, "the connection to be closed");
        _time.Advance(TimeSpan.FromSeconds(1));
        await connection.Ended.InTime("the connection to end");
        await stopped.InTime("the hub to stop");
        Assert.True(_time.Timers <= before, $"{_time.Timers} timers, {before} before");
    }

    [Fact]
    public async Task Over_HTTP_each_address_has_its_allowance_and_what_is_above_is_refused_with_429()
    {
        await using var hub = await StartAsync(new ProtocolLimits { PublishRate = 1, PublishBurst = 2 }, o => o.AllowRemoteClients = true);
        for (var i = 0; i < 2; i++)
            Assert.Equal(202, (await PostAsync(hub, "192.0.2.1")).Status);
        for (var i = 0; i < 3; i++)
        {
            var (status, retryAfter, answer) = await PostAsync(hub, "::ffff:192.0.2.1");
            Assert.Equal((429, "1", ErrorCode.RateLimited, true), (status, retryAfter, (string)answer["code"]!, (bool)answer["retry"]!));
        }

        Assert.Equal(202, (await PostAsync(hub, "192.0.2.2")).Status);
        Assert.Equal(202, (await PostAsync(hub, "192.0.2.1", """{"type":"stop"}""")).Status);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(202, (await PostAsync(hub, "192.0.2.1")).Status);
        Assert.Equal((3, 3), (hub.Hub.Limited, hub.Hub.Refusals.Total));
        Assert.Single(hub.Log.Lines, l => l.Text.Contains(ErrorCode.RateLimited, StringComparison.Ordinal));
    }

    [Fact]
    public void More_addresses_than_can_be_told_apart_share_one_allowance_until_others_are_quiet()
    {
        var callers = new Kotodama.Server.Rates.Callers(Microsoft.Extensions.Options.Options.Create(new Kotodama.Server.KotodamaServerOptions { Limits = Slow with { FrameBurst = 1 } }), _time);
        for (var i = 0; i < 1024; i++)
            Assert.Equal(TimeSpan.Zero, callers.TryTake(new IPAddress(0x0A000000 + i), null, 0, out _));
        Assert.Equal(TimeSpan.Zero, callers.TryTake(IPAddress.Parse("192.0.2.1"), null, 0, out _));
        Assert.NotEqual(TimeSpan.Zero, callers.TryTake(IPAddress.Parse("192.0.2.2"), null, 0, out var first));
        Assert.True(first);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, callers.TryTake(IPAddress.Parse("192.0.2.1"), null, 0, out _));
        Assert.Equal(TimeSpan.Zero, callers.TryTake(IPAddress.Parse("192.0.2.2"), null, 0, out _));
    }

    private Task<TestHub> StartAsync(ProtocolLimits? limits = null, Action<Kotodama.Server.KotodamaServerOptions>? configure = null) => TestHub.StartAsync(
        options =>
        {
            options.Limits = limits ?? Slow;
            configure?.Invoke(options);
        },
        _time);

    /// <summary>Sends more than is allowed, and waits until the hub holds what came too early.</summary>
    private static async Task<Connection> ExcessAsync(TestHub hub, RawSocket sender)
    {
        for (var i = 0; i < Burst + Early; i++)
            await sender.SendAsync(Wire.Text($$"""{"type":"status","content":"{{i}}"}"""));
        await Limits.UntilAsync(() => hub.Hub.Limited == Early && hub.Hub.Published == Burst, "the excess to be held");
        return hub.Hub.Connections.Single(c => !c.SaidHello);
    }

    private static async Task<Connection> OnlyAsync(TestHub hub)
    {
        await Limits.UntilAsync(() => hub.Hub.Connections.Any(), "the connection");
        return hub.Hub.Connections.Single();
    }

    private static async Task<(int Status, string? RetryAfter, JsonObject Answer)> PostAsync(TestHub hub, string from, string body = """{"type":"status","content":"x"}""")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/messages") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(TestHub.AddressHeader, from);
        using var response = await hub.Http().SendAsync(request, Token);
        return ((int)response.StatusCode, response.Headers.RetryAfter?.ToString(), (await response.Content.ReadFromJsonAsync<JsonObject>(Token))!);
    }
}
