using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>A bound of a field that a message has.</summary>
/// <param name="Message">The message.</param>
/// <param name="Field">The field.</param>
/// <param name="Within">The last value that is good.</param>
/// <param name="Beyond">The first one that is not.</param>
internal sealed record SchemaBounds(JsonObject Message, string Field, JsonNode Within, JsonNode Beyond)
{
    /// <summary>The bounds of the fields of a message.</summary>
    public static IEnumerable<SchemaBounds> Of(SchemaValidator schema, JsonObject message)
    {
        var type = (string)message["type"]!;
        var definition = schema.Messages.Single(d => TypeOf(d) == type);
        foreach (var property in definition.GetProperty("properties").EnumerateObject())
        {
            if (!message.ContainsKey(property.Name))
                continue;
            foreach (var keyword in property.Value.EnumerateObject())
                if (Pair(keyword) is var (within, beyond))
                    yield return new SchemaBounds(message, property.Name, within, beyond);
        }
    }

    public JsonNode With(JsonNode value)
    {
        var changed = Message.DeepClone().AsObject();
        changed[Field] = value.DeepClone();
        return changed;
    }

    private static string? TypeOf(JsonElement definition) =>
        definition.GetProperty("properties").GetProperty("type").GetProperty("const").GetString();

    private static (JsonNode Within, JsonNode Beyond)? Pair(JsonProperty keyword) => keyword.Name switch
    {
        "minimum" => (keyword.Value.GetInt64(), keyword.Value.GetInt64() - 1),
        "maximum" => (keyword.Value.GetInt64(), keyword.Value.GetInt64() + 1),
        "minLength" when keyword.Value.GetInt32() > 0 => (
            new string('x', keyword.Value.GetInt32()),
            new string('x', keyword.Value.GetInt32() - 1)),
        "maxLength" => (new string('x', keyword.Value.GetInt32()), new string('x', keyword.Value.GetInt32() + 1)),
        _ => null,
    };
}
