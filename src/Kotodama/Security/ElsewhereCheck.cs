using System.Net;
using System.Text.Json;
using Kotodama.Cli.Lan;
using Kotodama.Companion;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Hearing;
using Kotodama.Server;
using Kotodama.Server.Models;
using Kotodama.Voice;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli.Security;

/// <summary>What leaves this machine, and what comes from elsewhere.</summary>
internal static class ElsewhereCheck
{
    private const string Chosen = "llm.json";

    /// <summary>Before it two processes could corrupt a database: https://sqlite.org/wal.html#walresetbug.</summary>
    private static readonly Version GoodSqlite = new(3, 51, 3);

    /// <summary>The servers that answer the user.</summary>
    /// <param name="llm">The settings.</param>
    /// <param name="folder">The data folder, where a choice on the page is stored.</param>
    public static IEnumerable<SecurityFinding> LanguageModel(LlmOptions llm, string folder)
    {
        const string What = "What users say, and the conversation so far, goes to the language model";
        var (server, problem) = llm is { IsAuto: true, Model: null } ? Choice(folder) : (null, null);
        if (problem is not null)
            yield return problem;
        server ??= llm.Server;
        string[] all = llm.IsOff ? [] : [server, .. llm.Fallbacks.Select(f => f.Server)];
        var found = all.Select(text => Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) ? address : null)
            .OfType<Uri>().Select(address => Judge($"{What} at {Shown(address)}", address, "kotodama --llm auto")).ToArray();
        foreach (var finding in found.DistinctBy(f => f.Thing))
            yield return finding;
        if (found.Length == 0)
        {
            yield return new(
                SecurityGrade.Ok,
                llm.IsOff ? "No language model is asked." : "The language model is one of this machine, or the built-in demo.",
                Reach.Programs);
        }
    }

    /// <summary>The engines that speak and recognize speech.</summary>
    public static IEnumerable<SecurityFinding> Engines(VoiceOptions voice, HearingOptions hearing)
    {
        var speaking = voice.Enabled ? SpeechEngines.BuiltIn.Order(voice) : [];
        foreach (var kind in SpeechEngines.BuiltIn.Kinds.Where(k => speaking.Contains(k.Name, StringComparer.Ordinal)))
        {
            if (AddressIn(kind.SettingsOf(voice)) is not { } address)
                continue;
            var what = $"What the character says goes to the engine {kind.Name} at {Shown(address)}";
            yield return Judge(what, address, "kotodama --voice espeak,browser");
        }

        if (speaking.Contains("browser", StringComparer.Ordinal))
        {
            yield return new(
                SecurityGrade.Note,
                "Where no other engine speaks, browsers do: some of their voices are made by the maker's servers.",
                "the browser's maker",
                "Choose a voice of the machine in the browser, or leave it out: kotodama --voice espeak");
        }

        var recognizing = hearing.Enabled ? RecognizerEngines.BuiltIn.Order(hearing) : [];
        foreach (var kind in RecognizerEngines.BuiltIn.Kinds.Where(k => recognizing.Contains(k.Name, StringComparer.Ordinal)))
        {
            if (AddressIn(kind.SettingsOf(hearing)) is not { } address)
                continue;
            var what = $"The sound of the microphone goes to the engine {kind.Name} at {Shown(address)}";
            yield return Judge(what, address, "kotodama --asr pocketsphinx");
        }

        foreach (var name in speaking.Concat(recognizing).Where(name => name == "command").Distinct(StringComparer.Ordinal))
        {
            yield return new(
                SecurityGrade.Note,
                $"The engine {name} is a program of yours: where it sends what it gets is its own matter.",
                Reach.Unknown);
        }
    }

    /// <summary>The models that are shown, and where Live2D's Core comes from.</summary>
    public static IEnumerable<SecurityFinding> Models(string folder, ModelLimits limits)
    {
        var usual = new ModelLimits().CoreAddress;
        if (limits.CoreAddress != usual)
        {
            yield return new(
                SecurityGrade.Warning,
                $"Live2D's Core, a script of the page, would be fetched from {limits.CoreAddress.Host} in the place of {usual.Host}.",
                "the owner of that server",
                "Take Kotodama:Models:CoreAddress out of the settings.");
        }

        var models = new DirectoryInfo(Path.Combine(folder, ModelFolder.FolderName));
        if (!models.Exists)
            yield break;
        var entries = models.GetDirectories().Where(d => d.Name[0] is not ('_' or '.')).ToArray();
        foreach (var link in entries.Prepend(models).Where(d => d.LinkTarget is not null))
        {
            yield return new(
                SecurityGrade.Note,
                $"{link.FullName} leads to {link.LinkTarget}, whose files pages may fetch.",
                Reach.Pages,
                $"ls -l {models.FullName}");
        }

        yield return new(
            SecurityGrade.Ok,
            $"{(entries.Length == 1 ? "1 model" : $"{entries.Length} models")}: every page that may see the character gets the files.",
            Reach.Pages);
    }

    /// <summary>The library that writes the databases.</summary>
    public static SecurityFinding Sqlite()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return Sqlite(connection.ServerVersion);
    }

    internal static SecurityFinding Sqlite(string version) => Version.TryParse(version, out var known) && known >= GoodSqlite
        ? new(SecurityGrade.Ok, $"SQLite is {version}, without the known ways to corrupt a database.", Reach.You)
        : new(
            SecurityGrade.Warning,
            $"SQLite is {version}: before {GoodSqlite} a backup that runs beside the hub can corrupt a database.",
            Reach.Programs,
            "Install Kotodama anew, without a SQLite of your own in its folder.");

    /// <summary>Texts of messages get into the log at one level only.</summary>
    public static IEnumerable<SecurityFinding> LogLevels(IConfiguration configuration)
    {
        foreach (var (key, value) in configuration.GetSection("Logging").AsEnumerable())
        {
            if (value is not null && value.Equals("Trace", StringComparison.OrdinalIgnoreCase))
            {
                yield return new(
                    SecurityGrade.Warning,
                    $"{key} is Trace: the log repeats what is said.",
                    "all who can read the log",
                    $"Take {key} out of the settings.");
            }
        }
    }

    /// <summary>The server that a user chose on the page, which counts while the settings name none.</summary>
    private static (string? Server, SecurityFinding? Problem) Choice(string folder)
    {
        var file = Path.Combine(folder, Chosen);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var isText = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("Server", out var server) && server.ValueKind == JsonValueKind.String;
            return (isText ? document.RootElement.GetProperty("Server").GetString() : null, null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            var text = Terminal.Sentences($"{file} cannot be read, so the language model that was chosen is not known: {e.Message}");
            return (null, new(SecurityGrade.Warning, text, Reach.Unknown, $"rm {file}"));
        }
    }

    private static SecurityFinding Judge(string what, Uri address, string cure)
    {
        var isAddress = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
        if (address.IsLoopback)
            return new(SecurityGrade.Ok, $"{what}, which is this machine.", Reach.Programs);
        if (address.Scheme is "https" or "wss")
            return new(SecurityGrade.Note, $"{what}, with TLS.", $"the owner of {address.Host}", cure);
        return isAddress && PrivateNetworks.Contain(ip!)
            ? new(SecurityGrade.Warning, $"{what}, without TLS.", Reach.Lan, cure)
            : new(SecurityGrade.Danger, $"{what}, without TLS.", $"the owner of {address.Host}, and all machines on the way", cure);
    }

    /// <summary>Without a user and a query, which may hold a key.</summary>
    private static string Shown(Uri address) => $"{address.Scheme}://{address.Authority}";

    /// <summary>Where an engine's server is; null: it has none.</summary>
    private static Uri? AddressIn(object? settings) => settings?.GetType().GetProperty("Address")?.GetValue(settings) as Uri;
}
