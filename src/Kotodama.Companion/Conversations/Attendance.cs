namespace Kotodama.Companion.Conversations;

/// <summary>Which pages are there, since when it is quiet, and whether the character may speak of its own accord.</summary>
/// <param name="context">What the parts of the conversation share.</param>
internal sealed class Attendance(ConversationContext context)
{
    /// <summary>An answer ends when its last page has been gone for so long.</summary>
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromSeconds(10);

    /// <summary>A page reports each second what it plays of a speech.</summary>
    private static readonly TimeSpan PlaysWithin = TimeSpan.FromSeconds(3);

    private TimeSpan? _noPageSince = TimeSpan.Zero;
    private TimeSpan _quietSince;
    private bool _hasSpokenUnasked;
    private TimeSpan? _answeredTouchAt;
    private TimeSpan? _otherHeardAt;

    /// <summary>Whether a page is audible.</summary>
    public bool IsAudible { get; private set; }

    /// <summary>When an answer ends for want of pages; null: there is one.</summary>
    public TimeSpan? DesertedAt => _noPageSince + ReturnWithin;

    /// <summary>Notes the pages.</summary>
    /// <param name="pages">How many there are.</param>
    /// <param name="isAudible">Whether one of them is audible.</param>
    /// <param name="isIdle">Whether nothing goes on: then the quiet begins anew with a page that came.</param>
    public void Count(int pages, bool isAudible, bool isIdle)
    {
        IsAudible = isAudible;
        _noPageSince = pages > 0 ? null : _noPageSince ?? context.Now;
        if (pages > 0 && isIdle)
            BecomeQuiet();
    }

    public void BecomeQuiet() => _quietSince = context.Now;

    /// <summary>The user said something: the character may speak unasked once more later.</summary>
    public void UserSpoke() => _hasSpokenUnasked = false;

    public void SpokeUnasked() => _hasSpokenUnasked = true;

    /// <summary>While nothing goes on in this conversation, the reply of another program is spoken, or has been.</summary>
    public void OtherSpeaks(bool isOver) => _otherHeardAt = isOver ? null : context.Now;

    /// <summary>The user touches the character.</summary>
    /// <param name="pause">How long after an answer to a touch no other one is answered.</param>
    /// <returns>Whether the character answers; it interrupts nothing, and answers one of several touches.</returns>
    public bool MayAnswerTouch(TimeSpan pause)
    {
        if (_answeredTouchAt + pause > context.Now || _otherHeardAt + PlaysWithin > context.Now)
            return false;
        _answeredTouchAt = context.Now;
        return true;
    }

    /// <summary>When the character speaks unasked; null: not by itself.</summary>
    public TimeSpan? UnaskedAt(bool isIdle)
    {
        var after = context.Options.IdleAfter;
        var mayCome = after > TimeSpan.Zero && !_hasSpokenUnasked && context.HasExchange;
        return mayCome && isIdle && IsAudible && _noPageSince is null ? _quietSince + after : null;
    }
}
