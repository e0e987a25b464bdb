using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Kotodama.Protocol;
using Kotodama.Protocol.Schema;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>The schema of one property, one enumeration, one class of codes.</summary>
/// <param name="documentation">The descriptions.</param>
/// <param name="define">Is told each type that is referred to, and where the codec reads it; null: nowhere.</param>
internal sealed class SchemaTypes(Documentation documentation, Action<Type, Place?> define)
{
    public static JsonObject Reference(string name) => new() { ["$ref"] = $"#/$defs/{name}" };

    public JsonObject Property(JsonPropertyInfo property, Place? place)
    {
        var declared = (PropertyInfo)property.AttributeProvider!;
        var schema = new JsonObject { ["description"] = documentation.Of(declared) };
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Merge(schema, OfType(type, declared, place?.Within(property.Name)));
        if (declared.GetCustomAttribute<BoundsAttribute>() is { } bounds)
            Bound(schema, type, bounds);
        return schema;
    }

    public JsonObject Enumeration(Type type)
    {
        var choices = (Array)typeof(WireNames<>).MakeGenericType(type).GetProperty("All")!.GetValue(null)!;
        var names = choices.Cast<object>().Select(choice => (JsonNode)(string)choice.GetType().GetField("Item1")!.GetValue(choice)!);
        return new JsonObject { ["description"] = documentation.Of(type), ["type"] = "string", ["enum"] = new JsonArray([.. names]) };
    }

    /// <summary>Codes are examples: later versions and other programs may send others.</summary>
    public JsonObject Codes(Type type)
    {
        var values = type.GetFields().Select(f => (JsonNode)(string)f.GetValue(null)!);
        return new JsonObject { ["description"] = documentation.Of(type), ["type"] = "string", ["examples"] = new JsonArray([.. values]) };
    }

    private JsonObject OfType(Type type, PropertyInfo declared, Place? place)
    {
        if (type == typeof(string))
            return OfText(declared);
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(double))
            return new JsonObject { ["type"] = "number" };
        if (type == typeof(long))
            return new JsonObject { ["type"] = "integer" };
        if (type == typeof(int))
            return new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = int.MaxValue };
        if (type == typeof(DateTimeOffset))
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(Uri))
            return new JsonObject { ["type"] = "string" };
        if (type == typeof(JsonElement))
            return [];
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return OfMap(type.GetGenericArguments()[1], declared, place);
        if (typeof(IEnumerable).IsAssignableFrom(type))
            return new JsonObject { ["type"] = "array", ["items"] = OfType(type.GetGenericArguments()[0], declared, place?.Within("[]")) };
        define(type, place);
        return Reference(type.Name);
    }

    private JsonObject OfMap(Type value, PropertyInfo declared, Place? place) =>
        new() { ["type"] = "object", ["additionalProperties"] = OfType(value, declared, place?.Within("{}")) };

    private JsonObject OfText(PropertyInfo declared)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (declared.GetCustomAttribute<CodesAttribute>() is { } codes)
        {
            define(codes.Constants, null);
            schema = Reference(codes.Constants.Name);
        }

        if (declared.GetCustomAttribute<FormAttribute>() is { } form)
            schema["pattern"] = form.Pattern;
        if (declared.IsDefined(typeof(Base64Attribute)))
            schema["contentEncoding"] = "base64";
        return schema;
    }

    private static void Bound(JsonObject schema, Type type, BoundsAttribute bounds)
    {
        var (least, most) = type == typeof(string) ? ("minLength", "maxLength")
            : typeof(IEnumerable).IsAssignableFrom(type) ? ("minItems", "maxItems")
            : ("minimum", "maximum");
        Put(schema, least, bounds.Least);
        Put(schema, most, bounds.Most);
    }

    private static void Put(JsonObject schema, string keyword, double bound)
    {
        schema.Remove(keyword);
        if (double.IsFinite(bound))
            schema[keyword] = double.IsInteger(bound) ? (JsonNode)(long)bound : bound;
    }

    private static void Merge(JsonObject schema, JsonObject more)
    {
        foreach (var (keyword, value) in more)
            schema[keyword] = value?.DeepClone();
    }
}
