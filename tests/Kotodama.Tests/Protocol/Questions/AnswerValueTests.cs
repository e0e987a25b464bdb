using System.Text.Encodings.Web;
using System.Text.Json;
using Kotodama.Protocol;
using Kotodama.Protocol.Questions;
using Kotodama.Tests.Protocol.Schema;

namespace Kotodama.Tests.Protocol.Questions;

/// <summary>The answers to pages are, byte for byte, what docs/protocol.md, section 11, says.</summary>
public sealed class AnswerValueTests
{
    private static readonly JsonSerializerOptions Reflected =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly DateTimeOffset At = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private static readonly Dictionary<string, (AnswerValue Value, string Json)> Answers = new(StringComparer.Ordinal)
    {
        [AskName.Characters] = (
            new CharactersAnswer("koto", [new CharacterSummary("koto", "ことだま", "ja", "<b>&'"), new CharacterSummary("b", "B", null, null)]),
            """{"current":"koto","characters":[{"id":"koto","name":"ことだま","language":"ja","description":"<b>&'"},{"id":"b","name":"B","language":null,"description":null}]}"""),
        [AskName.Llm] = (
            new LlmAnswer(
                "Ollama",
                "http://localhost:11434/v1",
                "qwen",
                false,
                [new LlmServerSummary("Ollama", "http://localhost:11434/v1", ["qwen", "x"], null)]),
            """{"server":"Ollama","url":"http://localhost:11434/v1","model":"qwen","demo":false,"found":[{"server":"Ollama","url":"http://localhost:11434/v1","models":["qwen","x"],"model":null}]}"""),
        [AskName.ChooseLlm] = (
            new ChooseLlmAnswer("demo", new Uri("http://localhost:1234/v1/"), null, true),
            """{"server":"demo","address":"http://localhost:1234/v1/","model":null,"isDemo":true}"""),
        [AskName.Conversations] = (
            new ConversationsAnswer(null, [new ConversationSummary("c1", null, "koto", At, At.AddMilliseconds(5), 2)]),
            """{"current":null,"conversations":[{"id":"c1","title":null,"character":"koto","startedAt":"2026-05-04T03:02:01+00:00","lastAt":"2026-05-04T03:02:01.005+00:00","messages":2}]}"""),
        [AskName.Conversation] = (
            new ConversationAnswer("c1", [new ConversationLine(1, At, ConversationLine.User, "\"你好\"", false), new ConversationLine(2, At, ConversationLine.Assistant, "x", true)]),
            """{"id":"c1","entries":[{"number":1,"at":"2026-05-04T03:02:01+00:00","role":"user","text":"\"你好\"","interrupted":false},{"number":2,"at":"2026-05-04T03:02:01+00:00","role":"assistant","text":"x","interrupted":true}]}"""),
        [AskName.NewConversation] = (new NewConversationAnswer("c2"), """{"id":"c2"}"""),
        [AskName.Search] = (
            new SearchAnswer([new SearchHit("c1", 7, At, ConversationLine.User, "…you…")]),
            """{"hits":[{"conversation":"c1","number":7,"at":"2026-05-04T03:02:01+00:00","role":"user","text":"…you…"}]}"""),
        [AskName.Export] = (new ExportAnswer("c1.json", "{\n}"), """{"name":"c1.json","text":"{\n}"}"""),
        [AskName.Settings] = (
            new SettingsAnswer([new EngineSummary("tts", "espeak", null), new EngineSummary("asr", "openai", "no key")]),
            """{"engines":[{"kind":"tts","name":"espeak","problem":null},{"kind":"asr","name":"openai","problem":"no key"}]}"""),
        [AskName.Test] = (new TestAnswer(true, 12.5, "Spoke."), """{"ok":true,"ms":12.5,"detail":"Spoke."}"""),
    };

    public static TheoryData<string> Names => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_is_written_as_documented(string name)
    {
        var (value, json) = Answers[name];
        Assert.Equal(json, value.ToJson());

        // What companions wrote before the answers had types.
        Assert.Equal(json, JsonSerializer.Serialize<object>(value, Reflected));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_is_what_the_schema_says_of_its_question(string name)
    {
        var schema = new SchemaValidator(JsonDocument.Parse(WireSchema.Text()).RootElement);
        var answer = schema.Definition("Answers").GetProperty("properties").GetProperty(name);
        Assert.Null(schema.Check(answer, JsonDocument.Parse(Answers[name].Value.ToJson()).RootElement, name));
        Assert.NotNull(schema.Check(answer, JsonDocument.Parse("{}").RootElement, name));
    }

    [Fact]
    public void Every_question_is_documented()
    {
        var document = File.ReadAllText(Repository.PathOf("docs", "protocol.md"));
        foreach (var constants in new[] { typeof(AskName), typeof(TurnReason), typeof(AnswerCode) })
            foreach (var code in constants.GetFields().Select(f => (string)f.GetValue(null)!))
                Assert.Contains($"`{code}`", document, StringComparison.Ordinal);
    }
}
