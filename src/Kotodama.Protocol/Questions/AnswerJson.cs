using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kotodama.Protocol.Questions;

/// <summary>How answers are written: camelCase, null as null, text in plain UTF-8 instead of escapes.</summary>
[JsonSerializable(typeof(CharactersAnswer))]
[JsonSerializable(typeof(LlmAnswer))]
[JsonSerializable(typeof(ChooseLlmAnswer))]
[JsonSerializable(typeof(ConversationsAnswer))]
[JsonSerializable(typeof(ConversationAnswer))]
[JsonSerializable(typeof(NewConversationAnswer))]
[JsonSerializable(typeof(SearchAnswer))]
[JsonSerializable(typeof(ExportAnswer))]
[JsonSerializable(typeof(SettingsAnswer))]
[JsonSerializable(typeof(TestAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    public static AnswerJson Wire { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        // Pages set text as text and never as markup, so the relaxed encoder is safe here.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
