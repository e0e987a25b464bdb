using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kotodama.Cli;
using Kotodama.Cli.Lan;
using Kotodama.Cli.Security;
using Kotodama.Cli.Tls;
using Kotodama.Server;
using Microsoft.Extensions.Configuration;

namespace Kotodama.Tests.Cli.Security;

/// <summary>Where the hub listens, as <c>kotodama doctor --security</c> grades it.</summary>
public sealed class NetworkCheckTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-security-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Ok", "this machine only", "localhost", false, false, false, null)]
    [InlineData("Note", "does not start", "0.0.0.0", false, true, false, null)]
    [InlineData("Note", "does not start", "192.168.1.5", true, false, false, null)]
    [InlineData("Note", "with a token and TLS", "192.168.1.5", true, true, false, null)]
    [InlineData("Danger", "no token", "0.0.0.0", false, true, false, "the wire is mine")]
    [InlineData("Danger", "without TLS", "0.0.0.0", true, false, false, "the wire is mine")]
    [InlineData("Warning", "without TLS", "192.168.1.5", true, false, true, null)]
    [InlineData("Warning", "Insecure is set", "localhost", true, false, false, "the wire is mine")]
    public void What_the_settings_open_is_graded(string grade, string said, string bind, bool hasToken, bool hasTls, bool hasProxy, string? reason)
    {
        var settings = Read(("Bind", bind), ("Insecure", reason), ("Tls:Cert", hasTls ? "cert.pem" : null));
        var options = new KotodamaServerOptions();
        if (hasProxy)
            options.TrustedProxies.Add("192.168.1.9");
        var finding = Worst(NetworkCheck.Settings(settings, options, hasToken));
        Assert.Equal((grade, true), (finding.Grade.ToString(), finding.Thing.Contains(said, StringComparison.Ordinal)));
    }

    [Fact]
    public void Clients_that_need_no_token_are_a_danger_wherever_the_hub_listens()
    {
        var finding = Worst(NetworkCheck.Settings(Read(), new KotodamaServerOptions { AllowRemoteClients = true }, hasToken: true));
        Assert.Equal((SecurityGrade.Danger, Reach.All), (finding.Grade, finding.Reach));
        Assert.Contains("AllowRemoteClients", finding.Thing, StringComparison.Ordinal);
    }

    [Fact]
    public void Phones_are_told_of() =>
        Assert.Contains(NetworkCheck.Settings(Read(("Lan", "true")), new KotodamaServerOptions(), hasToken: true), f => f is { Grade: SecurityGrade.Note, Reach: Reach.Lan });

    [Theory]
    [InlineData("Ok", "this machine only", "127.0.0.1 ::1", false, false)]
    [InlineData("Danger", "asks no token of what a proxy", "127.0.0.1", true, false)]
    [InlineData("Danger", "asks no token of other machines", "0.0.0.0", true, false)]
    [InlineData("Danger", "without TLS", "0.0.0.0", false, true)]
    [InlineData("Warning", "could not be tried", "::", false, null)]
    [InlineData("Note", "with TLS, and asks for a token", "127.0.0.1 192.168.1.5", false, false)]
    [InlineData("Warning", "cannot be seen", "", false, false)]
    public void What_the_running_hub_opens_is_graded(string grade, string said, string addresses, bool asksNoToken, bool? isReadable)
    {
        IPAddress[] all = [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
        var finding = Worst(NetworkCheck.Running(new RunningHub(new Uri("http://127.0.0.1:8765/"), 4711, all, asksNoToken, isReadable, null)));
        Assert.Equal(grade, finding.Grade.ToString());
        Assert.Contains(said, finding.Thing, StringComparison.Ordinal);
        Assert.Contains("4711", finding.Thing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Note")]
    [InlineData(false, "Warning")]
    public void What_phones_meet_is_told(bool isGood, string grade)
    {
        var hub = new RunningHub(new Uri("http://127.0.0.1:8765/"), 1, [IPAddress.Loopback], false, false, new LanCheck(isGood, "Phones come in.", "Restart."));
        var finding = Assert.Single(NetworkCheck.Running(hub), f => f.Reach == Reach.Lan);
        Assert.Equal((grade, isGood ? null : "Restart."), (finding.Grade.ToString(), finding.Cure));
    }

    [Theory]
    [InlineData("127.0.0.1", "Ok")]
    [InlineData("8.8.8.8", "Ok")]
    [InlineData("[::1]", "Ok")]
    [InlineData("172.17.0.0/24", "Note")]
    [InlineData("fd00::/64", "Note")]
    [InlineData("10.0.0.0/8", "Warning")]
    [InlineData("fc00::/7", "Warning")]
    [InlineData("10.0.0.0/7", "Danger")]
    [InlineData("8.8.8.0/24", "Danger")]
    [InlineData("0.0.0.0/1", "Danger")]
    [InlineData("2000::/3", "Danger")]
    [InlineData("proxy.test", "Warning")]
    [InlineData("10.0.0.0/99", "Warning")]
    [InlineData("", "Warning")]
    public void A_network_of_proxies_is_graded_by_who_is_in_it(string proxy, string grade) =>
        Assert.Equal(grade, Assert.Single(NetworkCheck.Proxies([proxy])).Grade.ToString());

    [Theory]
    [InlineData(100, "Ok", "is valid until")]
    [InlineData(13, "Warning", "ends on")]
    [InlineData(-1, "Warning", "has expired")]
    public void A_certificate_is_graded_by_its_end(int days, string grade, string said)
    {
        var settings = Read(("Tls:Cert", Certificate("own.pem", days)), ("Lan", "true"));
        Directory.CreateDirectory(Path.Combine(_folder, "lan"));
        Certificate(Path.Combine("lan", "certificate.pem"), days);
        var findings = NetworkCheck.Certificates(settings, _folder, Now).ToArray();
        Assert.Equal([grade, grade], findings.Select(f => f.Grade.ToString()));
        Assert.All(findings, f => Assert.Contains(said, f.Thing, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----")]
    [InlineData("\0\u0001\u0002")]
    public void A_certificate_that_is_none_is_a_warning(string text)
    {
        var cert = Path.Combine(_folder, "own.pem");
        File.WriteAllText(cert, text);
        Directory.CreateDirectory(Path.Combine(_folder, "lan"));
        File.WriteAllText(Path.Combine(_folder, "lan", "certificate.pem"), text);
        var findings = NetworkCheck.Certificates(Read(("Tls:Cert", cert), ("Lan", "true")), _folder, Now).ToArray();
        Assert.Equal(2, findings.Length);
        Assert.All(findings, f => Assert.Equal(SecurityGrade.Warning, f.Grade));
    }

    [Fact]
    public void A_certificate_that_is_not_there_is_a_warning() =>
        Assert.Equal(SecurityGrade.Warning, Assert.Single(NetworkCheck.Certificates(Read(("Tls:Cert", Path.Combine(_folder, "none")), ("Lan", "true")), _folder, Now)).Grade);

    private static SecurityFinding Worst(IEnumerable<SecurityFinding> findings) => SecurityReport.Sort(findings)[0];

    private static ServeSettings Read(params (string Key, string? Value)[] settings) => ServeSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Where(s => s.Value is not null).Select(s => KeyValuePair.Create($"Kotodama:{s.Key}", s.Value))).Build());

    private string Certificate(string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=home.test", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-30), Now.AddDays(days));
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, LocalAuthority.WithKey(made));
        return path;
    }
}
