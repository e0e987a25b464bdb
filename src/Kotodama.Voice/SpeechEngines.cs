using Kotodama.Voice.Engines.Browser;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Engines.Edge;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Engines.GptSoVits;
using Kotodama.Voice.Engines.OpenAi;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Voice;

/// <summary>
/// The engines that speak in a program, and the chain of them that the settings describe. Does not change; safe for threads.
/// </summary>
public sealed class SpeechEngines : EngineSet<SpeechEngineKind, VoiceOptions>
{
    private SpeechEngines(IEnumerable<SpeechEngineKind> kinds)
        : base(VoiceOptions.Section, kinds)
    {
    }

    /// <summary>The engines of this library.</summary>
    public static SpeechEngines BuiltIn { get; } = new(
    [
        new OpenAiSpeechKind(),
        new GptSoVitsKind(),
        new EdgeKind(),
        new EspeakKind(),
        new CommandLineKind(),
        new BrowserKind(),
        new SilentKind(),
    ]);

    /// <summary>The same engines and some more, which are asked before these by default.</summary>
    /// <param name="added">The additional ones.</param>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    public SpeechEngines With(params IEnumerable<SpeechEngineKind> added) => new([.. added, .. Kinds]);

    /// <summary>The engines in the order in which they are asked, ending with <c>silent</c>.</summary>
    /// <param name="options">The settings.</param>
    public override IReadOnlyList<string> Order(VoiceOptions options) =>
        [.. base.Order(options).Where(engine => engine != SilentKind.SilentName).Append(SilentKind.SilentName)];

    /// <summary>Makes the chain; keys come from the environment. No engine is asked yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="logger">Gets failures, never texts or keys. Null: nothing is logged.</param>
    /// <returns>One synthesizer that asks the engines in their order. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    public SpeechChain Create(VoiceOptions options, ILogger? logger = null) =>
        Create(options, Environment.GetEnvironmentVariable, TimeProvider.System, logger ?? NullLogger.Instance);

    /// <summary>Makes the chain. No engine is asked yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets failures, never texts or keys.</param>
    /// <returns>One synthesizer that asks the engines in their order. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    public SpeechChain Create(VoiceOptions options, Func<string, string?> environment, TimeProvider time, ILogger logger)
    {
        if (Validate(options) is { } problem)
            throw new ArgumentException(problem, nameof(options));
        var context = new EngineContext(environment, time);
        var kinds = Order(options).Select(engine => Find(engine)!);
        var engines = kinds.Select(kind => new SpeechEngine(kind.Create(options, context), kind.Patience(options)));
        return new SpeechChain([.. engines], time, logger);
    }

    private protected override string? ValidateCommon(VoiceOptions options) =>
        options.Speed is not (>= 0.25 and <= 4)
            ? Bad(nameof(VoiceOptions.Speed), "0.25 to 4", options.Speed)
            : BadTime(nameof(VoiceOptions.FirstSound), options.FirstSound) ?? BadTime(nameof(VoiceOptions.Stall), options.Stall);
}
