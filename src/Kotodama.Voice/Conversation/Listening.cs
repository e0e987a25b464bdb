using System.Threading.Channels;

namespace Kotodama.Voice;

/// <summary>One utterance on its way to the recogniser and back. Runs by itself; the companion's loop feeds it.</summary>
internal sealed class Listening
{
    /// <summary>A minute of pieces as short as a page may send them.</summary>
    private const int MostPieces = 8192;

    private readonly Channel<ReadOnlyMemory<byte>> _sound = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(MostPieces) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _dropped;
    private readonly long _utterance;
    private readonly Func<ConversationEvent, ValueTask> _report;

    public Listening(long utterance, RecognitionRequest request, ISpeechRecognizer recognizer, Func<ConversationEvent, ValueTask> report, CancellationToken ended)
    {
        (_utterance, _report) = (utterance, report);
        _dropped = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var token = _dropped.Token;
        _ = Task.Run(() => RunAsync(recognizer, request, token), CancellationToken.None);
    }

    /// <summary>A piece of sound; mono samples of 16 bits, 16 000 a second.</summary>
    public void Add(ReadOnlyMemory<byte> sound) => _sound.Writer.TryWrite(sound);

    /// <summary>No more sound comes.</summary>
    public void End() => _sound.Writer.TryComplete();

    /// <summary>Nobody wants to know any more.</summary>
    public void Drop()
    {
        _dropped.Cancel();
        _dropped.Dispose();
    }

    private async Task RunAsync(ISpeechRecognizer recognizer, RecognitionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var recognition = await recognizer.StartAsync(request, cancellationToken).ConfigureAwait(false);
            await using var closing = recognition.ConfigureAwait(false);
            var feeding = FeedAsync(recognition, cancellationToken);
            RecognitionResult? final = null;
            await foreach (var result in recognition.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (result.IsFinal)
                    final = result;
                else
                    await _report(new ConversationEvent.Partial(_utterance, result.Text)).ConfigureAwait(false);
            }

            // What an engine says after the end of its own text belongs to nobody.
            End();
            await feeding.ConfigureAwait(false);
            await _report(new ConversationEvent.Recognised(_utterance, final?.Text ?? "", final?.Language, final?.Emotion)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody waits for it.
        }
        catch (RecognitionException e)
        {
            await _report(new ConversationEvent.RecognitionFailed(_utterance, e.Code == RecognitionException.Unavailable ? "asr_missing" : "asr_failed")).ConfigureAwait(false);
        }
    }

    private async Task FeedAsync(IRecognition recognition, CancellationToken cancellationToken)
    {
        await foreach (var piece in _sound.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            await recognition.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        await recognition.EndAsync(cancellationToken).ConfigureAwait(false);
    }
}
