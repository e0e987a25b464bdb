using Kotodama.Voice.Engines;
using Kotodama.Voice.Engines.Browser;
using Kotodama.Voice.Engines.CommandLine;
using Kotodama.Voice.Engines.Edge;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Engines.GptSoVits;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Engines.OpenAi;
using Kotodama.Voice.Synthesis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Voice;

/// <summary>Makes the chain of engines that the settings describe.</summary>
public static class SpeechChains
{
    /// <summary>Makes it; keys come from the environment. Nobody is asked yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="logger">Where failures are told, never texts or keys. Null: nowhere.</param>
    /// <returns>One synthesizer that asks the engines in their order. The caller disposes it.</returns>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    public static ISpeechSynthesizer Create(VoiceOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Validate() is { } problem
            ? throw new ArgumentException(problem, nameof(options))
            : Create(options, Environment.GetEnvironmentVariable, TimeProvider.System, logger ?? NullLogger.Instance);
    }

    /// <summary>Makes it. Nobody is asked yet.</summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    internal static SpeechChain Create(VoiceOptions options, Func<string, string?> environment, TimeProvider time, ILogger logger)
    {
        return new SpeechChain([.. options.Order().Select(name => new SpeechEngine(Synthesizer(name), Patience(options, name)))], time, logger);

        ISpeechSynthesizer Synthesizer(string name) => name switch
        {
            VoiceEngine.OpenAi => new OpenAiSynthesizer(options.OpenAi, EngineKeys.For(options.OpenAi.Address!, environment), EngineServer.CreateClient(), time),
            VoiceEngine.GptSoVits => new GptSoVitsSynthesizer(options.GptSoVits, EngineServer.CreateClient(), time),
            VoiceEngine.Edge => new EdgeSynthesizer(options.Edge, time, Guid.NewGuid),
            VoiceEngine.Espeak => new EspeakSynthesizer(options.Espeak, time),
            VoiceEngine.Command => new CommandLineSynthesizer(options.Command!, time),
            VoiceEngine.Browser => new BrowserSynthesizer(),
            _ => new SilentSynthesizer(),
        };
    }

    /// <summary>The engines that can be asked, as far as this machine knows: without espeak where it is not installed.</summary>
    internal static IEnumerable<string> Ready(VoiceOptions options) =>
        options.Order().Where(name => name != VoiceEngine.Espeak || EspeakSynthesizer.IsInstalled(options.Espeak));

    private static SpeechPatience Patience(VoiceOptions options, string engine)
    {
        if (engine == VoiceEngine.Command)
            return new SpeechPatience(options.Command!.FirstByte, options.Command.Stall, $"{VoiceOptions.Section}:Command:{nameof(CommandLineOptions.FirstByte)}");
        var (own, section) = engine switch
        {
            VoiceEngine.OpenAi => (options.OpenAi.FirstSound, "OpenAi:"),
            VoiceEngine.GptSoVits => (options.GptSoVits.FirstSound, "GptSoVits:"),
            VoiceEngine.Edge => (options.Edge.FirstSound, "Edge:"),
            _ => (null, ""),
        };
        return new SpeechPatience(own ?? options.FirstSound, options.Stall, $"{VoiceOptions.Section}:{section}{nameof(VoiceOptions.FirstSound)}");
    }
}
