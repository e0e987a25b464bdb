using System.Threading.Channels;

namespace Kotodama.Protocol;

/// <summary>
/// One end of an exchange of messages. The program that holds it cannot tell whether the other end is in the same process, as the hub's own
/// link and
/// <see cref="PeerPair"/> are, or on another machine. Members may be called from any thread.
/// </summary>
public interface IPeer : IAsyncDisposable
{
    /// <summary>
    /// What the other end sends, in order. Completes when the connection has ended. Read it without pause: it is bounded, and what does
    /// not fit is lost.
    /// </summary>
    ChannelReader<Message> Incoming { get; }

    /// <summary>Sends a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <returns>Ends when the message is on its way, in the order of the calls. What is sent after the end is lost.</returns>
    ValueTask SendAsync(Message message, CancellationToken cancellationToken = default);
}
