using Microsoft.Extensions.Logging;

namespace Kotodama.Voice;

/// <summary>How an engine does.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="FailingSince">When it began to fail; null when it works or was not asked yet.</param>
/// <param name="Reason">Why it failed last; null when it works.</param>
/// <param name="NextTry">When it is asked again; null when it is asked with the next clause.</param>
internal sealed record SpeechEngineState(string Engine, DateTimeOffset? FailingSince, string? Reason, DateTimeOffset? NextTry);

/// <summary>
/// Keeps clauses away from an engine that does not work: after some failures in a row it is left alone for a while, then one clause tries it.
/// Safe for threads.
/// </summary>
internal sealed partial class SpeechCircuit(string engine, TimeProvider time, ILogger logger)
{
    /// <summary>So many failures in a row are enough.</summary>
    public const int Failures = 3;

    /// <summary>How long it is left alone.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    // A server may ask for hours; people would believe that the engine is lost.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset? _failingSince;
    private string? _reason, _refusal;
    private long _pausedAt;
    private TimeSpan _pause;
    private bool _trying;

    /// <summary>How the engine does.</summary>
    public SpeechEngineState State
    {
        get
        {
            lock (_lock)
                return new SpeechEngineState(engine, _failingSince, _reason, Left() is var left && left > TimeSpan.Zero ? time.GetUtcNow() + left : null);
        }
    }

    /// <summary>Asks whether a clause may go to the engine. Whoever may, tells how it went by one of the other three.</summary>
    /// <param name="trial">Whether this clause is the one that tries whether it works again.</param>
    public bool TryEnter(out bool trial)
    {
        trial = false;
        lock (_lock)
        {
            if (_pause == TimeSpan.Zero)
                return true;
            if (_trying || Left() > TimeSpan.Zero)
                return false;
            return trial = _trying = true;
        }
    }

    /// <summary>The clause was spoken.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            if (_failingSince is not null)
                Works(logger, engine);
            (_failures, _failingSince, _reason, _refusal, _pause, _trying) = (0, null, null, null, TimeSpan.Zero, false);
        }
    }

    /// <summary>The clause failed.</summary>
    public void Failed(SpeechException why)
    {
        lock (_lock)
        {
            _failures++;
            _reason = why.Message;
            if (_failingSince is null)
                Fails(logger, engine, why.Message);
            _failingSince ??= time.GetUtcNow();
            var pause = Max(why.RetryAfter is { } wait ? Min(wait, LongestPause) : TimeSpan.Zero, _failures >= Failures ? Pause : TimeSpan.Zero);
            if (pause > TimeSpan.Zero)
            {
                if (_pause == TimeSpan.Zero)
                    Rests(logger, engine, _failures, pause.TotalSeconds, why.Message);
                (_pause, _pausedAt) = (pause, time.GetTimestamp());
            }

            _trying = false;
        }
    }

    /// <summary>Nobody knows how it would have gone: the clause was stopped, or it was wrong itself.</summary>
    /// <param name="trial">What <see cref="TryEnter"/> said.</param>
    /// <param name="refusal">Why the engine refused the clause; null when it was stopped.</param>
    public void Unknown(bool trial, SpeechException? refusal = null)
    {
        lock (_lock)
        {
            if (refusal is not null && refusal.Message != _refusal)
                Refused(logger, engine, _refusal = refusal.Message);
            _trying &= !trial;
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    [LoggerMessage(200, LogLevel.Warning, "Speech engine {Engine} fails, the next one speaks: {Reason}")]
    private static partial void Fails(ILogger logger, string engine, string reason);

    [LoggerMessage(201, LogLevel.Warning, "Speech engine {Engine} is left alone for {Seconds} s after {Failures} failures: {Reason}")]
    private static partial void Rests(ILogger logger, string engine, int failures, double seconds, string reason);

    [LoggerMessage(202, LogLevel.Information, "Speech engine {Engine} works again.")]
    private static partial void Works(ILogger logger, string engine);

    [LoggerMessage(203, LogLevel.Warning, "Speech engine {Engine} refused a clause, the next one speaks: {Reason}")]
    private static partial void Refused(ILogger logger, string engine, string reason);

    private TimeSpan Left() => _pause == TimeSpan.Zero ? TimeSpan.Zero : _pause - time.GetElapsedTime(_pausedAt);
}
