using System.Threading.Channels;
using Kotodama.Protocol;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Telemetry;

namespace Kotodama.Voice.Synthesis;

/// <summary>
/// One clause at one engine. What the engine makes is taken from it at once, however slowly it is heard, so that a server with one model is
/// free for the next clause; nothing is given on before there is sound, so that an engine that fails before leaves no trace. A file is
/// given on when it is whole: a part of it cannot be played.
/// </summary>
internal sealed class SpeechAttempt : IAsyncDisposable
{
    // Far more than a clause has; an engine that makes more waits for the listener.
    private const int Ahead = 1024, MostFileBytes = 16 * 1024 * 1024;

    private readonly Channel<SpeechChunk> _chunks = Channel.CreateBounded<SpeechChunk>(
        new BoundedChannelOptions(Ahead) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly List<SpeechChunk> _held = [];
    private readonly CancellationTokenSource _given = new();
    private readonly EngineCircuit _circuit;
    private readonly SpeechRequest _request;
    private readonly SpeechPatience _patience;
    private readonly bool _trial;
    private bool _soundCame, _isFile;
    private int _fileBytes, _finished;

    private SpeechAttempt(EngineCircuit circuit, bool trial, SpeechRequest request, SpeechPatience patience) =>
        (_circuit, _trial, _request, _patience) = (circuit, trial, request, patience);

    /// <summary>Why it failed, once there is nothing more; null when the clause was spoken.</summary>
    public EngineException? Failure { get; private set; }

    /// <summary>Begins. The circuit has let the clause in and is told how it went.</summary>
    public static SpeechAttempt Begin(
        ISpeechSynthesizer synthesizer,
        SpeechRequest request,
        SpeechPatience patience,
        EngineCircuit circuit,
        bool trial,
        TimeProvider time)
    {
        var attempt = new SpeechAttempt(circuit, trial, request, patience);
        _ = Task.Run(() => attempt.RunAsync(synthesizer, time));
        return attempt;
    }

    /// <summary>The next piece; null when there is none.</summary>
    public async Task<SpeechChunk?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _chunks.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                if (_chunks.Reader.TryRead(out var chunk))
                    return chunk;
        }
        catch (EngineException e)
        {
            Failure = e;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _finished, 1) == 0)
            _circuit.Unknown(_trial);
        await _given.CancelAsync().ConfigureAwait(false);
    }

    private async Task RunAsync(ISpeechSynthesizer synthesizer, TimeProvider time)
    {
        using var watch = new CancellationTokenSource(_patience.FirstSound, time);
        // An engine that does not listen to its token must not hold the clause up.
        await using var slow = watch.Token.Register(() => Finish(TooSlow())).ConfigureAwait(false);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(_given.Token, watch.Token);
        try
        {
            var speech = synthesizer.SynthesizeAsync(_request, running.Token).WithCancellation(running.Token);
            await foreach (var chunk in speech.ConfigureAwait(false))
            {
                if (_soundCame)
                    watch.CancelAfter(Timeout.InfiniteTimeSpan);
                await TakeAsync(chunk, running.Token).ConfigureAwait(false);
                if (_soundCame)
                    watch.CancelAfter(_patience.Stall);
            }

            watch.CancelAfter(Timeout.InfiniteTimeSpan);
            await GiveHeldAsync(running.Token).ConfigureAwait(false);
            Finish(null);
        }
        catch (EngineException e)
        {
            Finish(e);
        }
        catch (OperationCanceledException e)
        {
            Finish(watch.IsCancellationRequested ? TooSlow() : new EngineException("The engine has ended.", innerException: e));
        }
        catch (Exception e)
        {
            // Its message may hold anything, even the text.
            Finish(new EngineException($"The engine failed with {e.GetType().Name}. This is a bug; please report it.", innerException: e));
        }
    }

    private async Task TakeAsync(SpeechChunk chunk, CancellationToken cancellationToken)
    {
        switch (chunk)
        {
            case SpeechFormatChunk format:
                _isFile = format.Format == SpeechFormat.Encoded;

                // The engine was asked for samples and a file came, of a kind that this page could not play before.
                if (_isFile && _request.Unplayable.Contains(SpeechFormat.Encoded))
                    throw new EngineException("The engine sends files that the page does not decode; ask it for WAV or samples.");
                break;
            case SpeechSoundChunk sound:
                _soundCame = true;
                _fileBytes += _isFile ? sound.Data.Length : 0;
                if (_fileBytes > MostFileBytes)
                    throw new EngineException($"The engine does not stop: more than {MostFileBytes} bytes came for one clause.");
                break;
        }

        _held.Add(chunk);
        if (_soundCame && !_isFile)
            await GiveHeldAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task GiveHeldAsync(CancellationToken cancellationToken)
    {
        foreach (var chunk in _held)
            await _chunks.Writer.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
        _held.Clear();
    }

    private EngineException TooSlow() => new(_soundCame
        ? $"No further sound came within {_patience.Stall.TotalSeconds} s ({VoiceOptions.Section}:{nameof(VoiceOptions.Stall)})."
        : $"No sound came within {_patience.FirstSound.TotalSeconds} s ({_patience.Setting}).",
        // The user has waited once; the clauses after this one do not.
        _soundCame ? null : EngineCircuit.Pause)
    {
        Fault = EngineFault.TimedOut,
    };

    private static string CodeOf(EngineFault fault) => fault switch
    {
        EngineFault.Unreachable => "tts_unreachable",
        EngineFault.Broken => "tts_broken",
        EngineFault.KeyRefused => "tts_key",
        EngineFault.Busy => "tts_busy",
        EngineFault.TimedOut => "tts_timeout",
        _ => "tts_failed",
    };

    private void Finish(EngineException? failure)
    {
        if (Interlocked.Exchange(ref _finished, 1) != 0)
            return;
        if (failure is not null)
            VoiceTelemetry.Failed("tts", CodeOf(failure.Fault));
        if (failure is null)
            _circuit.Succeeded();
        else if (failure.OnlyThisRequest && _request.Voice is not null)
            _circuit.Unknown(_trial, failure.Message);
        else
            _circuit.Failed(failure.Message, failure.RetryAfter);
        _chunks.Writer.TryComplete(failure);
    }
}
