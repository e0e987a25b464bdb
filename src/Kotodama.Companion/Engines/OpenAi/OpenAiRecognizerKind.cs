using Kotodama.Companion.Hearing;
using Kotodama.Voice.Engines.Http;
using Kotodama.Voice.Settings;

namespace Kotodama.Companion.Engines.OpenAi;

/// <summary>The engine <c>openai</c>: a server that transcribes as OpenAI's does.</summary>
internal sealed class OpenAiRecognizerKind() : RecognizerKind(OpenAiName, "OpenAi")
{
    public const string OpenAiName = "openai";

    public override object SettingsOf(HearingOptions options) => options.OpenAi;

    public override bool IsDefault(HearingOptions options) => options.OpenAi.Address is not null;

    public override string? Validate(HearingOptions options, bool isAsked)
    {
        var settings = options.OpenAi;
        if (BadTime(nameof(settings.Timeout), settings.Timeout) is { } problem)
            return problem;
        if (isAsked && BadAddress(nameof(settings.Address), settings.Address, Uri.UriSchemeHttp, Uri.UriSchemeHttps) is { } bad)
            return bad;
        if (!IsPath(settings.Path))
            return Bad(nameof(settings.Path), "what comes after the address, such as audio/transcriptions", settings.Path);
        return settings.Format is "json" or "verbose_json" or "text"
            ? null
            : Bad(nameof(settings.Format), "json, verbose_json or text", settings.Format);
    }

    public override TimeSpan? Timeout(HearingOptions options) => options.OpenAi.Timeout;

    public override IEnumerable<string> Languages(HearingOptions options) => options.OpenAi.Languages;

    public override ISpeechRecognizer Create(HearingOptions options, TimeSpan timeout, EngineContext context)
    {
        var key = EngineKeys.For(options.OpenAi.Address!, context.Environment, EngineKeys.Hearing);
        return new OpenAiRecognizer(options.OpenAi, key, EngineServer.CreateClient(), context.Time);
    }

    // Two slashes or a scheme would send the sound to another host, and a question mark could hold a key, which would get into logs.
    private static bool IsPath(string path) =>
        !string.IsNullOrWhiteSpace(path)
        && Uri.IsWellFormedUriString(path, UriKind.Relative)
        && !path.Contains('?', StringComparison.Ordinal)
        && !path.StartsWith("//", StringComparison.Ordinal);
}
