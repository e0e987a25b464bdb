using Kotodama.Protocol;

namespace Kotodama.Cli;

/// <summary>
/// What becomes of something that a person says on a channel, as a page sees it: which exchange is its own, and the replies that answer in
/// it. What other programs say there, and what the companion answers to other pages, is none of it.
/// </summary>
/// <param name="channel">The channel.</param>
/// <param name="text">What is said as a text; null: it is spoken.</param>
/// <param name="session">The name of this page on its connection; null: unknown.</param>
/// <param name="running">The exchange that is under way already; null: none.</param>
internal sealed class Question(string channel, string? text = null, string? session = null, long? running = null)
{
    private readonly HashSet<long> _others = [];
    private long? _running = running;
    private long? _own;
    private bool _hasTurns;

    /// <summary>What was said of the answer was taken back, and another one begins in its place.</summary>
    private bool _isWithdrawn;

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
            case TranscriptMessage { Final: true } transcript when transcript.Channel == channel:
                Take(transcript);
                break;
            case MetricsMessage metrics when metrics.Channel == channel && IsOwn(metrics.Turn):
                Marks = metrics.Marks;
                break;
            case TurnMessage turn when turn.Channel == channel:
                Take(turn);
                break;
            case CompanionMessage { On: false } gone when gone.Channel == channel:
                (IsOver, Reason) = (true, "companion_left");
                break;
            case LlmDeltaMessage delta when Concerns(delta, delta.Turn, begins: delta.Part == 0):
                Answer += delta.Content;
                return delta.Content;
            case LlmResponseMessage reply when Concerns(reply, reply.Turn, begins: true):
                return Close(reply);
        }

        return "";
    }

    /// <summary>Whether a reply is the answer, or the part of it that counts.</summary>
    public bool IsAnswer(LlmResponseMessage reply) => reply.Id is not null && reply.Id == Reply;

    /// <summary>In words, what a code says.</summary>
    public static string InWords(string reason) => reason switch
    {
        TurnReason.Interrupted => "interrupted",
        TurnReason.Cancelled => "cancelled",
        TurnReason.NotHeard => "nothing was understood",
        TurnReason.AsrFailed => "the speech could not be recognized",
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

    /// <summary>What was said, as the companion understood it, tells which exchange is whose.</summary>
    private void Take(TranscriptMessage transcript)
    {
        var isMine = transcript.Pages is { } pages
            ? session is not null && pages.Contains(session, StringComparer.Ordinal)
            : text is null || transcript.Content.Trim() == text.Trim();
        if (!isMine)
        {
            if (transcript.Turn != _own)
                _others.Add(transcript.Turn);
            return;
        }

        if (transcript.Content.Length == 0)
        {
            // It was given up before it was asked.
            if (transcript.Pages is not null)
                (IsOver, Reason) = (true, TurnReason.Cancelled);
            return;
        }

        Heard = transcript.Content;
        (_own, _running) = (transcript.Turn, null);
    }

    /// <summary>Whether an exchange is this one, as far as that is known.</summary>
    private bool IsOwn(long turn) => _own is { } own ? turn == own : turn != _running && !_others.Contains(turn);

    /// <summary>
    /// Whether a message belongs to the answer. The hub says of what the companion publishes which exchange it answers in, and nothing of
    /// what others publish.
    /// </summary>
    private bool Concerns(Publication message, long? turn, bool begins)
    {
        if (message.Channel != channel || message.Id is not { } id || turn is not { } exchange || !IsOwn(exchange))
            return false;
        if (Reply == id)
            return !IsAnswered;

        // A piece of one that began before is none. One that begins takes the place of one that was withdrawn.
        if (!begins || (Reply is not null && !_hasTurns))
            return false;
        (Reply, Answer, IsAnswered, _isWithdrawn) = (id, "", false, false);
        return true;
    }

    private string Close(LlmResponseMessage reply)
    {
        var (before, after) = (Answer, reply.Content);
        var (isShorter, isLonger) =
            (before.StartsWith(after, StringComparison.Ordinal), after.StartsWith(before, StringComparison.Ordinal));
        _isWithdrawn = _hasTurns && !isShorter && !isLonger;
        (Answer, IsAnswered) = (after, !_isWithdrawn);
        IsOver |= !_hasTurns;
        if (isShorter)
            return "";
        return isLonger ? after[before.Length..] : $"\n{after}";
    }

    private void Take(TurnMessage turn)
    {
        // What ends just when the user says something else is no news about that.
        if (turn.Turn == _running)
        {
            if (turn.State == TurnState.Idle)
                _running = null;
            return;
        }

        if (!IsOwn(turn.Turn))
        {
            // Another exchange has taken the place of this one.
            if (_own is not null && turn.State is TurnState.Thinking or TurnState.Speaking)
                (IsOver, Reason) = (true, turn.Reason ?? (IsAnswered ? Reason : TurnReason.Interrupted));
            return;
        }

        if (turn.State == TurnState.Idle)
        {
            if (_hasTurns)
                (IsOver, Reason, IsAnswered) = (true, turn.Reason ?? Reason, IsAnswered || _isWithdrawn);
            return;
        }

        // Another user may be speaking; a text is thought about at once.
        if (_own is null && text is not null && turn.State is TurnState.Listening or TurnState.Transcribing)
            return;
        (_own, _hasTurns) = (turn.Turn, true);
        (State, Tool) = (turn.State, turn.Tool);
    }
}
