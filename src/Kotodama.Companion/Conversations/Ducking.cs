namespace Kotodama.Companion.Conversations;

/// <summary>Makes the speech quieter, holds it and releases it while the user speaks over it.</summary>
/// <param name="context">What the parts of the conversation share.</param>
internal sealed class Ducking(ConversationContext context)
{
    /// <summary>A page releases a held speech by itself after 2.5 s without news.</summary>
    private static readonly TimeSpan HoldAgain = TimeSpan.FromSeconds(1.5);

    private TimeSpan? _heldAt;
    private bool _isDucked;

    public bool IsHeld => _heldAt is not null;

    /// <summary>When a held speech is to be held again.</summary>
    public TimeSpan? Moment => _heldAt + HoldAgain;

    public void Duck(double gain)
    {
        _isDucked = true;
        context.Do(new ConversationCommand.Duck(gain));
    }

    public void Hold()
    {
        _heldAt = context.Now;
        Duck(0);
    }

    /// <summary>Holds a held speech again before its page releases it.</summary>
    public void Renew()
    {
        if (Moment <= context.Now)
            Hold();
    }

    /// <summary>What was held has been stopped.</summary>
    public void Stopped() => _heldAt = null;

    /// <summary>Lets the speech resume at its own loudness.</summary>
    /// <param name="isStopping">Whether a speech that was stopped is not silent yet: it would be heard for a moment.</param>
    public void Release(bool isStopping)
    {
        _heldAt = null;
        if (isStopping)
            return;
        if (_isDucked)
            context.Do(new ConversationCommand.Duck(1));
        _isDucked = false;
    }
}
