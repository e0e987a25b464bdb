using Kotodama.Server.Sockets;

namespace Kotodama.Tests.Server;

public sealed class OutboxTests
{
    private readonly GatedStream _stream = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void A_frame_goes_out_on_the_senders_thread_when_nothing_waits()
    {
        var outbox = Make();
        _stream.Open();
        Assert.Equal(SendResult.Sent, outbox.TrySend([1, 2, 3]));
        Assert.Equal([1, 2, 3], _stream.Written);
        Assert.Equal(TimeSpan.Zero, outbox.Blocked);
    }

    [Fact]
    public async Task What_others_add_while_a_frame_goes_out_does_not_keep_its_sender_busy()
    {
        Outbox? outbox = null;
        var (sender, isSending, onSender) = (Environment.CurrentManagedThreadId, true, false);
        await using var stream = new WatchedStream(first =>
        {
            if (first)
                outbox!.TrySend([2]);
            else
                onSender |= isSending && Environment.CurrentManagedThreadId == sender;
        });
        outbox = new Outbox(stream, 100, 1_000_000, _time);
        outbox.TrySend([1]);
        isSending = false;
        outbox.Close([9], dropPending: false);
        await outbox.Finished.InTime("the outbox to finish");
        Assert.False(onSender);
        Assert.Equal([1, 2, 9], stream.ToArray());
    }

    [Fact]
    public async Task Frames_that_waited_go_out_in_order_and_together()
    {
        var outbox = Make(frames: 1000);
        for (byte i = 0; i < 200; i++)
            Assert.Equal(SendResult.Sent, outbox.TrySend([i]));
        Assert.Empty(_stream.Written);
        _stream.Open();
        outbox.Close([255], dropPending: false);
        await outbox.Finished.InTime("the outbox to finish");
        Assert.Equal([.. Enumerable.Range(0, 200).Select(i => (byte)i), 255], _stream.Written);
        Assert.InRange(_stream.Writes, 2, 4);
    }

    [Fact]
    public void A_full_queue_refuses_by_count_and_by_bytes()
    {
        var byCount = Make(frames: 3);
        Assert.Equal([SendResult.Sent, SendResult.Sent, SendResult.Sent, SendResult.Sent, SendResult.Full], Enumerable.Range(0, 5).Select(_ => byCount.TrySend([1])));
        var byBytes = Make(bytes: 10);
        Assert.Equal(SendResult.Sent, byBytes.TrySend(new byte[50]));
        Assert.Equal(SendResult.Sent, byBytes.TrySend(new byte[10]));
        Assert.Equal(SendResult.Full, byBytes.TrySend(new byte[1]));
    }

    [Fact]
    public async Task When_it_is_full_pieces_are_dropped_and_all_else_is_refused()
    {
        var outbox = Make(frames: 2);
        Assert.Equal([SendResult.Sent, SendResult.Sent, SendResult.Sent], Enumerable.Range(1, 3).Select(i => outbox.TrySend([(byte)i])));
        Assert.Equal(SendResult.Dropped, outbox.TrySend([4], FrameKind.Ephemeral));
        Assert.Equal(SendResult.Full, outbox.TrySend([5]));
        _stream.Open();
        outbox.Close([9], dropPending: false);
        await outbox.Finished.InTime("the outbox to finish");
        Assert.Equal([1, 2, 3, 9], _stream.Written);
    }

    [Fact]
    public async Task Who_waits_for_room_is_called_once_when_three_quarters_have_gone_out()
    {
        var outbox = Make(frames: 8);
        var calls = 0;
        outbox.WhenRoom(() => calls++);
        Assert.Equal(1, calls);
        for (byte i = 0; i < 4; i++)
            outbox.TrySend([i]);
        Assert.False(outbox.HasRoom);
        outbox.WhenRoom(() => calls++);
        Assert.Equal(1, calls);
        _stream.Open();
        await Limits.UntilAsync(() => calls == 2, "the call");
        Assert.True(outbox.HasRoom);
    }

    [Fact]
    public void Who_waits_for_room_in_an_outbox_that_closes_is_not_called()
    {
        var outbox = Make(frames: 1);
        outbox.TrySend([1]);
        outbox.TrySend([2]);
        outbox.WhenRoom(() => Assert.Fail("The outbox is closed."));
        outbox.Close([9], dropPending: true);
        outbox.WhenRoom(() => Assert.Fail("The outbox is closed."));
        _stream.Open();
    }

    [Fact]
    public void A_frame_that_is_larger_than_the_bound_waits_alone()
    {
        var outbox = Make(bytes: 10);
        outbox.TrySend([1]);
        Assert.Equal(SendResult.Sent, outbox.TrySend(new byte[50]));
        Assert.Equal(SendResult.Full, outbox.TrySend([2]));
        _stream.Open();
    }

    [Fact]
    public async Task After_closing_nothing_more_is_taken_and_what_waited_can_be_dropped()
    {
        var outbox = Make();
        outbox.TrySend([1]);
        outbox.TrySend([2]);
        outbox.Close([9], dropPending: true);
        Assert.Equal(SendResult.Closed, outbox.TrySend([3]));
        _stream.Open();
        await outbox.Finished.InTime("the outbox to finish");
        Assert.Equal([1, 9], _stream.Written);
    }

    [Fact]
    public void It_says_for_how_long_a_write_has_been_stuck()
    {
        var outbox = Make();
        outbox.TrySend([1]);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), outbox.Blocked);
        _stream.Open();
    }

    [Fact]
    public async Task A_stream_that_fails_ends_the_outbox_quietly()
    {
        var outbox = Make();
        outbox.TrySend([1]);
        outbox.TrySend([2]);
        _stream.Fail(new IOException("gone"));
        await outbox.Finished.InTime("the outbox to finish");
        Assert.Equal(SendResult.Closed, outbox.TrySend([3]));
    }

    [Fact]
    public async Task Many_senders_at_once_lose_and_mix_nothing()
    {
        var outbox = Make(frames: 100_000, bytes: int.MaxValue);
        _stream.Open();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(() =>
        {
            for (byte i = 0; i < 250; i++)
                Assert.Equal(SendResult.Sent, outbox.TrySend([(byte)sender, i]));
        })));
        outbox.Close([99], dropPending: false);
        await outbox.Finished.InTime("the outbox to finish");
        var pairs = _stream.Written.Chunk(2).Where(p => p.Length == 2).ToArray();
        Assert.Equal(2000, pairs.Length);
        for (var sender = 0; sender < 8; sender++)
            Assert.Equal(Enumerable.Range(0, 250).Select(i => (byte)i), pairs.Where(p => p[0] == sender).Select(p => p[1]));
    }

    private Outbox Make(int frames = 100, int bytes = 1_000_000) => new(_stream, frames, bytes, _time);

    /// <summary>A stream that tells when it is written to, and whether for the first time.</summary>
    private sealed class WatchedStream(Action<bool> writing) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            writing(Length == 0);
            Write(buffer.Span);
            return default;
        }
    }

    /// <summary>A stream whose writes wait until the test opens it.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<byte> _written = [];

        public int Writes { get; private set; }

        public byte[] Written
        {
            get
            {
                lock (_written)
                    return [.. _written];
            }
        }

        public void Open() => _gate.SetResult();

        public void Fail(Exception e) => _gate.SetException(e);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _gate.Task;
            lock (_written)
            {
                Writes++;
                _written.AddRange(buffer.Span);
            }
        }
    }
}
