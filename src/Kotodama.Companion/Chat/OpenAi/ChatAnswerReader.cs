using System.Text.Json;
using Kotodama.Voice.Engines.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// Understands the pieces of one answer: what is said, what is reasoned, which tools are called. Forgiving with what servers leave out or
/// write differently. Not safe for threads: one for each answer.
/// </summary>
/// <param name="begun">Whether the answer begins within reasoning, because the model's prompt opens it.</param>
internal sealed class ChatAnswerReader(bool begun = false)
{
    private readonly ThinkSplitter _think = new(begun);
    private readonly ToolCallPieces _calls = new();
    private readonly List<AIContent> _contents = [];
    private ChatFinishReason? _finish;
    private UsageDetails? _usage;
    private string? _id, _model;
    private bool _answered, _wasReasoning;

    /// <summary>How often the model has shown that it is alive: by words, reasoning or parts of a call.</summary>
    public int Progress { get; private set; }

    /// <summary>Whether the server said that the answer is whole. Only what it cost may follow.</summary>
    public bool IsFinished => _finish is not null;

    /// <summary>Whether the model's prompt opens its reasoning. Null: this answer does not tell, or not yet.</summary>
    public bool? BeginsInReasoning => _think.IsBegun;

    /// <summary>What came is no answer.</summary>
    public static LlmException Rubbish() =>
        new(LlmCode.Failed, $"What came is no answer of a language model. Check {LlmOptions.Section}:{nameof(LlmOptions.Server)}.");

    /// <summary>Reads one piece. Null: it says nothing.</summary>
    /// <exception cref="LlmException">It is an error, or no answer.</exception>
    public ChatResponseUpdate? Read(JsonElement piece)
    {
        if (piece.ValueKind != JsonValueKind.Object)
            throw Rubbish();
        try
        {
            return ReadObject(piece);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            throw Rubbish();
        }
    }

    /// <summary>There is no more.</summary>
    /// <exception cref="LlmException">There was no answer, or it broke off.</exception>
    public ChatResponseUpdate End()
    {
        if (!_answered)
            throw new LlmException(LlmCode.Failed, "The language model ended without an answer.") { IsPassing = true };
        _think.End(isWhole: _finish == ChatFinishReason.Stop && !_calls.Any, Add);
        _contents.AddRange(_calls.End(IsFinished));
        if (_usage is not null)
            _contents.Add(new UsageContent(_usage));
        var update = Update();
        // Some servers say "stop" although they call tools.
        update.FinishReason = _calls.Any ? ChatFinishReason.ToolCalls : _finish ?? ChatFinishReason.Stop;
        return update;
    }

    private static bool IsError(JsonElement piece) =>
        (piece.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
        || JsonText.Of(piece, "object") == "error";

    private static LlmException Failed(JsonElement piece)
    {
        var problem = $"The server of the language model failed{ProblemCode.Quote(piece)}. Its own log says more.";
        return new LlmException(LlmCode.Failed, problem) { IsPassing = true };
    }

    private ChatResponseUpdate? ReadObject(JsonElement piece)
    {
        if (IsError(piece))
            throw Failed(piece);
        _id ??= JsonText.Of(piece, "id");
        _model ??= JsonText.Of(piece, "model");
        if (piece.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            _usage = new UsageDetails
            {
                InputTokenCount = Number(usage, "prompt_tokens"),
                OutputTokenCount = Number(usage, "completion_tokens"),
                TotalTokenCount = Number(usage, "total_tokens"),
            };
        if (piece.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array)
            foreach (var choice in choices.EnumerateArray())
                // Several answers are never asked for, and could not be said.
                if (choice.ValueKind == JsonValueKind.Object && (Number(choice, "index") ?? 0) == 0)
                    ReadChoice(choice);
        return _contents.Count > 0 || _wasReasoning ? Update() : null;
    }

    private void ReadChoice(JsonElement choice)
    {
        _answered = true;
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
            ReadDelta(delta);
        else if (choice.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object)
            ReadDelta(message);
        _finish = JsonText.Of(choice, "finish_reason") switch
        {
            null or "" => _finish,
            "length" => ChatFinishReason.Length,
            "content_filter" => ChatFinishReason.ContentFilter,
            _ => ChatFinishReason.Stop,
        };
    }

    private void ReadDelta(JsonElement delta)
    {
        foreach (var name in new[] { "reasoning_content", "reasoning", "thinking" })
            if (JsonText.Of(delta, name) is { Length: > 0 } reasoning)
            {
                _think.IsToldApart(Add);
                Add(reasoning, isReasoning: true);
                break;
            }

        if (delta.TryGetProperty("content", out var content))
            ReadContent(content);
        Say(JsonText.Of(delta, "refusal"));
        if (delta.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0)
        {
            _calls.Read(calls);
            Progress++;
        }
    }

    // A string, or a list of parts that are said or thought.
    private void ReadContent(JsonElement content)
    {
        Say(JsonText.Of(content));
        if (content.ValueKind != JsonValueKind.Array)
            return;
        foreach (var part in content.EnumerateArray())
        {
            Say(JsonText.Of(part, "text"));
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("thinking", out var thoughts))
                continue;
            if (thoughts.ValueKind != JsonValueKind.Array)
                continue;
            foreach (var thought in thoughts.EnumerateArray())
                if (JsonText.Of(thought, "text") is { Length: > 0 } text)
                    Add(text, isReasoning: true);
        }
    }

    private void Say(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        Progress++;
        var (before, known) = (_contents.Count, _think.HasMistaken);
        _think.Read(text, Add);
        if (known || !_think.HasMistaken)
            return;
        _wasReasoning = true;
        for (var i = 0; i < before; i++)
            if (_contents[i] is TextContent mistaken)
                _contents[i] = new TextReasoningContent(mistaken.Text);
    }

    private void Add(string text, bool isReasoning)
    {
        Progress++;
        _contents.Add(isReasoning ? new TextReasoningContent(text) : new TextContent(text));
    }

    private ChatResponseUpdate Update()
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, [.. _contents]) { ResponseId = _id, MessageId = _id, ModelId = _model };
        if (_wasReasoning)
            LateReasoning.Mark(update);
        _wasReasoning = false;
        _contents.Clear();
        return update;
    }

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;
}
