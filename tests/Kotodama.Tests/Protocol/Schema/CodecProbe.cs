using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kotodama.Protocol;
using Kotodama.Tests.Fuzz;

namespace Kotodama.Tests.Protocol.Schema;

/// <summary>Where an object stands within a message.</summary>
/// <param name="Type">The type of the message.</param>
/// <param name="Steps">Names of fields; <c>[]</c> for an item of a list and <c>{}</c> for one of a map. None: the message itself.</param>
internal sealed record Place(string Type, IReadOnlyList<string> Steps)
{
    public Place Within(string step) => new(Type, [.. Steps, step]);

    /// <summary>The first object at this place; null when this message has none.</summary>
    public JsonObject? Find(JsonNode message)
    {
        JsonNode? at = message;
        foreach (var step in Steps)
        {
            at = step switch
            {
                "[]" => (at as JsonArray)?.FirstOrDefault(),
                "{}" => (at as JsonObject)?.Select(p => p.Value).FirstOrDefault(),
                _ => (at as JsonObject)?[step],
            };
        }

        return at as JsonObject;
    }
}

/// <summary>What the codec makes of a field that is absent.</summary>
/// <param name="IsRequired">It refuses the message.</param>
/// <param name="Default">What it reads instead; null when it is nothing.</param>
internal readonly record struct Absence(bool IsRequired, JsonNode? Default);

/// <summary>Asks the codec, by messages with one field less, what it demands.</summary>
internal static class CodecProbe
{
    /// <summary>Enough for each optional field to be there, and gone beside each other one, in some of them.</summary>
    private const int Samples = 40;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Absence WithoutField(Place place, string field)
    {
        JsonNode? absent = null;
        for (var seed = 0; seed < Samples; seed++)
        {
            var json = JsonNode.Parse(MessageCodec.Write(RandomMessages.Makers[place.Type](new RandomMessages(new Random(seed)))))!;
            if (place.Find(json) is not { } inner || !inner.Remove(field))
                continue;
            var (message, error) = Read(json);
            if (error is { Code: ErrorCode.MissingField } && error.Message == $"{field} is missing")
                return new Absence(true, null);
            if (message is not null)
                absent ??= place.Find(JsonNode.Parse(MessageCodec.Write(message))!)?[field]?.DeepClone();
        }

        return new Absence(false, absent);
    }

    public static ReadResult Read(JsonNode json) => MessageCodec.Read(JsonSerializer.SerializeToUtf8Bytes(json, Relaxed));
}
