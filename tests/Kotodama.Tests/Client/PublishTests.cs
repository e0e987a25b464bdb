using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Client;

/// <summary>Until the hub has stored a message.</summary>
public sealed class PublishTests
{
    private static readonly TimeSpan SendTimeout = new KotodamaClientOptions().SendTimeout;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_is_published_while_the_connection_is_lost_waits_for_it()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        await LoseAsync(client, link);
        var publishing = client.SendStatusAsync("hello", cancellationToken: Token);
        link = await hub.AcceptAsync();
        var message = await link.ReceiveAsync<StatusMessage>();
        Assert.Equal(("hello", (ReceiptLevel?)null), (message.Content, message.Receipt));
        await link.StoredAsync(message, 1, pages: 2);
        var receipt = await publishing.InTime("the receipt");
        Assert.Equal((message.Id, ReceiptStatus.Stored, 2, 1L), (receipt.Id, receipt.Status, receipt.Pages, receipt.Seq));
    }

    [Fact]
    public async Task A_message_without_a_receipt_is_sent_again_with_the_same_id()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendLlmResponseAsync("hello", TimeSpan.FromSeconds(3), "joy", cancellationToken: Token);
        var first = await link.ReceiveAsync<LlmResponseMessage>();
        link.Cut();
        link = await hub.AcceptAsync();
        var second = await link.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal(first, second);
        await link.StoredAsync(second, 1, duplicate: true);
        Assert.True((await publishing.InTime("the receipt")).Duplicate);
    }

    [Fact]
    public async Task A_message_with_a_receipt_is_not_sent_again()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var first = client.SendStatusAsync("first", cancellationToken: Token);
        await link.StoredAsync(await link.ReceiveAsync<StatusMessage>(), 1);
        await first.InTime("the receipt");
        link.Cut();
        link = await hub.AcceptAsync();
        var second = client.SendStatusAsync("second", cancellationToken: Token);
        var message = await link.ReceiveAsync<StatusMessage>();
        Assert.Equal("second", message.Content);
        await link.StoredAsync(message, 2);
        await second.InTime("the receipt");
    }

    [Fact]
    public async Task Messages_are_sent_again_in_their_order_before_newer_ones()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = Enumerable.Range(0, 6).Select(i => client.PublishAsync(new StatusMessage { Id = $"m{i}", Content = $"m{i}" }, Token)).ToList();
        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "m5"], await link.StatusesAsync(6));
        foreach (var i in new[] { 1, 4 })
        {
            await link.StoredAsync(new StatusMessage { Id = $"m{i}", Content = "" }, i);
            await publishing[i].InTime("a receipt");
        }

        await LoseAsync(client, link);
        publishing.Add(client.PublishAsync(new StatusMessage { Id = "m6", Content = "m6" }, Token));
        link = await hub.AcceptAsync();
        Assert.Equal(["m0", "m2", "m3", "m5", "m6"], await link.StatusesAsync(5));

        // Once more, for a connection that is lost again in the middle.
        link.Cut();
        link = await hub.AcceptAsync();
        foreach (var (i, text) in (await link.StatusesAsync(5)).Index())
            await link.StoredAsync(new StatusMessage { Id = text, Content = "" }, 10 + i);
        Assert.Equal([10, 1, 11, 12, 4, 13, 14], (await Task.WhenAll(publishing).InTime("the receipts")).Select(r => r.Seq!.Value));
    }

    [Fact]
    public async Task Receipts_that_no_caller_waits_for_are_ignored()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendStatusAsync("x", cancellationToken: Token);
        var message = await link.ReceiveAsync<StatusMessage>();
        await link.StoredAsync(message with { Id = "unknown" }, 7);
        await link.StoredAsync(message, 1);
        await link.StoredAsync(message, 1, duplicate: true);
        await link.LastAsync(message, ReceiptStatus.Done);
        Assert.Equal((1L, null), (await publishing.InTime("the receipt") is var r ? (r.Seq, r.Duplicate) : default));

        // An error without a call does reach the reader, and is the first thing that does.
        await link.RefuseAsync(message, ErrorCode.BadJson, retry: false);
        Assert.IsType<ErrorMessage>(await client.Incoming.ReadAsync(Token).AsTask().InTime("the error"));
    }

    [Fact]
    public async Task A_full_outbox_lets_callers_wait_for_room()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.OutboxCapacity = 1);
        var first = client.SendStatusAsync("first", cancellationToken: Token);
        var second = client.SendStatusAsync("second", cancellationToken: Token);
        await link.StoredAsync(await link.ReceiveAsync<StatusMessage>(), 1);
        await first.InTime("the first receipt");
        var message = await link.ReceiveAsync<StatusMessage>();
        Assert.Equal("second", message.Content);
        await link.StoredAsync(message, 2);
        await second.InTime("the second receipt");
    }

    [Fact]
    public async Task An_outbox_that_stays_full_fails_the_call_and_names_the_limit()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.OutboxCapacity = 1);
        var first = client.SendLlmResponseAsync("first", until: ReceiptLevel.Displayed, cancellationToken: Token);
        var message = await link.ReceiveAsync<LlmResponseMessage>();
        await link.StoredAsync(message, 1);
        await hub.TimersAsync(3);
        var second = client.SendStatusAsync("second", cancellationToken: Token);
        hub.Time.Advance(SendTimeout);
        var full = await Assert.ThrowsAsync<KotodamaException>(() => second.InTime("the failure"));
        Assert.Equal(KotodamaException.OutboxFull, full.Code);
        Assert.Contains(": 1 messages", full.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(KotodamaClientOptions.OutboxCapacity), full.Hint, StringComparison.Ordinal);
        await link.LastAsync(message, ReceiptStatus.Done);
        await first.InTime("the last word");
    }

    [Fact]
    public async Task A_message_that_gets_no_answer_in_time_may_have_been_shown_and_is_not_sent_again()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendStatusAsync("slow", cancellationToken: Token);
        await link.ReceiveAsync<StatusMessage>();
        hub.Time.Advance(SendTimeout);
        var failed = await Assert.ThrowsAsync<KotodamaException>(() => publishing.InTime("the failure"));
        Assert.Equal(KotodamaException.NoAnswer, failed.Code);
        Assert.Contains("may or may not have been shown", failed.Message, StringComparison.Ordinal);
        link.Cut();
        link = await hub.AcceptAsync();
        var next = client.SendStatusAsync("next", cancellationToken: Token);
        var message = await link.ReceiveAsync<StatusMessage>();
        Assert.Equal("next", message.Content);
        await link.StoredAsync(message, 1);
        await next.InTime("the receipt");
    }

    [Fact]
    public async Task The_time_for_a_message_counts_from_the_call_over_every_reconnect()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendStatusAsync("slow", cancellationToken: Token);
        await link.ReceiveAsync<StatusMessage>();
        hub.Time.Advance(SendTimeout / 2);
        link.Cut();
        link = await hub.AcceptAsync();
        await link.ReceiveAsync<StatusMessage>();
        hub.Time.Advance(SendTimeout / 2);
        Assert.Equal(KotodamaException.NoAnswer, (await Assert.ThrowsAsync<KotodamaException>(() => publishing.InTime("the failure"))).Code);
    }

    [Fact]
    public async Task A_message_that_was_never_sent_says_so()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        await LoseAsync(client, link);
        var publishing = client.SendStatusAsync("x", cancellationToken: Token);
        hub.Time.Advance(SendTimeout);
        var failed = await Assert.ThrowsAsync<KotodamaException>(() => publishing.InTime("the failure"));
        Assert.Equal(KotodamaException.NotConnected, failed.Code);
        Assert.Contains("was not sent", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.StorageFull)]
    [InlineData(ErrorCode.TooManyChannels)]
    public async Task An_error_that_allows_it_lets_the_message_be_sent_again_after_growing_pauses(string code)
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendStatusAsync("x", cancellationToken: Token);
        var message = await link.ReceiveAsync<StatusMessage>();
        foreach (var pause in new[] { 500, 1000, 2000 })
        {
            await link.RefuseAsync(message, code, retry: true);
            await hub.TimersAsync(3);
            hub.Time.Advance(TimeSpan.FromMilliseconds(pause - 1));
            Assert.Equal(3, hub.Time.Timers);
            hub.Time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(message, await link.ReceiveAsync<StatusMessage>());
        }

        await link.StoredAsync(message, 1);
        Assert.Equal(1, (await publishing.InTime("the receipt")).Seq);
    }

    [Fact]
    public async Task A_refusal_that_lasts_is_the_reason_of_the_failure()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendStatusAsync("x", cancellationToken: Token);
        var message = await link.ReceiveAsync<StatusMessage>();
        hub.Time.Advance(SendTimeout - TimeSpan.FromMilliseconds(100));
        await link.RefuseAsync(message, ErrorCode.StorageFull, retry: true);
        await hub.TimersAsync(3);
        hub.Time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(ErrorCode.StorageFull, (await Assert.ThrowsAsync<KotodamaException>(() => publishing.InTime("the failure"))).Code);
    }

    [Fact]
    public async Task A_refusal_fails_its_own_call_only()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var bad = client.SendStatusAsync("bad", cancellationToken: Token);
        var good = client.SendStatusAsync("good", cancellationToken: Token);
        await link.RefuseAsync(await link.ReceiveAsync<StatusMessage>(), ErrorCode.IdConflict, retry: false);
        var failed = await Assert.ThrowsAsync<KotodamaException>(() => bad.InTime("the failure"));
        Assert.Equal((ErrorCode.IdConflict, "Try something else."), (failed.Code, failed.Hint));
        await link.StoredAsync(await link.ReceiveAsync<StatusMessage>(), 1);
        await good.InTime("the receipt");
    }

    [Fact]
    public async Task What_breaks_the_hubs_limits_is_not_sent()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(limits: new ProtocolLimits { Content = 200, Frame = 300 });
        Assert.Equal(ErrorCode.TooLong, (await Assert.ThrowsAsync<KotodamaException>(() => client.SendStatusAsync(new string('x', 201), cancellationToken: Token))).Code);
        Assert.Equal(ErrorCode.TooBig, (await Assert.ThrowsAsync<KotodamaException>(() => client.SendStatusAsync(new string('言', 200), cancellationToken: Token).InTime("the failure"))).Code);
        Assert.Equal(ErrorCode.MissingField, (await Assert.ThrowsAsync<KotodamaException>(() => client.PublishAsync(new LlmDeltaMessage { Part = 0, Content = "x" }, Token))).Code);
        var good = client.SendStatusAsync("good", cancellationToken: Token);
        var message = await link.ReceiveAsync<StatusMessage>();
        Assert.Equal("good", message.Content);
        await link.StoredAsync(message, 1);
        await good.InTime("the receipt");
    }

    [Fact]
    public async Task The_same_id_twice_at_once_is_a_mistake()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var message = new StatusMessage { Id = "m", Content = "x" };
        var publishing = client.PublishAsync(message, Token);
        await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync(message, Token));
        await link.StoredAsync(await link.ReceiveAsync<StatusMessage>(), 1);
        await publishing.InTime("the receipt");
        var again = client.PublishAsync(message, Token);
        await link.StoredAsync(await link.ReceiveAsync<StatusMessage>(), 1, duplicate: true);
        Assert.True((await again.InTime("the receipt")).Duplicate);
    }

    [Fact]
    public async Task A_cancelled_call_takes_its_message_out()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.OutboxCapacity = 1);
        await LoseAsync(client, link);
        using var cancel = new CancellationTokenSource();
        var publishing = client.SendStatusAsync("cancelled", cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing.InTime("the end"));
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        var next = client.SendStatusAsync("next", cancellationToken: Token);
        link = await hub.AcceptAsync();
        var message = await link.ReceiveAsync<StatusMessage>();
        Assert.Equal("next", message.Content);
        await link.StoredAsync(message, 1);
        await next.InTime("the receipt");
    }

    [Fact]
    public async Task Pieces_of_a_stream_wait_for_nothing_and_are_dropped_without_a_connection()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var pieces = System.Threading.Channels.Channel.CreateBounded<string>(10);
        var saying = client.SayAsync(pieces.Reader.ReadAllAsync(Token), cancellationToken: Token);
        foreach (var (part, text) in new[] { "a", "b" }.Index())
        {
            await pieces.Writer.WriteAsync(text, Token);
            var delta = await link.ReceiveAsync<LlmDeltaMessage>();
            Assert.Equal((part, text, ReceiptLevel.None), (delta.Part, delta.Content, delta.Receipt));
        }

        await LoseAsync(client, link);
        await pieces.Writer.WriteAsync("c", Token);
        Assert.Equal((ReceiptStatus.Stored, false, null), await client.PublishAsync(new LlmDeltaMessage { Id = "other", Part = 0, Content = "x" }, Token).InTime("a lost piece") is var lost ? (lost.Status, lost.Durable, lost.Pages) : default);
        pieces.Writer.Complete();
        link = await hub.AcceptAsync();
        var reply = await link.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal("abc", reply.Content);
        await link.StoredAsync(reply, 1);
        Assert.Equal(1, (await saying.InTime("the receipt"))!.Seq);
    }

    [Fact]
    public async Task A_connection_that_is_silent_for_too_long_is_replaced()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.SendTimeout = Timeout.InfiniteTimeSpan);
        var publishing = client.SendStatusAsync("x", cancellationToken: Token);
        await link.ReceiveAsync<StatusMessage>();
        hub.Time.Advance(TimeSpan.FromSeconds(35));
        link = await hub.AcceptAsync();
        await link.StoredAsync(await link.ReceiveAsync<StatusMessage>(), 1);
        await publishing.InTime("the receipt");
    }

    [Fact]
    public async Task Disposing_fails_every_call_that_waits_and_leaves_nothing_behind()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.OutboxCapacity = 2);
        var stored = client.SendLlmResponseAsync("shown?", until: ReceiptLevel.Displayed, cancellationToken: Token);
        await link.StoredAsync(await link.ReceiveAsync<LlmResponseMessage>(), 1);
        await hub.TimersAsync(3);
        var unanswered = client.SendStatusAsync("unanswered", cancellationToken: Token);
        var roomless = client.SendStatusAsync("roomless", cancellationToken: Token);
        await link.ReceiveAsync<StatusMessage>();
        var disposing = client.DisposeAsync().AsTask();
        Assert.Null(await link.ReceiveAsync());
        await link.CloseAsync(CloseCode.Normal);
        await disposing.InTime("the client to end");
        foreach (var call in new[] { stored, unanswered, roomless })
            Assert.Contains("disposed", (await Assert.ThrowsAsync<KotodamaException>(() => call.InTime("the failure"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SendStatusAsync("x", cancellationToken: Token));
        Assert.Equal(ConnectionState.Closed, client.State);
        await hub.TimersAsync(0);
    }

    [Fact]
    public async Task Disposing_while_the_connection_is_lost_ends_at_once()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        await LoseAsync(client, link);
        var waiting = client.SendStatusAsync("x", cancellationToken: Token);
        await client.DisposeAsync().AsTask().InTime("the client to end");
        Assert.Equal(KotodamaException.NoAnswer, (await Assert.ThrowsAsync<KotodamaException>(() => waiting.InTime("the failure"))).Code);
        Assert.Equal(0, hub.Time.Timers);
    }

    [Fact]
    public async Task A_hub_that_does_not_say_goodbye_is_waited_for_a_second()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var disposing = client.DisposeAsync().AsTask();
        Assert.Null(await link.ReceiveAsync());
        await hub.TimersAsync(2);
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        await disposing.InTime("the client to end");
    }

    [Theory]
    [InlineData(CloseCode.TooManyErrors)]
    [InlineData(CloseCode.InvalidPayload)]
    public async Task A_stay_away_code_fails_every_call_that_waits(int code)
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var waiting = client.SendStatusAsync("x", cancellationToken: Token);
        await link.ReceiveAsync<StatusMessage>();
        await link.CloseAsync(code);
        Assert.Contains("is over", (await Assert.ThrowsAsync<KotodamaException>(() => waiting.InTime("the failure"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<KotodamaException>(() => client.SendStatusAsync("y", cancellationToken: Token));
        await Assert.ThrowsAsync<KotodamaException>(() => client.PublishAsync(new LlmDeltaMessage { Id = "d", Part = 0, Content = "x" }, Token));
    }

    private static async Task LoseAsync(KotodamaClient client, FakeLink link)
    {
        link.Cut();
        await Limits.UntilAsync(() => client.State == ConnectionState.Reconnecting, "the loss");
    }
}
