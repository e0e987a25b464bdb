namespace Kotodama.Protocol;

/// <summary>
/// The codes of <see cref="TurnMessage.Reason"/>: why an exchange did not go as the user would expect. Companions may have others; a page
/// takes an unknown one for a failure.
/// </summary>
public static class TurnReason
{
    /// <summary>The user spoke or wrote while the character answered.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The user, or a backend, ended the answer.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>There was a sound, and no word in it.</summary>
    public const string NotHeard = "not_heard";

    /// <summary>The speech of the user could not be recognized.</summary>
    public const string AsrFailed = "asr_failed";

    /// <summary>The companion has no recognizer.</summary>
    public const string AsrMissing = "asr_missing";

    /// <summary>The server of the language model does not run, or cannot be reached.</summary>
    public const string LlmUnreachable = "llm_unreachable";

    /// <summary>The language model took too long.</summary>
    public const string LlmTimeout = "llm_timeout";

    /// <summary>The server of the language model refuses the key, or wants one.</summary>
    public const string LlmKey = "llm_key";

    /// <summary>The server has no such language model.</summary>
    public const string LlmModel = "llm_model";

    /// <summary>The language model refused the request, broke off before its first word or gave no usable answer.</summary>
    public const string LlmFailed = "llm_failed";

    /// <summary>The answer broke off after its beginning.</summary>
    public const string Truncated = "truncated";
}
