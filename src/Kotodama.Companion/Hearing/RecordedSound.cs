using System.Runtime.CompilerServices;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// The sound of one utterance, in memory and nowhere else: one writes, any number read it from its beginning, also while it grows. It takes
/// a minute; what comes after that is left out. Safe for threads.
/// </summary>
public sealed class RecordedSound
{
    /// <summary>Samples a second, each of 16 bits.</summary>
    public const int Rate = 16_000;

    /// <summary>The longest sound.</summary>
    public const int MostBytes = 60 * Rate * 2;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _bytes = new byte[4 * Rate];
    private int _length;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The sound is whole.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes a copy of the next piece, which may end in the middle of a sample.</summary>
    /// <param name="piece">Mono samples of 16 bits, little-endian, <see cref="Rate"/> a second.</param>
    public void Write(ReadOnlySpan<byte> piece)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            if (_ended.Task.IsCompleted)
                return;
            piece = piece[..Math.Min(piece.Length, MostBytes - _length)];
            if (_length + piece.Length > _bytes.Length)
                Array.Resize(ref _bytes, Math.Min(MostBytes, Math.Max(_bytes.Length * 2, _length + piece.Length)));
            piece.CopyTo(_bytes.AsSpan(_length));
            _length += piece.Length;
            (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.TrySetResult();
    }

    /// <summary>There is no more.</summary>
    public void End()
    {
        lock (_lock)
            _ended.TrySetResult();
        _more.TrySetResult();
    }

    /// <summary>The pieces from the beginning, in whole samples, as they come.</summary>
    /// <param name="cancellationToken">Ends the wait for more.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var read = 0; ;)
        {
            ReadOnlyMemory<byte> piece;
            Task more;
            lock (_lock)
            {
                // A growing sound is moved, never changed: a piece stays what it is.
                piece = _bytes.AsMemory(read, ((_length - read) & ~1));
                more = _ended.Task.IsCompleted ? Task.CompletedTask : _more.Task;
            }

            if (piece.Length > 0)
            {
                read += piece.Length;
                yield return piece;
            }
            else if (more.IsCompleted && Ended.IsCompleted)
            {
                yield break;
            }
            else
            {
                await more.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for the first of it. False: there is none.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<bool> BeginsAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in ReadAsync(cancellationToken).ConfigureAwait(false))
            return true;
        return false;
    }

    /// <summary>All of it, once it has ended.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ReadOnlyMemory<byte>> WholeAsync(CancellationToken cancellationToken)
    {
        await Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_lock)
            return _bytes.AsMemory(0, _length & ~1);
    }
}
