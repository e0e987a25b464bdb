using Kotodama.Companion.Hearing;
using Kotodama.Voice.Settings;

namespace Kotodama.Companion.Engines.CommandLine;

/// <summary>The engine <c>command</c>: a program that recognizes speech.</summary>
internal sealed class CommandLineRecognizerKind() : RecognizerKind(CommandName, "Command")
{
    public const string CommandName = "command";

    /// <summary>What a section that says nothing is.</summary>
    private static readonly CommandLineHearingOptions Unset = new();

    public override object SettingsOf(HearingOptions options) => options.Command;

    public override bool IsDefault(HearingOptions options) => options.Command != Unset;

    public override string? Validate(HearingOptions options, bool isAsked)
    {
        var settings = options.Command;
        if (BadTime(nameof(settings.Timeout), settings.Timeout) is { } problem)
            return problem;
        return isAsked && string.IsNullOrWhiteSpace(settings.Program) ? Bad(nameof(settings.Program), "a program", null) : null;
    }

    public override TimeSpan? Timeout(HearingOptions options) => options.Command.Timeout;

    public override IEnumerable<string> Languages(HearingOptions options) => options.Command.Languages;

    public override ISpeechRecognizer Create(HearingOptions options, TimeSpan timeout, EngineContext context) =>
        new CommandLineRecognizer(options.Command, timeout, context.Time);
}
