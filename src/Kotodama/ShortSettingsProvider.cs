using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli;

/// <summary>Settings that a user wrote in short, as options or as variables, and how they are called there.</summary>
/// <param name="settings">The settings by their keys.</param>
/// <param name="nameOf">The name of a key there; null: it has none.</param>
internal sealed class ShortSettingsProvider(IEnumerable<KeyValuePair<string, string?>> settings, Func<string, string?> nameOf)
    : ConfigurationProvider, IConfigurationSource
{
    public Func<string, string?> NameOf => nameOf;

    public override void Load()
    {
        foreach (var (key, value) in settings)
            Set(key, value);
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
