using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kotodama.Voice.Faults;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// Recognizes one utterance: reads its sound as it comes, reports guesses and then the final text, and ends with its token.
/// </summary>
/// <param name="sound">The utterance's sound.</param>
/// <param name="tell">Gets guesses and the final text. May be called from any thread; what comes after the final text is left out.</param>
/// <param name="cancellationToken">Ends the work.</param>
/// <exception cref="RecognitionException">It could not be recognized.</exception>
/// <exception cref="EngineException">
/// The same, from what synthesizers and recognizers share; the reader of the results gets a <see cref="RecognitionException"/>.
/// </exception>
public delegate Task Listener(RecordedSound sound, Action<RecognitionResult> tell, CancellationToken cancellationToken);

/// <summary>
/// An utterance whose work runs by itself, whether its results are read yet or not; unread guesses make place for newer ones. What engines
/// are made with: an engine writes a <see cref="Listener"/>, and this keeps the promises of <see cref="IRecognition"/>.
/// </summary>
public sealed class RunningRecognition : IRecognition
{
    private const int MostGuesses = 64;

    private readonly RecordedSound _sound = new();
    private readonly Channel<RecognitionResult> _results = Channel.CreateBounded<RecognitionResult>(
        new BoundedChannelOptions(MostGuesses) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly CancellationTokenSource _end;
    private readonly Task _running;
    private string _lastGuess = "";
    private bool _isOver;

    private RunningRecognition(Listener listener, CancellationToken ended)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(ended);
        _running = Task.Run(() => RunAsync(listener, _end.Token), CancellationToken.None);
    }

    /// <summary>Begins.</summary>
    /// <param name="listener">The work. Runs on the thread pool.</param>
    /// <param name="ended">The end of the engine.</param>
    public static RunningRecognition Start(Listener listener, CancellationToken ended)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return new RunningRecognition(listener, ended);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> sound, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _sound.Write(sound.Span);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _sound.End();
        return default;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecognitionResult> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var result in _results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task RunAsync(Listener listener, CancellationToken cancellationToken)
    {
        try
        {
            await listener(_sound, Tell, cancellationToken).ConfigureAwait(false);
            const string Bug = "The engine ended without a text. This is a bug; please report it.";
            Finish(new RecognitionException(RecognitionException.Failed, Bug));
        }
        catch (Exception e) when (e is RecognitionException or OperationCanceledException)
        {
            Finish(e);
        }
        catch (EngineException e)
        {
            Finish(RecognitionException.From(e));
        }
        catch (Exception e)
        {
            // Its message may hold anything, even what the user said.
            var bug = $"The engine failed with {e.GetType().Name}. This is a bug; please report it.";
            Finish(new RecognitionException(RecognitionException.Failed, bug, innerException: e));
        }
    }

    /// <summary>Takes a result. Tags are taken out of it here, for every engine: models write them in all of them.</summary>
    private void Tell(RecognitionResult result)
    {
        result = HeardText.Clean(result);
        lock (_results)
        {
            if (_isOver || (!result.IsFinal && result.Text == _lastGuess))
                return;
            _lastGuess = result.Text;
            _isOver = result.IsFinal;
            _results.Writer.TryWrite(result);
            if (_isOver)
                _results.Writer.TryComplete();
        }
    }

    private void Finish(Exception failure)
    {
        lock (_results)
        {
            _isOver = true;
            _results.Writer.TryComplete(failure);
        }
    }
}
