using Kotodama.Companion;
using Kotodama.Voice;
using Microsoft.Extensions.Options;

namespace Kotodama.Hosting;

/// <summary>Stops the start with one sentence when a setting of the voice makes no sense.</summary>
internal sealed class VoiceOptionsValidator(SpeechEngines engines) : IValidateOptions<VoiceOptions>
{
    public ValidateOptionsResult Validate(string? name, VoiceOptions options) =>
        engines.Validate(options) is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}

/// <summary>Stops the start with one sentence when a setting of the companion makes no sense, or when its character is not there.</summary>
internal sealed class CompanionOptionsValidator(RecognizerEngines recognizers) : IValidateOptions<CompanionOptions>
{
    public ValidateOptionsResult Validate(string? name, CompanionOptions options)
    {
        if (options.Validate(recognizers) is { } problem)
            return ValidateOptionsResult.Fail(problem);
        var missing = KotodamaSettings.MissingCharacter(options).ToArray();
        return missing.Length > 0 ? ValidateOptionsResult.Fail(missing) : ValidateOptionsResult.Success;
    }
}
