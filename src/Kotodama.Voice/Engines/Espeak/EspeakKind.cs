using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Espeak;

/// <summary>The engine <c>espeak</c>: espeak-ng, where it is installed.</summary>
internal sealed class EspeakKind() : SpeechEngineKind(EspeakName, "Espeak")
{
    public const string EspeakName = "espeak";

    public override object SettingsOf(VoiceOptions options) => options.Espeak;

    public override string? Validate(VoiceOptions options, bool isAsked)
    {
        var settings = options.Espeak;
        if (settings.Pitch is < 0 or > 100)
            return Bad(nameof(settings.Pitch), "0 to 100", settings.Pitch);
        return settings.WordsPerMinute is < 80 or > 450 ? Bad(nameof(settings.WordsPerMinute), "80 to 450", settings.WordsPerMinute) : null;
    }

    public override string? Missing(VoiceOptions options) =>
        EspeakSynthesizer.IsInstalled(options.Espeak) ? null : EspeakSynthesizer.NotInstalled;

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) =>
        new EspeakSynthesizer(options.Espeak, context.Time);
}
