using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.OpenAi;

/// <summary>The engine <c>openai</c>: a speech server that speaks as OpenAI's does.</summary>
internal sealed class OpenAiSpeechKind() : SpeechEngineKind(OpenAiName, "OpenAi")
{
    public const string OpenAiName = "openai";

    public override object SettingsOf(VoiceOptions options) => options.OpenAi;

    public override bool IsDefault(VoiceOptions options) => options.OpenAi.Address is not null;

    public override string? Validate(VoiceOptions options, bool isAsked)
    {
        var settings = options.OpenAi;
        if (BadTime(nameof(settings.FirstSound), settings.FirstSound) is { } problem)
            return problem;
        if (isAsked && BadAddress(nameof(settings.Address), settings.Address, Uri.UriSchemeHttp, Uri.UriSchemeHttps) is { } bad)
            return bad;
        if (settings.Format is not ("pcm" or "wav" or "mp3" or "opus"))
            return Bad(nameof(settings.Format), "pcm, wav, mp3 or opus", settings.Format);
        if (settings.Rate is < 8_000 or > 48_000)
            return Bad(nameof(settings.Rate), "8000 to 48000 samples per second", settings.Rate);
        if (string.IsNullOrWhiteSpace(settings.Model))
            return Bad(nameof(settings.Model), "a name", null);
        return string.IsNullOrWhiteSpace(settings.Voice) ? Bad(nameof(settings.Voice), "a name", null) : null;
    }

    public override SpeechPatience Patience(VoiceOptions options) => Patience(options, options.OpenAi.FirstSound);

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context)
    {
        var key = EngineKeys.For(options.OpenAi.Address!, context.Environment);
        return new OpenAiSynthesizer(options.OpenAi, key, EngineServer.CreateClient(), context.Time);
    }
}
