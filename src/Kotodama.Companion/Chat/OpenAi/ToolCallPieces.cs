using System.Text;
using System.Text.Json;
using Kotodama.Voice.Engines.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// Puts calls of tools together from pieces. Servers number the pieces, or not, or give every call the number 0; they send a call whole or
/// in parts, its identity once or each time, its arguments as text or as JSON. Not safe for threads: one for each answer.
/// </summary>
internal sealed class ToolCallPieces
{
    private const int MostCalls = 64;

    private readonly List<Call> _calls = [];

    /// <summary>Whether a call came.</summary>
    public bool Any => _calls.Exists(c => c.Name.Length > 0);

    /// <summary>Reads the value of <c>tool_calls</c>.</summary>
    /// <exception cref="LlmException">There are too many.</exception>
    public void Read(JsonElement pieces)
    {
        if (pieces.ValueKind != JsonValueKind.Array)
            return;
        foreach (var piece in pieces.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object))
            Read(piece, JsonText.Of(piece, "id"), IndexOf(piece));
    }

    /// <summary>The calls, when there is no more.</summary>
    /// <param name="finished">Whether the server said that its answer is whole.</param>
    /// <exception cref="LlmException">The arguments of a call end in the middle, and so did the answer.</exception>
    public IEnumerable<FunctionCallContent> End(bool finished)
    {
        var number = 0;
        foreach (var call in _calls.Where(c => c.Name.Length > 0))
        {
            var content = new FunctionCallContent(call.Id ?? $"call_{++number}", call.Name);
            try
            {
                content.Arguments = Arguments(CutCharacters.Joined(call.Arguments.ToString()));
            }
            catch (JsonException) when (finished)
            {
                content.Exception = new LlmException(LlmCode.Failed, "The arguments are no JSON object.");
            }
            catch (JsonException)
            {
                const string Unfinished = "The answer of the language model ended within the call of a tool.";
                throw new LlmException(LlmCode.Failed, Unfinished) { IsPassing = true };
            }

            yield return content;
        }
    }

    private static int? IndexOf(JsonElement piece) =>
        piece.TryGetProperty("index", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var index)
            ? index
            : null;

    private static Dictionary<string, object?> Arguments(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        using var document = JsonDocument.Parse(text);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.Null => [],
            // JSON within JSON.
            JsonValueKind.String when JsonText.Of(document.RootElement) is var inner && !inner!.TrimStart().StartsWith('"') =>
                Arguments(inner),
            JsonValueKind.Object => Fields(document.RootElement),
            _ => throw new JsonException(),
        };
    }

    private static Dictionary<string, object?> Fields(JsonElement element)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in element.EnumerateObject())
            fields[field.Name] = field.Value.Clone();
        return fields;
    }

    private void Read(JsonElement piece, string? id, int? index)
    {
        id = string.IsNullOrEmpty(id) ? null : id;
        var function = piece.TryGetProperty("function", out var f) && f.ValueKind == JsonValueKind.Object ? f : piece;
        var name = JsonText.Of(function, "name");
        var call = Find(id, index, string.IsNullOrEmpty(name));
        if (call is null)
        {
            if (_calls.Count == MostCalls)
                throw new LlmException(LlmCode.Failed, $"The language model called more than {MostCalls} tools at once.");
            _calls.Add(call = new Call { Index = index });
        }

        call.Id ??= id;
        if (call.Name.Length == 0 && name is not null)
            call.Name = name;
        if (function.TryGetProperty("arguments", out var arguments))
            call.Arguments.Append(arguments.ValueKind switch
            {
                JsonValueKind.String => CutCharacters.Of(arguments),
                JsonValueKind.Object => arguments.GetRawText(),
                _ => "",
            });
    }

    private Call? Find(string? id, int? index, bool continues)
    {
        if (id is not null && _calls.Find(c => c.Id == id) is { } same)
            return same;
        if (index is not null)
            return _calls.FindLast(c => c.Index == index && (id is null || c.Id is null));
        return continues && id is null ? _calls.LastOrDefault() : null;
    }

    private sealed class Call
    {
        public int? Index { get; init; }

        public string? Id { get; set; }

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
