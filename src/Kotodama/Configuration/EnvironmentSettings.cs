using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Kotodama.Cli.Configuration;

/// <summary>
/// The variables <c>Kotodama__…</c> and <c>Logging__…</c>. What stands in others of the framework, such as <c>ASPNETCORE_URLS</c> or
/// <c>Kestrel__Endpoints__…</c>, is for the programs of a developer and counts for nothing here.
/// </summary>
internal sealed class EnvironmentSettings : EnvironmentVariablesConfigurationProvider, IConfigurationSource
{
    public override void Load()
    {
        base.Load();
        Data = Data.Where(setting => SettingsFile.Counts(setting.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
