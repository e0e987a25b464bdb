using System.Net;
using System.Net.Sockets;
using Kotodama.Server.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Kotodama.Tests.Server;

/// <summary>Sending past the pipe of Kestrel, over real sockets, and sending together what one batch of the hub brings.</summary>
public sealed class DirectSendTests : IDisposable
{
    private readonly Socket _server;
    private readonly Socket _client;
    private readonly ManualTime _time = new();

    public DirectSendTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        _client.Connect(listener.LocalEndpoint);
        _server = listener.AcceptSocket();
        _server.NoDelay = true;
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task It_opens_when_the_client_has_got_the_answer_to_its_handshake()
    {
        var direct = Find();
        Assert.False(direct.TryOpen());
        await AnswerAsync();
        Assert.True(direct.TryOpen());
    }

    [Fact]
    public void A_connection_with_TLS_or_without_a_socket_has_none()
    {
        Assert.Null(DirectSocket.Find(new FeatureCollection()));
        var secured = Features(_server);
        secured.Set<ITlsHandshakeFeature>(new Secured());
        Assert.Null(DirectSocket.Find(secured));
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Dispose();
        Assert.Null(DirectSocket.Find(Features(closed)));
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Assert.Null(DirectSocket.Find(Features(datagrams)));
    }

    [Fact]
    public async Task Frames_past_the_stream_arrive_whole_and_in_order_however_slowly_they_are_taken()
    {
        var outbox = await MakeAsync();
        for (var i = 0; i < 400; i++)
            Assert.Equal(SendResult.Sent, outbox.TrySend(Filled(i, i % 7 == 0 ? 60_000 : 50)));
        Assert.True(outbox.IsDirect);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), outbox.Blocked);
        outbox.Close(Filled(400, 10), dropPending: false);
        for (var i = 0; i <= 400; i++)
            await ExpectAsync(i, i == 400 ? 10 : i % 7 == 0 ? 60_000 : 50);
        await outbox.Finished.InTime("the outbox to finish");
        Assert.Equal(TimeSpan.Zero, outbox.Blocked);
    }

    [Fact]
    public async Task A_first_frame_that_comes_before_the_client_has_the_answer_keeps_to_the_stream()
    {
        await using var stream = new MemoryStream();
        var outbox = new Outbox(stream, 100, 1_000_000, _time, Find());
        outbox.TrySend([1]);
        await AnswerAsync();
        outbox.TrySend([2]);
        Assert.False(outbox.IsDirect);
        Assert.Equal([1, 2], stream.ToArray());
    }

    [Fact]
    public async Task A_client_that_takes_nothing_fills_the_queue_and_no_more()
    {
        var outbox = await MakeAsync(frames: 3);
        var result = SendResult.Sent;
        for (var sent = 0; result == SendResult.Sent; sent++)
        {
            Assert.InRange(sent, 0, 1_000);
            result = outbox.TrySend(Filled(sent, 60_000));
        }

        Assert.Equal(SendResult.Full, result);
        Assert.Equal(SendResult.Dropped, outbox.TrySend([1], FrameKind.Ephemeral));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("disposed")]
    [InlineData("disposed while it waits")]
    public async Task A_connection_that_is_gone_ends_the_outbox_quietly(string how)
    {
        var outbox = await MakeAsync(bytes: int.MaxValue);
        outbox.TrySend([1]);
        if (how == "disposed while it waits")
            while (outbox.Blocked == TimeSpan.Zero)
            {
                outbox.TrySend(Filled(0, 60_000));
                _time.Advance(TimeSpan.FromSeconds(1));
            }

        if (how == "reset")
        {
            _client.LingerState = new LingerOption(enable: true, seconds: 0);
            _client.Close();
            await Limits.UntilAsync(() => outbox.TrySend([1]) == SendResult.Closed, "the reset");
        }
        else
        {
            _server.Dispose();
            await Limits.UntilAsync(() => outbox.TrySend([1]) == SendResult.Closed, "the end");
        }

        await outbox.Finished.InTime("the outbox to finish");
    }

    [Fact]
    public async Task A_delivery_allocates_nothing()
    {
        var outbox = await MakeAsync();
        var frame = Filled(0, 20);
        outbox.TrySend(frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
            outbox.TrySend(frame);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_batch_brings_leaves_together_and_in_order_with_what_others_send(bool direct)
    {
        await using var stream = new MemoryStream();
        var outbox = direct ? await MakeAsync() : new Outbox(stream, 100, 1_000_000, _time);
        var bundle = new Bundle(helpers: 0);
        bundle.Begin();
        outbox.TrySend([1]);
        outbox.TrySend([2]);
        await Task.Run(() => outbox.TrySend([3]), Cancel);
        Assert.Equal(0, direct ? _client.Available : stream.Length);
        bundle.End();
        outbox.TrySend([4]);
        Assert.Equal([1, 2, 3, 4], direct ? await ReadAsync(4) : stream.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_than_one_write_takes_does_not_wait_and_is_not_too_much(bool direct)
    {
        await using var stream = new MemoryStream();
        var outbox = direct ? await MakeAsync(frames: 3, bytes: 5_000) : new Outbox(stream, 3, 5_000, _time);
        var bundle = new Bundle(helpers: 0);
        bundle.Begin();
        for (var i = 0; i < 40; i++)
            Assert.Equal(SendResult.Sent, outbox.TrySend(Filled(i, 1_000)));
        bundle.End();
        byte[] sent = [.. Enumerable.Range(0, 40).SelectMany(i => Filled(i, 1_000))];
        Assert.Equal(sent, direct ? await ReadAsync(sent.Length) : stream.ToArray());
    }

    [Fact]
    public async Task A_connection_that_closes_within_a_batch_sends_all_that_came_before()
    {
        var outbox = await MakeAsync();
        var bundle = new Bundle(helpers: 0);
        bundle.Begin();
        outbox.TrySend([1]);
        outbox.Close([9], dropPending: false);
        bundle.End();
        await outbox.Finished.InTime("the outbox to finish");
        Assert.Equal([1, 9], await ReadAsync(2));
    }

    [Fact]
    public void Several_threads_share_the_sends_of_a_batch()
    {
        var streams = Enumerable.Range(0, 1_000).Select(_ => new MemoryStream()).ToArray();
        var outboxes = Array.ConvertAll(streams, stream => new Outbox(stream, 100, 1_000_000, _time));
        var bundle = new Bundle(helpers: 3);
        for (byte round = 0; round < 5; round++)
        {
            bundle.Begin();
            foreach (var outbox in outboxes)
            {
                outbox.TrySend([round, 0]);
                outbox.TrySend([round, 1]);
            }

            bundle.End();
        }

        Assert.All(streams, stream => Assert.Equal([0, 0, 0, 1, 1, 0, 1, 1, 2, 0, 2, 1, 3, 0, 3, 1, 4, 0, 4, 1], stream.ToArray()));
    }

    private static byte[] Filled(int number, int length) => [.. BitConverter.GetBytes(number), .. new byte[length - 4]];

    private static FeatureCollection Features(Socket socket)
    {
        var features = new FeatureCollection();
        features.Set<IConnectionSocketFeature>(new Under(socket));
        return features;
    }

    private DirectSocket Find()
    {
        var found = DirectSocket.Find(Features(_server));
        Assert.SkipWhen(found is null && !OperatingSystem.IsLinux(), "Only Linux tells what has left the pipe.");
        return found!;
    }

    /// <summary>Answers the handshake as Kestrel does, past the outbox.</summary>
    private async Task AnswerAsync()
    {
        await _server.SendAsync(new byte[130], Cancel);
        await ReadAsync(130);
    }

    private async Task<Outbox> MakeAsync(int frames = 1_000, int bytes = 100_000_000)
    {
        var direct = Find();
        await AnswerAsync();
        return new Outbox(new Unused(), frames, bytes, _time, direct);
    }

    private async Task<byte[]> ReadAsync(int length)
    {
        var read = new byte[length];
        for (var at = 0; at < length;)
        {
            var got = await _client.ReceiveAsync(read.AsMemory(at), Cancel).AsTask().InTime("bytes");
            Assert.NotEqual(0, got);
            at += got;
        }

        return read;
    }

    private async Task ExpectAsync(int number, int length) => Assert.Equal(Filled(number, length), await ReadAsync(length));

    private sealed class Under(Socket socket) : IConnectionSocketFeature
    {
        public Socket Socket => socket;
    }

    /// <summary>A stream that nothing may be written to.</summary>
    private sealed class Unused : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("The frames go past the stream.");
    }

    private sealed class Secured : ITlsHandshakeFeature
    {
        public System.Security.Authentication.SslProtocols Protocol => default;

#pragma warning disable CS0618, SYSLIB0058 // The interface still has them.
        public System.Security.Authentication.CipherAlgorithmType CipherAlgorithm => default;

        public int CipherStrength => default;

        public System.Security.Authentication.HashAlgorithmType HashAlgorithm => default;

        public int HashStrength => default;

        public System.Security.Authentication.ExchangeAlgorithmType KeyExchangeAlgorithm => default;

        public int KeyExchangeStrength => default;
#pragma warning restore CS0618, SYSLIB0058
    }
}
