using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Kotodama.EndToEnd.Integration;

/// <summary><c>--lan</c> and <c>--tls-cert</c>, from outside.</summary>
public sealed class LanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_machine_comes_in_with_a_token_only_and_its_role_is_that_of_a_guest()
    {
        await using var hub = await LanHub.StartAsync();
        Assert.SkipWhen(hub.Lan is null, "This machine is in no network.");
        Assert.Contains(hub.Lan!.ToString(), hub.Banner, StringComparison.Ordinal);
        Assert.DoesNotContain("kt_", hub.Banner, StringComparison.Ordinal);
        var (url, address) = await hub.InviteAsync();
        Assert.StartsWith(address + "#token=kt_", url, StringComparison.Ordinal);

        using var stranger = await hub.ClientAsync();
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(new Uri("/", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(await hub.RootAsync(), await stranger.GetByteArrayAsync(new Uri("/lan/root.crt", UriKind.Relative), Token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri("/api/history", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync(new Uri("/api/phone", UriKind.Relative), null, Token)).StatusCode);

        using var phone = await hub.ClientAsync(url.Split("token=")[1]);
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync(new Uri("/api/history", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await phone.PostAsync(new Uri("/api/phone", UriKind.Relative), null, Token)).StatusCode);
        var message = JsonContent.Create(new JsonObject { ["type"] = "llm_response", ["content"] = "not from here" });
        Assert.Equal(HttpStatusCode.Forbidden, (await phone.PostAsync(new Uri("/api/messages", UriKind.Relative), message, Token)).StatusCode);

        // One invitation is one token, however often it is asked for.
        Assert.Equal(url, (await hub.InviteAsync()).Url);
    }

    [Fact]
    public async Task The_doctor_asks_for_the_certificate_of_phones()
    {
        await using var hub = await LanHub.StartAsync();
        Assert.SkipWhen(hub.Lan is null, "This machine is in no network.");
        var good = await Cli.Lan.LanCheck.RunAsync(hub.Lan!, TimeProvider.System, Token);
        Assert.True(good.IsGood, good.Text);
        Assert.Contains($"{TimeProvider.System.GetUtcNow().AddDays(396):yyyy-MM-dd}", good.Text, StringComparison.Ordinal);
        var elsewhere = await Cli.Lan.LanCheck.RunAsync(new UriBuilder(hub.Lan!) { Host = "10.255.255.1" }.Uri, TimeProvider.System, Token);
        Assert.Equal((false, "The certificate for phones is not for 10.255.255.1."), (elsewhere.IsGood, elsewhere.Text));
        var plain = await Cli.Lan.LanCheck.RunAsync(new UriBuilder(hub.Url) { Scheme = "https" }.Uri, TimeProvider.System, Token);
        Assert.False(plain.IsGood);
        Assert.Contains("Nothing speaks TLS", plain.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039, CA5397 // What is refused has to be tried.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CA5397
    public async Task Old_versions_of_TLS_are_refused(SslProtocols version, bool isGood)
    {
        await using var hub = await LanHub.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, hub.Lan!.Port, Token);
        await using var tls = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        var handshake = tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version }, Token);
        if (isGood)
            await handshake;
        else
            await Assert.ThrowsAnyAsync<Exception>(() => handshake);
    }

    [Fact]
    public async Task A_taken_port_is_one_sentence_with_exit_code_3()
    {
        using var stranger = new TcpListener(IPAddress.Any, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;
        var (code, error) = await RefusedAsync("--lan", "--lan-port", $"{port}");
        Assert.Equal(3, code);
        Assert.Contains($"Port {port} of --lan is taken by", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_missing_or_of_no_use_is_named()
    {
        var (code, error) = await RefusedAsync("--lan", "--tls-cert", "/nowhere/cert.pem");
        Assert.Equal(2, code);
        Assert.Contains("Cannot start: --tls-cert: there is no file /nowhere/cert.pem", error, StringComparison.Ordinal);
        (code, error) = await RefusedAsync("--tls-cert", "cert.pem");
        Assert.Equal(2, code);
        Assert.Contains("--tls-cert cert.pem has no use here", error, StringComparison.Ordinal);
        (code, error) = await RefusedAsync("--lan", "--tls-key", "key.pem");
        Assert.Equal(2, code);
        Assert.Contains("name its file with --tls-cert", error, StringComparison.Ordinal);
    }

    /// <summary>One port for all: programs of this machine need no TLS, others get nothing without.</summary>
    [Fact]
    public async Task With_bind_and_a_certificate_other_machines_need_TLS_and_this_one_does_not()
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-tls-").FullName;
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=home.test", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("home.test");
            request.CertificateExtensions.Add(names.Build());
            var now = TimeProvider.System.GetUtcNow();
            using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
            var file = Path.Combine(folder, "home.pem");
            await File.WriteAllTextAsync(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n", Token);
            await using var hub = await LanHub.StartAsync(false, "--bind", "0.0.0.0", "--tls-cert", file, "--insecure", "a test without tokens");

            using var plain = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            Assert.Equal("ok", await plain.GetStringAsync(new Uri(hub.Url, "healthz"), Token));
            await hub.SayAsync("from here");

            using var tls = new HttpClient(new SocketsHttpHandler
            {
                UseProxy = false,
                SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetRawCertData().AsSpan().SequenceEqual(certificate.RawData) },
            });
            tls.DefaultRequestHeaders.Host = "home.test";
            Assert.Equal("ok", await tls.GetStringAsync(new Uri($"https://127.0.0.1:{hub.Url.Port}/healthz"), Token));

            if (Cli.Lan.LanAddresses.Choose(Cli.Lan.LanInterface.Read()) is [var address, ..] && address.AddressFamily == AddressFamily.InterNetwork)
            {
                Assert.Equal("ok", await tls.GetStringAsync(new Uri($"https://{address}:{hub.Url.Port}/healthz"), Token));
                await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetStringAsync(new Uri($"http://{address}:{hub.Url.Port}/healthz"), Token));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Error)> RefusedAsync(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-lan-").FullName;
        try
        {
            using var process = TestProcess.Start(new System.Diagnostics.ProcessStartInfo(
                "dotnet",
                [Repository.Program, .. arguments, "--port", "0", "--page-port", "0", "--open", "never", "--llm", "off", "--data", folder])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            });
            var error = await process.StandardError.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token).InTime("the program to end");
            Assert.Single(error.Trim().Split('\n'));
            return (process.ExitCode, error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
