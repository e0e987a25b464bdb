using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kotodama.Protocol;

namespace Kotodama.Voice.Speaking;

/// <summary>
/// The sound that a publisher brings for its reply, while it comes in. Its bytes are bounded by the hub, its pieces here: the rest is cut
/// off.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class SoundBuffer(TimeProvider time)
{
    private const int MostPieces = 16_384;

    /// <summary>The hub ends sound of which no piece came for 30 s; after this its word must have been lost.</summary>
    private static readonly TimeSpan PieceWithin = TimeSpan.FromSeconds(35);

    private readonly Channel<AudioMessage> _pieces = Channel.CreateBounded<AudioMessage>(
        new BoundedChannelOptions(MostPieces) { SingleReader = true, SingleWriter = true });

    private readonly StreamSilence _silence = new(PieceWithin, time);
    private long _bytes;

    /// <summary>What has come and was not read yet.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether its end did not come in time. To be asked when <see cref="ReadAsync"/> has ended.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Takes a piece; an empty one is the end.</summary>
    public void Add(AudioMessage piece)
    {
        _silence.Break();
        Interlocked.Add(ref _bytes, piece.Data.Length);
        if (piece.Data.IsEmpty || !_pieces.Writer.TryWrite(piece))
            End();
    }

    /// <summary>Nothing of it comes any more.</summary>
    public void End() => _pieces.Writer.TryComplete();

    /// <summary>The pieces in order, until the end.</summary>
    public async IAsyncEnumerable<AudioMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await HasMoreAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_pieces.Reader.TryRead(out var piece))
            {
                Interlocked.Add(ref _bytes, -piece.Data.Length);
                yield return piece;
            }
        }
    }

    private async Task<bool> HasMoreAsync(CancellationToken cancellationToken)
    {
        var more = _pieces.Reader.WaitToReadAsync(cancellationToken).AsTask();
        while (!await _silence.WaitAsync(more, most: null, cancellationToken).ConfigureAwait(false))
        {
            if (!_silence.IsTooLong)
                continue;
            IsBroken = true;
            return false;
        }

        return await more.ConfigureAwait(false);
    }
}
