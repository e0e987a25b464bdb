namespace Kotodama.Protocol;

/// <summary>A message was refused, or could not be delivered to the hub.</summary>
/// <param name="code">A stable code: one of <see cref="ErrorCode"/>, <see cref="NotConnected"/>, <see cref="OutboxFull"/> or
/// <see cref="NoAnswer"/>.</param>
/// <param name="message">What is wrong.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="innerException">The cause, when there is one.</param>
public sealed class KotodamaException(string code, string message, string hint, Exception? innerException = null)
    : Exception(hint.Length == 0 ? message : $"{message.TrimEnd('.')}. {hint}", innerException)
{
    /// <summary>The code when there was no connection to the hub in time.</summary>
    public const string NotConnected = "not_connected";

    /// <summary>The code when too many messages were under way for too long; this one was not sent.</summary>
    public const string OutboxFull = "outbox_full";

    /// <summary>The code when the hub did not answer in time; the message may or may not have been shown.</summary>
    public const string NoAnswer = "no_answer";

    /// <summary>A stable code.</summary>
    public string Code { get; } = code;

    /// <summary>What to do about it.</summary>
    public string Hint { get; } = hint;

    /// <summary>Makes the exception that stands for an error of the hub.</summary>
    /// <param name="error">The hub's answer.</param>
    public static KotodamaException From(ErrorMessage error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new KotodamaException(error.Code, error.Message, error.Hint);
    }
}
