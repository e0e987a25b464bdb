using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.Edge;

/// <summary>
/// The engine <c>edge</c>: the read-aloud service of Microsoft Edge. The text goes to Microsoft, so it is asked only when it is named.
/// </summary>
internal sealed class EdgeKind() : SpeechEngineKind(EdgeName, "Edge")
{
    public const string EdgeName = "edge";

    public override object SettingsOf(VoiceOptions options) => options.Edge;

    public override bool IsDefault(VoiceOptions options) => false;

    public override string? Validate(VoiceOptions options, bool isAsked)
    {
        var settings = options.Edge;
        if (BadTime(nameof(settings.FirstSound), settings.FirstSound) is { } problem)
            return problem;
        return EngineAddress.IsUsable(settings.Address, "ws", "wss")
            ? null
            : $"The setting {Section}:{nameof(settings.Address)} must be an address that begins with wss:// or ws://, "
                + "without question mark.";
    }

    public override SpeechPatience Patience(VoiceOptions options) => Patience(options, options.Edge.FirstSound);

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) =>
        new EdgeSynthesizer(options.Edge, context.Time, Guid.NewGuid);
}
