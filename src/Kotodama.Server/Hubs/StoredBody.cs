using Kotodama.Protocol;
using Kotodama.Server.Log;

namespace Kotodama.Server.Hubs;

/// <summary>The JSON of a message in the log: without what the hub adds when it sends it.</summary>
internal static class StoredBody
{
    /// <summary>Limits may have become smaller since a message was accepted.</summary>
    private static readonly ProtocolLimits Unlimited = new() { Frame = int.MaxValue, Content = int.MaxValue, Duration = double.MaxValue };

    public static byte[] Write(Publication message) =>
        MessageCodec.Write(message with { Channel = null, Ttl = null, Receipt = null, Epoch = null, Seq = null, Ts = null });

    /// <summary>Makes the message of a stored body; null when a version of the hub wrote it that knew more.</summary>
    public static Publication? Read(LogEntry entry, string channel, string epoch) =>
        MessageCodec.Read(entry.Body, Unlimited).Message is Publication publication
            ? publication with { Channel = channel, Epoch = epoch, Seq = entry.Seq, Ts = entry.At }
            : null;
}
