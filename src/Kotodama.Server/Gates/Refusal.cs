namespace Kotodama.Server.Gates;

/// <summary>One refused message or connection.</summary>
/// <param name="At">When.</param>
/// <param name="Who">The session of the connection, or the HTTP request.</param>
/// <param name="Code">See <see cref="Protocol.ErrorCode"/>.</param>
/// <param name="Message">What was wrong.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record Refusal(DateTimeOffset At, string Who, string Code, string Message, string Hint);
