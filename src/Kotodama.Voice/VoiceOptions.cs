using Kotodama.Voice.Settings;

namespace Kotodama.Voice;

/// <summary>
/// Settings of the voice. Every one has a default that works without any server; configuration section <c>Kotodama:Voice</c>. The last
/// engine that is asked is always <c>silent</c>; where <see cref="EngineOptions.Engines"/> names none, those are asked that have an address
/// or a program, then <c>espeak</c> and <c>browser</c>.
/// </summary>
public sealed class VoiceOptions : EngineOptions
{
    /// <summary>The configuration section these options are bound to.</summary>
    public const string Section = "Kotodama:Voice";

    /// <summary>How fast to speak, 0.25 to 4; 1 is natural.</summary>
    public double Speed { get; set; } = 1;

    /// <summary>How long an engine may take to give its first sound before the next one is asked.</summary>
    public TimeSpan FirstSound { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an engine may pause within a clause before the next one says the rest.</summary>
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(5);
}
