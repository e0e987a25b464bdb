using Kotodama.Cli.Tls;
using Kotodama.Companion;
using Kotodama.Companion.Chat;
using Kotodama.Voice;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Cli;

/// <summary>
/// What the command line and the variables <c>KOTODAMA_…</c> say in short, as configuration. From the lowest to the highest: defaults,
/// files of settings, environment, command line.
/// </summary>
internal static class ShortSettings
{
    private const string Off = "off", Auto = "auto";

    /// <summary>Variables whose value is a setting as it stands.</summary>
    private static readonly (string Variable, string Key)[] Plain =
    [
        ("KOTODAMA_PORT", nameof(ServeSettings.Port)),
        ("KOTODAMA_PAGE_PORT", nameof(ServeSettings.PagePort)),
        ("KOTODAMA_BIND", nameof(ServeSettings.Bind)),
        ("KOTODAMA_DATA", nameof(ServeSettings.Data)),
        ("KOTODAMA_OPEN", nameof(ServeSettings.Open)),
        ("KOTODAMA_VERBOSE", nameof(ServeSettings.Verbose)),
        ("KOTODAMA_LAN", nameof(ServeSettings.Lan)),
        ("KOTODAMA_LAN_PORT", nameof(ServeSettings.LanPort)),
        ("KOTODAMA_TLS_CERT", $"{nameof(ServeSettings.Tls)}:{nameof(TlsSettings.Cert)}"),
        ("KOTODAMA_TLS_KEY", $"{nameof(ServeSettings.Tls)}:{nameof(TlsSettings.Key)}"),
        ("KOTODAMA_TLS_PASSWORD_FILE", $"{nameof(ServeSettings.Tls)}:{nameof(TlsSettings.PasswordFile)}"),
    ];

    /// <summary>Variables that may say 1 for yes.</summary>
    private static readonly string[] Switches = [nameof(ServeSettings.Verbose), nameof(ServeSettings.Lan)];

    /// <summary>Adds what the environment and the command line say.</summary>
    /// <param name="configuration">What is weaker.</param>
    /// <param name="given">What the command line says.</param>
    public static void Add(IConfigurationManager configuration, IEnumerable<KeyValuePair<string, string?>> given)
    {
        configuration.Add(new ShortSettingsProvider(FromEnvironment(), SettingNames.VariableOf));
        configuration.Add(new ShortSettingsProvider(given, SettingNames.OptionOf));
    }

    /// <summary>What the environment says.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> FromEnvironment() =>
        Plain.Select(plain => (plain.Key, Value: Given(plain.Variable)))
            .Where(plain => plain.Value is not null)
            .Select(plain => Setting(plain.Key, plain.Value is "1" && Switches.Contains(plain.Key) ? "true" : plain.Value))
            .Concat(Voice(Given("KOTODAMA_VOICE")))
            .Concat(Asr(Given("KOTODAMA_ASR")))
            .Concat(Talk(Given("KOTODAMA_LLM"), Given("KOTODAMA_MODEL"), Given("KOTODAMA_CHARACTER")));

    /// <summary>A setting of the section <c>Kotodama</c>.</summary>
    public static KeyValuePair<string, string?> Setting(string key, string? value) => new($"{CompanionOptions.Section}:{key}", value);

    /// <summary>What <c>--voice</c> says: <c>off</c>, <c>auto</c>, or engines separated by commas; null: nothing.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Voice(string? voice) => Engines(voice, VoiceOptions.Section);

    /// <summary>What <c>--asr</c> says, in the same way.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Asr(string? asr) => Engines(asr, HearingOptions.Section);

    /// <summary>What <c>--llm</c>, <c>--model</c> and <c>--character</c> say.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Talk(string? llm, string? model, string? character)
    {
        if (llm is not null)
            yield return new($"{LlmOptions.Section}:{nameof(LlmOptions.Server)}", llm);
        if (model is not null)
            yield return new($"{LlmOptions.Section}:{nameof(LlmOptions.Model)}", model);
        if (character is not null)
            yield return Setting(nameof(CompanionOptions.Character), character);
    }

    /// <summary>Entries that come to those that a list of the file has.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> More(string key, IEnumerable<string> values) =>
        values.Select((value, i) => Setting($"{key}:option{i}", value));

    private static IEnumerable<KeyValuePair<string, string?>> Engines(string? engines, string section)
    {
        if (engines is null)
            yield break;
        var isOff = engines.Equals(Off, StringComparison.OrdinalIgnoreCase);
        yield return new($"{section}:{nameof(VoiceOptions.Enabled)}", isOff ? "false" : "true");
        if (isOff || engines.Equals(Auto, StringComparison.OrdinalIgnoreCase))
            yield break;
        var names = engines.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = 0; i < names.Length; i++)
            yield return new($"{section}:{nameof(VoiceOptions.Engines)}:{i}", names[i]);
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
