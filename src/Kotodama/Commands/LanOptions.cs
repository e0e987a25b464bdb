using System.CommandLine;
using Kotodama.Cli.Tls;

namespace Kotodama.Cli.Commands;

/// <summary>The options by which the hub is reached from a phone, and with a certificate of the user's own.</summary>
internal sealed class LanOptions
{
    private readonly Option<bool> _lan = new("--lan")
    {
        Description = "Let phones of the local network in: TLS, a certificate of the hub's own, a QR code (KOTODAMA_LAN)",
    };

    private readonly Option<int?> _port = SharedOptions.Number(
        "--lan-port", "Port for that; 0: any free one (KOTODAMA_LAN_PORT) [default: 8766]", "N", 0, 65_535, null);

    private readonly Option<string?> _cert = File(
        "--tls-cert", "Certificate of your own, PEM or PFX; read again when it changes (KOTODAMA_TLS_CERT)");

    private readonly Option<string?> _key = File(
        "--tls-key", "Its private key, PEM, when the certificate's file has none (KOTODAMA_TLS_KEY)");

    private readonly Option<string?> _password = File(
        "--tls-password-file", "File whose first line is the password of key or PFX (KOTODAMA_TLS_PASSWORD_FILE)");

    /// <summary>Adds them to a command.</summary>
    public static LanOptions AddTo(Command command)
    {
        var options = new LanOptions();
        foreach (var option in new Option[] { options._lan, options._port, options._cert, options._key, options._password })
            command.Options.Add(option);
        return options;
    }

    /// <summary>What the command line says, as settings.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(ParseResult parsed)
    {
        const string Tls = nameof(ServeSettings.Tls);
        (string Key, string? Value)[] given =
        [
            (nameof(ServeSettings.Lan), parsed.GetValue(_lan) ? "true" : null),
            (nameof(ServeSettings.LanPort), parsed.GetValue(_port)?.ToString()),
            ($"{Tls}:{nameof(TlsSettings.Cert)}", parsed.GetValue(_cert)),
            ($"{Tls}:{nameof(TlsSettings.Key)}", parsed.GetValue(_key)),
            ($"{Tls}:{nameof(TlsSettings.PasswordFile)}", parsed.GetValue(_password)),
        ];
        return given.Where(setting => setting.Value is not null).Select(setting => ShortSettings.Setting(setting.Key, setting.Value));
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
