using Kotodama.Protocol;

namespace Kotodama.Cli;

/// <summary>
/// What becomes of something that a person says on a channel, as a page sees it. A companion that sends replies and nothing else is
/// understood, too.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="earlier">Replies that were there before.</param>
internal sealed class Question(string channel, IReadOnlySet<string> earlier)
{
    private readonly HashSet<string> _foreign = new(StringComparer.Ordinal);
    private bool _hasTurns;

    /// <summary>What was understood; null: not told yet.</summary>
    public string? Heard { get; private set; }

    /// <summary>The answer so far.</summary>
    public string Answer { get; private set; } = "";

    /// <summary>The reply; null: not begun yet.</summary>
    public string? Reply { get; private set; }

    /// <summary>The answer is whole.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The answer is over, spoken included, or there is none.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the companion is doing.</summary>
    public TurnState? State { get; private set; }

    /// <summary>The tool that it uses.</summary>
    public string? Tool { get; private set; }

    /// <summary>A code that says what went wrong; null: nothing.</summary>
    public string? Reason { get; private set; }

    /// <summary>When things happened, in milliseconds since the person ended.</summary>
    public TurnMarks Marks { get; private set; } = new();

    /// <summary>Takes what the hub says.</summary>
    /// <returns>The text that was added to the answer, or the whole when it has become another one.</returns>
    public string Take(Message message)
    {
        switch (message)
        {
            case TranscriptMessage { Final: true, Content.Length: > 0 } transcript when transcript.Channel == channel:
                Heard = transcript.Content;
                break;
            case MetricsMessage metrics when metrics.Channel == channel:
                Marks = metrics.Marks;
                break;
            case TurnMessage turn when turn.Channel == channel:
                Take(turn);
                break;
            case CompanionMessage { On: false } gone when gone.Channel == channel:
                (IsOver, Reason) = (true, "companion_left");
                break;
            case LlmDeltaMessage delta when Concerns(delta):
                Answer += delta.Content;
                return delta.Content;
            case LlmResponseMessage reply when Concerns(reply):
                return Close(reply);
        }

        return "";
    }

    /// <summary>In words, what a code says.</summary>
    public static string InWords(string reason) => reason switch
    {
        TurnReason.Interrupted => "interrupted",
        TurnReason.Cancelled => "cancelled",
        TurnReason.NotHeard => "nothing was understood",
        TurnReason.AsrFailed => "the speech could not be recognised",
        TurnReason.AsrMissing => "there is nothing that understands speech",
        TurnReason.LlmUnreachable => "the language model cannot be reached; is its server running?",
        TurnReason.LlmTimeout => "the language model took too long to answer; a smaller one may be faster",
        TurnReason.LlmKey => "the language model wants a key, or another one: set KOTODAMA_LLM_KEY, or give it in the page's settings",
        TurnReason.LlmModel => "the language model is not there: choose another one with --model or in the page's settings",
        TurnReason.LlmFailed => "the language model gave no usable answer; the log of the hub says why",
        TurnReason.Truncated => "the answer broke off",
        "companion_left" => "who answers has left",
        _ => "something went wrong",
    };

    private bool Concerns(Publication message)
    {
        if (message.Channel != channel || message.Id is not { } id || earlier.Contains(id) || _foreign.Contains(id))
            return false;
        if (Reply is null && message is LlmDeltaMessage { Part: > 0 })
        {
            // It began before.
            _foreign.Add(id);
            return false;
        }

        Reply ??= id;
        return Reply == id && !IsAnswered;
    }

    private string Close(LlmResponseMessage reply)
    {
        var (before, after) = (Answer, reply.Content);
        (Answer, IsAnswered) = (after, true);
        IsOver |= !_hasTurns;
        if (before.StartsWith(after, StringComparison.Ordinal))
            return "";
        return after.StartsWith(before, StringComparison.Ordinal) ? after[before.Length..] : $"\n{after}";
    }

    private void Take(TurnMessage turn)
    {
        (State, Tool) = (turn.State, turn.Tool);

        // What ends just when the user says something else is no news about that.
        if (turn.State != TurnState.Idle)
        {
            _hasTurns = true;
            return;
        }

        if (!_hasTurns)
            return;
        (IsOver, Reason) = (true, turn.Reason ?? Reason);
    }
}
