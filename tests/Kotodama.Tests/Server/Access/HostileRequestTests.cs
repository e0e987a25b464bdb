using System.Globalization;
using System.Text;

namespace Kotodama.Tests.Server.Access;

/// <summary>Requests that were made up to get in: each is answered with a refusal, and none breaks anything.</summary>
public sealed class HostileRequestTests
{
    /// <summary>What is sent in the place of the host's name.</summary>
    private static readonly string[] Hosts =
    [
        "evil.example", "xn--localhost-0", "xn--", "xn--a", "xn--\u007f", "localhost.evil.example", "evil.example:8765", "localhost.", "LOCALHOST.", "127.0.0.1.nip.io",
        "0", "0.0.0.0", "127.1", "0177.0.0.1", "2130706433", "0x7f000001", "127.0.0.2", "[::]", "[::ffff:127.0.0.1]", "[::1%lo]", "[fe80::1]", "::1", "localhost:x", "localhost@evil.example",
        "user:pw@localhost", "localhost/..", "localhost#", "localhost?", "localhost\\evil", "loca lhost", "localhost,evil.example", "*", "*.localhost", "app.localhost", "\t", "\"localhost\"",
        "l\u00f6calhost", "\u24db\u24de\u24d2\u24d0lhost", "169.254.169.254", "metadata.google.internal", "host.docker.internal", "kubernetes.default", "localhost.localdomain", "ip6-localhost",
    ];

    /// <summary>What is sent as the origin of a page.</summary>
    private static readonly string[] Origins =
    [
        "https://evil.example", "http://localhost.evil.example", "http://evil.example/localhost", "http://evil.example?localhost", "http://evil.example#localhost", "http://localhost@evil.example",
        "http://localhost:80@evil.example", "http://evil-localhost", "http://localhost.", "http://127.0.0.1.evil.example", "http://127.0.0.2", "http://127.1", "http://2130706433", "http://0.0.0.0",
        "http://[::]", "http://[::ffff:127.0.0.1]", "http://[::1%25lo]", "null", "NULL", "undefined", "file://", "file:///etc/passwd", "data:text/html,x", "javascript:alert(1)", "blob:http://localhost/x",
        "about:blank", "app://localhost", "chrome-extension://localhost", "moz-extension://localhost", "ws://localhost", "ftp://localhost", "http:localhost", "http:/localhost", "//localhost", "localhost",
        "http://localhost/", "http://localhost/path", "http://localhost\\@evil.example", "http://localhost http://evil.example", "http://localhost, http://evil.example", "https://mysite.test.evil.example",
        "https://mysite.test:8443", "http://mysite.test", "https://mysite.test/", "https://user@mysite.test", "https://mysite.test.", "https://mysite.tes", "https://xmysite.test", "*", "http://*", " http://evil.example",
        "http://\u24db\u24de\u24d2\u24d0lhost", "http://xn--localhost-0", "http://localhost:99999", "http://localhost:-1", "http://localhost:0x50", "http://local\u0068ost.evil.example", "h", "://", "\u0001",
    ];

    /// <summary>What is sent where a token belongs, by a client of another machine.</summary>
    private static readonly string[] Proofs =
    [
        "Authorization: Bearer", "Authorization: Bearer ", "Authorization: Bearer null", "Authorization: Bearer undefined", "Authorization: Bearer kt_", "Authorization: Bearer kt_abcdefgh_", "Authorization: Bearer *",
        "Authorization: Bearer ' OR 1=1 --", "Authorization: Bearer admin", "Authorization: Basic YWRtaW46YWRtaW4=", "Authorization: Digest username=admin", "Authorization: Negotiate x", "Authorization: Token x",
        "Authorization: bearer\tx", "Authorization: Bearer x\r\nAuthorization: Bearer y", "Authorization: Bearer x, Bearer y", "X-Api-Key: admin", "X-Auth-Token: admin", "X-User: admin", "X-Forwarded-User: admin",
        "Remote-User: admin", "X-Remote-User: admin", "Cookie: kotodama=admin", "Cookie: kotodama_80=admin", "Cookie: kotodama_8765=; kotodama_8765=x", "Cookie: session=admin; role=admin", "Proxy-Authorization: Bearer x",
        "Sec-WebSocket-Protocol: bearer.", "Sec-WebSocket-Protocol: kotodama.v1, bearer.x", "Sec-WebSocket-Protocol: admin", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: ::1", "X-Real-IP: 127.0.0.1",
        "X-Original-URL: /healthz", "X-Rewrite-URL: /healthz", "X-HTTP-Method-Override: OPTIONS", "X-Forwarded-Host: localhost", "X-Forwarded-Proto: https", "Forwarded: for=127.0.0.1;host=localhost", "Via: 1.1 localhost",
        "Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate", "Origin: http://localhost", "Referer: http://localhost/", "Access-Control-Request-Method: GET",
    ];

    /// <summary>Addresses that say, reveal or change something.</summary>
    private static readonly string[] Targets =
    [
        "/api/history", "/api/status", "/metrics", "/api/models", "/ws", "//api/history", "/./api/history", "/x/../api/history", "/%61pi/history", "/api/%68istory", "/API/HISTORY", "/api/history/", "/api/history;x",
        "/api/history%2f", "/api/history?", "/api/history#/healthz", "/healthz/../api/history", "/assets/..%2fapi/history", "/demo/../api/history", "/embed.js/../api/history", "/embed/../api/history", "/embed/..%2f..%2fapi/history",
        "http://localhost/api/history", "/models/..%2f..%2ftokens.json/x", "/models/x/..%2f..%2f..%2ftokens.json", "/tokens.json", "/assets/tokens.json", "/demo/..%2ftokens.json", "/api/messages/x", "/api/models/x",
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];

    [Fact]
    public async Task More_than_three_hundred_requests_get_nothing()
    {
        await using var rig = await AccessRig.StartAsync();
        await rig.Hub.Stage.SendLlmResponseAsync("the secret of the house", cancellationToken: TestContext.Current.CancellationToken);
        var requests = new List<string>();
        foreach (var host in Hosts)
            requests.AddRange(new[] { "/api/history", "/" }.Select(path => $"GET {path} HTTP/1.1\r\nHost: {host}\r\n"));
        foreach (var origin in Origins)
            requests.AddRange(new[] { "GET /api/history", "POST /api/messages" }.Select(line => $"{line} HTTP/1.1\r\nHost: localhost\r\nOrigin: {origin}\r\n"));
        foreach (var proof in Proofs)
            requests.Add($"GET /api/history HTTP/1.1\r\nHost: localhost\r\n{TestHub.AddressHeader}: 198.18.1.{requests.Count % 250}\r\n{proof}\r\n");
        foreach (var target in Targets)
            requests.Add($"GET {target} HTTP/1.1\r\nHost: localhost\r\n{TestHub.AddressHeader}: 198.18.2.1\r\n");
        foreach (var method in Methods)
            requests.AddRange(Targets[..4].Select(target => $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"));
        Assert.True(requests.Count > 300, $"Only {requests.Count} requests were tried.");
        foreach (var request in requests)
        {
            using var socket = await RawSocket.OpenAsync(rig.Hub.Url);
            await socket.SendAsync(Encoding.Latin1.GetBytes($"{request}Content-Length: 0\r\nConnection: close\r\n\r\n"));
            var answer = await socket.ReadAllAsync();
            Assert.True(answer.Length > 12, $"No answer for\n{request}");
            var status = int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);

            // A path that is none of ours may be the page, or nothing; neither says anything.
            Assert.True(status is 200 or (>= 301 and < 500), $"{status} for\n{request}");
            Assert.DoesNotContain("secret of the house", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("\"hash\"", answer, StringComparison.Ordinal);
            Assert.False(status == 200 && !answer.Contains("text/html", StringComparison.Ordinal) && !request.StartsWith("HEAD", StringComparison.Ordinal), $"{answer}\nfor\n{request}");
            if (request.Contains("Origin: ", StringComparison.Ordinal))
                Assert.DoesNotContain("Access-Control-Allow-Origin", answer, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(1, rig.Hub.Hub.Published);
    }
}
