using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>Says why a message was refused. Never carries the content of the message.</summary>
public sealed record ErrorMessage : Message
{
    /// <summary>Makes a message.</summary>
    public ErrorMessage()
        : base(MessageType.Error)
    {
    }

    /// <summary>A stable code, see <see cref="ErrorCode"/>.</summary>
    [Codes(typeof(ErrorCode))]
    public required string Code { get; init; }

    /// <summary>For the developer: names the thing and the limit.</summary>
    public required string Message { get; init; }

    /// <summary>For the developer: what to send or set instead.</summary>
    public required string Hint { get; init; }

    /// <summary>The id of the refused message, when it had one.</summary>
    public string? Id { get; init; }

    /// <summary>Whether the same message may succeed later.</summary>
    public bool Retry { get; init; }

    internal static ErrorMessage Read(FieldReader f) => new()
    {
        Code = f.Text("code", ""),
        Message = f.Text("message", ""),
        Hint = f.OptionalText("hint") ?? "",
        Id = f.OptionalText("id"),
        Retry = f.Flag("retry", false),
    };
}
