using Kotodama.Protocol;

namespace Kotodama.Server;

/// <summary>Makes error messages.</summary>
internal static class ErrorMessages
{
    public static ErrorMessage Error(string code, string message, string hint, string? id = null) =>
        new() { Code = code, Message = message, Hint = hint, Id = id };

    /// <summary>An error that is over after a while: the client may try again.</summary>
    public static ErrorMessage RetryableError(string code, string message, string hint) => Error(code, message, hint) with { Retry = true };
}
