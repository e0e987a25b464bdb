using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kotodama.Voice.Engines.Http;

/// <summary>
/// Finds the code of an error in what a server answers. Only a code is repeated to people: the sentences of servers may hold the text that
/// was to be spoken, or a key.
/// </summary>
internal static partial class ProblemCode
{
    /// <summary>The code as it is added to a sentence, for example <c> (model_not_found)</c>; empty when there is none.</summary>
    public static string Quote(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            using var document = JsonDocument.ParseValue(ref reader);
            return Quote(document.RootElement);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    /// <summary>The code as it is added to a sentence; empty when there is none.</summary>
    public static string Quote(JsonElement answer)
    {
        var code = Code(answer);
        if (code is null && answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("error", out var error))
            code = Code(error);
        return code is null ? "" : $" ({code})";
    }

    /// <summary>Whether a server says that it has no such model, as <c>model_not_found</c> or in a sentence.</summary>
    public static bool NamesMissingModel(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var error = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var inner) ? inner : root;
            var said = JsonText.Of(error) ?? string.Join(' ', JsonText.Of(error, "message"), JsonText.Of(error, "code"));
            return MissingModel().IsMatch(said);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? Code(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var name in new[] { "code", "type" })
        {
            if (!element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
                continue;
            if (value.GetString() is { } code && Shape().IsMatch(code))
                return code;
        }

        return null;
    }

    [GeneratedRegex(
        "model.*(not[ _]found|does not exist)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MissingModel();

    [GeneratedRegex("^[a-z]{2,20}(_[a-z]{2,20}){1,5}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
