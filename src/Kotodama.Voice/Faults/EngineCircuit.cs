using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Voice.Faults;

/// <summary>How an engine does.</summary>
/// <param name="Engine">Its name.</param>
/// <param name="FailingSince">When it began to fail; null when it works or was not asked yet.</param>
/// <param name="Reason">Why it failed last; null when it works.</param>
/// <param name="NextTry">When it is asked again; null when it is asked with the next clause.</param>
public sealed record EngineState(string Engine, DateTimeOffset? FailingSince, string? Reason, DateTimeOffset? NextTry);

/// <summary>
/// Keeps clauses and utterances away from an engine that does not work: after some failures in a row it is left alone for a while, then one
/// of them tries it. Safe for threads.
/// </summary>
/// <param name="kind">What it is an engine of, as a log line begins.</param>
/// <param name="engine">Its name.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets one line when it begins to fail and one when it works again.</param>
internal sealed partial class EngineCircuit(string kind, string engine, TimeProvider time, ILogger logger)
{
    /// <summary>So many failures in a row are enough.</summary>
    public const int Failures = 3;

    /// <summary>How long it is left alone.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    // A server may ask for hours; the user would believe that the engine is lost.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private int _failures;
    private DateTimeOffset? _failingSince;
    private string? _reason, _refusal;
    private long _pausedAt;
    private TimeSpan _pause;
    private bool _trying;

    /// <summary>How the engine does.</summary>
    public EngineState State
    {
        get
        {
            lock (_lock)
            {
                var left = Left();
                DateTimeOffset? nextTry = left > TimeSpan.Zero ? time.GetUtcNow() + left : null;
                return new EngineState(engine, _failingSince, _reason, nextTry);
            }
        }
    }

    /// <summary>
    /// Asks whether a request may go to the engine. A caller that may tells how it went by one of the other three methods.
    /// </summary>
    /// <param name="trial">Whether this request is the one that tries whether it works again.</param>
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

    /// <summary>The request was fulfilled.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            if (_failingSince is not null)
                Works(logger, kind, engine);
            (_failures, _failingSince, _reason, _refusal, _pause, _trying) = (0, null, null, null, TimeSpan.Zero, false);
        }
    }

    /// <summary>The request failed.</summary>
    /// <param name="reason">Why, as a sentence that may be logged.</param>
    /// <param name="retryAfter">When it may work again; null when it is not known.</param>
    public void Failed(string reason, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            _failures++;
            _reason = reason;
            if (_failingSince is null)
                Fails(logger, kind, engine, reason);
            _failingSince ??= time.GetUtcNow();
            var asked = retryAfter is { } wait ? Min(wait, LongestPause) : TimeSpan.Zero;
            var pause = Max(asked, _failures >= Failures ? Pause : TimeSpan.Zero);
            if (pause > TimeSpan.Zero)
            {
                if (_pause == TimeSpan.Zero)
                    Rests(logger, kind, engine, _failures, pause.TotalSeconds, reason);
                (_pause, _pausedAt) = (pause, time.GetTimestamp());
            }

            _trying = false;
        }
    }

    /// <summary>It is not known how it would have gone: the request was stopped, or it was wrong itself.</summary>
    /// <param name="trial">What <see cref="TryEnter"/> said.</param>
    /// <param name="refusal">Why the engine refused the request; null when it was stopped.</param>
    public void Unknown(bool trial, string? refusal = null)
    {
        lock (_lock)
        {
            if (refusal is not null && refusal != _refusal)
                Refused(logger, kind, engine, _refusal = refusal);
            _trying &= !trial;
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    [LoggerMessage(200, LogLevel.Warning, "{Kind} engine {Engine} fails, the next one is asked: {Reason}")]
    private static partial void Fails(ILogger logger, PlainText kind, PlainText engine, PlainText reason);

    [LoggerMessage(201, LogLevel.Warning, "{Kind} engine {Engine} is left alone for {Seconds} s after {Failures} failures: {Reason}")]
    private static partial void Rests(ILogger logger, PlainText kind, PlainText engine, int failures, double seconds, PlainText reason);

    [LoggerMessage(202, LogLevel.Information, "{Kind} engine {Engine} works again.")]
    private static partial void Works(ILogger logger, PlainText kind, PlainText engine);

    [LoggerMessage(203, LogLevel.Warning, "{Kind} engine {Engine} refused a request, the next one is asked: {Reason}")]
    private static partial void Refused(ILogger logger, PlainText kind, PlainText engine, PlainText reason);

    private TimeSpan Left() => _pause == TimeSpan.Zero ? TimeSpan.Zero : _pause - time.GetElapsedTime(_pausedAt);
}
