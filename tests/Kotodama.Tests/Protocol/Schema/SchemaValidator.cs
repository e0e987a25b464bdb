using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>
/// Checks JSON against the part of JSON Schema that docs/protocol/schema.json uses. A keyword that it does not know is an error of the
/// schema, so that none is passed over.
/// </summary>
internal sealed class SchemaValidator(JsonElement root)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Keywords that only tell something.</summary>
    private static readonly HashSet<string> Notes =
        ["$schema", "$comment", "$defs", "title", "description", "default", "examples", "format", "contentEncoding"];

    /// <summary>The first thing that is wrong; null when the value is valid.</summary>
    public string? Check(JsonElement value) => Check(root, value, "message");

    public string? Check(JsonElement schema, JsonElement value, string path)
    {
        foreach (var keyword in schema.EnumerateObject())
            if (!Notes.Contains(keyword.Name) && Check(schema, keyword, value, path) is { } wrong)
                return wrong;
        return null;
    }

    /// <summary>The definitions of the messages.</summary>
    public IEnumerable<JsonElement> Messages =>
        root.GetProperty("oneOf").EnumerateArray().Select(m => Definition(m.GetProperty("$ref").GetString()!["#/$defs/".Length..]));

    public JsonElement Definition(string name) => root.GetProperty("$defs").GetProperty(name);

    private string? Check(JsonElement schema, JsonProperty keyword, JsonElement value, string path)
    {
        var wanted = keyword.Value;
        switch (keyword.Name)
        {
            case "oneOf":
                return CheckOneOf(wanted, value, path);
            case "$ref":
                return Check(Definition(wanted.GetString()!["#/$defs/".Length..]), value, path);
            case "properties":
                return CheckProperties(wanted, value, path);
            case "additionalProperties":
                return EachOf(value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(p => p.Value) : [], wanted, path);
            case "items":
                return EachOf(value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [], wanted, path);
            default:
                return Holds(keyword.Name, wanted, value) ? null : $"{path} breaks {keyword.Name} {wanted} of {schema}";
        }
    }

    private string? CheckOneOf(JsonElement choices, JsonElement value, string path)
    {
        var wrong = choices.EnumerateArray().Select(choice => Check(choice, value, path)).ToArray();
        if (wrong.Count(w => w is null) == 1)
            return null;
        return wrong.Contains(null)
            ? $"{path} is several of oneOf"
            : string.Join('\n', wrong.Where(w => !w!.Contains("breaks const", StringComparison.Ordinal)));
    }

    private string? CheckProperties(JsonElement properties, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var property in properties.EnumerateObject())
            if (value.TryGetProperty(property.Name, out var inner) && Check(property.Value, inner, $"{path}.{property.Name}") is { } wrong)
                return wrong;
        return null;
    }

    private string? EachOf(IEnumerable<JsonElement> values, JsonElement schema, string path) =>
        values.Select(value => Check(schema, value, $"{path}[]")).FirstOrDefault(wrong => wrong is not null);

    private static bool Holds(string keyword, JsonElement wanted, JsonElement value) => keyword switch
    {
        "type" when wanted.ValueKind == JsonValueKind.Array => wanted.EnumerateArray().Any(type => IsA(type.GetString()!, value)),
        "type" => IsA(wanted.GetString()!, value),
        "const" => JsonElement.DeepEquals(wanted, value),
        "enum" => wanted.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)),
        "required" => value.ValueKind != JsonValueKind.Object
            || wanted.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() >= wanted.GetDouble(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDouble() <= wanted.GetDouble(),
        "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= wanted.GetInt32(),
        "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= wanted.GetInt32(),
        "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= wanted.GetInt32(),
        "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= wanted.GetInt32(),
        "pattern" => value.ValueKind != JsonValueKind.String || Matches(wanted.GetString()!, value.GetString()!),
        _ => throw new InvalidOperationException($"The schema has the keyword {keyword}, which this validator does not know."),
    };

    /// <summary>In .NET <c>$</c> also matches before a line feed at the end; in ECMAScript it does not.</summary>
    private static bool Matches(string pattern, string text) => Regex.IsMatch(text, pattern[..^1] + @"\z", RegexOptions.None, Patience);

    private static bool IsA(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && (value.TryGetInt64(out _) || double.IsInteger(value.GetDouble())),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new InvalidOperationException($"The schema has the type {type}."),
    };
}
