using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Tests.Fuzz;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>docs/protocol/schema.json says what the records say, and what the codec takes and writes.</summary>
public sealed class SchemaTests
{
    private static readonly string File = Repository.PathOf("docs", "protocol", "schema.json");

    private static readonly SchemaValidator Schema = new(JsonDocument.Parse(WireSchema.Text()).RootElement);

    /// <summary>Values of every JSON type, good and bad, that are put into every field.</summary>
    private static readonly string[] Values =
    [
        "7", "-1", "0.5", "1e300", "4294967296", "true", "\"\"", "\"x\"", "\"has space\"", "\"a\\u0007b\"", "[]", "[7]", "[\"x\"]", "[{}]",
        "{}", "{\"a\":7}", "{\"a\":\"x\"}", "{\"a\":{}}",
        "[[]]", $"\"{new string('n', 65)}\"", $"\"{new string('c', 16_385)}\"",
    ];

    /// <summary>What a schema cannot say; <c>docs/protocol.md</c> does. Parts of the codec's messages.</summary>
    private static readonly string[] Unsayable =
    [
        "must be a whole number of at most 64 bits",
        "words must have three numbers for each word",
        "shapes must have one letter for each of visemes",
        "emotions.at must be 0 to",
        "rate must be 8000 to 48000",
        "audio must be a sound file in base64",
    ];

    public static TheoryData<string> Types => [.. WireSchema.Types];

    public static TheoryData<string> Examples =>
        [.. Directory.EnumerateFiles(
            Repository.PathOf("docs", "protocol", "examples"),
            "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_published_schema_is_the_one_of_the_records()
    {
        var schema = WireSchema.Text();
        if (Environment.GetEnvironmentVariable("KOTODAMA_ACCEPT_API") == "1")
            System.IO.File.WriteAllText(File, schema);
        Assert.True(System.IO.File.ReadAllText(File) == schema,
            "docs/protocol/schema.json is not what the records say. If the change is meant, "
            + "run the tests once with KOTODAMA_ACCEPT_API=1 and commit the file.");
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_valid(string file)
    {
        var example = System.IO.File.ReadAllText(Repository.PathOf("docs", "protocol", "examples", file));
        Assert.Null(Schema.Check(JsonDocument.Parse(example).RootElement));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public Task What_the_codec_writes_is_valid(string type) => Inputs.RunAsync(
        Inputs.Share(100),
        random => RandomMessages.Makers[type](new RandomMessages(random)),
        MessageCodec.Write,
        Inputs.Longest,
        message =>
        {
            Assert.Null(Schema.Check(JsonDocument.Parse(MessageCodec.Write(message)).RootElement));
            return Task.CompletedTask;
        });

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_codec_and_the_schema_agree_on_every_change_of_an_example(string file) =>
        Agree(System.IO.File.ReadAllText(Repository.PathOf("docs", "protocol", "examples", file)));

    [Theory]
    [MemberData(nameof(Types))]
    public void The_codec_and_the_schema_agree_on_every_change_of_a_message(string type)
    {
        for (var seed = 0; seed < 5; seed++)
            Agree(Encoding.UTF8.GetString(MessageCodec.Write(RandomMessages.Makers[type](new RandomMessages(new Random(seed))))));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void The_codec_draws_the_lines_that_the_schema_names(string type)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var message = JsonNode.Parse(MessageCodec.Write(RandomMessages.Makers[type](new RandomMessages(new Random(seed)))))!;
            foreach (var bound in SchemaBounds.Of(Schema, message.AsObject()))
            {
                AgreeOn(bound.With(bound.Within));
                AgreeOn(bound.With(bound.Beyond));
                Assert.NotNull(Schema.Check(Element(bound.With(bound.Beyond))));
            }
        }
    }

    [Fact]
    public void What_is_no_message_is_refused()
    {
        foreach (var json in new[] { "7", "[]", "null", "{}", """{"type":7}""", """{"type":"dance"}""" })
            Assert.NotNull(Schema.Check(JsonDocument.Parse(json).RootElement));
    }

    private static void Agree(string json)
    {
        foreach (var path in Fields.Of(JsonNode.Parse(json)!))
        {
            AgreeOn(path.Without(json));
            foreach (var value in Values)
                AgreeOn(path.With(json, JsonNode.Parse(value)));
        }
    }

    /// <summary>Refused by both, or taken by both.</summary>
    private static void AgreeOn(JsonNode json)
    {
        var refused = CodecProbe.Read(json).Error;
        if (refused is not null && Unsayable.Any(part => refused.Message.Contains(part, StringComparison.Ordinal)))
            return;
        var invalid = Schema.Check(Element(json));
        if ((refused is null) == (invalid is null))
            return;
        var text = json.ToJsonString();
        text = text[..Math.Min(600, text.Length)];
        Assert.Fail($"The codec says: {refused?.Message ?? "good"}. The schema says: {invalid ?? "good"}. {text}");
    }

    private static JsonElement Element(JsonNode json) => JsonSerializer.SerializeToElement(json);
}
