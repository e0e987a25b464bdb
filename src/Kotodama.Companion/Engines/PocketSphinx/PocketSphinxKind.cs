using Kotodama.Companion.Hearing;
using Kotodama.Voice.Settings;

namespace Kotodama.Companion.Engines.PocketSphinx;

/// <summary>The engine <c>pocketsphinx</c>: PocketSphinx in this process, for English, where it is installed.</summary>
internal sealed class PocketSphinxKind() : RecognizerKind(PocketSphinxName, "PocketSphinx")
{
    public const string PocketSphinxName = "pocketsphinx";

    public override object SettingsOf(HearingOptions options) => options.PocketSphinx;

    public override string? Validate(HearingOptions options, bool isAsked)
    {
        var settings = options.PocketSphinx;
        if (BadTime(nameof(settings.Timeout), settings.Timeout) is { } problem)
            return problem;
        return settings.Grammar is { } grammar && (string.IsNullOrWhiteSpace(grammar) || grammar.Contains('\0', StringComparison.Ordinal))
            ? Bad(nameof(settings.Grammar), "a path", null)
            : null;
    }

    public override string? Missing(HearingOptions options) => PocketSphinxModel.Find(options.PocketSphinx).Problem;

    public override TimeSpan? Timeout(HearingOptions options) => options.PocketSphinx.Timeout;

    public override IEnumerable<string> Languages(HearingOptions options) => ["en"];

    public override ISpeechRecognizer Create(HearingOptions options, TimeSpan timeout, EngineContext context) =>
        new PocketSphinxRecognizer(options.PocketSphinx);
}
