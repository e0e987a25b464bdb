using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kotodama.Cli.Tls;

namespace Kotodama.Cli.Lan;

/// <summary>
/// The authority of this machine: a root that a phone installs once, and that vouches for this machine on private networks and for nothing
/// else.
/// </summary>
internal sealed class LocalAuthority : IDisposable
{
    private const string NameBegin = "Kotodama at ", ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private const int LongestName = 64, RootYears = 10;

    /// <summary>Phones take no certificate of a server that lives for longer than 398 days.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(396);

    /// <summary>Clocks of phones may be behind.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    private LocalAuthority(X509Certificate2 root) => Root = root;

    /// <summary>The root, with its key.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>Makes an authority.</summary>
    /// <param name="hostName">What the system calls the machine; may be anything.</param>
    /// <param name="now">The date.</param>
    public static LocalAuthority Create(string hostName, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var label = LanNames.Label(hostName);
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName("Kotodama");
        var common = NameBegin + (label ?? "this machine");
        name.AddCommonName(common.Length > LongestName ? common[..LongestName] : common);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        string[] names = label is null ? [.. LanNames.Endings] : [.. LanNames.Endings, label];
        request.CertificateExtensions.Add(NameConstraints.Permit(names, PrivateNetworks.All));
        return new LocalAuthority(request.CreateSelfSigned(now - Before, now.AddYears(RootYears)));
    }

    /// <summary>Reads an authority that was written by <see cref="Write"/>.</summary>
    /// <exception cref="CryptographicException">It is damaged.</exception>
    public static LocalAuthority Read(string pem)
    {
        try
        {
            return new LocalAuthority(X509Certificate2.CreateFromPem(pem, pem));
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("certificate and key do not belong to each other", e);
        }
    }

    /// <summary>Certificate and key, as text.</summary>
    public string Write() => WithKey(Root);

    /// <summary>A certificate with its key, as text.</summary>
    public static string WithKey(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    /// <summary>Makes a certificate for this machine.</summary>
    /// <param name="names">Its names; those that the authority may not vouch for are left out.</param>
    /// <param name="addresses">Its private addresses.</param>
    /// <param name="now">The date.</param>
    public X509Certificate2 Issue(IEnumerable<string> names, IEnumerable<IPAddress> addresses, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName("Kotodama");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            Root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Where(MayVouchFor))
            alternatives.AddDnsName(name);
        foreach (var address in addresses.Where(PrivateNetworks.Contain))
            alternatives.AddIpAddress(Unscoped(address));
        request.CertificateExtensions.Add(alternatives.Build());

        // No certificate is older than the one that vouches for it, even if this machine's clock is.
        var (first, last) = (CertificateBundle.Begin(Root), CertificateBundle.End(Root));
        var from = now - Before > first ? now - Before : first;
        var end = from + Before + Life < last ? from + Before + Life : last;
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var bare = request.Create(Root, from, end, serial);
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>Whether a phone that trusts this authority trusts it for a name.</summary>
    public bool MayVouchFor(string name) =>
        LanNames.Endings.Any(ending => name == ending || name.EndsWith('.' + ending, StringComparison.Ordinal))
        || Root.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == NameBegin + name;

    public void Dispose() => Root.Dispose();

    private static IPAddress Unscoped(IPAddress address) => address.IsIPv6LinkLocal ? new IPAddress(address.GetAddressBytes()) : address;
}
