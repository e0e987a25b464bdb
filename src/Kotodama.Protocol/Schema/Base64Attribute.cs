namespace Kotodama.Protocol.Schema;

/// <summary>A text that holds bytes in base64.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class Base64Attribute : Attribute;
