using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Tests.Protocol;

namespace Kotodama.Tests.Client;

/// <summary>What a client with a key sends, and what a viewer with it reads.</summary>
public sealed class SealedMessagesTests
{
    private static readonly MessageKey Key = MessageKey.Parse(SealedVectors.All[0].Key);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_is_sealed_and_what_the_hub_acts_on_is_not()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => (o.EncryptionKey, o.Channels) = (Key, ["left"]));
        var saying = client.SendLlmResponseAsync("planted", emotion: "joy", cancellationToken: Token);
        var enc = await link.ReceiveAsync<EncMessage>();
        Assert.Equal(("left", 60_000d, (ReceiptLevel?)null), (enc.Channel, enc.Ttl, enc.Receipt));
        Assert.True(Key.TryOpen(enc, out var opened));
        Assert.Equal(("planted", "joy"), (((LlmResponseMessage)opened).Content, ((LlmResponseMessage)opened).Emotion));
        await link.StoredAsync(enc, 1);
        await saying.InTime("the receipt");
        var stopping = client.StopAsync(cancellationToken: Token);
        await link.StoredAsync(await link.ReceiveAsync<StopMessage>(), 2);
        await stopping.InTime("the receipt");
    }

    [Fact]
    public async Task A_sealed_message_is_sent_again_as_the_same_bytes()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.EncryptionKey = Key);
        var publishing = client.SendStatusAsync("x", cancellationToken: Token);
        var first = await link.ReceiveAsync<EncMessage>();
        link.Cut();
        link = await hub.AcceptAsync();
        Assert.Equal(first, await link.ReceiveAsync<EncMessage>());
        await link.StoredAsync(first, 1);
        await publishing.InTime("the receipt");
    }

    [Fact]
    public async Task A_streamed_reply_is_sealed_piece_by_piece()
    {
        await using var hub = new FakeHub();
        var (client, link) = await hub.ConnectAsync(o => o.EncryptionKey = Key);
        var saying = client.SayAsync(new[] { "Hel", "lo" }.ToAsyncEnumerable(), cancellationToken: Token);
        var pieces = new[] { await link.ReceiveAsync<EncMessage>(), await link.ReceiveAsync<EncMessage>() };
        var whole = await link.ReceiveAsync<EncMessage>();
        Assert.All(pieces, piece => Assert.Equal((0d, ReceiptLevel.None), (piece.Ttl, piece.Receipt)));
        Assert.True(Key.TryOpen(pieces[1], out var second) && Key.TryOpen(whole, out var end));
        Key.TryOpen(whole, out var last);
        Assert.Equal((last!.Id, "lo"), (second.Id, ((LlmDeltaMessage)second).Content));
        Assert.Equal("Hello", ((LlmResponseMessage)last).Content);
        await link.StoredAsync(whole, 1);
        await saying.InTime("the receipt");
    }

    [Fact]
    public async Task What_is_too_big_when_it_is_sealed_is_refused_with_the_sizes()
    {
        await using var hub = new FakeHub();
        var (client, _) = await hub.ConnectAsync(o => o.EncryptionKey = Key);
        var reply = new LlmResponseMessage { Content = new string('永', 16_384) };
        var e = await Assert.ThrowsAsync<KotodamaException>(() => client.PublishAsync(reply, Token));
        Assert.Equal(ErrorCode.TooBig, e.Code);
        Assert.Contains("the limit is 65536", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_with_the_key_reads_a_message_once_and_one_without_its_envelope_only()
    {
        await using var hub = new FakeHub();
        hub.Time.Advance(TimeSpan.FromDays(1));
        var enc = Key.Seal(new StatusMessage { Id = "m", Content = "planted" }, "default", hub.Time.GetUtcNow());
        var (viewer, link) = await hub.ConnectAsync(o => (o.Role, o.EncryptionKey) = (PeerRole.Viewer, Key), new ChannelWelcome("e", 0, null, 0));
        await link.SendAsync(enc with { Epoch = "e", Seq = 1 });
        Assert.Equal("planted", Assert.IsType<StatusMessage>(await ReadAsync(viewer)).Content);
        await link.SendAsync(enc with { Epoch = "e", Seq = 2 });
        await link.SendAsync(enc with { Epoch = "e", Seq = 3, Id = "m2" });
        await link.SayAsync("e", 4);
        Assert.Equal(3, Assert.IsType<EncMessage>(await ReadAsync(viewer)).Seq);
        Assert.Equal(4, Assert.IsType<StatusMessage>(await ReadAsync(viewer)).Seq);
        var (other, second) = await hub.ConnectAsync(o => o.Role = PeerRole.Viewer, new ChannelWelcome("e", 0, null, 0));
        await second.SendAsync(enc with { Epoch = "e", Seq = 1 });
        Assert.Equal(enc.Ct, Assert.IsType<EncMessage>(await ReadAsync(other)).Ct);
    }

    [Fact]
    public void Replays_are_told_as_all_languages_agree()
    {
        var time = new ManualTime();
        var opener = new SealedMessages(Key, time);
        foreach (var (id, until, now, isAccepted) in SealedVectors.Replays)
        {
            time.Jump(DateTimeOffset.FromUnixTimeMilliseconds(now) - time.GetUtcNow());
            Assert.True(isAccepted == (opener.Open(Ending(id, until)) is StatusMessage), $"{id} at {now}");
        }
    }

    [Fact]
    public void What_was_forgotten_for_want_of_room_does_not_come_again()
    {
        var time = new ManualTime();
        var opener = new SealedMessages(Key, time);
        var end = time.GetUtcNow().ToUnixTimeMilliseconds();
        var messages = Enumerable.Range(0, 5_000).Select(i => Ending($"m{i}", end + i)).ToArray();
        Assert.All(messages, message => Assert.NotNull(opener.Open(message)));
        Assert.All(messages, message => Assert.Null(opener.Open(message)));
    }

    private static EncMessage Ending(string id, long until) => Key.Seal(
        new StatusMessage { Id = id, Content = "", Ttl = 0 },
        "default",
        DateTimeOffset.FromUnixTimeMilliseconds(until));

    private static async Task<Message> ReadAsync(KotodamaClient client) =>
        await client.Incoming.ReadAsync(Token).AsTask().InTime("a message");
}
