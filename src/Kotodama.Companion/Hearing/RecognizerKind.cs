using Kotodama.Voice.Settings;

namespace Kotodama.Companion.Hearing;

/// <summary>
/// What is known of an engine that recognizes speech before it is made: its name, its settings, whether it can be used here, and how it is
/// made. It stands beside the engine, and a program registers it with <c>AddRecognizer</c>; nothing else has to know the engine.
/// </summary>
public abstract class RecognizerKind : EngineDefinition<HearingOptions>
{
    /// <summary>Describes an engine.</summary>
    /// <param name="name">The name in settings and logs: lower-case letters, digits and <c>-</c>.</param>
    /// <param name="section">Its configuration section below <c>Kotodama:Hearing</c>. Null: the same as the name.</param>
    protected RecognizerKind(string name, string? section = null)
        : base(HearingOptions.Section, name, section)
    {
    }

    /// <summary>How long its text may take, from the setting <c>Timeout</c> of its section. Null: as for all engines.</summary>
    /// <param name="options">Settings that make sense.</param>
    public virtual TimeSpan? Timeout(HearingOptions options) => null;

    /// <summary>The languages it is asked for, as BCP 47 tags. Empty: all.</summary>
    /// <param name="options">Settings that make sense.</param>
    public virtual IEnumerable<string> Languages(HearingOptions options) => [];

    /// <summary>Makes it, without asking any server. The chain disposes it.</summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="timeout">How long its text may take, from the end of the sound; the chain keeps this limit too.</param>
    /// <param name="context">What else it is made with.</param>
    public abstract ISpeechRecognizer Create(HearingOptions options, TimeSpan timeout, EngineContext context);
}
