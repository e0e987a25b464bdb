namespace Kotodama.Voice.Faults;

/// <summary>An engine failed. The message is for the user: it says what failed and what to do.</summary>
public sealed class EngineException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What failed and what to do. Without the text that was to be spoken or recognized, and without keys.</param>
    /// <param name="retryAfter">When it may work again; null when it is not known.</param>
    /// <param name="innerException">What it came from.</param>
    public EngineException(string message, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException) => RetryAfter = retryAfter;

    /// <summary>When it may work again; null when it is not known.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the engine works and refused only this request, for a voice that it does not have for example.</summary>
    public bool OnlyThisRequest { get; init; }

    /// <summary>What went wrong, for programs.</summary>
    public EngineFault Fault { get; init; }
}

/// <summary>What went wrong at an engine.</summary>
public enum EngineFault
{
    /// <summary>It answered what is no use.</summary>
    Failed,

    /// <summary>It cannot be reached or started.</summary>
    Unreachable,

    /// <summary>It broke off, or failed by its own account.</summary>
    Broken,

    /// <summary>It refuses the key.</summary>
    KeyRefused,

    /// <summary>It has too much to do.</summary>
    Busy,

    /// <summary>It took too long.</summary>
    TimedOut,
}
