using System.Threading.Channels;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Hearing;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Channels;

/// <summary>One utterance on its way to the recognizer and back. Runs by itself; the companion's loop feeds it.</summary>
internal sealed partial class Listening
{
    /// <summary>A minute of pieces as short as a page may send them.</summary>
    private const int MostPieces = 8192;

    private readonly Channel<ReadOnlyMemory<byte>> _sound = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(MostPieces) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _dropped;
    private readonly long _utterance;
    private readonly Func<ConversationEvent, ValueTask> _report;
    private readonly ILogger _logger;

    public Listening(
        long utterance,
        RecognitionRequest request,
        ISpeechRecognizer recognizer,
        Func<ConversationEvent, ValueTask> report,
        ILogger logger,
        CancellationToken ended)
    {
        (_utterance, _report, _logger) = (utterance, report, logger);
        _dropped = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var token = _dropped.Token;
        _ = Task.Run(() => RunAsync(recognizer, request, token), CancellationToken.None);
    }

    /// <summary>A piece of sound; mono samples of 16 bits, 16 000 a second.</summary>
    public void Add(ReadOnlyMemory<byte> sound) => _sound.Writer.TryWrite(sound);

    /// <summary>No more sound comes.</summary>
    public void End() => _sound.Writer.TryComplete();

    /// <summary>Discards the utterance.</summary>
    public void Discard()
    {
        _dropped.Cancel();
        _dropped.Dispose();
    }

    private async Task RunAsync(ISpeechRecognizer recognizer, RecognitionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var final = await HearAsync(recognizer, request, cancellationToken).ConfigureAwait(false);
            var recognized = new ConversationEvent.Recognized(_utterance, final?.Text ?? "", final?.Language, final?.Emotion);
            await _report(recognized).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The utterance is discarded.
        }
        catch (RecognitionException e)
        {
            var reason = e.Code == RecognitionException.Unavailable ? TurnReason.AsrMissing : TurnReason.AsrFailed;
            await _report(new ConversationEvent.RecognitionFailed(_utterance, reason)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any recognizer may be plugged in, and a conversation outlives its failures.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Its message may hold anything, even what was said.
            LogBroken(_logger, recognizer.Id, e.GetType().Name);
            await _report(new ConversationEvent.RecognitionFailed(_utterance, TurnReason.AsrFailed)).ConfigureAwait(false);
        }
    }

    private async Task<RecognitionResult?> HearAsync(
        ISpeechRecognizer recognizer,
        RecognitionRequest request,
        CancellationToken cancellationToken)
    {
        var recognition = await recognizer.StartAsync(request, cancellationToken).ConfigureAwait(false);
        await using var closing = recognition.ConfigureAwait(false);
        using var hearing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = FeedAsync(recognition, hearing);
        RecognitionResult? final = null;
        try
        {
            await foreach (var result in recognition.ReadAsync(hearing.Token).ConfigureAwait(false))
            {
                if (result.IsFinal)
                    final = result;
                else
                    await _report(new ConversationEvent.Partial(_utterance, result.Text)).ConfigureAwait(false);
            }

            // What an engine says after the end of its own text is discarded.
            End();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && hearing.IsCancellationRequested)
        {
            // The engine did not take the sound; why is told below.
        }
        catch
        {
            await hearing.CancelAsync().ConfigureAwait(false);
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await feeding.ConfigureAwait(false);
        return final;
    }

    /// <summary>Gives an engine the sound. When it cannot take it, there is no text to wait for.</summary>
    private async Task FeedAsync(IRecognition recognition, CancellationTokenSource hearing)
    {
        try
        {
            await foreach (var piece in _sound.Reader.ReadAllAsync(hearing.Token).ConfigureAwait(false))
                await recognition.WriteAsync(piece, hearing.Token).ConfigureAwait(false);
            await recognition.EndAsync(hearing.Token).ConfigureAwait(false);
        }
        catch
        {
            await hearing.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    [LoggerMessage(305, LogLevel.Error, "The recognizer {Recognizer} failed with {Exception}, which no recognizer should throw.")]
    private static partial void LogBroken(ILogger logger, PlainText recognizer, PlainText exception);
}
