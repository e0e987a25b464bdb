using System.Text.Json.Serialization;

namespace Kotodama.Server.Access;

/// <summary>How the lists of tokens and origins are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(OriginList))]
internal sealed partial class AccessJson : JsonSerializerContext;
