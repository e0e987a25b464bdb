using Microsoft.Extensions.Options;

namespace Kotodama.Server;

/// <summary>Stops the start with one sentence when a setting makes no sense.</summary>
internal sealed class KotodamaServerOptionsValidator : IValidateOptions<KotodamaServerOptions>
{
    public ValidateOptionsResult Validate(string? name, KotodamaServerOptions options) =>
        options.Validate() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
}
