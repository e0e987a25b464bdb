using Kotodama.Protocol;

namespace Kotodama.Companion.Memory;

/// <summary>A store of conversations could not do what was asked.</summary>
public sealed class ConversationException : Exception
{
    /// <summary>The conversation has as many entries as it may: begin another one.</summary>
    public const string ConversationFull = AnswerCode.ConversationFull;

    /// <summary>The channel has as many conversations as it may: delete one.</summary>
    public const string TooManyConversations = AnswerCode.TooManyConversations;

    /// <summary>The file was written by a newer version.</summary>
    public const string StorageFormat = "storage_format";

    /// <summary>Makes an exception.</summary>
    /// <param name="code">
    /// What kind: one of the constants here, or <c>not_found</c>, <c>too_long</c>, <c>storage_full</c>, <c>storage_failed</c>.
    /// </param>
    /// <param name="message">What is wrong, without anything that was said.</param>
    /// <param name="hint">What to do.</param>
    /// <param name="innerException">What it came from.</param>
    public ConversationException(string code, string message, string hint, Exception? innerException = null)
        : base(message, innerException) => (Code, Hint) = (code, hint);

    /// <summary>What kind of failure, for programs.</summary>
    public string Code { get; }

    /// <summary>What to do, for people.</summary>
    public string Hint { get; }
}
