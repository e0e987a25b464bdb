using Kotodama.Voice.Faults;
using Kotodama.Voice.Telemetry;
using Kotodama.Voice.Text;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Hearing;

/// <summary>An engine of a chain.</summary>
/// <param name="Recognizer">What hears. Belongs to the chain.</param>
/// <param name="Timeout">How long it may take from the end of the sound.</param>
/// <param name="Setting">The setting that changes that.</param>
/// <param name="Languages">What it is asked for; empty: all.</param>
internal sealed record RecognizerLink(ISpeechRecognizer Recognizer, TimeSpan Timeout, string Setting, IEnumerable<string> Languages);

/// <summary>
/// Hears with the first engine that can. When one fails, the next one hears the same sound from its beginning. A connection that broke off
/// is tried once more, a server that is busy after a moment. When all are left alone for their failures, the first of them is asked all the
/// same, because there is no other. Safe for threads.
/// </summary>
public sealed class RecognizerChain : ISpeechRecognizer
{
    /// <summary>How long a server that is busy is left alone when it does not say it, and the longest time that it is waited for.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300), LongestPause = TimeSpan.FromSeconds(2);

    private readonly (RecognizerLink Engine, EngineCircuit Circuit)[] _links;
    private readonly string? _language;
    private readonly bool _isTold;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Makes a chain.</summary>
    /// <param name="engines">In the order in which they are asked.</param>
    /// <param name="language">
    /// The language of all utterances, whatever the page says of them. Null: what the page says of them. <see cref="HearingOptions.Auto"/>:
    /// what the page says of them chooses among the engines, and is told to none.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets one line when an engine begins to fail and one when it works again; never what the user said.</param>
    internal RecognizerChain(IReadOnlyList<RecognizerLink> engines, string? language, TimeProvider time, ILogger logger)
    {
        _links = [.. engines.Select(e => (e, new EngineCircuit("Hearing", e.Recognizer.Id, time, logger)))];
        _isTold = !HearingOptions.Auto.Equals(language, StringComparison.OrdinalIgnoreCase);
        (_language, _time) = (_isTold ? language : null, time);
    }

    /// <inheritdoc/>
    public string Id => "chain";

    /// <summary>The engines in their order.</summary>
    public IEnumerable<ISpeechRecognizer> Engines => _links.Select(l => l.Engine.Recognizer);

    /// <summary>How each engine does, in the order of the engines.</summary>
    public IReadOnlyList<EngineState> States => [.. _links.Select(l => l.Circuit.State)];

    /// <inheritdoc/>
    public ValueTask<IRecognition> StartAsync(RecognitionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var language = _language ?? request.Language;
        var known = request with { Language = _isTold ? language : null };
        return new(RunningRecognition.Start((sound, tell, token) => HearAsync(language, known, sound, tell, token), _ended.Token));
    }

    /// <summary>
    /// Lets one engine recognize a second of silence, even one that is left alone for its failures. The chain learns from it: an engine
    /// that answered is asked again with the next utterance, and a failure counts as one.
    /// </summary>
    /// <param name="engine">Its name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RecognitionException">It did not answer; the message says why and what to do.</exception>
    public async Task TryAsync(string engine, CancellationToken cancellationToken)
    {
        var (link, circuit) = Array.Find(_links, l => l.Engine.Recognizer.Id == engine);
        if (link is null)
            throw new RecognitionException(RecognitionException.Unavailable, $"There is no engine {engine}.");
        var silence = new RecordedSound();
        silence.Write(new byte[RecordedSound.Rate * 2]);
        silence.End();
        var request = new RecognitionRequest("en");
        var asking = AskAsync(link, circuit, trial: false, request, silence, static _ => { }, cancellationToken);
        var failure = await asking.ConfigureAwait(false);
        if (failure is not null)
            throw failure;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        foreach (var (engine, _) in _links)
            await engine.Recognizer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task HearAsync(
        string? language,
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        RecognitionException? failure = null;
        (RecognizerLink Engine, EngineCircuit Circuit)? resting = null;
        foreach (var link in _links)
        {
            if (language is not null && !VoiceLanguage.Covers([.. link.Engine.Languages], language))
                continue;
            if (!link.Circuit.TryEnter(out var trial))
            {
                resting ??= link;
                continue;
            }

            failure = await AskAsync(link.Engine, link.Circuit, trial, request, sound, tell, cancellationToken).ConfigureAwait(false);
            if (failure is null)
                return;
        }

        if (resting is var (engine, circuit))
        {
            failure = await AskAsync(engine, circuit, trial: false, request, sound, tell, cancellationToken).ConfigureAwait(false);
            if (failure is null)
                return;
        }

        throw failure ?? new RecognitionException(
            RecognitionException.Unavailable,
            $"No engine of {HearingOptions.Section}:{nameof(HearingOptions.Engines)} hears this language; "
            + $"{HearingOptions.Section}:{nameof(HearingOptions.Language)} says which one is spoken.");
    }

    /// <summary>Asks an engine, and once more when its connection broke off or it was busy. Null: it has heard.</summary>
    private async Task<RecognitionException?> AskAsync(
        RecognizerLink engine,
        EngineCircuit circuit,
        bool trial,
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        var known = false;
        try
        {
            using var watch = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
            using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Token);
            var watching = WatchAsync();
            try
            {
                var failure = await TryAsync(engine, request, sound, tell, running.Token).ConfigureAwait(false);
                if (failure is { MayTryAgain: true } passing && await WaitAsync(passing, running.Token).ConfigureAwait(false))
                    failure = await TryAsync(engine, request, sound, tell, running.Token).ConfigureAwait(false);
                known = true;
                Note(circuit, trial, failure);
                return failure;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                known = true;
                var slow = TooSlow(engine);
                Note(circuit, trial, slow);
                return slow;
            }
            finally
            {
                await running.CancelAsync().ConfigureAwait(false);
                await watching.ConfigureAwait(false);
            }

            // The user may speak for as long as they want.
            async Task WatchAsync()
            {
                await sound.Ended.WaitAsync(running.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!running.IsCancellationRequested)
                    watch.CancelAfter(engine.Timeout);
            }
        }
        finally
        {
            if (!known)
                circuit.Unknown(trial);
        }
    }

    private static RecognitionException TooSlow(RecognizerLink engine)
    {
        var late = $"{engine.Recognizer.Id} gave no text within {engine.Timeout.TotalSeconds} s "
            + $"of the end of the sound ({engine.Setting}).";
        return new RecognitionException(RecognitionException.TimedOut, late, EngineCircuit.Pause);
    }

    /// <summary>Gives a server that is busy a moment. False: it wants a longer one than an utterance can wait.</summary>
    private async Task<bool> WaitAsync(RecognitionException failure, CancellationToken cancellationToken)
    {
        if (failure.Code != RecognitionException.Busy)
            return true;
        var pause = failure.RetryAfter ?? Pause;
        if (pause > LongestPause)
            return false;
        await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static void Note(EngineCircuit circuit, bool trial, RecognitionException? failure)
    {
        if (failure is not null)
            VoiceTelemetry.Failed("asr", failure.Code);
        if (failure is null)
            circuit.Succeeded();
        else if (failure.OnlyThisRequest)
            circuit.Unknown(trial, failure.Message);
        else
            circuit.Failed(failure.Message, failure.RetryAfter);
    }

    private static async Task<RecognitionException?> TryAsync(
        RecognizerLink engine,
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        try
        {
            // An engine that does not listen to its token must not hold the utterance up.
            var listening = Task.Run(() => ListenAsync(engine.Recognizer, request, sound, tell, cancellationToken), cancellationToken);
            await listening.WaitAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (RecognitionException e)
        {
            return e;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return new RecognitionException(RecognitionException.Failed, "The engine has ended.", innerException: e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var bug = $"The engine failed with {e.GetType().Name}. This is a bug; please report it.";
            return new RecognitionException(RecognitionException.Failed, bug, innerException: e);
        }
    }

    private static async Task ListenAsync(
        ISpeechRecognizer recognizer,
        RecognitionRequest request,
        RecordedSound sound,
        Action<RecognitionResult> tell,
        CancellationToken cancellationToken)
    {
        var recognition = await recognizer.StartAsync(request, cancellationToken).ConfigureAwait(false);
        await using var end = recognition.ConfigureAwait(false);
        using var heard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var giving = GiveAsync(recognition, sound, heard);
        try
        {
            await foreach (var result in recognition.ReadAsync(heard.Token).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                tell(result);
                if (result.IsFinal)
                    return;
            }
        }
        catch (OperationCanceledException) when (giving.IsFaulted)
        {
            await giving.ConfigureAwait(false);
        }
        finally
        {
            await heard.CancelAsync().ConfigureAwait(false);
            await giving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        throw new RecognitionException(RecognitionException.Failed, $"{recognizer.Id} ended without a text.");
    }

    /// <summary>Gives an engine the sound. When it cannot take it, there is no text to wait for.</summary>
    private static async Task GiveAsync(IRecognition recognition, RecordedSound sound, CancellationTokenSource heard)
    {
        try
        {
            await foreach (var piece in sound.ReadAsync(heard.Token).ConfigureAwait(false))
                await recognition.WriteAsync(piece, heard.Token).ConfigureAwait(false);
            await recognition.EndAsync(heard.Token).ConfigureAwait(false);
        }
        catch
        {
            await heard.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
