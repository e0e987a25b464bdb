using Kotodama.Companion.Engines.CommandLine;
using Kotodama.Companion.Engines.FunAsr;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Engines.PocketSphinx;
using Kotodama.Companion.Hearing;
using Kotodama.Protocol;
using Kotodama.Voice.Settings;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion;

/// <summary>
/// The engines that recognize speech in a program, and the chain of them that the settings describe. Does not change; safe for threads.
/// </summary>
public sealed partial class RecognizerEngines : EngineSet<RecognizerKind, HearingOptions>
{
    private RecognizerEngines(IEnumerable<RecognizerKind> kinds)
        : base(HearingOptions.Section, kinds)
    {
    }

    /// <summary>The engines of this library.</summary>
    public static RecognizerEngines BuiltIn { get; } = new(
    [
        new OpenAiRecognizerKind(),
        new FunAsrKind(),
        new CommandLineRecognizerKind(),
        new PocketSphinxKind(),
    ]);

    /// <summary>The same engines and some more, which are asked before these by default.</summary>
    /// <param name="added">The additional ones.</param>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    public RecognizerEngines With(params IEnumerable<RecognizerKind> added) => new([.. added, .. Kinds]);

    /// <summary>
    /// Makes the chain. No engine is asked yet. An engine that the settings name and that is missing on this machine is left out, and
    /// logged.
    /// </summary>
    /// <param name="options">The settings.</param>
    /// <param name="environment">Reads a variable of the environment, where keys are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Gets failures, never keys or what the user said.</param>
    /// <returns>
    /// One recognizer that asks the engines in their order; the caller disposes it. Null: there is no engine that can be asked, and
    /// <see cref="Problem"/> says why.
    /// </returns>
    /// <exception cref="ArgumentException">A setting makes no sense; the message names it.</exception>
    public RecognizerChain? Create(HearingOptions options, Func<string, string?> environment, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        if (Validate(options) is { } problem)
            throw new ArgumentException(problem, nameof(options));
        if (!options.Enabled)
            return null;
        foreach (var engine in options.Engines)
            if (Missing(options, engine) is { } missing)
                IsMissing(logger, engine, missing);
        var context = new EngineContext(environment, time);
        var links = Ready(options).Select(engine => Link(Find(engine)!, options, context)).ToArray();
        return links.Length == 0 ? null : new RecognizerChain(links, options.Language, time, logger);
    }

    /// <summary>Why no engine recognizes speech with these settings, as a sentence for the user; null when one does.</summary>
    /// <param name="options">Settings that make sense.</param>
    public string? Problem(HearingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Enabled)
            return "Speech is not recognized here: --asr or KOTODAMA_ASR says off.";
        if (Ready(options).Any())
            return null;
        var missing = Order(options).Concat(Names).Select(engine => Missing(options, engine)).FirstOrDefault(m => m is not null);
        return $"Nothing here recognizes speech. Set {HearingOptions.Section}:OpenAi:Address to a server with OpenAI's transcription API "
            + $"or whisper.cpp's; docs/hearing.md has more ways. {missing}";
    }

    private protected override string? ValidateCommon(HearingOptions options) =>
        options.Language is { } language && (language.Length is 0 or > 35 || !language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            ? Bad(nameof(options.Language), "auto or a tag such as zh or en-GB", language)
            : BadTime(nameof(options.Timeout), options.Timeout);

    private static RecognizerLink Link(RecognizerKind kind, HearingOptions options, EngineContext context)
    {
        var own = kind.Timeout(options);
        var timeout = own ?? options.Timeout;
        var setting = $"{(own is null ? HearingOptions.Section : kind.Section)}:{nameof(HearingOptions.Timeout)}";
        return new RecognizerLink(kind.Create(options, timeout, context), timeout, setting, kind.Languages(options));
    }

    [LoggerMessage(210, LogLevel.Warning, "Hearing engine {Engine} is left out: {Reason}")]
    private static partial void IsMissing(ILogger logger, PlainText engine, PlainText reason);
}
