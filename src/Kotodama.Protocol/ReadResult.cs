namespace Kotodama.Protocol;

/// <summary>What <see cref="MessageCodec.Read(ReadOnlyMemory{byte}, ProtocolLimits?)"/> found: exactly one of the two is set.</summary>
/// <param name="Message">The message, valid in every field.</param>
/// <param name="Error">Why the bytes are no message, ready to be sent back.</param>
public readonly record struct ReadResult(Message? Message, ErrorMessage? Error)
{
    internal static ReadResult Refused(string code, string message, string hint) =>
        new(null, new ErrorMessage { Code = code, Message = message, Hint = hint });
}
