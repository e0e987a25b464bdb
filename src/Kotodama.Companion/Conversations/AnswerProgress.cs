namespace Kotodama.Companion.Conversations;

/// <summary>
/// What the user has of an answer, and what of that is stored already, so that it survives a process that is killed: with each report of
/// the page that plays it, and of an answer that no page plays once a second.
/// </summary>
/// <param name="context">What the parts of the conversation share.</param>
/// <param name="attendance">Which pages are there.</param>
internal sealed class AnswerProgress(ConversationContext context, Attendance attendance)
{
    /// <summary>An answer that no page plays is stored so often while it is written.</summary>
    private static readonly TimeSpan KeepWithin = TimeSpan.FromSeconds(1);

    /// <summary>What the user has of it: where a page is audible what was played, otherwise what was written.</summary>
    public string Had(Answer answer) => (IsHeard(answer) ? answer.Text[..answer.Played] : answer.Text).Trim();

    /// <summary>Stores what the user has of it, if that is more than is stored.</summary>
    public void Keep(Answer answer)
    {
        if (New(answer) is not { } text)
            return;
        if (!IsHeard(answer) && answer.Kept is not null && context.Now - answer.KeptAt < KeepWithin)
            return;
        (answer.Kept, answer.KeptAt) = (text.Length, context.Now);
        context.Do(new ConversationCommand.StoreProgress(answer.Exchange, text));
    }

    /// <summary>Takes back what was stored of it.</summary>
    public void Forget(Answer answer)
    {
        if (answer.Kept is not null)
            context.Do(new ConversationCommand.ForgetProgress(answer.Exchange));
        answer.Kept = null;
    }

    /// <summary>When <see cref="Keep"/> is due; null: there is nothing to store.</summary>
    public TimeSpan? Moment(Answer answer) => New(answer) is null ? null : answer.KeptAt + KeepWithin;

    /// <summary>The last page that heard it left in the middle of it.</summary>
    public bool IsDeserted(Answer answer) =>
        answer is { IsSpeaking: true, Played: > 0 } && answer.Played < answer.Text.Length && !attendance.IsAudible;

    private bool IsHeard(Answer answer) => answer.HasListener || attendance.IsAudible;

    private string? New(Answer answer) =>
        answer is { Parts: > 0, IsHeldBack: false } && Had(answer) is { Length: > 0 } had && had.Length > (answer.Kept ?? 0) ? had : null;
}
