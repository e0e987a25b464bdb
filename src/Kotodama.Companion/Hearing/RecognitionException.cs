using Kotodama.Voice.Faults;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// Speech could not be recognized. The message is for the user: it says what failed and what to do, and never what the user said.
/// </summary>
public sealed class RecognitionException : Exception
{
    /// <summary>The engine cannot be reached or started.</summary>
    public const string Unreachable = "asr_unreachable";

    /// <summary>The engine took too long.</summary>
    public const string TimedOut = "asr_timeout";

    /// <summary>The engine refuses the key.</summary>
    public const string KeyRefused = "asr_key";

    /// <summary>The engine has too much to do.</summary>
    public const string Busy = "asr_busy";

    /// <summary>The engine failed, or answered what cannot be understood.</summary>
    public const string Failed = "asr_failed";

    /// <summary>There is no engine that can hear this now.</summary>
    public const string Unavailable = "asr_unavailable";

    /// <summary>Makes an exception.</summary>
    /// <param name="code">One of this class's codes.</param>
    /// <param name="message">What failed and what to do. Without what the user said, and without keys.</param>
    /// <param name="retryAfter">When it may work again; null when it is not known.</param>
    /// <param name="innerException">What it came from.</param>
    public RecognitionException(string code, string message, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException) => (Code, RetryAfter) = (code, retryAfter);

    /// <summary>What failed, for programs.</summary>
    public string Code { get; }

    /// <summary>When it may work again; null when it is not known.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the engine works and refused only this utterance.</summary>
    public bool OnlyThisRequest { get; init; }

    /// <summary>Whether the same may succeed soon: a connection that broke off, a server that loads its model.</summary>
    public bool MayTryAgain { get; init; }

    /// <summary>
    /// What the engine said itself, for a user who looks for the fault. It may hold what the user said, so it is never logged.
    /// </summary>
    public string? Detail { get; init; }

    /// <summary>
    /// What synthesizers and recognizers share throws <see cref="EngineException"/>. A recognizer throws this class only, so that its
    /// callers have one failure to expect; here is where the one becomes the other.
    /// </summary>
    internal static RecognitionException From(EngineException e)
    {
        var code = e.Fault switch
        {
            EngineFault.Unreachable => Unreachable,
            EngineFault.KeyRefused => KeyRefused,
            EngineFault.Busy => Busy,
            EngineFault.TimedOut => TimedOut,
            _ => Failed,
        };
        return new RecognitionException(code, e.Message, e.RetryAfter, e)
        {
            OnlyThisRequest = e.OnlyThisRequest,
            MayTryAgain = e.Fault == EngineFault.Busy || (e.RetryAfter is null && e.Fault is EngineFault.Unreachable or EngineFault.Broken),
        };
    }
}
