using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.GptSoVits;

/// <summary>The engine <c>sovits</c>: GPT-SoVITS.</summary>
internal sealed class GptSoVitsKind() : SpeechEngineKind(GptSoVitsName, "GptSoVits")
{
    public const string GptSoVitsName = "sovits";

    public override object SettingsOf(VoiceOptions options) => options.GptSoVits;

    public override bool IsDefault(VoiceOptions options) => options.GptSoVits.Address is not null;

    public override string? Validate(VoiceOptions options, bool isAsked)
    {
        var settings = options.GptSoVits;
        if (BadTime(nameof(settings.FirstSound), settings.FirstSound) is { } problem)
            return problem;
        if (!isAsked)
            return null;
        if (BadAddress(nameof(settings.Address), settings.Address, Uri.UriSchemeHttp, Uri.UriSchemeHttps) is { } bad)
            return bad;
        if (settings.Streaming is < 0 or > 3)
            return Bad(nameof(settings.Streaming), "0 to 3", settings.Streaming);
        if (!settings.Voices.ContainsKey(settings.Voice))
            return Bad(nameof(settings.Voice), "a name in GptSoVits:Voices", settings.Voice);
        foreach (var (name, voice) in settings.Voices)
        {
            var setting = $"{nameof(settings.Voices)}:{name}";
            if (string.IsNullOrWhiteSpace(voice.Audio))
                return Bad($"{setting}:{nameof(voice.Audio)}", "the path of a recording on the server's machine", null);
            if (GptSoVitsSynthesizer.LanguageName(voice.Language) is null or "auto")
                return Bad($"{setting}:{nameof(voice.Language)}", "zh, en, ja, ko or yue", voice.Language);
        }

        return null;
    }

    public override SpeechPatience Patience(VoiceOptions options) => Patience(options, options.GptSoVits.FirstSound);

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) =>
        new GptSoVitsSynthesizer(options.GptSoVits, EngineServer.CreateClient(), context.Time);
}
