using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kotodama.Voice.Engines;

namespace Kotodama.Companion.Hearing;

/// <summary>Hears one utterance: takes its sound as it comes, tells guesses and the final text, and ends with its token.</summary>
internal delegate Task Listener(RecordedSound sound, Action<RecognitionResult> tell, CancellationToken cancellationToken);

/// <summary>An utterance whose work runs by itself, whether anybody reads the results yet or not. Guesses that nobody reads make place for newer ones.</summary>
internal sealed class RunningRecognition : IRecognition
{
    private const int MostGuesses = 64;

    private readonly RecordedSound _sound = new();
    private readonly Channel<RecognitionResult> _results = Channel.CreateBounded<RecognitionResult>(new BoundedChannelOptions(MostGuesses) { FullMode = BoundedChannelFullMode.DropOldest });
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
    /// <param name="listener">What hears.</param>
    /// <param name="ended">The end of the engine.</param>
    public static RunningRecognition Start(Listener listener, CancellationToken ended) => new(listener, ended);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> sound, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _sound.Write(sound.Span);
        return default;
    }

    public ValueTask EndAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _sound.End();
        return default;
    }

    public async IAsyncEnumerable<RecognitionResult> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var result in _results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            yield return result;
    }

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
            Finish(new RecognitionException(RecognitionException.Failed, "The engine ended without a text. This is a bug; please report it."));
        }
        catch (Exception e) when (e is RecognitionException or OperationCanceledException)
        {
            Finish(e);
        }
        catch (EngineException e)
        {
            Finish(Translate(e));
        }
        catch (Exception e)
        {
            // Its message may hold anything, even the text.
            Finish(new RecognitionException(RecognitionException.Failed, $"The engine failed with {e.GetType().Name}. This is a bug; please report it.", innerException: e));
        }
    }

    private static RecognitionException Translate(EngineException e)
    {
        var code = e.Fault switch
        {
            EngineFault.Unreachable => RecognitionException.Unreachable,
            EngineFault.KeyRefused => RecognitionException.KeyRefused,
            EngineFault.Busy => RecognitionException.Busy,
            EngineFault.TimedOut => RecognitionException.TimedOut,
            _ => RecognitionException.Failed,
        };
        return new RecognitionException(code, e.Message, e.RetryAfter, e)
        {
            OnlyThisRequest = e.OnlyThisRequest,
            MayTryAgain = e.Fault == EngineFault.Busy || (e.RetryAfter is null && e.Fault is EngineFault.Unreachable or EngineFault.Broken),
        };
    }

    private void Tell(RecognitionResult result)
    {
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
