namespace Kotodama.Protocol.Schema;

/// <summary>
/// The form of a text, or of each text of a list, for the published schema; a test proves that the codec demands the same.
/// </summary>
/// <param name="pattern">A regular expression in the part of the language that .NET and ECMAScript share.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FormAttribute(string pattern) : Attribute
{
    /// <summary><see cref="FieldChecks.Id"/></summary>
    public const string Id = @"^[A-Za-z0-9._:-]{1,64}$";

    /// <summary><see cref="FieldChecks.Channel"/></summary>
    public const string Channel = @"^[a-z0-9._-]{1,64}$";

    /// <summary><see cref="FieldChecks.Name"/></summary>
    public const string Name = @"^[^\p{Cc}]{1,64}$";

    /// <summary><see cref="FieldChecks.Base64Url"/>: of any length, a key's name, a nonce.</summary>
    public const string Base64Url = @"^[A-Za-z0-9_-]*$", KeyId = @"^[A-Za-z0-9_-]{8}$", Nonce = @"^[A-Za-z0-9_-]{16}$";

    /// <summary><see cref="FieldChecks.Avatar"/></summary>
    public const string Avatar = """^(?![ ._])(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\p{Cc}/\\:*?"<>|]){1,64}(?<![ .])$""";

    public string Pattern { get; } = pattern;
}
