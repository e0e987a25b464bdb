using Kotodama.Companion.Hearing;
using Kotodama.Voice.Settings;

namespace Kotodama.Companion.Engines.FunAsr;

/// <summary>The engine <c>funasr</c>: FunASR's WebSocket server.</summary>
internal sealed class FunAsrKind() : RecognizerKind(FunAsrName, "FunAsr")
{
    public const string FunAsrName = "funasr";

    public override object SettingsOf(HearingOptions options) => options.FunAsr;

    public override bool IsDefault(HearingOptions options) => options.FunAsr.Address is not null;

    public override string? Validate(HearingOptions options, bool isAsked)
    {
        var settings = options.FunAsr;
        if (BadTime(nameof(settings.Timeout), settings.Timeout) is { } problem)
            return problem;
        if (isAsked && BadAddress(nameof(settings.Address), settings.Address, "ws", "wss") is { } bad)
            return bad;
        if (settings.Connections is < 1 or > 1_000)
            return Bad(nameof(settings.Connections), "1 to 1000", settings.Connections);
        return settings.Mode is "2pass" or "online" or "offline"
            ? null
            : Bad(nameof(settings.Mode), "2pass, online or offline", settings.Mode);
    }

    public override TimeSpan? Timeout(HearingOptions options) => options.FunAsr.Timeout;

    public override IEnumerable<string> Languages(HearingOptions options) => options.FunAsr.Languages;

    public override ISpeechRecognizer Create(HearingOptions options, TimeSpan timeout, EngineContext context) =>
        new FunAsrRecognizer(options.FunAsr, context.Time);
}
