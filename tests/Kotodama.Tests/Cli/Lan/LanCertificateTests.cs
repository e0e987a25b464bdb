using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kotodama.Cli.Lan;
using Kotodama.Cli.Tls;

namespace Kotodama.Tests.Cli.Lan;

/// <summary>The certificate that the hub makes, and the authority that vouches for it.</summary>
public sealed class LanCertificateTests : IDisposable
{
    private static readonly IPAddress Home = IPAddress.Parse("192.168.1.5"), Other = IPAddress.Parse("10.0.0.7");

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-lan-").FullName;
    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();
    private IReadOnlyList<IPAddress> _addresses = [Home, IPAddress.Parse("fd00::2")];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_phone_that_knows_the_root_trusts_the_machine_by_all_its_names_and_addresses()
    {
        using var certificates = Open("Studio-PC.example.org");
        var leaf = Leaf(certificates);
        Assert.True(Verifies(leaf, certificates.Root!));
        Assert.Equal(["studio-pc", "studio-pc.local", "localhost"], certificates.Names);
        foreach (var name in new[] { "studio-pc", "studio-pc.local", "localhost", "192.168.1.5", "fd00::2" })
            Assert.True(leaf.MatchesHostname(name), name);
        Assert.False(leaf.MatchesHostname("studio-pc.example.org"));
        Assert.InRange(leaf.NotAfter - leaf.NotBefore, TimeSpan.FromDays(300), TimeSpan.FromDays(398));
        var root = X509CertificateLoader.LoadCertificate(certificates.Root!);
        Assert.Equal("O=Kotodama, CN=Kotodama at studio-pc", root.Subject);
        var basic = root.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.Equal((true, true, 0), (basic.CertificateAuthority, basic.HasPathLengthConstraint, basic.PathLengthConstraint));
        Assert.InRange(root.NotAfter - root.NotBefore, TimeSpan.FromDays(3650), TimeSpan.FromDays(3655));
    }

    [Theory]
    [InlineData("www.example.org", null)]
    [InlineData("localhost.example.org", null)]
    [InlineData(null, "8.8.8.8")]
    [InlineData(null, "2001:4860:4860::8888")]
    public void Who_steals_the_authority_cannot_pass_for_a_site_of_the_internet(string? name, string? address)
    {
        using var authority = LocalAuthority.Create("studio", _time.GetUtcNow());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=thief", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        if (name is not null)
            alternatives.AddDnsName(name);
        if (address is not null)
            alternatives.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(alternatives.Build());
        var now = _time.GetUtcNow();
        using var stolen = request.Create(authority.Root, now, now.AddDays(30), [1]);
        Assert.False(Verifies(stolen, authority.Root.RawData));

        // Asked properly, the authority leaves out what it may not say.
        using var issued = authority.Issue(name is null ? [] : [name], address is null ? [] : [IPAddress.Parse(address)], now);
        Assert.False(issued.MatchesHostname(name ?? address!));
    }

    [Fact]
    public void What_was_made_once_is_kept_and_only_its_owner_can_read_it()
    {
        byte[] root, leaf;
        using (var first = Open())
            (root, leaf) = (first.Root!, Leaf(first).RawData);
        using var second = Open();
        Assert.Equal(root, second.Root);
        Assert.Equal(leaf, Leaf(second).RawData);
        Assert.Empty(_log.Lines);
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(OwnFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder, "lan")));
        foreach (var file in Directory.GetFiles(Path.Combine(_folder, "lan")))
            Assert.Equal(OwnFile, File.GetUnixFileMode(file));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_key_that_others_could_read_is_closed_again()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no modes of files.");
        Open().Dispose();
        File.SetUnixFileMode(FileOf("authority.pem"), (UnixFileMode)0b110_100_100);
        Open().Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FileOf("authority.pem")));
    }

    [Fact]
    public void It_is_renewed_while_the_hub_runs_thirty_days_before_its_end()
    {
        using var certificates = Open();
        var (root, first) = (certificates.Root, Leaf(certificates));
        _time.Jump(TimeSpan.FromDays(365));
        Assert.Equal(first.RawData, Leaf(certificates).RawData);
        _time.Jump(TimeSpan.FromDays(2));
        Assert.NotEqual(first.RawData, Leaf(certificates).RawData);
        Assert.Equal(root, certificates.Root);
        Assert.True(Verifies(Leaf(certificates), root!));
        Assert.True(certificates.NotAfter > _time.GetUtcNow().AddDays(390));
        Assert.Contains(_log.Lines, line => line.Text.Contains("A new certificate", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_address_gets_into_it_while_the_hub_runs_and_one_that_goes_changes_nothing()
    {
        using var certificates = Open();
        var first = Leaf(certificates);
        _addresses = [Home];
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first.RawData, Leaf(certificates).RawData);
        _addresses = [Other];
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Leaf(certificates).MatchesHostname("10.0.0.7"));
        Assert.Equal([Other], certificates.Addresses);
    }

    /// <summary>Small machines have no battery for their clock: it is behind until the network tells the time.</summary>
    [Fact]
    public void A_clock_that_is_behind_costs_no_phone_its_root()
    {
        _time.Jump(TimeSpan.FromDays(900));
        byte[] root;
        using (var first = Open())
            root = first.Root!;
        var behind = new ManualTime();
        using var certificates = new LanCertificates(_folder, "studio", () => _addresses, behind, _log);
        Assert.Equal(root, certificates.Root);
        var leaf = Leaf(certificates);
        Assert.True(Verifies(leaf, root));
        Assert.Contains(_log.Lines, line => line.Text.Contains("Is this machine's clock right?", StringComparison.Ordinal));
        _addresses = [Other];
        behind.Advance(TimeSpan.FromMinutes(1));
        var renewed = Leaf(certificates);
        Assert.NotEqual(leaf.RawData, renewed.RawData);
        Assert.True(Verifies(renewed, root));
        behind.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(renewed.RawData, Leaf(certificates).RawData);
    }

    [Fact]
    public void The_last_certificate_of_an_authority_ends_with_it_and_is_not_made_again_and_again()
    {
        using var certificates = Open();
        _time.Jump(TimeSpan.FromDays(3_640));
        var last = Leaf(certificates);
        Assert.Equal(X509CertificateLoader.LoadCertificate(certificates.Root!).NotAfter, last.NotAfter);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(last.RawData, Leaf(certificates).RawData);
    }

    [Fact]
    public void An_authority_that_ends_soon_is_replaced_at_the_start_and_told()
    {
        byte[] root;
        using (var first = Open())
            root = first.Root!;
        _time.Jump(TimeSpan.FromDays(3_640));
        using var second = Open();
        Assert.NotEqual(root, second.Root);
        Assert.True(Verifies(Leaf(second), second.Root!));
        Assert.Contains(_log.Lines, line => line.Text.Contains("Phones that had installed the old one need this one", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void A_damaged_authority_is_kept_aside_and_made_anew_and_told(string damage)
    {
        byte[] root;
        using (var first = Open())
            root = first.Root!;
        File.WriteAllText(FileOf("authority.pem"), damage);
        using var second = Open();
        Assert.NotEqual(root, second.Root);
        Assert.Equal(damage, File.ReadAllText(FileOf("authority.pem.damaged")));
        Assert.True(Verifies(Leaf(second), second.Root!));
        Assert.Contains(_log.Lines, line => line.Text.Contains("authority.pem is damaged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void A_damaged_certificate_is_made_anew_under_the_same_root(string damage)
    {
        byte[] root;
        using (var first = Open())
            root = first.Root!;
        File.WriteAllText(FileOf("certificate.pem"), damage);
        using var second = Open();
        Assert.Equal(root, second.Root);
        Assert.True(Verifies(Leaf(second), root));
    }

    [Fact]
    public void A_certificate_of_another_authority_is_not_used()
    {
        using (Open()) { }
        using var stranger = LocalAuthority.Create("studio", _time.GetUtcNow());
        using var leaf = stranger.Issue(["studio", "studio.local", "localhost"], _addresses, _time.GetUtcNow());
        File.WriteAllText(FileOf("certificate.pem"), LocalAuthority.WithKey(leaf));
        using var certificates = Open();
        Assert.NotEqual(leaf.RawData, Leaf(certificates).RawData);
        Assert.True(Verifies(Leaf(certificates), certificates.Root!));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "lan"), "in the way");
        var refused = Assert.Throws<CertificateException>(() => Open());
        Assert.Contains(Path.Combine(_folder, "lan"), refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Hint);
    }

    [Fact]
    public void A_machine_that_was_renamed_keeps_its_root_and_its_new_name_ends_with_local()
    {
        byte[] root;
        using (var first = Open("old-name"))
            root = first.Root!;
        using var second = Open("new-name");
        Assert.Equal(root, second.Root);
        Assert.Equal(["new-name.local", "localhost"], second.Names);
        Assert.True(Verifies(Leaf(second), root));
    }

    /// <summary>Host names of systems are anything that a user once typed.</summary>
    [Fact]
    public void Any_host_name_makes_a_certificate_that_verifies()
    {
        string[] names =
        [
            "", " ", ".", "..", "-", "--", "a", "A", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "a\tb", "a\0b", "a\nb", "localhost", "LOCALHOST",
            "local", "my.local", "münchen", "пк", "電腦", "コンピュータ。ローカル", "xn--mnchen-3ya", "xn--", "xn--localhost-0", "xn--a", "😀",
            "a\u200Bb", "\u202Eevil", "ﬁ", "ß", "İ", "127.0.0.1", "1", "12345", "::1", "fe80::1%eth0", "*.example.org", "*", "a*b", "a,b", "CN=a",
            "a,O=b", "\"a\"", "a+b", "a/b", "a\\b", "a;b", "a<b>", "a#b", "#a", "a=b", "a@b", "a:1", "a'b", "%00", "\uD800", "\uDC00a", "a\uFFFE",
            new string('a', 63), new string('a', 64), new string('a', 1_000), new string('ü', 60), new string('電', 63), string.Join('.', Enumerable.Repeat("a", 200)),
        ];
        var chance = new Random(20_260_101);
        var odd = Enumerable.Range(0, 400).Select(_ => string.Concat(Enumerable.Range(0, chance.Next(1, 80)).Select(_ => (char)chance.Next(1, chance.Next(2) == 0 ? 0x100 : 0xFFFF))));
        foreach (var name in names.Concat(odd))
        {
            Assert.All(LanNames.Of(name), made => Assert.Matches("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.local)?$", made));
            Assert.Contains("localhost", LanNames.Of(name));
        }

        foreach (var name in names.Concat(odd.Take(40)))
        {
            using var authority = LocalAuthority.Create(name, _time.GetUtcNow());
            using var leaf = authority.Issue(LanNames.Of(name), [Home, IPAddress.Parse("fd00::1"), IPAddress.Parse("fe80::1%3"), IPAddress.Parse("8.8.8.8")], _time.GetUtcNow());
            Assert.True(Verifies(leaf, authority.Root.RawData), name);
            Assert.True(leaf.MatchesHostname("192.168.1.5"), name);
            Assert.False(leaf.MatchesHostname("8.8.8.8"), name);
        }
    }

    private LanCertificates Open(string hostName = "studio") => new(_folder, hostName, () => _addresses, _time, _log);

    private string FileOf(string name) => Path.Combine(_folder, "lan", name);

    private static X509Certificate2 Leaf(LanCertificates certificates) => certificates.Current.TargetCertificate;

    private bool Verifies(X509Certificate2 leaf, byte[] root)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(leaf);
    }
}
