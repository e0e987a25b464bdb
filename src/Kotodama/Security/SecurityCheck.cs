using System.Text.RegularExpressions;
using Kotodama.Cli.Configuration;
using Kotodama.Hosting;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Access;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli.Security;

/// <summary>
/// What <c>kotodama doctor --security</c> looks at: settings, data folder, and the hub that runs with it. It changes nothing, and what it
/// cannot read is a finding, too.
/// </summary>
/// <param name="config">The file that <c>--config</c> names; null: none.</param>
/// <param name="folder">The data folder that the user named; null: the settings say it.</param>
/// <param name="usual">The data folder that commands use without being told; they are told of another one.</param>
/// <param name="time">The clock.</param>
internal sealed partial class SecurityCheck(string? config, string? folder, string usual, TimeProvider time)
{
    private readonly List<SecurityFinding> _findings = [];

    /// <summary>Looks at all of it.</summary>
    public async Task<IReadOnlyList<SecurityFinding>> RunAsync(CancellationToken cancellationToken)
    {
        var (configuration, files) = Read();
        var data = DataFolder(configuration);
        await RunningAsync(data, cancellationToken);
        Look("The settings", () => Hub(configuration, data));
        Look("The settings of voice and companion", () => Elsewhere(configuration, data));
        Look("The files of settings", () => FilesCheck.Settings(files));
        Look("The data folder", () => FilesCheck.Data(data));
        Look("SQLite", () => [ElsewhereCheck.Sqlite()]);
        Look("The log", () => ElsewhereCheck.LogLevels(configuration));
        _findings.Add(new(
            SecurityGrade.Note,
            "Programs and users of this machine need no token: they may read and change everything.",
            Reach.Programs,
            "Run the hub on a machine, or in a container, whose users you trust."));
        return data == Path.GetFullPath(usual)
            ? _findings
            : [.. _findings.Select(finding => finding with { Cure = WithFolder(finding.Cure, data) })];
    }

    /// <summary>A command about a folder that is not the usual one has to name it.</summary>
    private static string? WithFolder(string? cure, string data) =>
        cure is null ? null : CommandOfFolder().Replace(cure, command => $"{command.Value} --data {FilesCheck.Quoted(data)}");


    private (IConfiguration Configuration, IReadOnlyList<SettingsFile> Files) Read()
    {
        try
        {
            KeyValuePair<string, string?>[] given = folder is null ? [] : [ShortSettings.Setting(nameof(ServeSettings.Data), folder)];
            var settings = Settings.Read(given, config, folder);
            return (settings.Configuration, settings.Files);
        }
        catch (SettingsFileException e)
        {
            var sentences = Terminal.Sentences(e.Message, "The hub does not start, and what the file opens is not known");
            _findings.Add(new(SecurityGrade.Warning, sentences, Reach.Unknown));
            var rest = new ConfigurationManager();
            ((IConfigurationBuilder)rest).Add(new EnvironmentSettings());
            ShortSettings.Add(rest, []);
            return (rest, []);
        }
    }

    private string DataFolder(IConfiguration configuration)
    {
        var named = folder ?? configuration[$"Kotodama:{nameof(ServeSettings.Data)}"];
        return string.IsNullOrWhiteSpace(named) || named.Contains('\0', StringComparison.Ordinal)
            ? HubAddress.DefaultDataFolder
            : Path.GetFullPath(named);
    }

    private async Task RunningAsync(string data, CancellationToken cancellationToken)
    {
        if (HubAddress.Read(data, out var problem) is not { } known)
        {
            _findings.Add(problem is null
                ? new(SecurityGrade.Ok, "No hub runs with this data folder, so nothing listens.", Reach.You)
                : new(SecurityGrade.Warning, Terminal.Sentences($"It is not known whether a hub runs{problem}"), Reach.Unknown));
        }
        else if (await RunningHub.AskAsync(known, time, cancellationToken) is { } hub)
            Look("The hub that runs", () => NetworkCheck.Running(hub));
        else
        {
            _findings.Add(new(
                SecurityGrade.Note,
                $"A hub (pid {known.ProcessId}) was here and does not answer at {known.Url}; it was killed, or hangs.",
                Reach.Unknown,
                "kotodama doctor"));
        }
    }

    private IEnumerable<SecurityFinding> Hub(IConfiguration configuration, string data)
    {
        // Each part is looked at even where another one cannot be read.
        var tokens = Stored("tokens.json", () =>
        {
            using var store = new TokenStore(data, time);
            return store.List();
        });
        var origins = Stored("origins.json", () =>
        {
            using var store = new OriginStore(data, time);
            return store.List();
        });
        var now = time.GetUtcNow();
        if (tokens is not null)
            Look("The tokens", () => AccessCheck.Tokens(tokens, now));
        var options = new KotodamaServerOptions();
        Look("The settings of the hub", () =>
        {
            configuration.BindKotodama(KotodamaServerOptions.Section, options);
            return [];
        });
        if (origins is not null)
            Look("The allowed origins", () => AccessCheck.Origins(origins, options.AllowedOrigins));
        Look("The trusted proxies", () => NetworkCheck.Proxies(options.TrustedProxies));
        Look("The models", () => ElsewhereCheck.Models(data, options.Models));
        var settings = ServeSettings.Read(configuration);
        var hasToken = tokens?.Any(token => token.Expires is null || token.Expires > now) == true;
        Look("Where the hub listens", () => NetworkCheck.Settings(settings, options, hasToken));
        Look("The certificates", () => NetworkCheck.Certificates(settings, data, now));
        return
        [
            .. FilesCheck.Key("The certificate's key", settings.Tls.Key ?? settings.Tls.Cert),
            .. FilesCheck.Key("The password of the certificate's key", settings.Tls.PasswordFile),
        ];
    }

    private static IEnumerable<SecurityFinding> Elsewhere(IConfiguration configuration, string data)
    {
        var companion = KotodamaSettings.ReadCompanion(configuration);
        return
        [
            .. ElsewhereCheck.LanguageModel(companion.Llm, data),
            .. ElsewhereCheck.Engines(KotodamaSettings.ReadVoice(configuration), companion.Hearing),
        ];
    }

    private T? Stored<T>(string file, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (KotodamaException e)
        {
            _findings.Add(new(SecurityGrade.Warning, Terminal.Sentences(e.Message, $"Nothing in {file} counts"), Reach.Unknown, e.Hint));
            return null;
        }
    }

    /// <summary>Adds what was found; when that is not possible, that itself.</summary>
    private void Look(string what, Func<IEnumerable<SecurityFinding>> look)
    {
        try
        {
            foreach (var finding in look())
                _findings.Add(finding);
        }
        catch (OptionsValidationException e)
        {
            var sentences = Terminal.Sentences([.. e.Failures, "The hub does not start with that"]);
            _findings.Add(new(SecurityGrade.Warning, sentences, Reach.Unknown));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _findings.Add(new(SecurityGrade.Warning, Terminal.Sentences($"{what} cannot be looked at: {e.Message}"), Reach.Unknown));
        }
    }

    [GeneratedRegex(
        "kotodama (token (create|list|revoke)|origin (list|remove))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommandOfFolder();
}
