using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Tests.Simulation;

namespace Kotodama.Tests.Client;

public sealed class KotodamaClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receipts_say_how_many_pages_a_message_reached()
    {
        await using var hub = await TestHub.StartAsync();
        await using var client = await hub.ClientAsync();
        Assert.Equal(0, (await client.SendLlmResponseAsync("no page", cancellationToken: Token)).Pages);
        using var page = await hub.PageAsync();
        var receipt = await client.SendLlmResponseAsync("one page", TimeSpan.FromSeconds(2), "joy", "wave", cancellationToken: Token);
        Assert.Equal((1, 2L), (receipt.Pages, receipt.Seq));
        Assert.Equal("no page", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
        var shown = await page.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal(("one page", 2000.0, "joy", "wave", receipt.Id), (shown.Content, shown.Duration, shown.Emotion, shown.Motion, shown.Id));
    }

    [Fact]
    public async Task The_hubs_refusal_is_an_exception_with_its_code_and_hint()
    {
        await using var hub = await TestHub.StartAsync();
        await using var client = await hub.ClientAsync();
        var refused = await Assert.ThrowsAsync<KotodamaException>(() => client.SendLlmResponseAsync("x", TimeSpan.FromHours(1), cancellationToken: Token));
        Assert.Equal(ErrorCode.OutOfRange, refused.Code);
        Assert.Contains("600000", refused.Message, StringComparison.Ordinal);
        var tooLong = await Assert.ThrowsAsync<KotodamaException>(() => client.SendStatusAsync(new string('x', 70_000), cancellationToken: Token));
        Assert.Equal(ErrorCode.TooLong, tooLong.Code);
        await client.PublishAsync(new StatusMessage { Id = "m", Content = "one" }, Token);
        var conflict = await Assert.ThrowsAsync<KotodamaException>(() => client.PublishAsync(new StatusMessage { Id = "m", Content = "two" }, Token));
        Assert.Equal(ErrorCode.IdConflict, conflict.Code);
        Assert.Equal(0, (await client.SendStatusAsync("still here", cancellationToken: Token)).Pages);
    }

    [Fact]
    public async Task A_call_can_wait_until_a_page_has_shown_the_message()
    {
        await using var hub = await TestHub.StartAsync();
        await using var client = await hub.ClientAsync();
        var publishing = client.SendLlmResponseAsync("hello", until: ReceiptLevel.Displayed, cancellationToken: Token);

        // A page that comes while the first one is under way could be handed it before its welcome.
        await client.SendStatusAsync("it is stored", cancellationToken: Token);
        using var page = await hub.PageAsync();
        var shown = await page.ReceiveAsync<LlmResponseMessage>();
        Assert.False(publishing.IsCompleted);
        await page.SendAsync(new AckMessage { Channel = shown.Channel!, Epoch = shown.Epoch!, Received = shown.Seq, Displayed = [shown.Seq!.Value] });
        var receipt = await publishing.InTime("the last word");
        Assert.Equal((ReceiptStatus.Done, 1, true, 1), (receipt.Status, receipt.Seq, receipt.Final, receipt.Counts?.Displayed));
    }

    [Fact]
    public async Task Many_callers_at_once_get_their_own_receipts()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        await using var client = await hub.ClientAsync();
        var receipts = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.PublishAsync(new StatusMessage { Id = $"m{i}", Content = $"{i}" }, Token)));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"m{i}"), receipts.Select(r => r.Id));
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long?)i), receipts.Select(r => r.Seq).Order());
    }

    [Fact]
    public async Task Without_a_hub_the_exception_says_what_to_do()
    {
        var nowhere = new Uri($"ws://127.0.0.1:{Ports.Free()}");
        var failed = await Assert.ThrowsAsync<KotodamaException>(() => KotodamaClient.ConnectAsync(nowhere, cancellationToken: Token));
        Assert.Equal(KotodamaException.NotConnected, failed.Code);
        Assert.Contains(nowhere.ToString(), failed.Message, StringComparison.Ordinal);
        Assert.Contains("src/Kotodama", failed.Hint, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => KotodamaClient.ConnectAsync(new Uri("ftp://localhost"), cancellationToken: Token));
    }

    [Fact]
    public async Task A_hub_that_comes_back_is_found_again_and_a_message_waits_for_it()
    {
        var port = Ports.Free();
        var hub = await TestHub.StartAsync(port: port);
        var changes = System.Threading.Channels.Channel.CreateBounded<ConnectionState>(100);
        await using var client = await hub.ClientAsync(o => (o.FirstPause, o.LongestPause) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100)));
        client.ConnectionChanged += (_, change) => changes.Writer.TryWrite(change.State);
        await hub.DisposeAsync();
        Assert.Equal(ConnectionState.Reconnecting, await changes.Reader.ReadAsync(Token).AsTask().InTime("the loss"));
        var waiting = client.SendStatusAsync("patience", cancellationToken: Token);
        await using var again = await TestHub.StartAsync(port: port);
        Assert.Equal(1, (await waiting.InTime("the receipt")).Seq);
        Assert.Equal(ConnectionState.Connected, client.State);
        Assert.Equal(1, again.Hub.Published);
    }

    [Fact]
    public async Task A_message_that_waits_too_long_for_the_hub_fails_with_the_reason()
    {
        var hub = await TestHub.StartAsync();
        await using var client = await hub.ClientAsync(o => o.SendTimeout = TimeSpan.FromMilliseconds(200));
        await hub.DisposeAsync();
        await Limits.UntilAsync(() => client.State == ConnectionState.Reconnecting, "the loss");
        var failed = await Assert.ThrowsAsync<KotodamaException>(() => client.SendStatusAsync("x", cancellationToken: Token));
        Assert.Equal(KotodamaException.NotConnected, failed.Code);
    }

    [Fact]
    public async Task A_handler_that_throws_or_disposes_harms_nothing()
    {
        var port = Ports.Free();
        var hub = await TestHub.StartAsync(port: port);
        await using var throwing = await hub.ClientAsync(o => (o.FirstPause, o.LongestPause) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50)));
        throwing.ConnectionChanged += (_, _) => throw new InvalidOperationException("a handler's own trouble");
        var disposing = await hub.ClientAsync();
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        disposing.ConnectionChanged += (_, _) =>
        {
            disposing.DisposeAsync().AsTask().GetAwaiter().GetResult();
            disposed.TrySetResult();
        };
        await hub.DisposeAsync();
        await disposed.Task.InTime("the client to be disposed by its own handler");
        await using var again = await TestHub.StartAsync(port: port);
        Assert.Equal(0, (await throwing.SendStatusAsync("still here", cancellationToken: Token)).Pages);
    }

    [Fact]
    public async Task A_stay_away_code_ends_the_client_for_good()
    {
        await using var hub = await TestHub.StartAsync(o => o.Limits = new ProtocolLimits { Errors = 1 });
        await using var client = await hub.ClientAsync(o => o.Role = PeerRole.Viewer);
        await Assert.ThrowsAsync<KotodamaException>(() => client.SendStatusAsync("viewers may not", cancellationToken: Token));
        await Limits.UntilAsync(() => client.State == ConnectionState.Closed, "the client to give up");
        var over = await Assert.ThrowsAsync<KotodamaException>(() => client.SendStatusAsync("x", cancellationToken: Token));
        Assert.Equal(KotodamaException.NotConnected, over.Code);
        await client.Incoming.Completion.InTime("the end of what comes in");
    }

    [Fact]
    public async Task A_viewer_reads_what_others_say()
    {
        await using var hub = await TestHub.StartAsync();
        await using var viewer = await hub.ClientAsync(o => (o.Role, o.Channels) = (PeerRole.Viewer, ["left"]));
        await hub.Stage.SendStatusAsync("hello", "left", Token);
        Assert.Equal("hello", Assert.IsType<StatusMessage>(await viewer.Incoming.ReadAsync(Token).AsTask().InTime("the message")).Content);
        Assert.Equal(0, (await hub.Stage.SendStatusAsync("a viewer without a display is no page", "left", Token)).Pages);
    }

    [Fact]
    public async Task Disposing_says_goodbye_and_twice_is_harmless()
    {
        await using var hub = await TestHub.StartAsync();
        var client = await hub.ClientAsync();
        await client.DisposeAsync();
        await client.DisposeAsync();
        await Limits.UntilAsync(() => !hub.Hub.Connections.Any(), "the connection to end");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SendStatusAsync("x", cancellationToken: Token));
        Assert.Equal(ConnectionState.Closed, client.State);
    }
}
