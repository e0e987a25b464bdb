using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kotodama.Voice.Engines.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>What may stand in a request; servers that are strict or old refuse some of it.</summary>
[Flags]
internal enum RequestParts
{
    None = 0,
    StreamOptions = 1,
    Effort = 2,
    Tools = 4,
}

/// <summary>Writes requests as OpenAI documents them.</summary>
internal static class ChatRequestBody
{
    private static readonly JsonSerializerOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions WritingValues = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>Writes one.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">What the caller wishes; its model and temperature go before the others.</param>
    /// <param name="model">The model otherwise.</param>
    /// <param name="temperature">The temperature otherwise.</param>
    /// <param name="parts">What may stand in it.</param>
    public static byte[] Write(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        string? model,
        float? temperature,
        RequestParts parts)
    {
        var body = new JsonObject
        {
            ["model"] = options?.ModelId ?? model ?? "",
            ["messages"] = new JsonArray([.. Messages(messages, options?.Instructions)]),
            ["stream"] = true,
        };
        if (parts.HasFlag(RequestParts.StreamOptions))
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        if (parts.HasFlag(RequestParts.Effort))
            body["reasoning_effort"] = "none";
        Set(body, "temperature", options?.Temperature ?? temperature);
        Set(body, "top_p", options?.TopP);
        Set(body, "frequency_penalty", options?.FrequencyPenalty);
        Set(body, "presence_penalty", options?.PresencePenalty);
        if (options?.MaxOutputTokens is { } most)
            body["max_tokens"] = most;
        if (options?.Seed is { } seed)
            body["seed"] = seed;
        if (options?.StopSequences is { Count: > 0 } stops)
            body["stop"] = new JsonArray([.. stops.Select(s => (JsonNode)s)]);
        if (options?.ResponseFormat is ChatResponseFormatJson)
            body["response_format"] = new JsonObject { ["type"] = "json_object" };
        if (parts.HasFlag(RequestParts.Tools))
            AddTools(body, options);
        return JsonSerializer.SerializeToUtf8Bytes(body, Writing);
    }

    /// <summary>The text of a tool's result.</summary>
    public static string ResultText(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => JsonText.Of(element)!,
        JsonElement element => element.GetRawText(),
        TextContent text => text.Text,
        _ => JsonSerializer.Serialize(result, WritingValues),
    };

    // As text, because a float as a number has digits that the user did not write: 0.7 is 0.699999988079071.
    private static void Set(JsonObject body, string name, float? value)
    {
        if (value is { } number && float.IsFinite(number))
            body[name] = JsonNode.Parse(number.ToString("R"));
    }

    private static void AddTools(JsonObject body, ChatOptions? options)
    {
        if (options?.Tools?.OfType<AIFunctionDeclaration>().ToArray() is not { Length: > 0 } tools)
            return;
        body["tools"] = new JsonArray([.. tools.Select(Tool)]);
        if (options.ToolMode is NoneChatToolMode)
            body["tool_choice"] = "none";
        else if (options.ToolMode is RequiredChatToolMode required)
            body["tool_choice"] = Required(required.RequiredFunctionName);
    }

    private static JsonNode? Required(string? tool) => tool is null
        ? "required"
        : new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = tool } };

    private static JsonObject Tool(AIFunctionDeclaration tool) => new()
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = tool.Name,
            ["description"] = tool.Description,
            ["parameters"] = JsonNode.Parse(tool.JsonSchema.GetRawText()),
        },
    };

    private static IEnumerable<JsonNode> Messages(IEnumerable<ChatMessage> messages, string? instructions)
    {
        if (!string.IsNullOrEmpty(instructions))
            yield return new JsonObject { ["role"] = "system", ["content"] = instructions };
        foreach (var message in messages)
        {
            var results = message.Contents.OfType<FunctionResultContent>().ToArray();
            foreach (var result in results)
                yield return Result(result);
            if (results.Length == 0)
                yield return Message(message);
        }
    }

    private static JsonObject Result(FunctionResultContent result) => new()
    {
        ["role"] = "tool",
        ["tool_call_id"] = result.CallId,
        ["content"] = ResultText(result.Result),
    };

    private static JsonObject Message(ChatMessage message)
    {
        var calls = message.Contents.OfType<FunctionCallContent>().ToArray();
        var entry = new JsonObject { ["role"] = message.Role.Value };
        if (message.Contents.Any(IsPicture))
            entry["content"] = new JsonArray([.. message.Contents.Select(Part).OfType<JsonNode>()]);
        else
            entry["content"] = calls.Length > 0 && message.Text.Length == 0 ? null : message.Text;
        if (calls.Length > 0)
            entry["tool_calls"] = new JsonArray([.. calls.Select(Call)]);
        return entry;
    }

    private static bool IsPicture(AIContent content) => content switch
    {
        DataContent data => data.HasTopLevelMediaType("image"),
        UriContent uri => uri.HasTopLevelMediaType("image"),
        _ => false,
    };

    private static JsonObject? Part(AIContent content) => content switch
    {
        TextContent text => new JsonObject { ["type"] = "text", ["text"] = text.Text },
        DataContent data when data.HasTopLevelMediaType("image") => Picture(data.Uri),
        UriContent uri when uri.HasTopLevelMediaType("image") => Picture(uri.Uri.AbsoluteUri),
        _ => null,
    };

    private static JsonObject Picture(string address) =>
        new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = address } };

    private static JsonNode Call(FunctionCallContent call)
    {
        var arguments = call.Arguments ?? new Dictionary<string, object?>(StringComparer.Ordinal);
        return new JsonObject
        {
            ["id"] = call.CallId,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.Serialize(arguments, WritingValues) },
        };
    }
}
