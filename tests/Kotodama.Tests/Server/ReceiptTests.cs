using Kotodama.Protocol;

namespace Kotodama.Tests.Server;

/// <summary>Whom a receipt waits for, on the wire.</summary>
public sealed class ReceiptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_leaves_is_not_waited_for_to_receive()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        using var leaver = await hub.PageAsync();
        var waiting = hub.Stage.SendLlmResponseAsync("x", until: ReceiptLevel.Received, cancellationToken: Token);
        await ReceiveAsync(hub, page);
        Assert.False(waiting.IsCompleted);
        await leaver.CloseAsync();
        Assert.Equal(ReceiptStatus.Done, (await waiting.InTime("the last receipt")).Status);
    }

    [Fact]
    public async Task A_page_that_says_twice_that_it_has_received_does_not_speak_for_another()
    {
        await using var hub = await TestHub.StartAsync();
        using var other = await hub.PageAsync();
        var page = await hub.PageAsync();
        var waiting = hub.Stage.SendLlmResponseAsync("x", until: ReceiptLevel.Received, cancellationToken: Token);
        var epoch = await ReceiveAsync(hub, page);
        page.Dispose();
        await Limits.UntilAsync(() => hub.Hub.Connections.Count() == 1, "the page to be gone");
        using var back = await TestSocket.ConnectAsync(hub.Socket);
        await back.SendAsync(new HelloMessage
        {
            Role = PeerRole.Viewer,
            Caps = [HelloMessage.DisplayCapability],
            Resume = new Dictionary<string, ChannelPosition>(StringComparer.Ordinal) { [ChannelName.Default] = new(epoch, 1) },
        });
        await back.WelcomeAsync();
        await hub.Stage.SendStatusAsync("y", cancellationToken: Token);
        await ReceiveAsync(hub, back);
        Assert.False(waiting.IsCompleted);
        await ReceiveAsync(hub, other);
        Assert.Equal(ReceiptStatus.Done, (await waiting.InTime("the last receipt")).Status);
    }

    /// <summary>Takes a message and reports it. The hub knows when this returns.</summary>
    private static async Task<string> ReceiveAsync(TestHub hub, TestSocket page)
    {
        var message = Assert.IsType<Publication>(await page.ReceiveAsync(), exactMatch: false);
        await page.SendAsync(new AckMessage { Channel = ChannelName.Default, Epoch = message.Epoch!, Received = message.Seq });
        await page.SendAsync("{");
        while (await page.ReceiveAsync() is not ErrorMessage)
        {
            // What was published meanwhile.
        }

        await hub.Hub.AskAsync(core => core.Stored, Token);
        return message.Epoch!;
    }
}
