using Kotodama.Companion.Engines.CommandLine;
using Kotodama.Companion.Engines.FunAsr;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.Companion.Hearing;
using Kotodama.Voice.Engines;
using Kotodama.Voice.Engines.Http;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion;

/// <summary>Makes the chain of engines that the settings describe.</summary>
public static partial class RecognizerChains
{
    /// <summary>Makes it; keys come from the environment. Nobody is asked yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told, never keys or what was said.</param>
    /// <returns>
    /// One recogniser that asks the engines in their order; the caller disposes it. Null: nobody can hear here, and <see cref="Problem"/> says why.
    /// </returns>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    public static ISpeechRecognizer? Create(HearingOptions options, Func<string, string?> environment, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        if (options.Validate() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        if (!options.Enabled)
            return null;
        foreach (var engine in options.Engines)
            if (Missing(options, engine) is { } missing)
                IsMissing(logger, engine, missing);
        var links = Ready(options).Select(engine => Link(options, engine, environment, time)).ToArray();
        return links.Length == 0 ? null : new RecognizerChain(links, options.Language, time, logger);
    }

    /// <summary>Why nobody can hear with these settings, as a sentence for people; null when somebody can.</summary>
    /// <param name="options">Settings that make sense.</param>
    public static string? Problem(HearingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Enabled)
            return "Speech is not recognised here: --asr or KOTODAMA_ASR says off.";
        if (Ready(options).Any())
            return null;
        var missing = options.Order().Append(RecognizerEngine.PocketSphinx).Select(engine => Missing(options, engine)).First(m => m is not null);
        return $"Nothing here recognises speech. Set {HearingOptions.Section}:OpenAi:Address to a server with OpenAI's transcription API or whisper.cpp's; docs/hearing.md has more ways. {missing}";
    }

    /// <summary>The engines that can be asked, as far as this machine knows.</summary>
    internal static IEnumerable<string> Ready(HearingOptions options) => options.Order().Where(engine => Missing(options, engine) is null);

    /// <summary>Why an engine cannot be asked; null when it can, as far as this machine knows.</summary>
    internal static string? Missing(HearingOptions options, string engine) =>
        engine.Equals(RecognizerEngine.PocketSphinx, StringComparison.OrdinalIgnoreCase) ? PocketSphinxModel.Find(options.PocketSphinx).Problem : null;

    private static RecognizerLink Link(HearingOptions options, string engine, Func<string, string?> environment, TimeProvider time)
    {
        var (own, section, languages) = engine switch
        {
            RecognizerEngine.OpenAi => (options.OpenAi.Timeout, "OpenAi:", options.OpenAi.Languages),
            RecognizerEngine.FunAsr => (options.FunAsr.Timeout, "FunAsr:", options.FunAsr.Languages),
            RecognizerEngine.Command => (options.Command!.Timeout, "Command:", [.. options.Command.Languages]),
            _ => (options.PocketSphinx.Timeout, "PocketSphinx:", (ICollection<string>)["en"]),
        };
        var timeout = own ?? options.Timeout;
        ISpeechRecognizer recognizer = engine switch
        {
            RecognizerEngine.OpenAi => new OpenAiRecognizer(options.OpenAi, EngineKeys.For(options.OpenAi.Address!, environment, EngineKeys.Hearing), EngineServer.CreateClient(), time),
            RecognizerEngine.FunAsr => new FunAsrRecognizer(options.FunAsr, time),
            RecognizerEngine.Command => new CommandLineRecognizer(options.Command!, timeout, time),
            _ => new PocketSphinxRecognizer(options.PocketSphinx),
        };
        return new RecognizerLink(recognizer, timeout, $"{HearingOptions.Section}:{(own is null ? "" : section)}{nameof(HearingOptions.Timeout)}", languages);
    }

    [LoggerMessage(210, LogLevel.Warning, "Hearing engine {Engine} is left out: {Reason}")]
    private static partial void IsMissing(ILogger logger, string engine, string reason);
}
