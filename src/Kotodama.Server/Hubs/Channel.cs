using System.Security.Cryptography;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;

namespace Kotodama.Server.Hubs;

/// <summary>
/// One stream of messages and its viewers. Numbering, framing and handing over happen under one lock, so every viewer gets the same
/// bytes in the same order; nothing is awaited under it.
/// </summary>
internal sealed class Channel(string name, TimeProvider time)
{
    private const string EpochAlphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private readonly Lock _lock = new();
    private readonly Dictionary<long, TaskCompletionSource> _awaited = [];
    private Connection[] _viewers = [];
    private long _seq;

    public string Name { get; } = name;

    /// <summary>The life of this numbering. Random, so that numbers of different lives never mix.</summary>
    public string Epoch { get; } = RandomNumberGenerator.GetString(EpochAlphabet, 8);

    public long Seq => Volatile.Read(ref _seq);

    public IReadOnlyList<Connection> Viewers => Volatile.Read(ref _viewers);

    /// <summary>Numbers a message, frames it once and hands the frame to every viewer.</summary>
    /// <param name="message">A valid message with its id.</param>
    /// <param name="displayed">Completed when a page reports that it has shown the message; null when nobody waits.</param>
    public ReceiptMessage Publish(Publication message, TaskCompletionSource? displayed)
    {
        lock (_lock)
        {
            var kept = message.IsKept;
            if (kept)
                Volatile.Write(ref _seq, _seq + 1);
            var outgoing = message with
            {
                Channel = Name,
                Receipt = null,
                Epoch = kept ? Epoch : null,
                Seq = kept ? _seq : null,
                Ts = kept ? time.GetUtcNow().ToUnixTimeMilliseconds() : null,
            };
            var frame = Frame.Text(outgoing);
            var pages = 0;
            foreach (var viewer in _viewers)
                if (viewer.Offer(frame, message) && viewer.IsPage)
                    pages++;
            if (displayed is not null && pages > 0)
                _awaited[_seq] = displayed;
            return new ReceiptMessage { Id = message.Id!, Channel = Name, Pages = pages, Epoch = outgoing.Epoch, Seq = outgoing.Seq };
        }
    }

    /// <summary>Takes what a page reports. Numbers of another epoch, and numbers that nobody waits for, are nothing special.</summary>
    public void Acknowledge(AckMessage ack)
    {
        if (ack.Epoch != Epoch)
            return;
        foreach (var seq in ack.Displayed)
        {
            TaskCompletionSource? waiter;
            lock (_lock)
                _awaited.Remove(seq, out waiter);
            waiter?.TrySetResult();
        }
    }

    /// <summary>Ends the wait for a message that nobody waits for any more.</summary>
    public void Forget(long seq)
    {
        lock (_lock)
            _awaited.Remove(seq);
    }

    /// <summary>Adds a viewer and, before any further message can reach it, runs <paramref name="joined"/> with the position.</summary>
    public void Join(Connection viewer, Action<ChannelPosition> joined)
    {
        lock (_lock)
        {
            if (!_viewers.Contains(viewer))
                Volatile.Write(ref _viewers, [.. _viewers, viewer]);
            joined(new ChannelPosition(Epoch, _seq));
        }
    }

    public void Leave(Connection viewer)
    {
        lock (_lock)
            Volatile.Write(ref _viewers, [.. _viewers.Where(v => v != viewer)]);
    }
}
