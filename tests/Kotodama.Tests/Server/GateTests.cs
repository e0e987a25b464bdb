using System.Net;
using System.Net.WebSockets;
using System.Text;
using Kotodama.Protocol;

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
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(hub.Socket, ("Origin", origin)));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
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
            await Assert.ThrowsAsync<WebSocketException>(() => TestSocket.ConnectAsync(hub.Socket, ("Origin", "http://192.168.1.5:8000")));
        Assert.Contains("--allow-origin http://192.168.1.5:8000", Assert.Single(hub.Log.Lines, l => l.Text.StartsWith("Refused", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Equal(3, hub.Hub.Refusals.Total);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    public async Task A_request_that_a_proxy_forwarded_is_not_local(string header)
    {
        await using var hub = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/status");
        request.Headers.TryAddWithoutValidation(header, "127.0.0.1");
        using var response = await hub.Http().SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(ErrorCode.RemoteNotAllowed, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }
}
