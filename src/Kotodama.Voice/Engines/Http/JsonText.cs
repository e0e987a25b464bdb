using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kotodama.Voice.Engines.Http;

/// <summary>
/// Reads strings of JSON that others wrote. Half characters, which some servers send when a token ends within one, become U+FFFD.
/// </summary>
internal static partial class JsonText
{
    /// <summary>The string; null when it is none.</summary>
    public static string? Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            var text = Escapes().Replace(element.GetRawText(), m => m.Groups["half"].Success ? @"\ufffd" : m.Value);
            using var mended = JsonDocument.Parse(text);
            return mended.RootElement.GetString();
        }
    }

    /// <summary>The string in a field of an object; null when there is none.</summary>
    public static string? Of(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Of(value) : null;

    [GeneratedRegex(
        @"\\\\|\\u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escapes();
}
