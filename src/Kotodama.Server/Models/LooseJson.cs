using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Kotodama.Server.Models;

/// <summary>Why a file is no JSON, and where.</summary>
/// <param name="Line">From 1; 0: unknown.</param>
/// <param name="Column">From 1, in bytes; 0: unknown.</param>
/// <param name="Problem">In English, for the ones who mend files.</param>
internal sealed record JsonProblem(long Line, long Column, string Problem);

/// <summary>
/// Reads JSON as model makers write it: with a mark at its beginning, comments, commas too many and other encodings than UTF-8. What has
/// another type than expected counts as absent.
/// </summary>
internal static partial class LooseJson
{
    /// <summary>Entries of one list that are read.</summary>
    public const int MostEntries = 4_096;

    /// <summary>Characters of a text that are taken.</summary>
    public const int LongestText = 512;

    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads a file's bytes.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="json">Its object; an undefined element where there is a problem.</param>
    /// <param name="isOldEncoding">Whether it is written in another encoding than UTF-8.</param>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public static JsonProblem? Read(ReadOnlyMemory<byte> bytes, out JsonElement json, out bool isOldEncoding)
    {
        json = default;
        var utf8 = ToUtf8(bytes, out isOldEncoding);
        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return new JsonProblem(1, 1, "it must be an object: { … }");
            json = document.RootElement.Clone();
            return null;
        }
        catch (JsonException e)
        {
            var problem = Place().Replace(e.Message, "").TrimEnd(' ', '.');
            return new JsonProblem((e.LineNumber ?? -1) + 1, (e.BytePositionInLine ?? -1) + 1, problem);
        }
    }

    public static JsonElement? Get(this JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A text that says something, cut to <see cref="LongestText"/>.</summary>
    public static string? Text(this JsonElement json, string field) => Get(json, field) is { } value ? AsText(value) : null;

    public static string? AsText(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            var text = value.GetString()!;
            var plain = text.Any(char.IsControl) ? string.Concat(text.Where(c => !char.IsControl(c))) : text;
            return string.IsNullOrWhiteSpace(plain) ? null : plain.Length <= LongestText ? plain : Cut(plain);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    /// <summary>Characters of a text; null where it holds half a surrogate pair.</summary>
    public static int? LengthOf(JsonElement text)
    {
        try
        {
            return text.GetString()!.Length;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    public static double? Number(this JsonElement json, string field) =>
        Get(json, field) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : null;

    public static IEnumerable<JsonElement> Items(this JsonElement json, string field) =>
        Get(json, field) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Take(MostEntries) : [];

    public static IEnumerable<JsonProperty> Fields(this JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().Take(MostEntries) : [];

    /// <summary>A field's name; null where it holds half a surrogate pair.</summary>
    public static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> bytes, out bool isOldEncoding)
    {
        var span = bytes.Span;
        isOldEncoding = true;
        if (span.StartsWith<byte>([0xFF, 0xFE]))
            return Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(span[2..]));
        if (span.StartsWith<byte>([0xFE, 0xFF]))
            return Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(span[2..]));
        isOldEncoding = false;
        if (span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (Utf8.IsValid(bytes.Span))
            return bytes;
        isOldEncoding = true;
        return Encoding.UTF8.GetBytes(OldEncodings.Decode(bytes.Span));
    }

    private static string Cut(string text) => text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];

    [GeneratedRegex(@"\s*(LineNumber|Path):.*", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex Place();
}
