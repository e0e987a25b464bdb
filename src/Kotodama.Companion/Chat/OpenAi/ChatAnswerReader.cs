using System.Text.Json;
using Kotodama.Companion.Text;
using Kotodama.Voice.Engines.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Companion.Chat.OpenAi;

/// <summary>
/// Understands the pieces of one answer: what is said, what is reasoned, which tools are called. Forgiving with what servers leave out or
/// write differently. Not safe for threads: one for each answer.
/// </summary>
/// <param name="begun">Whether the answer begins within reasoning, because the model's prompt opens it.</param>
/// <param name="tools">The schemas of the tools that the model has, by name; null: none.</param>
internal sealed class ChatAnswerReader(bool begun = false, IReadOnlyDictionary<string, JsonElement>? tools = null)
{
    private readonly ReasoningSplitter _reasoning = new(begun);
    private readonly CallSplitter _written = new(tools ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal));
    private readonly CutCharacters _said = new(), _thought = new();
    private readonly ToolCallPieces _calls = new();
    private readonly List<AIContent> _contents = [];
    private UsageDetails? _usage;
    private string? _id, _model;
    private bool _answered, _wasReasoning;

    /// <summary>How often the model has shown that it is alive: by words, reasoning or parts of a call.</summary>
    public int Progress { get; private set; }

    /// <summary>What the server has told of the end.</summary>
    public AnswerEnd Ending { get; } = new();

    /// <summary>Whether the model's prompt opens its reasoning. Null: this answer does not tell, or not yet.</summary>
    public bool? BeginsInReasoning => _reasoning.IsBegun;

    /// <summary>Reads one piece. Null: it says nothing.</summary>
    /// <exception cref="LlmException">It is an error, or no answer.</exception>
    public ChatResponseUpdate? Read(JsonElement piece)
    {
        if (piece.ValueKind != JsonValueKind.Object)
            throw AnswerProblem.Rubbish();
        try
        {
            return ReadObject(piece);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            throw AnswerProblem.Rubbish();
        }
    }

    /// <summary>There is no more.</summary>
    /// <param name="isTold">Whether the server said so.</param>
    /// <exception cref="LlmException">There was no answer, or it broke off within a call.</exception>
    public ChatResponseUpdate End(bool isTold)
    {
        if (!_answered)
            throw AnswerProblem.Nothing();
        var isWhole = isTold || Ending.Reason is not null;
        // Half a character at the end of an answer that broke off is no sign that the model wrote.
        if (isWhole)
            Say(_said.End());
        Split(take => _reasoning.End(isWhole: Ending.Reason == ChatFinishReason.Stop && !_calls.Any, take));
        AddSaid(_written.End(isWhole));
        var calls = _calls.End(Ending.Reason is not null).ToList();
        calls.AddRange(Written(calls));
        _contents.AddRange(calls);
        if (_usage is not null)
            _contents.Add(new UsageContent(_usage));
        var update = Update();
        // Some servers say "stop" although they call tools.
        update.FinishReason = calls.Count > 0 ? ChatFinishReason.ToolCalls : Ending.Final(isTold);
        return update;
    }

    // What a server reads out of the text it may also leave there; a call that comes both ways runs once.
    private IEnumerable<FunctionCallContent> Written(IReadOnlyCollection<FunctionCallContent> told)
    {
        var known = told.Select(call => Signature(call.Name, call.Arguments)).ToHashSet(StringComparer.Ordinal);
        var number = 0;
        foreach (var call in _written.Calls)
            if (known.Count == 0 || !known.Contains(Signature(call.Name, call.Arguments)))
                yield return new FunctionCallContent($"written_{++number}", call.Name, new Dictionary<string, object?>(call.Arguments));
    }

    private static string Signature(string name, IEnumerable<KeyValuePair<string, object?>>? arguments)
    {
        var fields = (arguments ?? []).OrderBy(a => a.Key, StringComparer.Ordinal);
        return $"{name}({string.Join(',', fields.Select(f => $"{f.Key}={JsonSerializer.Serialize(f.Value)}"))})";
    }

    private ChatResponseUpdate? ReadObject(JsonElement piece)
    {
        if (AnswerProblem.IsError(piece))
            throw AnswerProblem.Failed(piece);
        var (before, answered) = (Progress, false);
        ChatFinishReason? reason = null;
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
                {
                    reason = ReadChoice(choice) ?? reason;
                    answered = true;
                }

        if (answered)
            Ending.Add(Progress > before, reason);
        else if (usage.ValueKind == JsonValueKind.Object)
            Ending.AddCost();
        return _contents.Count > 0 || _wasReasoning ? Update() : null;
    }

    private ChatFinishReason? ReadChoice(JsonElement choice)
    {
        _answered = true;
        var reason = JsonText.Of(choice, "finish_reason");
        if (AnswerProblem.IsError(choice) || AnswerEnd.IsError(reason))
            throw AnswerProblem.Failed(choice);
        if (choice.TryGetProperty("delta", out var delta) && delta.ValueKind == JsonValueKind.Object)
        {
            ReadDelta(delta);
        }
        else if (choice.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object)
        {
            // It did not come in pieces, so this is all of it; after pieces it is the same once more.
            if (Progress == 0)
                ReadDelta(message);
            return AnswerEnd.Of(reason) ?? ChatFinishReason.Stop;
        }

        return AnswerEnd.Of(reason);
    }

    private void ReadDelta(JsonElement delta)
    {
        if (DeltaText.Reasoning(delta) is { Length: > 0 } reasoning)
        {
            _reasoning.IsToldApart(Add);
            Reason(reasoning);
        }

        foreach (var (text, isReasoning) in DeltaText.Content(delta))
            if (isReasoning)
                Reason(text);
            else
                Say(text);
        if (delta.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array && calls.GetArrayLength() > 0)
        {
            _calls.Read(calls);
            Progress++;
        }
    }

    private void Reason(string text)
    {
        if (text.Length == 0)
            return;
        Progress++;
        Add(_thought.Read(text), PartKind.Reasoning);
    }

    private void Say(string text)
    {
        if (text.Length == 0)
            return;
        Progress++;
        var whole = _said.Read(text);
        Split(take => _reasoning.Read(whole, take));
    }

    private void Split(Action<Action<string, PartKind>> split)
    {
        var (before, known) = (_contents.Count, _reasoning.HasMistaken);
        var parts = new List<(string Text, PartKind Kind)>();
        split((part, kind) => parts.Add((part, kind)));
        if (!known && _reasoning.HasMistaken)
        {
            _wasReasoning = true;
            _written.Forget();
            for (var i = 0; i < before; i++)
                if (_contents[i] is TextContent mistaken)
                    _contents[i] = new TextReasoningContent(mistaken.Text);
        }

        foreach (var (part, kind) in parts)
            Add(part, kind);
    }

    private void Add(string text, PartKind kind)
    {
        switch (kind)
        {
            case PartKind.Said:
                AddSaid(_written.Read(text));
                break;
            case PartKind.Reasoning when text.Length > 0:
                _contents.Add(new TextReasoningContent(text));
                break;
            case PartKind.Call:
                _written.Take(text);
                break;
        }
    }

    private void AddSaid(string text)
    {
        if (text.Length > 0)
            _contents.Add(new TextContent(text));
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
