using Kotodama.Protocol;

namespace Kotodama.Server;

/// <summary>Makes error messages.</summary>
internal static class ErrorMessages
{
    public static ErrorMessage Error(string code, string message, string hint, string? id = null) =>
        new() { Code = code, Message = message, Hint = hint, Id = id };
}
