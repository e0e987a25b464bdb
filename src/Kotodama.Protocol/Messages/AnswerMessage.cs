using System.Text.Json;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>A companion answers an <see cref="AskMessage"/>. The hub passes it to the page that asked.</summary>
public sealed record AnswerMessage : Message
{
    /// <summary>Makes a message.</summary>
    public AnswerMessage()
        : base(MessageType.Answer)
    {
    }

    /// <summary>The session of the page that asked.</summary>
    public required string Page { get; init; }

    /// <summary>The id of the question.</summary>
    public required string Id { get; init; }

    /// <summary>The answer. Null: done, or see <see cref="Error"/>.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>
    /// Whether there is more of it than one message may carry: <see cref="Value"/> is then a string, a piece of the JSON text of the
    /// answer, and the question
    /// <c>rest</c>, with the <c>id</c> of the first one as <c>of</c>, gives the next piece. Null: no.
    /// </summary>
    public bool? Rest { get; init; }

    /// <summary>Why there is no answer.</summary>
    public AnswerError? Error { get; init; }

    internal static AnswerMessage Read(FieldReader f) => new()
    {
        Page = f.Text("page", "Repeat the page of the question."),
        Id = f.Text("id", "Repeat the id of the question."),
        Value = f.OptionalValue("value"),
        Rest = f.OptionalFlag("rest"),
        Error = f.OptionalInner("error") is { } error ? AnswerError.Read(error) : null,
    };
}

/// <summary>Why a question has no answer.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Message">For the user.</param>
/// <param name="Hint">What to do about it; may be empty.</param>
public sealed record AnswerError([property: Codes(typeof(AnswerCode))] string Code, string Message, string Hint)
{
    internal static AnswerError Read(FieldReader f) =>
        new(f.Text("code", "Send a short code."), f.Text("message", "Say what is wrong."), f.OptionalText("hint") ?? "");
}
