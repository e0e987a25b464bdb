using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.Tests.Client;

/// <summary>What a viewer reads, over lost connections, holes and new numberings.</summary>
public sealed class ViewerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_viewer_comes_back_to_where_it_was_and_reads_nothing_twice()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        Assert.Null(link.Hello.Resume);
        await link.SayAsync("e", 6, 7);
        await ReadsAsync(client, "e6", "e7");
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("e", 9, true, 2));
        Assert.Equal(new ChannelPosition("e", 7), Assert.Single(link.Hello.Resume!).Value);
        await link.SayAsync("e", 6, 7, 8, 9, 8, 9, 10);
        await ReadsAsync(client, "e8", "e9", "e10");
    }

    [Fact]
    public async Task A_viewer_that_has_read_nothing_yet_comes_back_to_where_it_began()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("e", 6, true, 1));
        Assert.Equal(new ChannelPosition("e", 5), Assert.Single(link.Hello.Resume!).Value);
        await link.SayAsync("e", 6);
        await ReadsAsync(client, "e6");
    }

    [Fact]
    public async Task A_viewer_keeps_its_identity_over_its_connections_until_another_connection_takes_it()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        var (_, other) = await hub.ViewerAsync("e", 5);
        var viewer = link.Hello.Viewer;
        Assert.NotNull(viewer);
        Assert.NotEqual(viewer, other.Hello.Viewer);
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("e", 5, true, 0));
        Assert.Equal(viewer, link.Hello.Viewer);
        await link.CloseAsync(CloseCode.Replaced);
        link = await hub.AcceptAsync(new ChannelWelcome("e", 6, true, 1));
        Assert.NotEqual(viewer, link.Hello.Viewer);
        await link.SayAsync("e", 6);
        await ReadsAsync(client, "e6");
    }

    [Fact]
    public async Task A_hole_is_asked_for_once_and_filled_in_order()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        await link.SayAsync("e", 6, 8, 9, 10);
        Assert.Equal(("e", 6L), await link.ReceiveAsync<ResumeMessage>() is var ask ? (ask.Epoch, ask.Seq) : default);
        await link.SayAsync("e", 7, 8, 9, 10, 11);
        await ReadsAsync(client, "e6", "e7", "e8", "e9", "e10", "e11");
        await link.SayAsync("e", 13);
        Assert.Equal(11, (await link.ReceiveAsync<ResumeMessage>()).Seq);
    }

    [Fact]
    public async Task A_hole_that_nothing_follows_is_seen_by_the_ping()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        await PingAsync(link, 5);
        await PingAsync(link, 7);
        Assert.Equal(5, (await link.ReceiveAsync<ResumeMessage>()).Seq);
        await link.SayAsync("e", 6, 7);
        await ReadsAsync(client, "e6", "e7");

        // A question without an answer is asked again, but not at every ping.
        await PingAsync(link, 8);
        await PingAsync(link, 9);
        await PingAsync(link, 10);
        Assert.Equal(7, (await link.ReceiveAsync<ResumeMessage>()).Seq);
        Assert.Equal(7, (await link.ReceiveAsync<ResumeMessage>()).Seq);
        await link.SayAsync("e", 8, 8, 9, 9);
        await ReadsAsync(client, "e8", "e9");
    }

    [Fact]
    public async Task A_gap_is_told_once_and_moves_the_position()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("e", 11, false, 1));
        await link.GapAsync(6, 9, GapReason.Expired);
        await link.SayAsync("e", 10);
        await link.GapAsync(6, 9, GapReason.Expired);
        await link.SayAsync("e", 10);
        await link.GapAsync(11, 11, GapReason.Overflow);
        await ReadsAsync(client, "gap 6-9 Expired", "e10", "gap 11-11 Overflow");
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("e", 11, true, 0));
        Assert.Equal(new ChannelPosition("e", 11), Assert.Single(link.Hello.Resume!).Value);
    }

    [Fact]
    public async Task A_new_numbering_after_a_reconnect_begins_where_the_gap_says()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("f", 4, false, 1));
        await link.GapAsync(1, 3, GapReason.Epoch);
        await link.SayAsync("f", 4, 5);
        await ReadsAsync(client, "gap 1-3 Epoch", "f4", "f5");
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("f", 5, true, 0));
        Assert.Equal(new ChannelPosition("f", 5), Assert.Single(link.Hello.Resume!).Value);
    }

    [Fact]
    public async Task A_hole_that_meets_a_new_numbering_is_answered_twice_and_read_once()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        await link.SayAsync("e", 7);
        await link.SayAsync("f", 3);
        Assert.Equal(("e", 5L), await link.ReceiveAsync<ResumeMessage>() is var old ? (old.Epoch, old.Seq) : default);
        Assert.Equal(("f", 0L), await link.ReceiveAsync<ResumeMessage>() is var ask ? (ask.Epoch, ask.Seq) : default);
        await link.GapAsync(1, 2, GapReason.Epoch);
        await link.SayAsync("f", 3, 4);
        await link.GapAsync(1, 2, GapReason.Expired);
        await link.SayAsync("f", 3, 4, 5);
        await ReadsAsync(client, "gap 1-2 Epoch", "f3", "f4", "f5");
    }

    [Fact]
    public async Task A_new_numbering_of_which_nothing_is_missing_needs_no_gap()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("f", 2, false, 2));
        await link.SayAsync("f", 1, 2);
        await ReadsAsync(client, "f1", "f2");
    }

    [Fact]
    public async Task A_hub_with_an_older_copy_of_its_store_is_followed()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 50);
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("e", 20, false, 0));
        await link.GapAsync(1, 20, GapReason.Epoch);
        await link.SayAsync("e", 21);
        await ReadsAsync(client, "gap 1-20 Epoch", "e21");
    }

    [Fact]
    public async Task A_new_numbering_on_the_open_connection_is_read_from_its_beginning()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        await link.SayAsync("f", 3, 4);
        Assert.Equal(("f", 0L), await link.ReceiveAsync<ResumeMessage>() is var ask ? (ask.Epoch, ask.Seq) : default);
        await link.GapAsync(1, 2, GapReason.Expired);
        await link.SayAsync("f", 3, 4, 5);
        await ReadsAsync(client, "gap 1-2 Expired", "f3", "f4", "f5");

        // Its first number says itself that nothing is missing.
        await link.SayAsync("h", 1, 2);
        await ReadsAsync(client, "h1", "h2");

        // Or the hub says so by itself.
        await link.GapAsync(1, 1, GapReason.Epoch);
        await link.SayAsync("g", 2);
        await ReadsAsync(client, "gap 1-1 Epoch", "g2");
        link.Cut();
        link = await hub.AcceptAsync(new ChannelWelcome("g", 2, true, 0));
        Assert.Equal(new ChannelPosition("g", 2), Assert.Single(link.Hello.Resume!).Value);
    }

    [Fact]
    public async Task Messages_without_a_number_pass()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        await link.SendAsync(new LlmDeltaMessage { Id = "r", Channel = "default", Part = 0, Content = "x" });
        await link.SendAsync(new LlmAbortMessage { Id = "r", Channel = "default", Reason = "gone" });
        await link.SayAsync("e", 6);
        Assert.IsType<LlmDeltaMessage>(await ReadAsync(client));
        Assert.IsType<LlmAbortMessage>(await ReadAsync(client));
        await ReadsAsync(client, "e6");
    }

    [Fact]
    public async Task Messages_that_waited_for_a_fresh_viewer_may_have_holes()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.Role = PeerRole.Viewer, new ChannelWelcome("e", 9, null, 2));
        await link.SayAsync("e", 3, 7, 10);
        await ReadsAsync(client, "e3", "e7", "e10");
        await link.SayAsync("e", 12);
        Assert.Equal(10, (await link.ReceiveAsync<ResumeMessage>()).Seq);
    }

    private static Task PingAsync(FakeLink link, long top) =>
        link.SendAsync(new PingMessage { Tops = new Dictionary<string, long>(StringComparer.Ordinal) { [ChannelName.Default] = top } });

    private static Task<Message> ReadAsync(KotodamaClient client) => client.Incoming.ReadAsync(Token).AsTask().InTime("a message");

    [Fact]
    public async Task A_numbering_that_goes_on_in_another_epoch_is_nothing_to_read_of()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ViewerAsync("e", 5);
        await link.SayAsync("e", 6);
        await link.GapAsync(7, 6, GapReason.Epoch);
        await link.SayAsync("f", 7, 8);
        await ReadsAsync(client, "e6", "f7", "f8");
        link.Cut();

        // The hub ended without what it had in that one.
        link = await hub.AcceptAsync(new ChannelWelcome("e", 7, true, 1));
        Assert.Equal(new ChannelPosition("f", 8), Assert.Single(link.Hello.Resume!).Value);
        await link.GapAsync(7, 6, GapReason.Epoch);
        await link.SayAsync("e", 7);
        await ReadsAsync(client, "e7");
    }

    private static async Task ReadsAsync(KotodamaClient client, params string[] expected)
    {
        foreach (var text in expected)
        {
            Assert.Equal(text, await ReadAsync(client) switch
            {
                StatusMessage status => status.Content,
                GapMessage gap => $"gap {gap.From}-{gap.To} {gap.Reason}",
                var other => other.Type,
            });
        }
    }
}
