namespace Kotodama.Cli.Tls;

/// <summary>The certificate that the user has: section <c>Kotodama:Tls</c>.</summary>
internal sealed class TlsSettings
{
    /// <summary>A PEM or PFX file; null: none.</summary>
    public string? Cert { get; set; }

    /// <summary>A PEM file with the private key, when <see cref="Cert"/> is one without it.</summary>
    public string? Key { get; set; }

    /// <summary>A file whose first line is the password of the key or the PFX file.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>What is missing, as a sentence; null: nothing.</summary>
    public string? Problem => Cert is null && (Key ?? PasswordFile) is { } alone
        ? $"{(Key is null ? "--tls-password-file" : "--tls-key")} {alone} belongs to a certificate: name its file with --tls-cert."
        : null;
}
