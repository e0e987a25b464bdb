using System.Globalization;
using System.Net;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server;
using Kotodama.Server.Gates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kotodama.Tests.Server.Access;

public sealed class ProxyTests
{
    private static readonly string[] Words =
    [
        "127.0.0.1", "::1", "10.0.0.1", "203.0.113.9", "2001:db8::1", "[2001:db8::1]:443", "203.0.113.9:1234", "localhost", "unknown", "_hidden",
        "", " ", ",", "for=1.2.3.4", "1", "0x7f.1", "127.1", "2130706433", "127.0.0.1, 127.0.0.1", "::ffff:127.0.0.1", "fe80::1%eth0", "[", "]", "999.1.1.1",
        "https", "http", "javascript", "example.test", "xn--localhost-0", "a b", "\u0001", new string('9', 400), "é", "evil.example:99999", "user@localhost",
    ];

    [Theory]
    [InlineData("Forwarded")]
    [InlineData("X-Forwarded-Proto")]
    [InlineData("X-Forwarded-Port")]
    [InlineData("X-Forwarded-Server")]
    [InlineData("X-Client-IP")]
    [InlineData("CF-Connecting-IP")]
    [InlineData("True-Client-IP")]
    [InlineData("Fly-Client-IP")]
    [InlineData("CDN-Loop")]
    [InlineData("X-Original-Forwarded-For")]
    [InlineData("x-envoy-external-address")]
    public async Task Whatever_a_proxy_adds_says_that_the_client_is_elsewhere(string header)
    {
        await using var rig = await AccessRig.StartAsync();
        Assert.Equal(ErrorCode.TokenNeeded, (await rig.AskAsync(HttpMethod.Get, "api/status", (header, "127.0.0.1")))?.Code);
        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/status", (header, "127.0.0.1"), ("Authorization", "Bearer " + rig.Token("viewer"))));
        await using var none = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.TryAddWithoutValidation(header, "x");
        using var response = await none.Http().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9")]
    [InlineData("203.0.113.9:4711", "203.0.113.9")]
    [InlineData("[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("10.1.2.3, 10.9.9.9", "10.1.2.3")]
    public void Of_a_trusted_proxy_the_last_address_that_is_none_of_its_own_counts(string header, string client)
    {
        var context = From("::ffff:10.0.0.1", ("X-Forwarded-For", header), ("X-Forwarded-Proto", "http, https"), ("X-Forwarded-Host", "stage.example"));
        Assert.Null(Trusting("10.0.0.0/8").Apply(context, out var isForwarded));
        Assert.True(isForwarded);
        Assert.Equal(IPAddress.Parse(client), context.Connection.RemoteIpAddress);
        Assert.Equal(("https", "stage.example"), (context.Request.Scheme, context.Request.Host.Value));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "unknown")]
    [InlineData("X-Forwarded-For", "203.0.113.9, ")]
    [InlineData("X-Forwarded-For", "127.1")]
    [InlineData("X-Forwarded-For", "2130706433")]
    [InlineData("X-Forwarded-Proto", "gopher")]
    [InlineData("X-Forwarded-Host", "xn--localhost-0")]
    public async Task What_a_trusted_proxy_says_wrongly_is_refused(string header, string value)
    {
        await using var rig = await AccessRig.StartAsync(o => o.TrustedProxies.Add("10.0.0.1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/status");
        request.Headers.TryAddWithoutValidation(TestHub.AddressHeader, "10.0.0.1");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await rig.Hub.Http().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains((int)response.StatusCode, new[] { 400, 403 });
    }

    [Fact]
    public async Task Nobody_who_comes_through_a_proxy_is_of_this_machine()
    {
        await using var rig = await AccessRig.StartAsync(o => o.TrustedProxies.Add("127.0.0.1"));
        Assert.Equal(ErrorCode.TokenNeeded, (await rig.AskAsync(HttpMethod.Get, "api/status", ("X-Forwarded-For", "127.0.0.1")))?.Code);
        Assert.Equal(ErrorCode.TokenNeeded, (await rig.AskAsync(HttpMethod.Get, "api/status"))?.Code);
        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/status", ("X-Forwarded-For", "203.0.113.9"), ("Authorization", "Bearer " + rig.Token("viewer"))));
        Assert.Equal(ErrorCode.HostNotAllowed, (await rig.AskAsync(HttpMethod.Get, "api/status", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", "evil.example")))?.Code);
    }

    /// <summary>The proxy decides who comes in, and ends TLS: its users have the hub's own page.</summary>
    [Theory]
    [InlineData("https://avatar.example", true)]
    [InlineData("http://avatar.example", true)]
    [InlineData("https://avatar.example:8443", false)]
    [InlineData("http://localhost:3000", false)]
    public async Task Behind_a_proxy_that_checks_users_the_page_is_the_hubs_own(string origin, bool isOwn)
    {
        await using var hub = await TestHub.StartAsync(o =>
        {
            o.AllowRemoteClients = true;
            o.AllowedHosts.Add("avatar.example");
            o.AllowedOrigins.Add("https://avatar.example:8443");
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/history") { Headers = { Host = "avatar.example" } };
        request.Headers.Add("Origin", origin);
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        using var response = await hub.Http().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(isOwn ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    /// <summary>Who tries tokens through a proxy is told apart from its other clients, and cannot write another address in front.</summary>
    [Fact]
    public async Task Behind_a_trusted_proxy_wrong_tokens_are_counted_by_client()
    {
        await using var rig = await AccessRig.StartAsync(o => o.TrustedProxies.Add("10.0.0.1"));
        (string, string) proxy = (TestHub.AddressHeader, "10.0.0.1");
        for (var i = 0; i < 6; i++)
            await rig.AskAsync(HttpMethod.Get, "api/status", proxy, ("X-Forwarded-For", $"198.51.100.{i}, 203.0.113.9"), ("Authorization", "Bearer x"));
        var right = ("Authorization", "Bearer " + rig.Token("viewer"));
        Assert.NotNull(await rig.AskAsync(HttpMethod.Get, "api/status", proxy, ("X-Forwarded-For", "203.0.113.9"), right));
        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/status", proxy, ("X-Forwarded-For", "203.0.113.10"), right));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("[::1]", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("fd00::/8", true)]
    [InlineData("10.0.0.1/8", false)]
    [InlineData("0.0.0.0/0", false)]
    [InlineData("::/0", false)]
    [InlineData("localhost", false)]
    [InlineData("*", false)]
    [InlineData("", false)]
    [InlineData("10.0.0.0/33", false)]
    public async Task A_proxy_is_named_by_its_address_and_not_by_all_there_are(string written, bool isFine)
    {
        Assert.Equal(isFine, ProxyAddress.TryRead(written, out _, out _));
        if (!isFine)
            await Assert.ThrowsAsync<OptionsValidationException>(() => TestHub.StartAsync(o => o.TrustedProxies.Add(written)));
    }

    /// <summary>Any headers that say where a request comes from and goes to: an answer with a reason, and never a failure or an entrance.</summary>
    [Fact]
    public async Task Headers_of_any_kind_let_nobody_in_and_break_nothing()
    {
        await using var rig = await AccessRig.StartAsync(o => o.TrustedProxies.Add("10.0.0.1"));
        var random = new Random(14);
        string[] names = ["Host", "Origin", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Authorization", "Cookie", "Sec-Fetch-Site", "Sec-WebSocket-Protocol"];
        for (var i = 0; i < Volume.Of("KOTODAMA_FUZZ", 600); i++)
        {
            var headers = new List<(string, string)> { (TestHub.AddressHeader, random.Next(2) == 0 ? "10.0.0.1" : $"198.18.{random.Next(250)}.{1 + random.Next(250)}") };
            for (var n = random.Next(1, 5); n > 0; n--)
                headers.Add((names[random.Next(names.Length)], Words[random.Next(Words.Length)]));
            using var socket = await RawSocket.OpenAsync(rig.Hub.Url);
            var head = string.Join("\r\n", headers.Select(h => $"{h.Item1}: {h.Item2}"));
            var host = head.Contains("Host:", StringComparison.Ordinal) ? "" : "Host: localhost\r\n";
            await socket.SendAsync(Encoding.Latin1.GetBytes($"GET /api/status HTTP/1.1\r\n{host}{head}\r\nConnection: close\r\n\r\n"));
            var answer = await socket.ReadHeadAsync();
            Assert.True(answer.Length > 12, $"no answer for\n{head}");
            var status = int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
            Assert.True(status is >= 400 and < 500, $"{status} for\n{head}");
        }
    }

    private static Proxies Trusting(params string[] networks) => new([.. networks.Select(n => ProxyAddress.TryRead(n, out var network, out _) ? network : default)]);

    private static DefaultHttpContext From(string address, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        foreach (var (name, value) in headers)
            context.Request.Headers.Append(name, value);
        return context;
    }
}
