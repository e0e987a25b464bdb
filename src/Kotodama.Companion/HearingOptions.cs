using Kotodama.Voice.Settings;

namespace Kotodama.Companion;

/// <summary>
/// Settings of the engines that recognize speech. Without any of them only what is installed on this machine is asked; configuration
/// section <c>Kotodama:Hearing</c>. Where <see cref="EngineOptions.Engines"/> names none, those are asked that have an address or a
/// program, then <c>pocketsphinx</c> where it is installed.
/// </summary>
public sealed class HearingOptions : EngineOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama:Hearing";

    /// <summary>The value of <see cref="Language"/> with which the engines find out.</summary>
    public const string Auto = "auto";

    /// <summary>
    /// The language that is spoken here, as a BCP 47 tag: it counts more than what a page says of an utterance. <c>auto</c>: the engines
    /// find out; what the page says of an utterance only chooses among them. Null: what the page says, and when it says nothing, the
    /// engines find out.
    /// </summary>
    public string? Language { get; set; }

    /// <summary>How long an engine may take for the text, from the end of the sound, before the next one is asked.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
