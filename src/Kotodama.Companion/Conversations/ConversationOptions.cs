namespace Kotodama.Companion.Conversations;

/// <summary>How a conversation goes; configuration section <c>Kotodama:Conversation</c>.</summary>
public sealed class ConversationOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama:Conversation";

    /// <summary>
    /// Whether the character greets when a page is opened for the first time, unless only the demo answers. In a new conversation it always
    /// does.
    /// </summary>
    public bool Greet { get; set; } = true;

    /// <summary>
    /// Whether a person may interrupt the character by speaking. If not, what is said meanwhile waits; stop words still stop it.
    /// </summary>
    public bool BargeIn { get; set; } = true;

    /// <summary>
    /// Whether the language model is asked before it is certain that the person has ended; the answer is thrown away when they go on. Not
    /// done when the character has tools other than the clock: what those did would stay.
    /// </summary>
    public bool Preemptive { get; set; } = true;

    /// <summary>
    /// How long to wait after the user paused before that counts as the end. A finished sentence does not wait, an unfinished one three
    /// times as long.
    /// </summary>
    public TimeSpan EndpointDelay { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest wait for the rest of what the user says.</summary>
    public TimeSpan LongestEndpoint { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long it may take to find out what was said.</summary>
    public TimeSpan RecognizeWithin { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>After so much silence the character says something of its own accord, once. Zero: never.</summary>
    public TimeSpan IdleAfter { get; set; }

    /// <summary>The same settings, to be changed.</summary>
    internal ConversationOptions Copy() => (ConversationOptions)MemberwiseClone();

    /// <summary>One sentence about the first setting that makes no sense; null when all do.</summary>
    internal string? Validate()
    {
        foreach (var (name, value, most) in new[]
        {
            (nameof(EndpointDelay), EndpointDelay, TimeSpan.FromSeconds(10)),
            (nameof(LongestEndpoint), LongestEndpoint, TimeSpan.FromSeconds(30)),
            (nameof(RecognizeWithin), RecognizeWithin, TimeSpan.FromMinutes(5)),
            (nameof(IdleAfter), IdleAfter, TimeSpan.FromDays(1)),
        })
            if (value < TimeSpan.Zero || value > most)
                return $"The setting {Section}:{name} must be 0 to {most:g}, got {value:g}.";
        return null;
    }
}
