using System.Threading.Channels;

namespace Kotodama.Protocol;

/// <summary>Two ends of one connection within a process: what one sends, the other receives.</summary>
public static class PeerPair
{
    /// <summary>Makes both ends.</summary>
    /// <param name="capacity">Messages that may wait in each direction, at least 1; one more makes the sender wait.</param>
    public static (IPeer First, IPeer Second) Create(int capacity = 1024)
    {
        var (there, back) = (Channel.CreateBounded<Message>(capacity), Channel.CreateBounded<Message>(capacity));
        return (new End(there.Writer, back), new End(back.Writer, there));
    }

    private sealed class End(ChannelWriter<Message> outgoing, Channel<Message> incoming) : IPeer
    {
        public ChannelReader<Message> Incoming => incoming.Reader;

        public async ValueTask SendAsync(Message message, CancellationToken cancellationToken = default)
        {
            try
            {
                await outgoing.WriteAsync(message, cancellationToken).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                // Promised: what is sent after the end is lost.
            }
        }

        public ValueTask DisposeAsync()
        {
            outgoing.TryComplete();
            incoming.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }
    }
}
