using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kotodama.Cli.Tls;
using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Cli.Lan;

/// <summary>
/// The certificate that the hub makes for itself, and the authority that vouches for it, in the folder <c>lan</c> of the data folder. It is
/// renewed before it ends, and when the machine gets another address.
/// </summary>
internal sealed partial class LanCertificates : ICertificateSource
{
    private const string AuthorityFile = "authority.pem", CertificateFile = "certificate.pem";

    /// <summary>How often dates and addresses are looked at.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>Before the end of a certificate, a new one.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private readonly string _folder;
    private readonly string _hostName;
    private readonly Func<IReadOnlyList<IPAddress>> _addresses;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _looking = new();
    private readonly ITimer _timer;
    private readonly LocalAuthority _authority;
    private volatile Served _served;

    /// <summary>Reads what is in the folder, and makes what is missing.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="hostName">What the system calls the machine; may be anything.</param>
    /// <param name="addresses">The private addresses that the machine has now.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what is made anew, and why.</param>
    /// <exception cref="CertificateException">The files can be neither read nor made.</exception>
    public LanCertificates(
        string dataFolder,
        string hostName,
        Func<IReadOnlyList<IPAddress>> addresses,
        TimeProvider time,
        ILogger logger)
    {
        (_folder, _hostName, _addresses) = (Path.Combine(dataFolder, "lan"), hostName, addresses);
        (_time, _logger) = (time, logger);
        try
        {
            PrivateFile.MakeFolder(_folder);
            _authority = OpenAuthority();
            _served = Open() ?? Issue();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException(
                $"the certificates of --lan cannot be kept in {_folder} ({e.Message.TrimEnd('.')})",
                "Let the user that the hub runs as read and write it. If it is deleted, phones have to install the new root.");
        }

        _timer = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public SslStreamCertificateContext Current => _served.Context;

    public DateTimeOffset NotAfter => CertificateBundle.End(_served.Leaf);

    public IReadOnlyList<string> Names => _served.Names;

    public byte[]? Root => _authority.Root.RawData;

    /// <summary>The addresses that the certificate was made for.</summary>
    public IReadOnlyList<IPAddress> Addresses => _served.Addresses;

    public void Dispose()
    {
        _timer.Dispose();
        lock (_looking)
            _authority.Dispose();
    }

    private string AuthorityPath => Path.Combine(_folder, AuthorityFile);

    private string CertificatePath => Path.Combine(_folder, CertificateFile);

    private void Look()
    {
        lock (_looking)
        {
            try
            {
                // An authority that ends takes effect at the next start: until then the phones that know it come in.
                var addresses = _addresses();
                if (IsGood(_served.Leaf, _served.Names, addresses))
                    return;
                _served = Issue();
                LogRenewed(_logger, NotAfter, string.Join(", ", _served.Addresses));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                LogNotRenewed(_logger, e.Message);
            }
        }
    }

    private LocalAuthority OpenAuthority()
    {
        if (!File.Exists(AuthorityPath))
            return MakeAuthority();
        try
        {
            PrivateFile.Close(AuthorityPath);
            var known = LocalAuthority.Read(File.ReadAllText(AuthorityPath));
            if (_time.GetUtcNow() < CertificateBundle.End(known.Root) - RenewBefore)
            {
                // A clock that is behind, as without a battery, is right again soon: that costs no phone its root.
                var begin = CertificateBundle.Begin(known.Root);
                if (_time.GetUtcNow() < begin)
                    LogFuture(_logger, begin, AuthorityPath);
                return known;
            }

            LogNewRoot(_logger, $"the one before ends on {CertificateBundle.End(known.Root):yyyy-MM-dd}");
            known.Dispose();
        }
        catch (CryptographicException e)
        {
            File.Move(AuthorityPath, AuthorityPath + ".damaged", overwrite: true);
            LogNewRoot(_logger, $"{AuthorityFile} is damaged ({e.Message.TrimEnd('.')}); it is kept as {AuthorityFile}.damaged");
        }

        return MakeAuthority();
    }

    private LocalAuthority MakeAuthority()
    {
        var authority = LocalAuthority.Create(_hostName, _time.GetUtcNow());
        PrivateFile.Write(AuthorityPath, authority.Write());
        return authority;
    }

    /// <summary>The certificate in the folder; null: it is none, or not good any more.</summary>
    private Served? Open()
    {
        if (!File.Exists(CertificatePath))
            return null;
        try
        {
            PrivateFile.Close(CertificatePath);
            var pem = File.ReadAllText(CertificatePath);
            var leaf = CertificateBundle.Usable(X509Certificate2.CreateFromPem(pem, pem));
            var names = Vouched();
            var addresses = _addresses();
            if (IsGood(leaf, names, addresses) && IsOurs(leaf))
                return Serve(leaf, names, addresses);
            LogReplaced(_logger, CertificateFile, "it ends soon, or the names and addresses of this machine have changed");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            LogReplaced(_logger, CertificateFile, $"it cannot be read: {e.Message.TrimEnd('.')}");
        }

        return null;
    }

    private Served Issue()
    {
        var (names, addresses) = (Vouched(), _addresses());
        var leaf = _authority.Issue(names, addresses, _time.GetUtcNow());
        PrivateFile.Write(CertificatePath, LocalAuthority.WithKey(leaf));
        return Serve(CertificateBundle.Usable(leaf), names, addresses);
    }

    private IReadOnlyList<string> Vouched() => [.. LanNames.Of(_hostName).Where(_authority.MayVouchFor)];

    private static Served Serve(X509Certificate2 leaf, IReadOnlyList<string> names, IReadOnlyList<IPAddress> addresses) =>
        new(SslStreamCertificateContext.Create(leaf, additionalCertificates: null, offline: true), leaf, names, addresses);

    /// <summary>More names and addresses than there are now do no harm: networks come and go.</summary>
    private bool IsGood(X509Certificate2 leaf, IReadOnlyList<string> names, IReadOnlyList<IPAddress> addresses)
    {
        var now = _time.GetUtcNow();
        var end = CertificateBundle.End(leaf);
        if (now >= end)
            return false;

        // Where the clock is behind, or was ahead, none can begin before the authority.
        var begin = CertificateBundle.Begin(leaf);
        if (now < begin && begin > CertificateBundle.Begin(_authority.Root))
            return false;

        // One that ends with its authority cannot be renewed for longer.
        if (now >= end - RenewBefore && end < CertificateBundle.End(_authority.Root))
            return false;
        var alternatives = leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return alternatives is not null
            && !names.Except(alternatives.EnumerateDnsNames(), StringComparer.Ordinal).Any()
            && !addresses.Except(alternatives.EnumerateIPAddresses()).Any();
    }

    private bool IsOurs(X509Certificate2 leaf)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority.Root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

        // Its dates are judged by themselves: the clock may be wrong.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(leaf);
    }

    [LoggerMessage(672, LogLevel.Information, "A new certificate for the local network, valid until {Until:yyyy-MM-dd}, for {Addresses}.")]
    private static partial void LogRenewed(ILogger logger, DateTimeOffset until, PlainText addresses);

    [LoggerMessage(673, LogLevel.Warning, "The certificate for the local network could not be renewed: {Problem}")]
    private static partial void LogNotRenewed(ILogger logger, PlainText problem);

    [LoggerMessage(
        674,
        LogLevel.Warning,
        "A new root for the local network, because {Reason}. Phones that had installed the old one need this one.")]
    private static partial void LogNewRoot(ILogger logger, PlainText reason);

    [LoggerMessage(675, LogLevel.Information, "{File} is made anew, because {Reason}.")]
    private static partial void LogReplaced(ILogger logger, PlainText file, PlainText reason);

    [LoggerMessage(
        677,
        LogLevel.Warning,
        "The root for the local network is valid only from {Begin:yyyy-MM-dd}. Is this machine's clock right? If it was wrong when the "
        + "root was made, delete {File}; phones then need the new one.")]
    private static partial void LogFuture(ILogger logger, DateTimeOffset begin, PlainText file);

    private sealed record Served(
        SslStreamCertificateContext Context, X509Certificate2 Leaf, IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses);
}
