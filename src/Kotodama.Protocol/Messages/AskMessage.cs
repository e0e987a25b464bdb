using System.Text.Json;
using Kotodama.Protocol.Schema;

namespace Kotodama.Protocol;

/// <summary>
/// A page asks the channel's companion something, for example which characters there are. Answered by <see cref="AnswerMessage"/>.
/// </summary>
public sealed record AskMessage : Message
{
    /// <summary>No clock is further from UTC than a day, in minutes.</summary>
    public const long LongestOffset = 1_440;

    /// <summary>Makes a message.</summary>
    public AskMessage()
        : base(MessageType.Ask)
    {
    }

    /// <summary>The channel. Null: the page's first one; the hub fills it in.</summary>
    [Form(FormAttribute.Channel)]
    public string? Channel { get; init; }

    /// <summary>1 to 64 characters of <c>A-Z a-z 0-9 . _ : -</c>, repeated in the answer.</summary>
    [Form(FormAttribute.Id)]
    public required string Id { get; init; }

    /// <summary>The question, see <see cref="AskName"/>.</summary>
    [Form(FormAttribute.Name)]
    [Codes(typeof(AskName))]
    public required string Name { get; init; }

    /// <summary>What belongs to the question.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>The language in which the page shows the answer, as a BCP 47 tag. Null: unknown.</summary>
    [Form(FormAttribute.Name)]
    public string? Lang { get; init; }

    /// <summary>How many minutes the page's clock is ahead of UTC, for what depends on the time of day. Null: unknown.</summary>
    [Bounds(-LongestOffset, LongestOffset)]
    public long? Offset { get; init; }

    /// <summary>The session of the page. Set by the hub.</summary>
    public string? Page { get; init; }

    internal static AskMessage Read(FieldReader f) => new()
    {
        Channel = f.OptionalText("channel"),
        Id = f.Text("id", "Count the questions."),
        Name = f.Text("name", """Say what you ask: {"type":"ask","id":"1","name":"characters"}."""),
        Value = f.OptionalValue("value"),
        Lang = f.OptionalText("lang"),
        Offset = f.OptionalInteger("offset"),
        Page = f.OptionalText("page"),
    };

    internal override ErrorMessage? Check(ProtocolLimits limits)
    {
        var check = new FieldChecks(FieldChecks.IsId(Id) ? Id : null);
        check.Id("id", Id, "Count the questions.");
        check.Channel("channel", Channel);
        check.Name("name", Name);
        check.Name("lang", Lang);
        if (Offset is { } offset)
            check.Range("offset", offset, -LongestOffset, LongestOffset, "minutes", "Send minutes from UTC, or leave it out.");
        return check.Error;
    }
}
