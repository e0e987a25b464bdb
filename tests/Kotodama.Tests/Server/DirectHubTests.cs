using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Server;

/// <summary>A hub that sends past Kestrel's pipe does what one that keeps to it does.</summary>
public sealed class DirectHubTests
{
    private const int Viewers = 20, Publishers = 4, Each = 75;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_viewer_gets_every_message_whole_and_in_order(bool direct)
    {
        await using var hub = await TestHub.StartAsync(o => (o.DirectSend, o.Limits) = (direct, o.Limits with { PublishRate = 0 }));
        var viewers = new List<TestSocket>();
        for (var i = 0; i < Viewers; i++)
            viewers.Add(await TestSocket.ConnectAsync(hub.Socket));
        var taking = viewers.ConvertAll(TakeAsync);
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(n => PublishAsync(hub, n)));
        foreach (var taken in await Task.WhenAll(taking))
            Assert.Equal(Enumerable.Range(1, Publishers * Each).Select(seq => (long)seq), taken);
        Assert.All(hub.Hub.Connections.Where(c => c.Channels.Count > 0 && c.Role is null), c => Assert.Equal(direct && OperatingSystem.IsLinux(), c.IsDirect));
        foreach (var viewer in viewers)
        {
            await viewer.CloseAsync();
            Assert.Null(await viewer.ReceiveTextAsync());
            viewer.Dispose();
        }
    }

    /// <summary>Its first frame comes with its handshake, before it can have the answer; no frame of the hub may overtake that.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_does_not_wait_for_the_answer_gets_it_first_all_the_same(bool direct)
    {
        await using var hub = await TestHub.StartAsync(o => o.DirectSend = direct);
        for (var i = 0; i < 50; i++)
        {
            using var socket = await RawSocket.OpenAsync(hub.Url);
            byte[] handshake = Encoding.ASCII.GetBytes(
                $"GET / HTTP/1.1\r\nHost: {hub.Url.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            await socket.SendAsync([.. handshake, .. Wire.Frame(Opcode.Ping, [1]), .. Wire.Text("""{"type":"status","content":"x","receipt":"stored"}""")]);
            Assert.StartsWith("HTTP/1.1 101", await socket.ReadHeadAsync(), StringComparison.Ordinal);
            Assert.Equal(Opcode.Pong, (await socket.ReadFrameAsync())!.Value.Opcode);
            Assert.Equal(Opcode.Text, (await socket.ReadFrameAsync())!.Value.Opcode);
        }
    }

    private static async Task PublishAsync(TestHub hub, int publisher)
    {
        for (var i = 0; i < Each; i++)
            await hub.Stage.PublishAsync(new StatusMessage { Content = Content(publisher, i), Ttl = 60_000 }, Cancel);
    }

    private static string Content(int publisher, int i) => $"{publisher} {i} " + new string('.', i % 5 == 0 ? 12_000 : 40);

    /// <summary>The numbers of what a viewer gets, whose contents are what was published.</summary>
    private static async Task<List<long>> TakeAsync(TestSocket viewer)
    {
        var numbers = new List<long>();
        while (numbers.Count < Publishers * Each)
        {
            var message = await viewer.ReceiveAsync<StatusMessage>();
            var parts = message.Content.Split(' ');
            Assert.Equal(Content(int.Parse(parts[0], null), int.Parse(parts[1], null)), message.Content);
            numbers.Add(message.Seq!.Value);
        }

        return numbers;
    }
}
