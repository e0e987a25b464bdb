using System.Net;
using System.Net.WebSockets;
using System.Text;
using Kotodama.Client;
using Kotodama.Protocol;
using Kotodama.Server.Access;

namespace Kotodama.Tests.Server.Access;

/// <summary>Tokens as clients show them, and what becomes of those that are wrong or end.</summary>
public sealed class TokenAccessTests
{
    private const string Elsewhere = "192.0.2.7";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoking_ends_connections_and_requests_that_wait_within_a_second()
    {
        await using var rig = await AccessRig.StartAsync();
        using var page = await TestSocket.ConnectAsync(rig.Hub.Socket, rig.Headers("talker"));
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });
        await page.WelcomeAsync();
        using var other = await TestSocket.ConnectAsync(rig.Hub.Socket, rig.Headers("viewer"));
        await other.SendAsync(new HelloMessage { Role = PeerRole.Viewer });
        await other.WelcomeAsync();
        using var request = Publish("hello", "?wait=displayed&timeout=60000");
        Add(request, rig.Headers("publisher"));
        var waiting = rig.Hub.Http().SendAsync(request, Cancelled);
        Assert.Equal("hello", (await page.ReceiveAsync<LlmResponseMessage>()).Content);

        var start = TimeProvider.System.GetTimestamp();
        rig.Tokens.Revoke(rig.Token("talker")[3..11]);
        rig.Tokens.Revoke(rig.Token("publisher")[3..11]);
        Assert.Null(await page.ReceiveTextAsync());
        Assert.Equal((CloseCode.BadToken, "the token was revoked or has expired"), ((int?)page.CloseCode, page.CloseReason));
        await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal("hello", (await other.ReceiveAsync<LlmResponseMessage>()).Content);
    }

    [Fact]
    public async Task Removing_an_origin_ends_its_pages()
    {
        await using var rig = await AccessRig.StartAsync();
        using var page = await TestSocket.ConnectAsync(rig.Hub.Socket, ("Origin", AccessRig.AllowedOrigin));
        await page.SendAsync(new HelloMessage { Role = PeerRole.Viewer });
        await page.WelcomeAsync();
        rig.Origins.Remove(AccessRig.AllowedOrigin);
        Assert.Null(await page.ReceiveTextAsync());
        Assert.Equal(CloseCode.NotAllowed, (int?)page.CloseCode);
        Assert.Equal(ErrorCode.OriginNotAllowed, (await rig.AskAsync(HttpMethod.Get, "api/status", ("Origin", AccessRig.AllowedOrigin)))?.Code);
        rig.Origins.Allow(AccessRig.AllowedOrigin);
        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/status", ("Origin", AccessRig.AllowedOrigin)));
    }

    [Fact]
    public async Task A_browser_shows_its_token_as_a_subprotocol_and_never_gets_it_back()
    {
        await using var rig = await AccessRig.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("kotodama.v1");
        socket.Options.AddSubProtocol($"bearer.{rig.Token("viewer")}");
        socket.Options.SetRequestHeader(TestHub.AddressHeader, Elsewhere);
        await socket.ConnectAsync(rig.Hub.Socket, Cancelled);
        Assert.Equal("kotodama.v1", socket.SubProtocol);
    }

    /// <summary>A client guesses: of ten thousand only the first few are even looked at, and a right one waits like the others.</summary>
    [Fact]
    public async Task Ten_thousand_wrong_tokens_get_five_looks_and_then_a_minute_of_nothing()
    {
        await using var rig = await AccessRig.StartAsync();
        var http = rig.Hub.Http();
        var statuses = new Dictionary<HttpStatusCode, int>();
        foreach (var batch in Enumerable.Range(0, 10_000).Chunk(50))
        {
            foreach (var status in await Task.WhenAll(batch.Select(i => StatusAsync(http, $"kt_abcdefgh_{i:D43}", Forms(i)))))
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }

        Assert.Equal(FailedTokens.Most, statuses[HttpStatusCode.Unauthorized]);
        Assert.Equal(10_000 - FailedTokens.Most, statuses[HttpStatusCode.TooManyRequests]);
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(http, rig.Token("admin"), Elsewhere));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, rig.Token("admin"), "192.0.2.8"));

        // This machine is blocked by itself, too, and only what shows a token.
        for (var i = 0; i < FailedTokens.Most; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, "x", "127.0.0.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(http, rig.Token("admin"), "127.0.0.1"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, null, "127.0.0.1"));

        // One client is one address, whichever way it is written.
        static string Forms(int i) => i % 2 == 0 ? Elsewhere : $"::ffff:{Elsewhere}";
    }

    [Fact]
    public void Of_an_address_of_IPv6_the_network_counts_and_the_table_has_a_bound()
    {
        var time = new ManualTime();
        var failures = new FailedTokens(time);
        for (var i = 0; i < FailedTokens.Most; i++)
            failures.Add(IPAddress.Parse($"2001:db8:1:2::{i + 1}"));
        Assert.True(failures.Wait(IPAddress.Parse("2001:db8:1:2:ffff::9")) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, failures.Wait(IPAddress.Parse("2001:db8:1:3::1")));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.Zero, failures.Wait(IPAddress.Parse("2001:db8:1:2::1")));
        Assert.False(failures.Add(IPAddress.Parse("2001:db8:1:2::1")));

        // More addresses than are told apart: the rest share one count, and are blocked together rather than not at all.
        for (var i = 0; i < 3 * FailedTokens.MostAddresses; i++)
            failures.Add(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]));
        Assert.True(failures.Wait(IPAddress.Parse("203.0.113.1")) > TimeSpan.Zero);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.Zero, failures.Wait(IPAddress.Parse("203.0.113.1")));
    }

    [Fact]
    public async Task The_page_exchanges_its_token_for_a_cookie_that_counts_for_itself_only()
    {
        await using var rig = await AccessRig.StartAsync();
        var own = $"http://{rig.Hub.Url.Authority}";
        using var exchange = new HttpRequestMessage(HttpMethod.Post, "api/session");
        Add(exchange, [(TestHub.AddressHeader, Elsewhere), ("Origin", own), ("Authorization", $"Bearer {rig.Token("talker")}")]);
        using var answer = await rig.Hub.Http().SendAsync(exchange, Cancelled);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var set = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith($"kotodama_{rig.Hub.Url.Port}={rig.Token("talker")};", set, StringComparison.Ordinal);
        foreach (var part in new[] { "httponly", "samesite=strict", "path=/" })
            Assert.Contains(part, set, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", set, StringComparison.OrdinalIgnoreCase);

        var cookie = ("Cookie", set[..set.IndexOf(';', StringComparison.Ordinal)]);
        var address = (TestHub.AddressHeader, Elsewhere);
        using (var socket = await TestSocket.ConnectAsync(rig.Hub.Socket, cookie, address, ("Origin", own)))
        {
            await socket.SendAsync(new HelloMessage { Role = PeerRole.Viewer });
            await socket.WelcomeAsync();
        }

        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/history", cookie, address, ("Sec-Fetch-Site", "same-origin")));
        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/history", cookie, address, ("Sec-Fetch-Site", "none")));
        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/history", cookie, address));
        (string, string)[] others = [("Origin", "http://localhost:3000"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "cross-site"), ("Origin", AccessRig.AllowedOrigin)];
        foreach (var other in others)
            Assert.NotNull(await rig.AskAsync(HttpMethod.Get, "api/history", cookie, address, other));
        Assert.NotNull(await rig.AskAsync(HttpMethod.Post, "api/messages", cookie, address));

        // Only what it is for: a talker does not publish, and a cookie that counts no more is taken back.
        Assert.Equal(ErrorCode.NotAllowed, (await rig.AskAsync(HttpMethod.Post, "api/messages", cookie, address, ("Origin", own)))?.Code);
        rig.Tokens.Revoke(rig.Token("talker")[3..11]);
        using var late = new HttpRequestMessage(HttpMethod.Get, "api/history");
        Add(late, [cookie, address, ("Origin", own)]);
        using var refused = await rig.Hub.Http().SendAsync(late, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", Assert.Single(refused.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Contains("Bearer", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?token=TOKEN")]
    [InlineData("?access_token=x")]
    [InlineData("?channel=left&TOKEN=abc")]
    [InlineData("?anything=TOKEN")]
    public async Task A_token_in_an_address_is_refused_with_the_reason_also_when_it_is_right(string query)
    {
        await using var rig = await AccessRig.StartAsync();
        query = query.Replace("TOKEN", query.Contains("=TOKEN", StringComparison.Ordinal) ? rig.Token("admin") : "TOKEN", StringComparison.Ordinal);
        foreach (var path in new[] { "", "api/status", "ws" })
            Assert.Contains("address", (await rig.AskAsync(HttpMethod.Get, path + query))?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Hub.Log.Lines, line => line.Text.Contains(rig.Token("admin")[12..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_of_channels_counts_on_these_only()
    {
        await using var rig = await AccessRig.StartAsync();
        var token = rig.Tokens.Create(AccessRole.Admin, null, ["left", "right"], null);
        (string, string)[] headers = [(TestHub.AddressHeader, Elsewhere), ("Authorization", $"Bearer {token}")];
        await rig.Hub.Stage.SendStatusAsync("secret", "other", Cancelled);
        using var socket = await TestSocket.ConnectAsync(rig.Hub.Socket, headers);
        foreach (var channels in new string[]?[] { null, ["other"], ["left", "other"], ["default"] })
        {
            await socket.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Channels = channels });
            Assert.Equal("the admin token " + token[3..11] + " does not count on this channel", (await socket.ReceiveAsync<ErrorMessage>()).Message);
        }

        await socket.SendAsync(new HelloMessage { Role = PeerRole.Publisher, Channels = ["left"] });
        await socket.WelcomeAsync();
        await socket.SendAsync("""{"type":"status","content":"x","channel":"other"}""");
        Assert.Equal(ErrorCode.NotAllowed, (await socket.ReceiveAsync<ErrorMessage>()).Code);
        await socket.SendAsync("""{"type":"status","content":"x","channel":"right","id":"fine"}""");
        Assert.Equal("fine", (await socket.ReceiveAsync<ReceiptMessage>()).Id);

        // A publisher without hello publishes to the channel of its address.
        using var bare = await TestSocket.ConnectAsync(rig.Hub.Socket, headers);
        await bare.SendAsync("""{"type":"status","content":"x"}""");
        Assert.Equal(ErrorCode.NotAllowed, (await bare.ReceiveAsync<ErrorMessage>()).Code);

        Assert.NotNull(await rig.AskAsync(HttpMethod.Get, "api/history", headers));
        Assert.NotNull(await rig.AskAsync(HttpMethod.Get, "api/history?channel=other", headers));
        Assert.Null(await rig.AskAsync(HttpMethod.Get, "api/history?channel=left", headers));
        Assert.NotNull(await rig.AskAsync(HttpMethod.Get, "api/messages/m?channel=other", headers));
        foreach (var (channel, isFine) in new[] { ("other", false), ("left", true) })
        {
            using var request = Publish("x", "", channel);
            Add(request, headers);
            using var response = await rig.Hub.Http().SendAsync(request, Cancelled);
            Assert.Equal(isFine, response.IsSuccessStatusCode);
        }

        using var status = new HttpRequestMessage(HttpMethod.Get, "api/status");
        Add(status, headers);
        using var report = await rig.Hub.Http().SendAsync(status, Cancelled);
        Assert.DoesNotContain("\"other\"", await report.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    /// <summary>The finding: a page of another local server became the companion and read what the user typed.</summary>
    [Fact]
    public async Task A_page_of_another_origin_neither_becomes_the_companion_nor_hears_users()
    {
        await using var rig = await AccessRig.StartAsync();
        await using var companion = await rig.Hub.CompanionAsync();
        using var thief = await TestSocket.ConnectAsync(rig.Hub.Socket, ("Origin", "http://localhost:3000"));
        foreach (var role in new[] { PeerRole.Companion, PeerRole.Voice })
        {
            await thief.SendAsync(new HelloMessage { Role = role });
            Assert.Equal(ErrorCode.NotAllowed, (await thief.ReceiveAsync<ErrorMessage>()).Code);
        }

        await thief.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });
        await thief.WelcomeAsync();
        using var owner = await TestSocket.ConnectAsync(rig.Hub.Socket, rig.Headers("own page"));
        await owner.SendAsync(new HelloMessage { Role = PeerRole.Viewer, Caps = [HelloMessage.DisplayCapability] });
        await owner.WelcomeAsync();
        await owner.SendAsync(new UserTextMessage { Content = "my password is hunter2" });
        var told = await ReadAsync<UserTextMessage>(companion);
        Assert.Equal("my password is hunter2", told.Content);
        await companion.SendAsync(new TranscriptMessage { Channel = ChannelName.Default, Content = "hunter2", Final = true, Turn = 1 }, Cancelled);
        await companion.SendAsync(new DuckMessage { Channel = ChannelName.Default, Gain = 1 }, Cancelled);
        var heard = new List<string>();
        for (string? text = ""; text?.Contains("duck", StringComparison.Ordinal) == false; text = await thief.ReceiveTextAsync())
            heard.Add(text);
        Assert.DoesNotContain(heard, text => text.Contains("hunter2", StringComparison.Ordinal));
        for (string? text = ""; text?.Contains("hunter2", StringComparison.Ordinal) == false;)
            text = await owner.ReceiveTextAsync();
    }

    [Fact]
    public async Task The_client_shows_its_token_and_says_when_the_hub_wants_one()
    {
        await using var rig = await AccessRig.StartAsync();
        await using (var client = await rig.Hub.ClientAsync(o => o.Token = rig.Token("publisher")))
            await client.SendStatusAsync("x", cancellationToken: Cancelled);
        var wrong = await Assert.ThrowsAsync<KotodamaException>(() => rig.Hub.ClientAsync(o => o.Token = rig.Token("revoked")));
        Assert.Equal(ErrorCode.BadToken, wrong.Code);
        var weak = await Assert.ThrowsAsync<KotodamaException>(() => rig.Hub.ClientAsync(o => (o.Token, o.Role) = (rig.Token("publisher"), PeerRole.Voice)));
        Assert.Contains("kotodama token create --role voice", weak.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_stands_in_the_log_or_the_status_whatever_clients_do_with_it()
    {
        await using var rig = await AccessRig.StartAsync();
        var secrets = new[] { "talker", "admin", "revoked", "expired" }.Select(rig.Token).ToArray();
        foreach (var secret in secrets)
        {
            (string, string) from = (TestHub.AddressHeader, "198.51.100." + Array.IndexOf(secrets, secret));
            await rig.AskAsync(HttpMethod.Get, "api/status", from, ("Authorization", "Bearer " + secret));
            await rig.AskAsync(HttpMethod.Get, $"api/status?token={secret}", from);
            await rig.AskAsync(HttpMethod.Get, $"api/history?channel={secret}", from, ("Authorization", "bearer " + secret));
            await rig.AskAsync(HttpMethod.Get, "api/status", from, ("Cookie", $"kotodama_{rig.Hub.Url.Port}={secret}"));
            try
            {
                using var socket = await TestSocket.ConnectAsync(rig.Hub.Socket, from, ("Sec-WebSocket-Protocol", $"kotodama.v1, bearer.{secret}"));
                await socket.SendAsync("""{"type":"hello","role":"companion"}""");
                await socket.ReceiveTextAsync();
            }
            catch (WebSocketException)
            {
                // Those that count no more are refused.
            }
        }

        using var status = await rig.Hub.Http().GetAsync(new Uri("api/status", UriKind.Relative), Cancelled);
        var report = await status.Content.ReadAsStringAsync(Cancelled);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(rig.Hub.Log.Lines, line => line.Text.Contains(secret[12..], StringComparison.Ordinal));
            Assert.DoesNotContain(secret[12..], report, StringComparison.Ordinal);
        }
    }

    private static async Task<T> ReadAsync<T>(IPeer peer)
        where T : Message
    {
        while (true)
            if (await peer.Incoming.ReadAsync(Cancelled).AsTask().InTime(typeof(T).Name) is T wanted)
                return wanted;
    }

    private static HttpRequestMessage Publish(string content, string query, string channel = ChannelName.Default) => new(HttpMethod.Post, "api/messages" + query)
    {
        Content = new StringContent($$"""{"type":"llm_response","content":"{{content}}","channel":"{{channel}}"}""", Encoding.UTF8, "application/json"),
    };

    private static void Add(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string? token, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/status");
        Add(request, (TestHub.AddressHeader, address));
        if (token is not null)
            request.Headers.Authorization = AccessRig.Bearer(token);
        using var response = await http.SendAsync(request, Cancelled);
        return response.StatusCode;
    }
}
