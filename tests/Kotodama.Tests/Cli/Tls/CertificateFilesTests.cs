using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kotodama.Cli.Tls;

namespace Kotodama.Tests.Cli.Tls;

/// <summary>Certificates of the user's own: <c>--tls-cert</c>.</summary>
public sealed class CertificateFilesTests : IDisposable
{
    private const string Password = "open sesame";

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-tls-").FullName;
    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("two files")]
    [InlineData("one file")]
    [InlineData("rsa")]
    [InlineData("locked key")]
    [InlineData("pfx")]
    [InlineData("pfx without password")]
    public void PEM_and_PFX_are_read(string form)
    {
        using var made = Make("home.test", rsa: form == "rsa");
        var (cert, key) = (made.ExportCertificatePem(), KeyOf(made));
        var settings = form switch
        {
            "one file" => Settings(Write("all.pem", key + "\n" + cert)),
            "locked key" => Settings(Write("cert.pem", cert), Write("key.pem", LockedKeyOf(made)), Write("password", Password + "\r\nsecond line")),
            "pfx" => Settings(Write("cert.pfx", made.Export(X509ContentType.Pkcs12, Password)), null, Write("password", Password)),
            "pfx without password" => Settings(Write("cert.pfx", made.Export(X509ContentType.Pkcs12))),
            _ => Settings(Write("cert.pem", cert), Write("key.pem", key)),
        };
        using var files = new CertificateFiles(settings, _time, _log);
        Assert.Equal(made.RawData, files.Current.TargetCertificate.RawData);
        Assert.True(files.Current.TargetCertificate.HasPrivateKey);
        Assert.Equal(["home.test"], files.Names);
        Assert.Null(files.Root);
    }

    [Fact]
    public void Those_that_signed_it_are_shown_too()
    {
        using var root = Authority("CN=root", null);
        using var between = Authority("CN=between", root);
        using var made = Make("home.test", between);
        var chain = string.Join('\n', made.ExportCertificatePem(), between.ExportCertificatePem());
        using var files = new CertificateFiles(Settings(Write("chain.pem", chain), Write("key.pem", KeyOf(made))), _time, _log);
        Assert.Contains(files.Current.IntermediateCertificates, certificate => certificate.RawData.AsSpan().SequenceEqual(between.RawData));
    }

    /// <summary>Each names the file, what is wrong with it, and what to do.</summary>
    [Theory]
    [InlineData("missing", "--tls-cert: there is no file")]
    [InlineData("missing key", "--tls-key: there is no file")]
    [InlineData("missing password", "--tls-password-file: there is no file")]
    [InlineData("folder", "cannot be read")]
    [InlineData("huge", "which is no certificate")]
    [InlineData("empty", "neither PEM nor PFX")]
    [InlineData("noise", "neither PEM nor PFX")]
    [InlineData("damaged pem", "it is damaged PEM")]
    [InlineData("only a key", "holds no certificate")]
    [InlineData("no key", "cert.pem holds no private key")]
    [InlineData("certificate as key", "key.pem holds no private key")]
    [InlineData("damaged key", "key.pem cannot be read")]
    [InlineData("other key", "the key in")]
    [InlineData("other kind of key", "is not that of the first certificate")]
    [InlineData("locked", "has a password")]
    [InlineData("wrong password", "does not open the key")]
    [InlineData("pfx wrong password", "does not open")]
    [InlineData("pfx no password", "without a password")]
    [InlineData("pfx without key", "holds no private key")]
    [InlineData("expired", "has expired on 2025-12-31")]
    [InlineData("future", "is valid only from 2026-01-02")]
    [InlineData("of a client", "is not for servers")]
    public void What_cannot_be_used_is_refused_with_its_reason(string trouble, string said)
    {
        using var made = trouble switch
        {
            "expired" => Make("home.test", from: -30, to: -0.5),
            "future" => Make("home.test", from: 1, to: 30),
            "of a client" => Make("home.test", usage: "1.3.6.1.5.5.7.3.2"),
            _ => Make("home.test"),
        };
        using var other = Make("other.test", rsa: trouble == "other kind of key");
        var (cert, key) = (made.ExportCertificatePem(), KeyOf(made));
        string Cert(string text) => Write("cert.pem", text);
        string Key(string text) => Write("key.pem", text);
        var nowhere = Path.Combine(_folder, "nowhere.pem");
        var settings = trouble switch
        {
            "missing" => Settings(nowhere),
            "missing key" => Settings(Cert(cert), nowhere),
            "missing password" => Settings(Cert(cert), Key(key), nowhere),
            "folder" => Settings(_folder),
            "huge" => Settings(Write("huge.pem", new byte[1024 * 1024 + 1])),
            "empty" => Settings(Cert("")),
            "noise" => Settings(Write("noise.pfx", RandomNumberGenerator.GetBytes(100).Select(b => (byte)(b | 0x80)).ToArray())),
            "damaged pem" => Settings(Cert("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), Key(key)),
            "only a key" => Settings(Cert(key)),
            "no key" => Settings(Cert(cert)),
            "certificate as key" => Settings(Cert(cert), Key(cert)),
            "damaged key" => Settings(Cert(cert), Key("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")),
            "other key" or "other kind of key" => Settings(Cert(cert), Key(KeyOf(other))),
            "locked" => Settings(Cert(cert), Key(LockedKeyOf(made))),
            "wrong password" => Settings(Cert(cert), Key(LockedKeyOf(made)), Write("password", "guess")),
            "pfx wrong password" => Settings(Write("cert.pfx", made.Export(X509ContentType.Pkcs12, Password)), null, Write("password", "guess")),
            "pfx no password" => Settings(Write("cert.pfx", made.Export(X509ContentType.Pkcs12, Password))),
            "pfx without key" => Settings(Write("cert.pfx", X509CertificateLoader.LoadCertificate(made.RawData).Export(X509ContentType.Pkcs12))),
            _ => Settings(Cert(cert), Key(key)),
        };
        var refused = Assert.Throws<CertificateException>(() => new CertificateFiles(settings, _time, _log));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_folder, refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Hint);
        Assert.DoesNotContain(Password, refused.Message + refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_is_shown_within_seconds_and_without_a_restart()
    {
        using var first = Make("home.test");
        using var second = Make("home.test");
        using var files = Open(first);
        Write("cert.pem", second.ExportCertificatePem());
        Write("key.pem", KeyOf(second));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(second.RawData, files.Current.TargetCertificate.RawData);
        Assert.Contains(_log.Lines, line => line.Text.Contains("has changed", StringComparison.Ordinal));
    }

    /// <summary>certbot keeps links in the place that programs know and changes where they lead.</summary>
    [Fact]
    public void Links_that_lead_elsewhere_are_noticed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Users of Windows may not make links.");
        using var first = Make("home.test");
        using var second = Make("home.test");
        var link = Path.Combine(_folder, "live.pem");
        File.CreateSymbolicLink(link, Write("1.pem", KeyOf(first) + "\n" + first.ExportCertificatePem()));
        using var files = new CertificateFiles(Settings(link), _time, _log);
        File.Delete(link);
        File.CreateSymbolicLink(link, Write("2.pem", KeyOf(second) + "\n" + second.ExportCertificatePem()));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(second.RawData, files.Current.TargetCertificate.RawData);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("gone")]
    [InlineData("other key")]
    [InlineData("expired")]
    public void What_cannot_be_used_leaves_the_one_before_and_is_told_once(string trouble)
    {
        using var first = Make("home.test");
        using var second = trouble == "expired" ? Make("home.test", from: -30, to: -1) : Make("home.test");
        using var files = Open(first);
        if (trouble == "gone")
            File.Delete(Path.Combine(_folder, "cert.pem"));
        else
            Write("cert.pem", trouble == "damaged" ? "half a fi" : second.ExportCertificatePem());
        if (trouble == "expired")
            Write("key.pem", KeyOf(second));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(first.RawData, files.Current.TargetCertificate.RawData);
        Assert.Single(_log.Lines, line => line.Level == Microsoft.Extensions.Logging.LogLevel.Warning);

        // Right again, and wrong once more: a new trouble is told.
        Write("cert.pem", first.ExportCertificatePem());
        Write("key.pem", KeyOf(first));
        _time.Advance(TimeSpan.FromSeconds(5));
        Write("cert.pem", "half a fi");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, _log.Lines.Count(line => line.Level == Microsoft.Extensions.Logging.LogLevel.Warning));
    }

    [Fact]
    public void Between_a_new_certificate_and_its_key_nothing_is_told()
    {
        using var first = Make("home.test");
        using var second = Make("home.test");
        using var files = Open(first);
        Write("cert.pem", second.ExportCertificatePem());
        _time.Advance(TimeSpan.FromSeconds(5));
        Write("key.pem", KeyOf(second));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(second.RawData, files.Current.TargetCertificate.RawData);
        Assert.DoesNotContain(_log.Lines, line => line.Level == Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Theory]
    [InlineData("key.pem", null, "--tls-key key.pem")]
    [InlineData(null, "secret", "--tls-password-file secret")]
    public void A_key_without_a_certificate_is_refused(string? key, string? password, string said) =>
        Assert.StartsWith(said, new TlsSettings { Key = key, PasswordFile = password }.Problem, StringComparison.Ordinal);

    private CertificateFiles Open(X509Certificate2 made) =>
        new(Settings(Write("cert.pem", made.ExportCertificatePem()), Write("key.pem", KeyOf(made))), _time, _log);

    private static TlsSettings Settings(string cert, string? key = null, string? password = null) => new() { Cert = cert, Key = key, PasswordFile = password };

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private X509Certificate2 Make(string name, X509Certificate2? by = null, bool rsa = false, double from = -1, double to = 60, string usage = "1.3.6.1.5.5.7.3.1")
    {
        var now = _time.GetUtcNow();
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = key is RSA r
            ? new CertificateRequest($"CN={name}", r, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={name}", (ECDsa)key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName(name);
        alternatives.AddDnsName("*." + name);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        if (by is null)
            return request.CreateSelfSigned(now.AddDays(from), now.AddDays(to));
        using var bare = request.Create(by, now.AddDays(from), now.AddDays(to), [1]);
        return bare.CopyWithPrivateKey((ECDsa)key);
    }

    private X509Certificate2 Authority(string name, X509Certificate2? by)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        var now = _time.GetUtcNow();
        if (by is null)
            return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(90));
        using var bare = request.Create(by, now.AddDays(-2), now.AddDays(90), [2]);
        return bare.CopyWithPrivateKey(key);
    }

    private static string KeyOf(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string LockedKeyOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportEncryptedPkcs8PrivateKeyPem(Password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000));
    }
}
