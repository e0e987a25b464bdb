using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kotodama.Cli;

/// <summary>Reads JSON of which the commands look at single fields.</summary>
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonElementContext : JsonSerializerContext;
