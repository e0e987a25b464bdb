using Kotodama.Voice.Settings;
using Kotodama.Voice.Synthesis;

namespace Kotodama.Voice.Engines.CommandLine;

/// <summary>The engine <c>command</c>: a program that speaks.</summary>
internal sealed class CommandLineKind() : SpeechEngineKind(CommandName, "Command")
{
    public const string CommandName = "command";

    /// <summary>What a section that says nothing is.</summary>
    private static readonly CommandLineOptions Unset = new();

    public override object SettingsOf(VoiceOptions options) => options.Command;

    public override bool IsDefault(VoiceOptions options) => options.Command != Unset;

    public override string? Validate(VoiceOptions options, bool isAsked)
    {
        var settings = options.Command;
        if ((BadTime(nameof(settings.FirstByte), settings.FirstByte) ?? BadTime(nameof(settings.Stall), settings.Stall)) is { } problem)
            return problem;
        if (isAsked && string.IsNullOrWhiteSpace(settings.Program))
            return Bad(nameof(settings.Program), "a program", null);
        return settings.RawRate is 0 or (>= 8_000 and <= 48_000)
            ? null
            : Bad(nameof(settings.RawRate), "0 or 8000 to 48000 samples per second", settings.RawRate);
    }

    public override SpeechPatience Patience(VoiceOptions options) =>
        new(options.Command.FirstByte, options.Command.Stall, $"{Section}:{nameof(CommandLineOptions.FirstByte)}");

    public override ISpeechSynthesizer Create(VoiceOptions options, EngineContext context) =>
        new CommandLineSynthesizer(options.Command, context.Time);
}
