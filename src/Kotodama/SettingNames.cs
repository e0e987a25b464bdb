using System.Collections;
using System.Text.RegularExpressions;
using Kotodama.Cli.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kotodama.Cli;

/// <summary>
/// Sentences about a setting name its key. A user who wrote an option or a variable looks for that: these are the names of both, and a way
/// to say the sentence with what was written.
/// </summary>
internal static partial class SettingNames
{
    private static readonly (string Key, string Option, string? Variable)[] Names =
    [
        ("Kotodama:Port", "--port", "KOTODAMA_PORT"),
        ("Kotodama:PagePort", "--page-port", "KOTODAMA_PAGE_PORT"),
        ("Kotodama:Bind", "--bind", "KOTODAMA_BIND"),
        ("Kotodama:Data", "--data", "KOTODAMA_DATA"),
        ("Kotodama:Open", "--open", "KOTODAMA_OPEN"),
        ("Kotodama:Verbose", "--verbose", "KOTODAMA_VERBOSE"),
        ("Kotodama:Lan", "--lan", "KOTODAMA_LAN"),
        ("Kotodama:LanPort", "--lan-port", "KOTODAMA_LAN_PORT"),
        ("Kotodama:Tls:Cert", "--tls-cert", "KOTODAMA_TLS_CERT"),
        ("Kotodama:Tls:Key", "--tls-key", "KOTODAMA_TLS_KEY"),
        ("Kotodama:Tls:PasswordFile", "--tls-password-file", "KOTODAMA_TLS_PASSWORD_FILE"),
        ("Kotodama:Voice", "--voice", "KOTODAMA_VOICE"),
        ("Kotodama:Hearing:Language", "--lang", null),
        ("Kotodama:Hearing", "--asr", "KOTODAMA_ASR"),
        ("Kotodama:Llm:Server", "--llm", "KOTODAMA_LLM"),
        ("Kotodama:Llm:Model", "--model", "KOTODAMA_MODEL"),
        ("Kotodama:Character", "--character", "KOTODAMA_CHARACTER"),
        ("Kotodama:AllowedOrigins", "--allow-origin", null),
        ("Kotodama:AllowedHosts", "--allow-host", null),
        ("Kotodama:TrustedProxies", "--behind-proxy", null),
        ("Kotodama:Insecure", "--insecure", null),
    ];

    /// <summary>Says which settings make no sense, as the user wrote them, each on a line, and that the command was used wrongly.</summary>
    public static int Refuse(OptionsValidationException e, IConfiguration configuration) =>
        Terminal.Refuse(e.Failures.Select(sentence => AsWritten(sentence, configuration)));

    /// <summary>The sentence with options and variables in the place of the keys that they set.</summary>
    public static string AsWritten(string sentence, IConfiguration configuration)
    {
        if (Option().Match(sentence) is { Success: true, Value: var option } && Array.Find(Names, n => n.Option == option).Key is { } key)
        {
            var rest = sentence[option.Length..];
            return Given(key, sentence, configuration) switch
            {
                { File: { } file } => $"{option}{rest.TrimEnd('.')} ({key} in {file}).",
                { Name: { } name } => name + rest,
                _ => sentence,
            };
        }

        return Key().Replace(sentence, match =>
            Given(match.Groups["key"].Value, sentence, configuration) switch
            {
                { File: { } file } => $"{match.Value} ({file})",
                { Name: { } name } => name,
                _ => match.Value,
            });
    }

    /// <summary>The option of a key, or of what it is a part of; null: there is none.</summary>
    public static string? OptionOf(string key) => Array.Find(Names, n => Covers(n.Key, key)).Option;

    /// <summary>The short variable of a key, or of what it is a part of; null: there is none.</summary>
    public static string? VariableOf(string key) => Array.Find(Names, n => Covers(n.Key, key)).Variable;

    /// <summary>Who set a key, or the part of it that the sentence quotes: the strongest source counts.</summary>
    private static (string? Name, string? File) Given(string key, string sentence, IConfiguration configuration)
    {
        var parts = configuration.GetSection(key).AsEnumerable().Where(part => part.Value is not null).ToArray();
        var set = Array.Find(parts, part => sentence.Contains($"\"{part.Value}\"", StringComparison.Ordinal)).Key
            ?? parts.FirstOrDefault().Key;
        if (set is null)
            return default;
        var strongest = ((IConfigurationRoot)configuration).Providers.Reverse().FirstOrDefault(provider => provider.TryGet(set, out _));
        return strongest switch
        {
            ShortSettingsProvider { NameOf: var nameOf } => (nameOf(set), null),
            EnvironmentSettings => (VariableAsWritten(set), null),
            SettingsFile file => (null, file.Path),
            _ => default,
        };
    }

    /// <summary>A long variable, in the case in which it was written.</summary>
    private static string? VariableAsWritten(string key) => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(variable => (string)variable.Key)
        .FirstOrDefault(name => name.Replace("__", ":", StringComparison.Ordinal).Equals(key, StringComparison.OrdinalIgnoreCase));

    private static bool Covers(string whole, string key) =>
        key.Equals(whole, StringComparison.OrdinalIgnoreCase) || key.StartsWith(whole + ":", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^--[a-z-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Option();

    [GeneratedRegex("(The setting )?(?<key>Kotodama(:[A-Za-z0-9]+)+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
