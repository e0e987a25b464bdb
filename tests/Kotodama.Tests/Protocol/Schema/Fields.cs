using System.Text.Json.Nodes;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>One field of a JSON message, at any depth.</summary>
/// <param name="Path">Names of fields and numbers of items.</param>
internal sealed record Fields(IReadOnlyList<object> Path)
{
    /// <summary>All fields of a message but its type.</summary>
    public static IEnumerable<Fields> Of(JsonNode message) => Within(message, []).Where(f => f.Path is not ["type"]);

    public JsonNode Without(string json) => Change(json, (inner, name) => inner.Remove(name));

    public JsonNode With(string json, JsonNode? value) => Change(json, (inner, name) => inner[name] = value?.DeepClone());

    private JsonNode Change(string json, Action<JsonObject, string> change)
    {
        var message = JsonNode.Parse(json)!;
        var at = message;
        foreach (var step in Path.SkipLast(1))
            at = step is int item ? at[item]! : at[(string)step]!;
        change(at.AsObject(), (string)Path[^1]);
        return message;
    }

    private static IEnumerable<Fields> Within(JsonNode? node, IReadOnlyList<object> path) => node switch
    {
        JsonObject inner => inner.SelectMany(p => Within(p.Value, [.. path, p.Key]).Prepend(new Fields([.. path, p.Key]))),
        JsonArray list => list.SelectMany((item, i) => Within(item, [.. path, i])),
        _ => [],
    };
}
