using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Kotodama.Protocol;
using Kotodama.Protocol.Questions;
using Kotodama.Protocol.Schema;
using Kotodama.Tests.Fuzz;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>
/// Makes docs/protocol/schema.json of the records: names and types of the metadata that writes them, bounds and forms of their attributes,
/// descriptions of their documentation. What may be missing is found by asking the codec, because it reads by hand (decision 0002).
/// </summary>
internal sealed class WireSchema
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Documentation _documentation = new();
    private readonly SchemaTypes _types;
    private readonly SortedDictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    private WireSchema() => _types = new SchemaTypes(_documentation, Define);

    /// <summary>The types of all JSON messages, in the order of <see cref="MessageType"/>.</summary>
    public static IReadOnlyList<string> Types { get; } =
        [.. typeof(MessageType).GetFields().Select(f => (string)f.GetValue(null)!).Where(type => type != MessageType.Audio)];

    public static JsonObject Build() => new WireSchema().Document();

    public static string Text() => Build().ToJsonString(Indented) + "\n";

    private JsonObject Document()
    {
        var messages = new JsonArray();
        foreach (var type in Types)
        {
            var record = RandomMessages.Makers[type](new RandomMessages(new Random(1))).GetType();
            var name = record.Name[..^"Message".Length];
            messages.Add(SchemaTypes.Reference(name));
            DefineRead(name, WireJson.Wire.GetTypeInfo(record)!, new Place(type, []));
        }

        DefineAnswers();
        var definitions = new JsonObject();
        foreach (var (name, definition) in _definitions)
            definitions[name] = definition;
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"Kotodama protocol, version {ProtocolVersion.Current}: the JSON messages",
            ["$comment"] = "Made of the C# records by the tests: run them with KOTODAMA_ACCEPT_API=1 after a change. "
                + "A field that is null counts as absent, unknown fields are ignored. "
                + "Lengths and places count UTF-16 code units. Limits are the standard ones; the welcome of a hub says its own.",
            ["oneOf"] = messages,
            ["$defs"] = definitions,
        };
    }

    /// <summary>Adds what a property refers to: an enumeration, a class of codes, or a record within a message.</summary>
    private void Define(Type type, Place? place)
    {
        if (_definitions.ContainsKey(type.Name))
            return;
        if (type.IsEnum)
            _definitions.Add(type.Name, _types.Enumeration(type));
        else if (type is { IsAbstract: true, IsSealed: true })
            _definitions.Add(type.Name, _types.Codes(type));
        else if (place is not null)
            DefineRead(type.Name, WireJson.Wire.GetTypeInfo(type)!, place);
        else
            DefineWritten(type);
    }

    /// <summary>An object that the codec reads.</summary>
    private void DefineRead(string name, JsonTypeInfo record, Place place)
    {
        var (definition, properties, required) = Begin(name, record.Type);
        foreach (var property in Ordered(record))
        {
            if (property.Name == "type")
            {
                properties["type"] = new JsonObject { ["const"] = place.Type };
                required.Add("type");
                continue;
            }

            var schema = _types.Property(property, place);
            var absence = CodecProbe.WithoutField(place, property.Name);
            if (absence.IsRequired)
                required.Add(property.Name);
            else if (absence.Default is { } value)
                schema["default"] = value;
            properties[property.Name] = schema;
        }

        if (required.Count > 0)
            definition["required"] = required;
    }

    /// <summary>An object that is only written: every field is there, and null when it is empty.</summary>
    private void DefineWritten(Type type)
    {
        var (definition, properties, required) = Begin(type.Name, type);
        foreach (var property in Ordered(AnswerJson.Wire.GetTypeInfo(type)!))
        {
            var schema = _types.Property(property, null);
            if (property.IsGetNullable && schema["type"] is { } plain)
                schema["type"] = new JsonArray(plain.DeepClone(), "null");
            properties[property.Name] = schema;
            required.Add(property.Name);
        }

        definition["required"] = required;
    }

    private void DefineAnswers()
    {
        var answers = new JsonObject();
        var types = typeof(AnswerValue).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(AnswerValue)));
        foreach (var type in types.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            Define(type, null);
            answers[type.GetCustomAttribute<AnswersAttribute>()!.Question] = SchemaTypes.Reference(type.Name);
        }

        _definitions.Add("Answers", new JsonObject
        {
            ["description"] = "The answers that have a value, by the name of their question.",
            ["type"] = "object",
            ["properties"] = answers,
        });
    }

    private (JsonObject Definition, JsonObject Properties, JsonArray Required) Begin(string name, Type type)
    {
        var properties = new JsonObject();
        var definition = new JsonObject { ["description"] = _documentation.Of(type), ["type"] = "object", ["properties"] = properties };
        _definitions.Add(name, definition);
        return (definition, properties, []);
    }

    private static IEnumerable<JsonPropertyInfo> Ordered(JsonTypeInfo record) =>
        record.Properties.Where(p => p.Get is not null).OrderBy(p => p.Order);
}
