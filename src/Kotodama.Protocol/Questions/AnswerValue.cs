using System.Text.Json;

namespace Kotodama.Protocol.Questions;

/// <summary>The answer to one of the questions of <see cref="AskName"/>. Records are immutable and may be shared between threads.</summary>
public abstract record AnswerValue
{
    private protected AnswerValue()
    {
    }

    /// <summary>
    /// The answer as JSON text, for <see cref="AnswerMessage.Value"/>. What is null is written, so that a page finds every field.
    /// </summary>
    public string ToJson() => JsonSerializer.Serialize(this, AnswerJson.Wire.GetTypeInfo(GetType())!);
}
