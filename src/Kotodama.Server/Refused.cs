using Kotodama.Protocol;

namespace Kotodama.Server;

/// <summary>Makes the words of a refusal.</summary>
internal static class Refused
{
    public static ErrorMessage Error(string code, string message, string hint, string? id = null) => new() { Code = code, Message = message, Hint = hint, Id = id };
}
