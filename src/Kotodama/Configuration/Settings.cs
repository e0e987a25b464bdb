using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli.Configuration;

/// <summary>
/// All settings of a command. From the weakest to the strongest: the user's file, the one of the data folder, the one that <c>--config</c>
/// names, the environment, the command line. The folder in which the program is started has no say.
/// </summary>
internal sealed class Settings
{
    private readonly KeyValuePair<string, string?>[] _given;

    private Settings(IReadOnlyList<SettingsFile> files, KeyValuePair<string, string?>[] given)
    {
        (Files, _given) = (files, given);
        AddTo(Configuration);
    }

    /// <summary>What all of them say together.</summary>
    public ConfigurationManager Configuration { get; } = new();

    /// <summary>The files that were read, the weakest first.</summary>
    public IReadOnlyList<SettingsFile> Files { get; }

    /// <summary>Reads them.</summary>
    /// <param name="given">What the command line says.</param>
    /// <param name="config">The file that <c>--config</c> names; null: that of <c>KOTODAMA_CONFIG</c>, if any.</param>
    /// <param name="data">The data folder, when it is known already; null: the settings say it.</param>
    /// <exception cref="SettingsFileException">A file cannot be read.</exception>
    public static Settings Read(IEnumerable<KeyValuePair<string, string?>> given, string? config = null, string? data = null)
    {
        config ??= Environment.GetEnvironmentVariable("KOTODAMA_CONFIG") is { Length: > 0 } named ? named : null;
        var chosen = config is null ? null : SettingsFile.Read(Path.GetFullPath(config));
        var users = ReadIfThere(UsersFolder);
        var said = given.ToArray();
        data ??= new Settings(Present(users, chosen), said).Configuration[$"Kotodama:{nameof(ServeSettings.Data)}"];
        var folder = string.IsNullOrWhiteSpace(data) ? HubAddress.DefaultDataFolder : Path.GetFullPath(data);
        return new Settings(Present(users, ReadIfThere(folder, keepsData: false), chosen), said);
    }

    /// <summary>Gives a configuration these settings, the weakest first.</summary>
    public void AddTo(IConfigurationManager configuration)
    {
        foreach (var file in Files)
            configuration.Add(file);
        configuration.Add(new EnvironmentSettings());
        ShortSettings.Add(configuration, _given);
    }

    /// <summary>The folder of the user's own file of settings; null: the system knows none.</summary>
    public static string? UsersFolder
    {
        get
        {
            var path = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return path.Length > 0 ? Path.Combine(path, "kotodama") : null;
        }
    }

    /// <summary>
    /// A sentence when the working directory has a file that looks as if it were read, as it is in any app of ASP.NET Core; null: it has
    /// none.
    /// </summary>
    public string? Unread()
    {
        string[] names = [SettingsFile.Name, "appsettings.Production.json"];
        var name = names.FirstOrDefault(name => File.Exists(name) && Files.All(file => file.Path != Path.GetFullPath(name)));
        return name is null ? null : $"{name} in this folder is not read; --config {name} reads it.";
    }

    /// <summary>Sentences about what the files say that counts for nothing.</summary>
    public IEnumerable<string> Ignored() => Files.Where(file => file.Ignored.Count > 0).Select(file =>
        $"{file.Path}: {string.Join(", ", file.Ignored)} {(file.Ignored.Count == 1 ? "counts" : "count")} for nothing here; "
        + "the sections Kotodama and Logging do.");

    /// <summary>A file that stands twice, as that of the data folder and as the chosen one, counts at its stronger place.</summary>
    private static SettingsFile[] Present(params SettingsFile?[] files) =>
        [.. files.OfType<SettingsFile>().Reverse().DistinctBy(file => file.Path, StringComparer.Ordinal).Reverse()];

    private static SettingsFile? ReadIfThere(string? folder, bool keepsData = true) =>
        folder is not null && Path.Combine(folder, SettingsFile.Name) is var path && File.Exists(path)
            ? SettingsFile.Read(path, keepsData)
            : null;
}
