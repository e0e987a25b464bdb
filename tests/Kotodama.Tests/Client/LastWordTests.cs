using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Client;

/// <summary>From storing a message to the hub's last word about it.</summary>
public sealed class LastWordTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ReceiptLevel.Received)]
    [InlineData(ReceiptLevel.Displayed)]
    [InlineData(ReceiptLevel.Spoken)]
    public async Task The_last_word_is_merged_into_the_first_receipt(ReceiptLevel until)
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendLlmResponseAsync("hello", until: until, cancellationToken: Token);
        var message = await link.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal(until, message.Receipt);
        await link.StoredAsync(message, 5, pages: 2);
        await link.SendAsync(new ReceiptMessage { Id = message.Id!, Channel = "default", Status = ReceiptStatus.Progress, Counts = new ReceiptCounts(2, 1, 0, 0) });
        await link.LastAsync(message, ReceiptStatus.Done, new ReceiptCounts(2, 2, 2, 1));
        var receipt = await publishing.InTime("the last word");
        Assert.Equal((ReceiptStatus.Done, 2, 5L, true, true), (receipt.Status, receipt.Pages, receipt.Seq, receipt.Durable, receipt.Final));
        Assert.Equal(new ReceiptCounts(2, 2, 2, 1), receipt.Counts);
    }

    [Theory]
    [InlineData(ReceiptStatus.Expired)]
    [InlineData(ReceiptStatus.Dropped)]
    [InlineData(ReceiptStatus.Stopped)]
    public async Task A_message_that_never_came_that_far_is_a_result_and_keeps_the_counts(ReceiptStatus status)
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendLlmResponseAsync("hello", until: ReceiptLevel.Displayed, cancellationToken: Token);
        var message = await link.ReceiveAsync<LlmResponseMessage>();
        await link.StoredAsync(message, 5, pages: 0);
        await link.SendAsync(new ReceiptMessage { Id = message.Id!, Channel = "default", Status = ReceiptStatus.Progress, Counts = new ReceiptCounts(1, 1, 0, 0) });
        await link.LastAsync(message, status);
        var receipt = await publishing.InTime("the last word");
        Assert.Equal((status, 0, new ReceiptCounts(1, 1, 0, 0)), (receipt.Status, receipt.Pages, receipt.Counts));
    }

    [Fact]
    public async Task Over_a_reconnect_the_message_asks_again_and_the_first_receipt_stays()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendLlmResponseAsync("hello", until: ReceiptLevel.Displayed, cancellationToken: Token);
        var first = await link.ReceiveAsync<LlmResponseMessage>();
        await link.StoredAsync(first, 5, pages: 1);
        await hub.TimersAsync(3);
        link.Cut();
        link = await hub.AcceptAsync();
        var second = await link.ReceiveAsync<LlmResponseMessage>();
        Assert.Equal(first, second);
        await link.StoredAsync(second, 5, pages: 3, duplicate: true);
        await link.LastAsync(second, ReceiptStatus.Done, new ReceiptCounts(3, 3, 3, 0));
        var receipt = await publishing.InTime("the last word");
        Assert.Equal((ReceiptStatus.Done, 1, null), (receipt.Status, receipt.Pages, receipt.Duplicate));
    }

    [Fact]
    public async Task A_last_word_without_a_first_is_enough()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendLlmResponseAsync("hello", until: ReceiptLevel.Displayed, cancellationToken: Token);
        await link.ReceiveAsync<LlmResponseMessage>();
        link.Cut();
        link = await hub.AcceptAsync();
        await link.LastAsync(await link.ReceiveAsync<LlmResponseMessage>(), ReceiptStatus.Done);
        Assert.Equal(ReceiptStatus.Done, (await publishing.InTime("the last word")).Status);
    }

    [Fact]
    public async Task A_message_that_is_not_kept_has_no_last_word()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.PublishAsync(new StopMessage { Receipt = ReceiptLevel.Displayed }, Token);
        var message = await link.ReceiveAsync<StopMessage>();
        await link.SendAsync(new ReceiptMessage { Id = message.Id!, Channel = "default", Status = ReceiptStatus.Stored, Pages = 1, Durable = false });
        Assert.Equal(ReceiptStatus.Stored, (await publishing.InTime("the receipt")).Status);
    }

    [Theory]
    [InlineData(null, ReceiptLevel.Displayed, 70)]
    [InlineData(5_000.0, ReceiptLevel.Displayed, 15)]
    [InlineData(5_000.0, ReceiptLevel.Spoken, 615)]
    public async Task The_wait_ends_some_time_after_the_last_word_must_have_come(double? ttl, ReceiptLevel until, int seconds)
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.PublishAsync(new LlmResponseMessage { Content = "hello", Ttl = ttl, Receipt = until }, Token);
        var message = await link.ReceiveAsync<LlmResponseMessage>();
        await link.StoredAsync(message, 5);
        await hub.TimersAsync(3);

        // Meanwhile the silent connection is given up; the wait goes on.
        hub.Time.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.False(publishing.IsCompleted);
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        var failed = await Assert.ThrowsAsync<KotodamaException>(() => publishing.InTime("the failure"));
        Assert.Equal(KotodamaException.NoAnswer, failed.Code);
        Assert.Contains($"number 5 and did not say within {seconds} s", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_token_ends_the_wait()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var publishing = client.SendLlmResponseAsync("hello", until: ReceiptLevel.Displayed, cancellationToken: cancel.Token);
        await link.StoredAsync(await link.ReceiveAsync<LlmResponseMessage>(), 5);
        await hub.TimersAsync(3);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing.InTime("the end"));
    }

    [Fact]
    public async Task A_refusal_after_the_first_receipt_ends_the_wait()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync();
        var publishing = client.SendLlmResponseAsync("hello", until: ReceiptLevel.Displayed, cancellationToken: Token);
        await link.StoredAsync(await link.ReceiveAsync<LlmResponseMessage>(), 5);
        link.Cut();
        link = await hub.AcceptAsync();
        await link.RefuseAsync(await link.ReceiveAsync<LlmResponseMessage>(), ErrorCode.IdConflict, retry: false);
        Assert.Equal(ErrorCode.IdConflict, (await Assert.ThrowsAsync<KotodamaException>(() => publishing.InTime("the failure"))).Code);
    }
}
