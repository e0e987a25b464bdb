namespace Kotodama.Companion.Conversations;

/// <summary>How far an utterance is.</summary>
internal enum UtteranceState
{
    /// <summary>There is sound that may be speech.</summary>
    Perhaps,

    /// <summary>The user speaks.</summary>
    Speaking,

    /// <summary>The sound has ended; its text is still to come.</summary>
    Recognizing,
}

/// <summary>One stretch of the user's sound. Belongs to the <see cref="Ear"/>.</summary>
/// <param name="number">Its number, which the hub gave.</param>
/// <param name="pressed">Whether the user held a button, so it is certainly meant.</param>
/// <param name="bargeIn">Whether it began while the character spoke.</param>
internal sealed class Utterance(long number, bool pressed, bool bargeIn)
{
    public long Number { get; } = number;

    public bool IsPressed { get; } = pressed;

    public bool IsBargeIn { get; } = bargeIn;

    /// <summary>Nothing has taken the character's own speech out of the sound: a browser's recognizer heard it.</summary>
    public bool IsLate { get; init; }

    /// <summary>The answer whose echo it may be; the speech may be over before its echo is recognized. Null: of none.</summary>
    public Answer? Over { get; init; }

    /// <summary>How far <see cref="Over"/> had been played when the utterance began, in characters.</summary>
    public int OverFrom { get; init; }

    public UtteranceState State { get; set; }

    /// <summary>What was recognized of it so far; null: nothing.</summary>
    public string? Partial { get; set; }

    public TimeSpan BeganAt { get; init; }

    public TimeSpan? EndedAt { get; set; }
}
