namespace Kotodama.Protocol;

/// <summary>
/// The codes of <see cref="AnswerError.Code"/>: why a question has no answer. The codes of <see cref="TurnReason"/> that begin with
/// <c>llm_</c> are sent too.
/// </summary>
public static class AnswerCode
{
    /// <summary>The companion does not know the question.</summary>
    public const string UnknownQuestion = "unknown_question";

    /// <summary>What belongs to the question is missing.</summary>
    public const string MissingField = ErrorCode.MissingField;

    /// <summary>What belongs to the question is none of the choices.</summary>
    public const string BadValue = ErrorCode.BadValue;

    /// <summary>A number is outside its range.</summary>
    public const string OutOfRange = ErrorCode.OutOfRange;

    /// <summary>The page may not ask this; the hub answers that, not the companion.</summary>
    public const string NotAllowed = ErrorCode.NotAllowed;

    /// <summary>There is no such thing.</summary>
    public const string NotFound = ErrorCode.NotFound;

    /// <summary>The language model is on another machine: the user has to agree that what is said goes there.</summary>
    public const string ConfirmationNeeded = "confirmation_needed";

    /// <summary>The companion did not find the answer in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>The companion made a mistake; its log says which.</summary>
    public const string Failed = "failed";

    /// <summary>The conversation has as many entries as it may.</summary>
    public const string ConversationFull = "conversation_full";

    /// <summary>A text is too long to be stored.</summary>
    public const string TooLong = ErrorCode.TooLong;

    /// <summary>The channel has as many conversations as it may.</summary>
    public const string TooManyConversations = "too_many_conversations";

    /// <summary>There is no room to store the conversation.</summary>
    public const string StorageFull = ErrorCode.StorageFull;

    /// <summary>The conversation could not be stored, or not be read.</summary>
    public const string StorageFailed = ErrorCode.StorageFailed;
}
