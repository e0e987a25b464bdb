using Microsoft.Extensions.Logging;

namespace Kotodama.Voice;

/// <summary>Makes the chain that the settings describe.</summary>
internal static class SpeechChains
{
    /// <summary>Makes it. Nobody is asked yet.</summary>
    /// <param name="options">Settings that make sense.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    public static SpeechChain Create(VoiceOptions options, Func<string, string?> environment, TimeProvider time, ILogger logger)
    {
        return new SpeechChain([.. options.Order().Select(name => new SpeechEngine(Synthesizer(name), Patience(options, name)))], time, logger);

        ISpeechSynthesizer Synthesizer(string name) => name switch
        {
            VoiceEngine.OpenAi => new OpenAiSynthesizer(options.OpenAi, VoiceKeys.For(options.OpenAi.Address!, environment), SpeechServer.CreateClient(), time),
            VoiceEngine.GptSoVits => new GptSoVitsSynthesizer(options.GptSoVits, SpeechServer.CreateClient(), time),
            VoiceEngine.Edge => new EdgeSynthesizer(options.Edge, time, Guid.NewGuid),
            VoiceEngine.Espeak => new EspeakSynthesizer(options.Espeak, time),
            VoiceEngine.Command => new CommandLineSynthesizer(options.Command!, time),
            VoiceEngine.Browser => new BrowserSynthesizer(),
            _ => new SilentSynthesizer(),
        };
    }

    /// <summary>The engines that can be asked, as far as this machine knows: without espeak where it is not installed.</summary>
    public static IEnumerable<string> Ready(VoiceOptions options) =>
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
