using System.Net.WebSockets;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Sockets;
using Microsoft.Extensions.Logging;

namespace Kotodama.Tests.Server.Bounds;

/// <summary>One connection has one allowance for all that it sends, and its share of queue, log and memory.</summary>
public sealed class ConnectionBoundTests
{
    private const byte ReservedBit = 0xC1;

    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_receipt_of_a_good_message_comes_before_the_close_frame_of_a_violation()
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        await socket.SendAsync([.. Wire.Text("""{"type":"status","id":"good","content":"x","receipt":"stored"}"""), .. Wire.Frame(ReservedBit, [1])]);
        var receipt = (await socket.ReadFrameAsync())!.Value;
        Assert.Equal(Opcode.Text, receipt.Opcode);
        Assert.Contains("\"good\"", Encoding.UTF8.GetString(receipt.Payload), StringComparison.Ordinal);
        Assert.Equal(CloseCode.ProtocolError, await socket.ReadCloseCodeAsync());
    }

    [Fact]
    public async Task Pings_have_an_allowance_too()
    {
        await using var hub = await TestHub.StartAsync(time: _time);
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        byte[] pings = [.. Enumerable.Range(0, 1_100).SelectMany(_ => Wire.Frame(Opcode.Ping, []))];
        await socket.SendAsync(pings);
        for (var i = 0; i < 1_000; i++)
            Assert.Equal(Opcode.Pong, (await socket.ReadFrameAsync())!.Value.Opcode);
        var next = socket.ReadFrameAsync();
        Assert.False(next.IsCompleted);
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(next, Task.Run(() => { }, Token));
        }

        Assert.Equal(Opcode.Pong, (await next)!.Value.Opcode);
    }

    [Fact]
    public async Task Sound_has_an_allowance_and_what_comes_too_early_waits()
    {
        await using var hub = await TestHub.StartAsync(time: _time);
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        await socket.SendAsync(Wire.Text("""{"type":"hello","role":"publisher"}"""));
        byte[] pieces = [.. Enumerable.Range(0, 8_200).SelectMany(_ => Wire.Frame(Opcode.Binary, Piece()))];
        await socket.SendAsync(pieces);
        await Limits.UntilAsync(() => hub.Hub.Limited > 0, "sound to be held back");
    }

    [Fact]
    public async Task A_message_of_empty_frames_is_not_read_for_ever()
    {
        await using var hub = await TestHub.StartAsync();
        using var socket = await RawSocket.ConnectAsync(hub.Url);
        await socket.SendAsync(Wire.Frame(Opcode.Text, [], final: false));
        byte[] rest = [.. Enumerable.Range(0, 1_024).SelectMany(_ => Wire.Frame(Opcode.Continuation, [], final: false))];
        await socket.SendAsync(rest);
        Assert.Equal(CloseCode.ProtocolError, await socket.ReadCloseCodeAsync());
    }

    [Fact]
    public async Task A_connection_that_sends_bad_messages_for_ever_gets_a_hundred_lines_and_then_one_a_minute()
    {
        await using var hub = await TestHub.StartAsync(time: _time);
        using var socket = await TestSocket.ConnectAsync(hub.Socket);
        for (var i = 0; i < 150; i++)
            await BadAndGoodAsync();
        Assert.Equal(100, Lines());
        _time.Advance(TimeSpan.FromMinutes(1));
        await BadAndGoodAsync();
        Assert.Equal(101, Lines());
        Assert.Single(hub.Log.Lines, l => l.Text.Contains("50 more bad messages", StringComparison.Ordinal));

        int Lines() => hub.Log.Lines.Count(l => l.Text.Contains("sent a bad message", StringComparison.Ordinal));

        async Task BadAndGoodAsync()
        {
            await socket.SendAsync("{");
            await socket.ReceiveJsonAsync();
            await socket.SendAsync("""{"type":"stop"}""");
        }
    }

    [Fact]
    public async Task A_page_may_have_four_questions_open()
    {
        await using var hub = await TestHub.StartAsync();
        await using var companion = await hub.CompanionAsync();
        using var page = await hub.PageAsync();
        for (var i = 0; i < 6; i++)
            await page.SendAsync(new AskMessage { Id = $"q{i}", Name = "llm" });
        var refused = new List<string>();
        while (refused.Count < 2)
            if (await page.ReceiveAsync() is ErrorMessage error)
                refused.Add($"{error.Id} {error.Code}");
        Assert.Equal(["q4 rate_limited", "q5 rate_limited"], refused);
        AskMessage? asked = null;
        while (asked is null)
            asked = await companion.HearAsync() as AskMessage;
        await companion.SendAsync(new AnswerMessage { Page = asked.Page!, Id = asked.Id }, Token);
        while (await page.ReceiveAsync() is not AnswerMessage)
        {
        }

        await page.SendAsync(new AskMessage { Id = "q6", Name = "llm" });
        while (asked.Id != "q6")
            asked = await companion.HearAsync() as AskMessage ?? asked;
    }

    [Fact]
    public void A_publisher_that_streams_too_many_replies_loses_the_one_that_it_began_first()
    {
        var (streams, publisher, other) = (new ReplyStreams(), new TestViewer(null), new TestViewer(null));
        for (var i = 0; i < ReplyStreams.MostOpen; i++)
            Assert.Null(streams.Note($"r{i}", publisher, i));
        Assert.Null(streams.Note("r0", publisher, 99));
        Assert.Null(streams.Note("another's", other, 99));
        Assert.Equal("r0", streams.Note("one more", publisher, 100));
        streams.End("r0");
        Assert.Equal(ReplyStreams.MostOpen, streams.Of(publisher).Count);
        Assert.Equal(["another's"], streams.Of(other));
    }

    [Fact]
    public async Task What_a_reader_that_takes_nothing_asks_for_again_and_again_waits_in_portions()
    {
        await using var hub = await TestHub.StartAsync();

        // Twice as much as the system takes for a connection.
        var text = new string('x', 16_000);
        for (var i = 0; i < 500; i++)
            await hub.Stage.PublishAsync(new StatusMessage { Content = text, Ttl = 3_600_000 }, Token);
        var epoch = (await hub.Hub.AskAsync(core => core.Position(ChannelName.Default), Token))!.Epoch;
        using var socket = await RawSocket.ConnectAsync(hub.Url, receiveBuffer: 4_096);
        await socket.SendAsync(Wire.Text("""{"type":"hello","role":"viewer","caps":["display"]}"""));
        for (var i = 0; i < 200; i++)
            await socket.SendAsync(Wire.Text($$"""{"type":"resume","channel":"default","epoch":"{{epoch}}","seq":0}"""));
        await Limits.UntilAsync(() => hub.Hub.AskAsync(IsBehind, Token).GetAwaiter().GetResult(), "a portion that has to wait");
        await hub.Stage.SendStatusAsync("still there", cancellationToken: Token);

        // What the network took may have been sent again; the rest of 200 times 500 messages was never read from the log.
        var (last, count) = (0L, 0);
        while (last < 501)
        {
            var frame = (await socket.ReadFrameAsync())!.Value;
            if (frame.Opcode == Opcode.Text && MessageCodec.Read(frame.Payload).Message is Publication { Seq: { } seq })
                (last, count) = (Math.Max(seq, last), count + 1);
        }

        Assert.InRange(count, 20, 2_000);
        socket.Reset();

        static bool IsBehind(HubCore core)
        {
            foreach (var subscription in core.Channels[ChannelName.Default].Subscriptions)
                if (subscription.Replay is not null)
                    return true;
            return false;
        }
    }

    private static byte[] Piece() => new AudioMessage { Kind = AudioKind.Encoded, Stream = 1, Clause = 0, Number = 0, Offset = 0, Data = new byte[2] }.ToBytes();
}
