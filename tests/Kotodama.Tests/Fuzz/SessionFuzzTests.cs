using System.Buffers.Binary;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Access;
using Kotodama.Server.Channels;
using Kotodama.Server.Hubs;
using Kotodama.Server.Sockets;
using Kotodama.Voice.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kotodama.Tests.Fuzz;

/// <summary>Whole connections to a whole hub, without a network and on a clock of their own.</summary>
public sealed class SessionFuzzTests
{
    /// <summary>A session is dozens of messages and half a minute on its clock.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task No_peers_break_the_hub_hear_nonsense_or_leave_anything_behind() =>
        Inputs.RunAsync(Inputs.Share(100), Session.Make, session => [.. session.Peers.SelectMany(p => p.Script)], Longest, CheckAsync);

    private static async Task CheckAsync(Session session)
    {
        var peers = session.Peers;
        var options = new KotodamaServerOptions();
        if (session.IsSlowedDown)
            options.Limits = new ProtocolLimits { PublishRate = 1, PublishBurst = 1, FrameRate = 2, FrameBurst = 2 };
        var time = new ManualTime();
        var log = new TestLog();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        await using (var hub = new Hub(Options.Create(options), time, factory.CreateLogger<Hub>()))
        {
            var streams = Array.ConvertAll(peers, p => new ScriptedStream(p.Script, p.Piece, p.End, p.Takes));
            var connections = Array.ConvertAll(streams, s => new Connection(hub, s, ChannelName.Default, Grant.Everything, time, factory.CreateLogger<Connection>()));
            var running = connections.Zip(streams, RunAsync).ToArray();
            if (!session.IsSlowedDown)
                await Task.WhenAll(streams.Zip(running, (s, r) => Task.WhenAny(s.Said, r))).InTime("the peers to have said everything");
            await PassAsync(hub, time, Task.WhenAll(running));
            foreach (var connection in connections)
                connection.Dispose();
            await LeavesNothingAsync(hub, time);
            foreach (var stream in streams)
                Understand(stream.Written);
        }

        Assert.Equal(0, time.Timers);
        Assert.Empty(log.Errors);

        // What a client calls itself, and the ids of its messages, are for the log; nothing else that it says is.
        Assert.DoesNotContain(log.Lines, l => l.Level > LogLevel.Trace && !l.Text.Contains(" is a ", StringComparison.Ordinal) && !l.Text.StartsWith("Publishing ", StringComparison.Ordinal) && l.Text.Contains(Mutator.Secret, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task RunAsync(Connection connection, ScriptedStream stream)
    {
        await connection.RunAsync(Token);
        stream.Abort();
    }

    /// <summary>Lets time pass, as the heartbeat does, until all connections have ended: those that fell silent are cut in the end.</summary>
    private static async Task PassAsync(Hub hub, ManualTime time, Task all)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!all.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limits.Wait, "a connection never ends");
            time.Advance(TimeSpan.FromSeconds(1));
            foreach (var connection in hub.Connections)
                connection.Beat(late: false);
            await Task.Yield();
        }

        await all;
    }

    private static async Task LeavesNothingAsync(Hub hub, ManualTime time)
    {
        Assert.Empty(hub.Connections);
        Assert.Equal(0, await hub.AskAsync(core => core.Channels.Values.Sum(c => c.Subscriptions.Count), Token));

        // Everything has expired, and whatever was being written was given up.
        time.Jump(TimeSpan.FromDays(2));
        Assert.Equal(0, await hub.AskAsync(
            core =>
            {
                core.Tick();
                return core.Channels.Values.Sum(c => c.Deliveries.Count + c.Streams.Count);
            },
            Token));
    }

    /// <summary>Proves that what a peer was sent are whole frames and messages, a close is the last of them, and no error repeats what was said.</summary>
    private static void Understand(byte[] sent)
    {
        var closed = false;
        for (var at = 0; at < sent.Length;)
        {
            Assert.False(closed, "something came after the close");
            var opcode = (Opcode)(sent[at] & 0x0F);
            Assert.Equal(0x80 | (int)opcode, sent[at]);
            var (header, length) = sent[at + 1] switch
            {
                < 126 => (2, (long)sent[at + 1]),
                126 => (4, BinaryPrimitives.ReadUInt16BigEndian(sent.AsSpan(at + 2))),
                127 => (10, BinaryPrimitives.ReadInt64BigEndian(sent.AsSpan(at + 2))),
                _ => throw new InvalidDataException("a masked frame"),
            };
            var payload = sent.AsMemory(at + header, (int)length);
            at += header + (int)length;
            closed = opcode == Opcode.Close;
            if (opcode != Opcode.Text)
                continue;
            var (message, wrong) = MessageCodec.Read(payload);
            Assert.True(wrong is null, wrong?.Message);
            if (message is ErrorMessage error)
                Assert.DoesNotContain(Mutator.Secret, error.Message + error.Hint, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <param name="IsSlowedDown">Whether the peers say more than they may, so that the clock has to move before they have said it.</param>
    /// <param name="Peers">Who connects.</param>
    private sealed record Session(bool IsSlowedDown, Peer[] Peers)
    {
        public static Session Make(Random random) => new(random.Next(4) == 0, [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => Peer.Make(random))]);
    }

    private sealed record Peer(byte[] Script, int Piece, PeerEnd End, long Takes)
    {
        public static Peer Make(Random random) => new(
            new FrameScript(random).Next(12),
            random.Next(3) == 0 ? 1 + random.Next(20) : 4_096,
            (PeerEnd)random.Next(3),
            random.Next(4) == 0 ? random.Next(2_000) : long.MaxValue);
    }
}
