using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kotodama.Cli.Tls;

/// <summary>A certificate with its private key, and those between it and its root.</summary>
internal sealed record CertificateBundle(X509Certificate2 Leaf, X509Certificate2Collection Between)
{
    private const string SubjectAlternativeName = "2.5.29.17", ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Reads what the files of <c>--tls-cert</c> hold.</summary>
    /// <param name="files">The files and what stands in them.</param>
    /// <param name="now">The date, at which the certificate has to be valid.</param>
    /// <exception cref="CertificateException">It cannot be used.</exception>
    public static CertificateBundle Read(CertificateFileContents files, DateTimeOffset now)
    {
        var bundle = IsPem(files.Cert) ? ReadPem(files) : ReadPfx(files);
        var (leaf, path) = (bundle.Leaf, files.CertPath);
        if (now >= End(leaf))
        {
            throw new CertificateException(
                $"the certificate in {path} has expired on {End(leaf):yyyy-MM-dd}",
                "Renew it where it comes from; the hub reads the file again when it changes.");
        }

        if (now < Begin(leaf))
        {
            throw new CertificateException(
                $"the certificate in {path} is valid only from {Begin(leaf):yyyy-MM-dd HH:mm} UTC",
                "Is this machine's clock right?");
        }

        return IsForServers(leaf)
            ? bundle
            : throw new CertificateException(
                $"the certificate in {path} is not for servers: its extended key usage leaves server authentication out",
                "Ask for a certificate of a web site.");
    }

    /// <summary>The host names in it, without those that hold a wildcard.</summary>
    public IReadOnlyList<string> Names() =>
        [
            .. Leaf.Extensions.Where(e => e.Oid?.Value == SubjectAlternativeName)
                .SelectMany(e => new X509SubjectAlternativeNameExtension(e.RawData).EnumerateDnsNames())
                .Where(name => !name.Contains('*', StringComparison.Ordinal)).Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary>From when on a certificate is valid, in UTC.</summary>
    public static DateTimeOffset Begin(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime());

    /// <summary>From when on it is valid no more, in UTC.</summary>
    public static DateTimeOffset End(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    /// <summary>On Windows a key that lives in memory alone cannot serve; one that went through PKCS#12 can.</summary>
    public static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private static bool IsForServers(X509Certificate2 leaf) =>
        leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usage
        || usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == ServerAuthentication);

    private static bool IsPem(byte[] bytes) => bytes.AsSpan().IndexOf("-----BEGIN"u8) >= 0;

    private static CertificateBundle ReadPem(CertificateFileContents files)
    {
        var text = Encoding.UTF8.GetString(files.Cert);
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw Unreadable(files.CertPath, "PEM", e);
        }

        if (all.Count == 0)
        {
            throw new CertificateException(
                $"{files.CertPath} holds no certificate", "Name the certificate with --tls-cert and its key with --tls-key.");
        }

        var (keyPath, key) = files.Key is { } own ? (files.KeyPath!, Encoding.UTF8.GetString(own)) : (files.CertPath, text);
        var leaf = Pair(all[0], key, keyPath, files);
        all.RemoveAt(0);
        return new CertificateBundle(leaf, all);
    }

    private static X509Certificate2 Pair(X509Certificate2 certificate, string key, string keyPath, CertificateFileContents files)
    {
        var isLocked = key.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        if (!isLocked && !key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new CertificateException(
                $"{keyPath} holds no private key",
                files.Key is null ? "Name the file of the key with --tls-key." : "It begins with -----BEGIN PRIVATE KEY-----.");
        }

        if (isLocked && files.Password is null)
        {
            throw new CertificateException(
                $"the key in {keyPath} has a password", "Write it into a file of your own, and name that with --tls-password-file.");
        }

        var pem = certificate.ExportCertificatePem();
        try
        {
            return Usable(isLocked
                ? X509Certificate2.CreateFromEncryptedPem(pem, key, files.Password)
                : X509Certificate2.CreateFromPem(pem, key));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // ArgumentException: the key is of another kind, or of another certificate.
            throw e is ArgumentException || (!isLocked && IsKey(key))
                ? new CertificateException(
                    $"the key in {keyPath} is not that of the first certificate in {files.CertPath}",
                    "The certificate of the site stands first, those that signed it after it.")
                : isLocked
                    ? new CertificateException(
                        $"the password in {files.PasswordPath} does not open the key in {keyPath}", "Is it the right one?")
                    : Unreadable(keyPath, "PEM", e);
        }
    }

    /// <summary>Whether a text holds a key at all.</summary>
    private static bool IsKey(string pem)
    {
        foreach (var kind in new Func<AsymmetricAlgorithm>[] { RSA.Create, ECDsa.Create })
        {
            using var key = kind();
            try
            {
                key.ImportFromPem(pem);
                return true;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                // Another kind, perhaps.
            }
        }

        return false;
    }

    private static CertificateBundle ReadPfx(CertificateFileContents files)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(files.Cert, files.Password);
        }
        catch (CryptographicException e)
        {
            var why = e.Message.TrimEnd('.');
            throw IsDer(files.Cert)
                ? new CertificateException(
                    files.Password is null
                        ? $"{files.CertPath} cannot be opened without a password, or is damaged ({why})"
                        : $"the password in {files.PasswordPath} does not open {files.CertPath}, or it is damaged ({why})",
                    "A PFX file holds certificate and key; --tls-password-file names the file of its password.")
                : Unreadable(files.CertPath, "neither PEM nor PFX", e);
        }

        var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CertificateException($"{files.CertPath} holds no private key", "Export the certificate with its key.");
        all.Remove(leaf);
        return new CertificateBundle(leaf, all);
    }

    /// <summary>Whether it begins as every PKCS#12 file does: a sequence.</summary>
    private static bool IsDer(byte[] bytes) => bytes is [0x30, ..];

    private static CertificateException Unreadable(string path, string format, Exception e) => new(
        $"{path} cannot be read: it is {(format == "PEM" ? "damaged PEM" : format)} ({e.Message.TrimEnd('.')})",
        "A PEM file begins with -----BEGIN; a PFX file is what Windows and browsers export.");
}
