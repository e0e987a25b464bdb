using Kotodama.Voice.Settings;

namespace Kotodama.Voice.Synthesis;

/// <summary>
/// What is known of an engine that speaks before it is made: its name, its settings, whether it can be used here, and how it is made. It
/// stands beside the engine, and a program registers it with <c>AddSpeechEngine</c>; nothing else has to know the engine.
/// </summary>
public abstract class SpeechEngineKind : EngineDefinition<VoiceOptions>
{
    /// <summary>Describes an engine.</summary>
    /// <param name="name">The name in settings and logs: lower-case letters, digits and <c>-</c>.</param>
    /// <param name="section">Its configuration section below <c>Kotodama:Voice</c>. Null: the same as the name.</param>
    protected SpeechEngineKind(string name, string? section = null)
        : base(VoiceOptions.Section, name, section)
    {
    }

    /// <summary>How long it may take.</summary>
    /// <param name="options">Settings that make sense.</param>
    public virtual SpeechPatience Patience(VoiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SpeechPatience(options.FirstSound, options.Stall, $"{VoiceOptions.Section}:{nameof(VoiceOptions.FirstSound)}");
    }

    /// <summary>Makes it, without asking any server. The chain disposes it.</summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="context">What else it is made with.</param>
    public abstract ISpeechSynthesizer Create(VoiceOptions options, EngineContext context);

    /// <summary>
    /// How long it may take, with a limit of its own for the first sound in the setting <c>FirstSound</c> of its section.
    /// </summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="firstSound">The limit. Null: as for all engines.</param>
    protected SpeechPatience Patience(VoiceOptions options, TimeSpan? firstSound)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SpeechPatience(firstSound ?? options.FirstSound, options.Stall, $"{Section}:{nameof(VoiceOptions.FirstSound)}");
    }
}

/// <summary>How long an engine may take for a clause.</summary>
/// <param name="FirstSound">From the request to the first sound.</param>
/// <param name="Stall">From one piece to the next.</param>
/// <param name="Setting">The setting that changes the first.</param>
public sealed record SpeechPatience(TimeSpan FirstSound, TimeSpan Stall, string Setting);
