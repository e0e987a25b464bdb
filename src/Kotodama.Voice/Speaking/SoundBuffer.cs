using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// The sound that a sender brings for its reply, while it comes in. Its bytes are bounded by the hub, its pieces here: the rest is cut off.
/// </summary>
internal sealed class SoundBuffer
{
    private const int MostPieces = 16_384;

    private readonly Channel<AudioMessage> _pieces = Channel.CreateBounded<AudioMessage>(
        new BoundedChannelOptions(MostPieces) { SingleReader = true, SingleWriter = true });

    private long _bytes;

    /// <summary>What has come and was not read yet.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes a piece; an empty one is the end.</summary>
    public void Add(AudioMessage piece)
    {
        Interlocked.Add(ref _bytes, piece.Data.Length);
        if (piece.Data.IsEmpty || !_pieces.Writer.TryWrite(piece))
            _pieces.Writer.TryComplete();
    }

    /// <summary>The pieces in order, until the end.</summary>
    public async IAsyncEnumerable<AudioMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var piece in _pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            Interlocked.Add(ref _bytes, -piece.Data.Length);
            yield return piece;
        }
    }
}
