using Kotodama.Protocol;

namespace Kotodama.Companion.Chat;

/// <summary>Why a language model gave no answer, or only a part of one; the values of <see cref="LlmException.Code"/>.</summary>
public static class LlmCode
{
    /// <summary>There is no server, or no connection to it.</summary>
    public const string Unreachable = TurnReason.LlmUnreachable;

    /// <summary>The server is there and too slow.</summary>
    public const string Timeout = TurnReason.LlmTimeout;

    /// <summary>The server refuses the key, or wants one.</summary>
    public const string Key = TurnReason.LlmKey;

    /// <summary>The server has no such model.</summary>
    public const string Model = TurnReason.LlmModel;

    /// <summary>The server refuses the request, breaks off or answers rubbish.</summary>
    public const string Failed = TurnReason.LlmFailed;
}

/// <summary>
/// A language model gave no answer, or broke off. The message is for the user who runs the program: it says what failed and what to do, and
/// holds neither what was said nor a key. It is never spoken.
/// </summary>
public sealed class LlmException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="code">One of <see cref="LlmCode"/>.</param>
    /// <param name="message">What failed and what to do.</param>
    /// <param name="retryAfter">When it may work again; null when it is not known.</param>
    /// <param name="innerException">What it came from. Its text must be as harmless as the message.</param>
    public LlmException(string code, string message, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException) => (Code, RetryAfter) = (code, retryAfter);

    /// <summary>One of <see cref="LlmCode"/>.</summary>
    public string Code { get; }

    /// <summary>When it may work again; null when it is not known.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same request may succeed when it is sent again at once.</summary>
    internal bool IsPassing { get; init; }
}
