using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Tests.Server;

/// <summary>Who is told that a user touches the character.</summary>
public sealed class TouchTests
{
    private const string Tap = """{"type":"touch","area":"head","gesture":"stroke","avatar":"hiyori"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_touch_reaches_the_companion_and_those_that_asked_and_none_else()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        using var page = await hub.PageAsync();
        using var bare = await hub.BareAsync();
        using var publisher = await HelloAsync(hub, PeerRole.Publisher, touches: true);
        using var watcher = await HelloAsync(hub, PeerRole.Viewer, touches: true);
        using var deaf = await HelloAsync(hub, PeerRole.Publisher, touches: false);
        using var elsewhere = await HelloAsync(hub, PeerRole.Publisher, touches: true, "left");
        await page.SendAsync(Tap);
        foreach (var client in new[] { publisher, watcher })
        {
            var touch = await client.ReceiveAsync<TouchMessage>();
            Assert.Equal(("default", "head", TouchGesture.Stroke, "hiyori"), (touch.Channel, touch.Area, touch.Gesture, touch.Avatar));
            Assert.NotNull(touch.Page);
        }

        Assert.Equal("head", (await HearAsync(companion)).Area);

        // A client that did not ask has nothing of it before what comes next.
        foreach (var client in new[] { deaf, elsewhere })
        {
            await client.SendAsync("""{"type":"status","content":"x","id":"s"}""");
            await client.ReceiveAsync<ReceiptMessage>();
        }

        await bare.ReceiveAsync<StatusMessage>();
    }

    [Fact]
    public async Task A_touch_where_no_companion_is_and_none_listens_is_no_error()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        await page.SendAsync(Tap);
        await page.SendAsync("""{"type":"touch","channel":"left","area":"head"}""");
        await hub.Stage.SendLlmResponseAsync("Hello.", cancellationToken: Token);
        await page.ReceiveAsync<LlmResponseMessage>();
    }

    [Theory]
    [InlineData(PeerRole.Publisher, Tap, ErrorCode.NotAllowed)]
    [InlineData(PeerRole.Companion, Tap, ErrorCode.NotAllowed)]
    [InlineData(PeerRole.Viewer, """{"type":"touch"}""", ErrorCode.MissingField)]
    [InlineData(PeerRole.Viewer, """{"type":"touch","area":"head","gesture":"bite"}""", ErrorCode.BadValue)]
    [InlineData(PeerRole.Viewer, """{"type":"touch","area":"head","avatar":"../x"}""", ErrorCode.BadValue)]
    public async Task Only_viewers_touch_and_only_what_there_can_be(PeerRole role, string json, string code)
    {
        await using var hub = await TestHub.StartAsync();
        using var client = await HelloAsync(hub, role, touches: false);
        await client.SendAsync(json);
        while (true)
        {
            if (await client.ReceiveAsync() is not ErrorMessage error)
                continue;
            Assert.Equal(code, error.Code);
            break;
        }
    }

    [Fact]
    public async Task A_listener_that_leaves_is_told_no_more()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using (var gone = await HelloAsync(hub, PeerRole.Publisher, touches: true))
            await gone.CloseAsync();
        await Limits.UntilAsync(() => hub.Hub.Connections.Count() == 1, "the listener to be gone");
        await page.SendAsync(Tap);
        using var publisher = await HelloAsync(hub, PeerRole.Publisher, touches: true);
        await page.SendAsync(Tap);
        await publisher.ReceiveAsync<TouchMessage>();
    }

    [Fact]
    public async Task A_flood_of_touches_is_no_end_of_a_companion_that_is_behind()
    {
        await using var hub = await TestHub.StartAsync(o => o.OutboxMessages = 50);
        using var stalled = await RawSocket.ConnectAsync(hub.Url, receiveBuffer: 4096);
        await stalled.SendAsync(Wire.Text("""{"type":"hello","role":"companion"}"""));
        await Limits.UntilAsync(() => hub.Hub.Connections.Any(c => c.SaidHello), "the companion");
        var connection = hub.Hub.Connections.Single();
        for (var i = 0; i < 900; i++)
            connection.Deliver(new TouchMessage { Area = new string('x', 16_000) });
        Assert.False(connection.IsClosing);
    }

    [Fact]
    public async Task A_client_in_CSharp_has_an_event_and_the_message_and_a_handler_that_fails_harms_nothing()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        await using var client = await hub.ClientAsync(o => o.Capabilities.Add(HelloMessage.TouchCapability));
        var touched = Channel.CreateBounded<string>(10);
        client.Touched += (_, e) => touched.Writer.TryWrite(e.Touch.Area);
        client.Touched += (_, _) => throw new InvalidOperationException("a handler fails");
        await client.SendStatusAsync("listens", cancellationToken: Token);
        await page.SendAsync(Tap);
        await page.SendAsync("""{"type":"touch","area":"body"}""");
        Assert.Equal("head", await touched.Reader.ReadAsync(Token).AsTask().InTime("a touch"));
        Assert.Equal("body", await touched.Reader.ReadAsync(Token).AsTask().InTime("a touch"));
        Assert.Equal("head", Assert.IsType<TouchMessage>(await client.HearAsync()).Area);
        Assert.True((await client.SendStatusAsync("", cancellationToken: Token)).Pages > 0);
    }

    private static async Task<TestSocket> HelloAsync(TestHub hub, PeerRole role, bool touches, string channel = "default")
    {
        var socket = await TestSocket.ConnectAsync(hub.Socket);
        await socket.SendAsync(new HelloMessage { Role = role, Channels = [channel], Caps = touches ? [HelloMessage.TouchCapability] : null });
        await socket.WelcomeAsync();

        // The hub welcomes a client before it has noted what it asked for; what it answers to comes after that.
        await socket.SendAsync("""{"type":"dance"}""");
        while (await socket.ReceiveAsync() is not ErrorMessage)
        {
        }

        return socket;
    }

    private static async Task<TouchMessage> HearAsync(IPeer companion)
    {
        while (true)
            if (await companion.HearAsync() is TouchMessage touch)
                return touch;
    }
}
