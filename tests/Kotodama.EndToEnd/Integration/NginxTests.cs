using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Kotodama.Server.Access;

namespace Kotodama.EndToEnd.Integration;

/// <summary>The recipe of docs/remote.md for nginx, as it stands there, with TLS, between a client and the real program.</summary>
public sealed partial class NginxTests
{
    private const string Name = "avatar.example";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Through_nginx_the_page_needs_no_token_and_everything_else_does()
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-nginx-").FullName;
        try
        {
            await using var hub = await LanHub.StartAsync(false, "--behind-proxy", "127.0.0.1", "--allow-host", Name);
            var token = hub.CreateToken(AccessRole.Talker);
            var (port, certificate) = (Ports.Free(), Certificate(folder));
            using var nginx = await NginxAsync(folder, port, hub.Url);
            using var connections = Handler(port, certificate);
            using var client = new HttpClient(connections, disposeHandler: false);

            var page = await client.GetAsync(new Uri($"https://{Name}/"), Token);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains($"wss://{Name}", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(new Uri($"https://{Name}/api/history"), Token)).StatusCode);

            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{Name}/api/history");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request, Token)).StatusCode);

            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            socket.Options.SetRequestHeader("Origin", $"https://{Name}");
            using var invoker = new HttpMessageInvoker(connections, disposeHandler: false);
            await socket.ConnectAsync(new Uri($"wss://{Name}/ws"), invoker, Token);
            await socket.SendAsync("""{"type":"hello","v":1,"role":"viewer","channels":["default"]}"""u8.ToArray(), WebSocketMessageType.Text, true, Token);
            using var say = new HttpRequestMessage(HttpMethod.Post, $"https://{Name}/api/messages")
            {
                Content = new StringContent("""{"type":"llm_response","content":"through the proxy"}""", Encoding.UTF8, "application/json"),
            };
            say.Headers.Authorization = new AuthenticationHeaderValue("Bearer", hub.CreateToken(AccessRole.Publisher));
            Assert.Equal(HttpStatusCode.Accepted, (await client.SendAsync(say, Token)).StatusCode);
            Assert.Contains("through the proxy", await ReadUntilAsync(socket, "through the proxy"), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> ReadUntilAsync(ClientWebSocket socket, string text)
    {
        var (all, buffer) = (new StringBuilder(), new byte[8192]);
        while (!all.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, Token).InTime("a message through nginx");
            Assert.NotEqual(WebSocketMessageType.Close, read.MessageType);
            all.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
        }

        return all.ToString();
    }

    private static byte[] Certificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate.RawData;
    }

    /// <summary>Reaches nginx by the name, and takes its certificate and no other.</summary>
    private static SocketsHttpHandler Handler(int port, byte[] certificate) => new()
    {
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetRawCertData().AsSpan().SequenceEqual(certificate) },
        ConnectCallback = async (_, cancelled) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancelled);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static async Task<TestProcess> NginxAsync(string folder, int port, Uri hub)
    {
        var document = await File.ReadAllTextAsync(Repository.PathOf("docs", "remote.md"), Token);
        var recipe = Recipe().Match(document).Groups["text"].Value
            .Replace("listen 443 ssl", $"listen 127.0.0.1:{port} ssl", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:8765", $"http://127.0.0.1:{hub.Port}", StringComparison.Ordinal)
            .Replace("/etc/ssl/avatar.example.pem", Path.Combine(folder, "cert.pem"), StringComparison.Ordinal)
            .Replace("/etc/ssl/avatar.example.key", Path.Combine(folder, "key.pem"), StringComparison.Ordinal);
        var places = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(p => $"{p}_temp_path {folder}/{p};\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), $$"""
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log stderr notice;
            events { }
            http {
            access_log off;
            {{places}}
            {{recipe}}
            }
            """, Token);
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        var nginx = TestProcess.Start(new ProcessStartInfo(program, ["-p", folder, "-e", "stderr", "-c", Path.Combine(folder, "nginx.conf")]) { RedirectStandardError = true, UseShellExecute = false });
        while (await nginx.StandardError.ReadLineAsync(Token).AsTask().InTime("nginx to start") is { } line)
        {
            if (line.Contains("start worker process", StringComparison.Ordinal))
                return nginx;
            Assert.DoesNotContain("[emerg]", line, StringComparison.Ordinal);
        }

        throw new InvalidOperationException("nginx ended.");
    }

    [GeneratedRegex("```nginx\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Recipe();
}
