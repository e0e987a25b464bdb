using Kotodama.Protocol;


namespace Kotodama.Companion.Conversations;

/// <content>How an answer ends before its end.</content>
internal sealed partial class ConversationMachine
{
    /// <summary>A page tells within this how much was heard of what it was told to stop.</summary>
    private static readonly TimeSpan ToldWithin = TimeSpan.FromMilliseconds(500);

    private OneAnswer? _ending;

    /// <summary>What was being spoken in a conversation that is left, or was taken back, until it is silent.</summary>
    private (string Reply, TimeSpan Since)? _fading;
    private bool _isDucked;

    private void Discard(OneAnswer answer)
    {
        if (!answer.IsDone)
            _commands.Add(new ConversationCommand.CancelAsk(answer.Turn));
        _answer = null;
        if (answer.Kept)
            TurnOver(answer.Turn, ExchangeOutcome.Discarded);
    }

    /// <summary>The answer is not wanted any more.</summary>
    /// <param name="reason">Why, as pages are told.</param>
    /// <param name="kept">Whether what was heard of it is to be remembered.</param>
    private void EndAnswer(string reason, bool kept = true)
    {
        if (_answer is not { } answer)
            return;
        Discard(answer);
        if (answer.Kept)
            return;
        _reason = reason;
        answer.Outcome = reason == TurnReason.Cancelled ? ExchangeOutcome.Cancelled : ExchangeOutcome.Interrupted;
        if (answer.Parts == 0)
        {
            TurnOver(answer.Turn, answer.Outcome);
            Rest();
            return;
        }

        // What came before is certain by now.
        Settle();
        _commands.Add(new ConversationCommand.StopSpeech());
        if (!answer.IsClosed)
            Close(answer);
        (_ending, answer.NewsAt, _heldAt) = (answer, _now, null);
        if (!answer.IsSpeaking)
            Settle(kept);
    }

    /// <summary>It is known now, or will not be known any more, how much was heard of an answer that was cut off.</summary>
    /// <param name="kept">Whether that is to be remembered.</param>
    private void Settle(bool kept = true)
    {
        if (_ending is not { } answer)
            return;
        _ending = null;
        var heard = (answer.HasListener || _isHeard ? answer.Text[..answer.Chars] : answer.Text).Trim();
        if (heard.Length > 0 && kept)
            _commands.Add(new ConversationCommand.StoreAssistant(answer.Turn, heard, Interrupted: answer.IsBroken || !answer.IsDone || heard.Length < answer.Text.Trim().Length));
        TurnOver(answer.Turn, answer.Outcome);
        Rest(answer);
    }

    /// <summary>Nothing is spoken any more.</summary>
    private void Rest(OneAnswer? spoken = null)
    {
        _quietSince = _now;
        if (spoken is { IsSpeaking: true })
            _spoken = (spoken, _now);
        LetGo();
    }

    private void LetGo()
    {
        _heldAt = null;

        // Before the speech is silent it would be heard for a moment.
        if (_ending is not null || _fading is not null)
            return;
        if (_isDucked)
            _commands.Add(new ConversationCommand.Duck(1));
        _isDucked = false;
    }

    /// <summary>Another conversation begins: what belongs to this one is settled at once, with what is known.</summary>
    /// <param name="kept">Whether this one is still there to remember it.</param>
    private void Leave(bool kept)
    {
        DropSaid();
        Fade(kept);
        EndAnswer(TurnReason.Cancelled, kept);
        Fade(kept);
    }

    private void Fade(bool kept)
    {
        if (_ending is { } answer)
            _fading = (answer.Reply, _now);
        Settle(kept);
    }

    private void Faded()
    {
        _fading = null;

        // Somebody who speaks over what is spoken by now has it let go when it is known what they say.
        if (_utterances.Count == 0 || !IsAloud)
            LetGo();
    }
}
