using Kotodama.Protocol;

namespace Kotodama.Tests.Support;

internal static class Hearing
{
    /// <summary>The next message of the other end.</summary>
    public static Task<Message> HearAsync(this IPeer peer) => peer.Incoming.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTime("a message for the voice");
}
