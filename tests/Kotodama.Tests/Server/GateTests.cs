using System.Net;
using System.Net.WebSockets;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Sockets;
using Kotodama.Tests.Simulation;
using Microsoft.Extensions.Options;

namespace Kotodama.Tests.Server;

public sealed class GateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("evil-localhost")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("127.0.0.2")]
    [InlineData("0.0.0.0")]
    [InlineData("192.168.1.5:8765")]
    [InlineData("[::2]")]
    [InlineData("localhost.")]
    [InlineData("2130706433")]
    public async Task A_foreign_host_name_is_refused_everywhere(string host)
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var path in new[] { "", "ws", "api/status", "healthz", "demo/demo.html", "assets/none.js" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var response = await hub.Http().SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains(ErrorCode.HostNotAllowed, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:8765")]
    [InlineData("stage.example")]
    public async Task Our_own_names_are_let_in_on_any_port(string host)
    {
        await using var hub = await TestHub.StartAsync(o => o.AllowedHosts.Add("stage.example"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "healthz");
        request.Headers.Host = host;
        using var response = await hub.Http().SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1:80", true)]
    [InlineData("stage.example", false)]
    public async Task The_page_is_isolated_where_browsers_trust_its_origin(string host, bool isolated)
    {
        await using var hub = await TestHub.StartAsync(o => o.AllowedHosts.Add("stage.example"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Host = host;
        using var response = await hub.Http().SendAsync(request, Token);
        Assert.Equal((HttpStatusCode.OK, isolated), (response.StatusCode, response.Headers.Contains("Cross-Origin-Opener-Policy")));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("https://localhost.evil.example")]
    [InlineData("http://localhost.evil.example:8000")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData("http://localhost@evil.example")]
    [InlineData("http://evil.example#localhost")]
    [InlineData("http://127.0.0.2")]
    [InlineData("http://0.0.0.0:8000")]
    [InlineData("http://192.168.1.5:8000")]
    [InlineData("file://")]
    [InlineData("app://localhost")]
    [InlineData("chrome-extension://localhost")]
    [InlineData("null")]
    [InlineData("localhost")]
    [InlineData("http://localhost/")]
    public async Task A_page_of_a_foreign_origin_reaches_neither_socket_nor_API(string origin)
    {
        await using var hub = await TestHub.StartAsync();
        using var refused = await TestSocket.ConnectAsync(hub.Socket, ("Origin", origin));
        await refused.SendAsync("""{"type":"status","content":"let me in"}""");
        var error = await refused.ReceiveAsync<ErrorMessage>();
        Assert.Equal((ErrorCode.OriginNotAllowed, $"pages of {origin} may not use this hub"), (error.Code, error.Message));
        Assert.Null(await refused.ReceiveTextAsync());
        Assert.Equal((CloseCode.NotAllowed, error.Message), ((int?)refused.CloseCode, refused.CloseReason));
        Assert.Empty(hub.Hub.Connections);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/messages") { Content = new StringContent("""{"type":"status","content":"x"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", origin);
        using var response = await hub.Http().SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(0, hub.Hub.Published);
    }

    [Theory]
    [InlineData("http://localhost:8000")]
    [InlineData("https://localhost")]
    [InlineData("http://127.0.0.1:5173")]
    [InlineData("HTTP://LOCALHOST:3000")]
    [InlineData("http://[::1]:9000")]
    [InlineData("http://192.168.1.5:8000")]
    public async Task Loopback_origins_and_configured_ones_are_let_in(string origin)
    {
        await using var hub = await TestHub.StartAsync(o => o.AllowedOrigins.Add("http://192.168.1.5:8000"));
        using var socket = await TestSocket.ConnectAsync(hub.Socket, ("Origin", origin));
        using var request = new HttpRequestMessage(HttpMethod.Options, "api/messages");
        request.Headers.Add("Origin", origin);
        using var response = await hub.Http().SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(origin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_refusal_says_once_in_the_log_what_would_allow_it()
    {
        await using var hub = await TestHub.StartAsync();
        for (var i = 0; i < 3; i++)
            using (await TestSocket.ConnectAsync(hub.Socket, ("Origin", "http://192.168.1.5:8000")))
            {
            }

        Assert.Contains("--allow-origin http://192.168.1.5:8000", Assert.Single(hub.Log.Lines, l => l.Text.StartsWith("Refused", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Equal(3, hub.Hub.Refusals.Total);
    }

    [Fact]
    public async Task Pages_that_are_turned_away_cost_little_and_of_many_the_rest_get_a_status()
    {
        await using var hub = await TestHub.StartAsync(time: new ManualTime());
        for (var i = 0; i < 20; i++)
            using (await TestSocket.ConnectAsync(hub.Socket, ("Origin", "http://evil.example")))
            {
            }

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(hub.Socket, ("Origin", "http://evil.example")));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.Equal(21, hub.Hub.Refusals.Total);
        using var friend = await TestSocket.ConnectAsync(hub.Socket);
    }

    /// <summary>A client waits for the server to end the connection; the clock of this hub stands, so that no time limit ends it.</summary>
    [Fact]
    public async Task A_page_that_is_turned_away_is_let_go_as_soon_as_it_closes()
    {
        await using var hub = await TestHub.StartAsync(time: new ManualTime());
        using var page = await ForeignPageAsync(hub);
        await page.SendAsync([.. Wire.Text("""{"type":"status","content":"let me in"}"""), .. Wire.Frame(Opcode.Ping, [1, 2])]);
        Assert.Equal(CloseCode.NotAllowed, await page.ReadCloseCodeAsync());
        await page.SendAsync(Wire.Close(1000));
        Assert.Null(await page.ReadFrameAsync());
        Assert.Equal(0, hub.Hub.Published);
    }

    [Theory]
    [InlineData("one long message")]
    [InlineData("many short ones")]
    [InlineData("many empty ones")]
    [InlineData("no WebSocket")]
    public async Task A_page_that_is_turned_away_and_talks_on_is_cut(string what)
    {
        await using var hub = await TestHub.StartAsync(time: new ManualTime());
        using var page = await ForeignPageAsync(hub);
        Assert.Equal(CloseCode.NotAllowed, await page.ReadCloseCodeAsync());
        await page.SendAsync(what switch
        {
            "one long message" => Wire.Text(new string('x', 65_537)),
            "many short ones" => [.. Enumerable.Range(0, 1_000).SelectMany(_ => Wire.Text(new string('x', 60)))],
            "many empty ones" => [.. Enumerable.Range(0, 11_000).SelectMany(_ => Wire.Frame(Opcode.Ping, []))],
            _ => new byte[100],
        });

        // What it said and the hub did not read may turn the end of the connection into a reset.
        var reset = await Record.ExceptionAsync(async () => Assert.Null(await page.ReadFrameAsync()));
        Assert.True(reset is null or IOException, reset?.ToString());
    }

    [Theory]
    [InlineData("file://", "null")]
    [InlineData("file://", "file://")]
    [InlineData("HTTP://MySite.test/", "http://mysite.test")]
    [InlineData("http://mysite.test:80", "http://mysite.test")]
    public async Task An_origin_is_let_in_however_the_setting_writes_it(string written, string sent)
    {
        await using var hub = await TestHub.StartAsync(o => o.AllowedOrigins.Add(written));
        using var socket = await TestSocket.ConnectAsync(hub.Socket, ("Origin", sent));
        await socket.SendAsync(new HelloMessage { Role = PeerRole.Viewer });
        await socket.WelcomeAsync();
    }

    [Theory]
    [InlineData("*", "no wildcards")]
    [InlineData("mysite.test", "http://mysite.test")]
    public async Task An_origin_that_no_browser_sends_stops_the_start(string written, string said)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHub.StartAsync(o => o.AllowedOrigins.Add(written)));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file://", "--allow-origin file://")]
    [InlineData("null", "--allow-origin null")]
    [InlineData("http://mysite.test", "--allow-origin http://mysite.test")]
    [InlineData("http://localhost/", "No browser sends such an Origin")]
    [InlineData("localhost", "No browser sends such an Origin")]
    public async Task The_hint_names_an_option_only_when_it_would_help(string origin, string hint)
    {
        await using var hub = await TestHub.StartAsync();
        using var refused = await TestSocket.ConnectAsync(hub.Socket, ("Origin", origin));
        Assert.Contains(hint, (await refused.ReceiveAsync<ErrorMessage>()).Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo/demo.html", "")]
    [InlineData("nothing", "")]
    [InlineData("api/status", "")]
    [InlineData("api/messages", "")]
    [InlineData("assets/none.js", "")]
    [InlineData("socket", "/avatar")]
    public async Task A_WebSocket_on_a_wrong_address_is_told_the_right_one(string path, string prefix)
    {
        await using var hub = await TestHub.StartAsync(prefix: prefix);
        using var request = Upgrade($"{prefix.TrimStart('/')}/{path}".TrimStart('/'));
        using var response = await hub.Http().SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var root = $"ws://{hub.Url.Authority}{prefix}";
        Assert.Contains($"Connect to {root}/ or {root}/ws", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1", false)]
    [InlineData("128.0.0.1", false)]
    [InlineData("::ffff:192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::2", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:127.9.9.9", true)]
    public async Task Only_loopback_is_this_machine_however_the_system_writes_it(string address, bool isLocal)
    {
        await using var hub = await TestHub.StartAsync();
        Assert.Equal(isLocal ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await StatusAsync(hub, (TestHub.AddressHeader, address)));
        await using var open = await TestHub.StartAsync(o => o.AllowRemoteClients = true);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(open, (TestHub.AddressHeader, address), ("X-Forwarded-For", "192.0.2.1")));
    }

    [Fact]
    public async Task One_address_of_another_machine_holds_only_so_many_connections()
    {
        await using var hub = await TestHub.StartAsync(o => (o.AllowRemoteClients, o.MaxConnectionsPerAddress, o.MaxConnections) = (true, 2, 5));
        using var first = await FromAsync("192.0.2.1");
        using var second = await FromAsync("::ffff:192.0.2.1");
        await Assert.ThrowsAsync<WebSocketException>(() => FromAsync("192.0.2.1"));
        await Assert.ThrowsAsync<WebSocketException>(() => FromAsync("::ffff:192.0.2.1"));
        var refusal = hub.Hub.Refusals.Newest()[^1];
        Assert.Equal(ErrorCode.TooManyConnections, refusal.Code);
        Assert.Contains("Kotodama:MaxConnectionsPerAddress", refusal.Hint, StringComparison.Ordinal);
        using var other = await FromAsync("192.0.2.2");
        await first.CloseAsync();
        Assert.Null(await first.ReceiveTextAsync());
        await Limits.UntilAsync(() => hub.Hub.Connections.Count() == 2, "the first connection to end");
        using var again = await FromAsync("192.0.2.1");

        Task<TestSocket> FromAsync(string address) => TestSocket.ConnectAsync(hub.Socket, (TestHub.AddressHeader, address));
    }

    [Fact]
    public async Task This_machine_is_limited_by_the_total_only_and_is_told_when_to_try_again()
    {
        await using var hub = await TestHub.StartAsync(o => (o.MaxConnectionsPerAddress, o.MaxConnections) = (1, 2));
        using var first = await TestSocket.ConnectAsync(hub.Socket);
        using var second = await TestSocket.ConnectAsync(hub.Socket, (TestHub.AddressHeader, "::1"));
        using var request = Upgrade("ws");
        using var response = await hub.Http().SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains("Kotodama:MaxConnections.", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    public async Task A_request_that_a_proxy_forwarded_is_not_local(string header)
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var address in new[] { "127.0.0.1", "::1" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(hub, (header, "127.0.0.1"), (TestHub.AddressHeader, address)));
            Assert.Equal(ErrorCode.RemoteNotAllowed, hub.Hub.Refusals.Newest()[^1].Code);
        }
    }

    private static Task<RawSocket> ForeignPageAsync(TestHub hub) => RawSocket.ConnectAsync(hub.Url, origin: "http://evil.example");

    private static HttpRequestMessage Upgrade(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in new[] { ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==") })
            request.Headers.Add(name, value);
        return request;
    }

    private static async Task<HttpStatusCode> StatusAsync(TestHub hub, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/status");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await hub.Http().SendAsync(request, Token);
        return response.StatusCode;
    }
}
