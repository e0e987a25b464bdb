namespace Kotodama.Protocol;

/// <summary>The stable codes of <see cref="ErrorMessage"/>.</summary>
public static class ErrorCode
{
    /// <summary>Not JSON, not an object, too deep, or a name given twice.</summary>
    public const string BadJson = "bad_json";

    /// <summary>A required field is absent.</summary>
    public const string MissingField = "missing_field";

    /// <summary>A field has another JSON type.</summary>
    public const string WrongType = "wrong_type";

    /// <summary>A number is outside its range.</summary>
    public const string OutOfRange = "out_of_range";

    /// <summary>A text is too long.</summary>
    public const string TooLong = "too_long";

    /// <summary>A text is empty, has forbidden characters or is none of the choices.</summary>
    public const string BadValue = "bad_value";

    /// <summary>The <c>type</c> is unknown.</summary>
    public const string UnknownType = "unknown_type";

    /// <summary>A binary message came that is no sound.</summary>
    public const string BinaryUnsupported = "binary_unsupported";

    /// <summary>The message is larger than <see cref="ProtocolLimits.Frame"/>.</summary>
    public const string TooBig = "too_big";

    /// <summary>The message does not fit the sender's role.</summary>
    public const string NotAllowed = "not_allowed";

    /// <summary>The channel has no companion, so nothing answers the user.</summary>
    public const string NobodyAnswers = "nobody_answers";

    /// <summary>The hub does not speak this protocol version.</summary>
    public const string UnsupportedVersion = "unsupported_version";

    /// <summary>The id belongs to another message.</summary>
    public const string IdConflict = "id_conflict";

    /// <summary>There is no room to store the message.</summary>
    public const string StorageFull = "storage_full";

    /// <summary>The message could not be stored.</summary>
    public const string StorageFailed = "storage_failed";

    /// <summary>The hub holds as many channels as it may.</summary>
    public const string TooManyChannels = "too_many_channels";

    /// <summary>The hub holds as many connections as it may.</summary>
    public const string TooManyConnections = "too_many_connections";

    /// <summary>More messages came from this address than it may send in the time; HTTP only.</summary>
    public const string RateLimited = "rate_limited";

    /// <summary>The <c>Host</c> header is none of the hub's names.</summary>
    public const string HostNotAllowed = "host_not_allowed";

    /// <summary>The <c>Origin</c> header is not allowed.</summary>
    public const string OriginNotAllowed = "origin_not_allowed";

    /// <summary>The client is on another machine.</summary>
    public const string RemoteNotAllowed = "remote_not_allowed";

    /// <summary>The client is on another machine and shows no token.</summary>
    public const string TokenNeeded = "token_needed";

    /// <summary>The token is wrong, was revoked, has expired, stands where it does not belong, or too many wrong ones came.</summary>
    public const string BadToken = "bad_token";

    /// <summary>An HTTP body that is not declared as JSON.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>No such address, or no such method on it.</summary>
    public const string NotFound = "not_found";

    /// <summary>HTTP only: a model, a zip file or a Core that cannot be taken.</summary>
    public const string BadModel = "bad_model";

    /// <summary>HTTP only: the hub holds as many models as it may.</summary>
    public const string TooManyModels = "too_many_models";

    /// <summary>HTTP only: the Core could not be fetched from its host.</summary>
    public const string FetchFailed = "fetch_failed";
}
