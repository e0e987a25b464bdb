using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Voice;

/// <summary>The sound that a sender brings for its reply, while it comes in. Its bytes are bounded by the hub, its pieces here: the rest is cut off.</summary>
internal sealed class SoundBuffer
{
    private const int MostPieces = 16_384;

    private readonly Channel<AudioMessage> _pieces = Channel.CreateBounded<AudioMessage>(new BoundedChannelOptions(MostPieces) { SingleReader = true, SingleWriter = true });

    /// <summary>Takes a piece; an empty one is the end.</summary>
    public void Add(AudioMessage piece)
    {
        if (piece.Data.IsEmpty || !_pieces.Writer.TryWrite(piece))
            _pieces.Writer.TryComplete();
    }

    /// <summary>The pieces in order, until the end.</summary>
    public IAsyncEnumerable<AudioMessage> ReadAsync(CancellationToken cancellationToken) => _pieces.Reader.ReadAllAsync(cancellationToken);
}
