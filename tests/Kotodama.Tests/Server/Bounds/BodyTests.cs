using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Kotodama.Protocol;
using Kotodama.Server.Http;
using Kotodama.Server.Rates;

namespace Kotodama.Tests.Server.Bounds;

/// <summary>The bodies of requests are bounded in memory, number and time.</summary>
public sealed class BodyTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1"), Other = IPAddress.Parse("192.0.2.2");

    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/messages", "application/json")]
    [InlineData("/api/speak?content=x", "audio/wav")]
    public async Task A_body_of_which_nothing_comes_is_given_up(string path, string type)
    {
        await using var hub = await TestHub.StartAsync(time: _time);
        using var socket = await RawSocket.OpenAsync(hub.Url);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {hub.Url.Authority}\r\nContent-Type: {type}\r\nContent-Length: 1000\r\n\r\nhalf"));
        var head = socket.ReadHeadAsync();
        while (!head.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(head, Task.Run(() => { }, Token));
        }

        Assert.StartsWith("HTTP/1.1 408", await head, StringComparison.Ordinal);
        Assert.Contains("Connection: close", await head, StringComparison.Ordinal);
        Assert.Contains(ErrorCode.TooSlow, await socket.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.TooSlow, hub.Hub.Refusals.Newest()[^1].Code);
    }

    [Fact]
    public async Task A_sound_is_counted_before_it_is_read_and_by_its_length()
    {
        await using var hub = await TestHub.StartAsync(o => o.Limits = new ProtocolLimits { PublishRate = 1, PublishBurst = 3 }, _time);
        Assert.Equal(HttpStatusCode.Accepted, await SpeakAsync(40_000));
        Assert.Equal(HttpStatusCode.TooManyRequests, await SpeakAsync(100));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Accepted, await SpeakAsync(100));

        async Task<HttpStatusCode> SpeakAsync(int length)
        {
            using var body = new ByteArrayContent(SpeechSounds.Samples(length / 2));
            body.Headers.ContentType = MediaTypeHeaderValue.Parse("audio/L16;rate=16000");
            return (await hub.Http().PostAsync(new Uri("api/speak?content=x", UriKind.Relative), body, Token)).StatusCode;
        }
    }

    [Fact]
    public void What_bodies_take_of_the_memory_is_bounded_and_given_back()
    {
        var room = new BodyRoom(100);
        room.Take(60);
        var refused = Assert.Throws<RefusedRequestException>(() => room.Take(41));
        Assert.Equal((503, ErrorCode.Busy, true), (refused.Status, refused.Error.Code, refused.Error.Retry));
        Assert.NotNull(refused.RetryAfter);
        room.Take(40);
        room.GiveBack(100);
        room.Take(100);
    }

    [Fact]
    public async Task Who_has_its_share_of_places_keeps_no_other_waiting()
    {
        var places = new Places(3, 2, _time);
        Assert.True(await EnterAsync(places, One));
        Assert.True(await EnterAsync(places, One));
        var third = EnterAsync(places, One);
        Assert.False(third.IsCompleted);
        Assert.True(await EnterAsync(places, Other));
        var waiting = EnterAsync(places, Other);
        places.Leave(Other);
        Assert.True(await waiting.InTime("the other address to get the place"));
        Assert.False(third.IsCompleted);
        places.Leave(One);
        Assert.True(await third.InTime("its own place to be free"));

        var late = EnterAsync(places, One);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(await late.InTime("the wait to end"));
        places.Leave(One);
        Assert.True(await EnterAsync(places, One));
    }

    [Fact]
    public async Task Requests_of_an_address_are_counted_whatever_they_ask_for()
    {
        await using var hub = await TestHub.StartAsync(o => o.AllowRemoteClients = true, _time);
        for (var i = 0; i < 10_000; i++)
            Callers(hub).TryTakeRequest(One, out _);
        foreach (var path in new[] { "", "healthz", "api/history", "api/status", "models/x/y", "metrics" })
            Assert.Equal(429, await GetAsync(hub, path, One));
        Assert.Equal(200, await GetAsync(hub, "healthz", Other));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await GetAsync(hub, "healthz", One));
    }

    [Fact]
    public async Task A_long_history_comes_whole_up_to_its_bound_and_costs_by_its_length()
    {
        await using var hub = await TestHub.StartAsync(time: _time);
        var text = new string('x', 16_000);
        for (var i = 1; i <= 300; i++)
            await hub.Stage.PublishAsync(new LlmResponseMessage { Content = $"{i} {text}" }, Token);
        var answer = System.Text.Json.Nodes.JsonNode.Parse(await hub.Http().GetStringAsync(new Uri("api/history?limit=40", UriKind.Relative), Token))!;
        Assert.Equal(Enumerable.Range(261, 40), answer["replies"]!.AsArray().Select(r => (int)r!["seq"]!));
        var most = System.Text.Json.Nodes.JsonNode.Parse(await hub.Http().GetStringAsync(new Uri("api/history?limit=1000", UriKind.Relative), Token))!["replies"]!.AsArray();
        Assert.Equal(300, (int)most[^1]!["seq"]!);
        Assert.InRange(most.Sum(r => (long)((string)r!["content"]!).Length), 4_000_000, 4_400_000);
    }

    private static Callers Callers(TestHub hub) => hub.Service<Callers>();

    private static Task<bool> EnterAsync(Places places, IPAddress who) => places.TryEnterAsync(who, TimeSpan.FromSeconds(10), Token);

    private static async Task<int> GetAsync(TestHub hub, string path, IPAddress from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add(TestHub.AddressHeader, from.ToString());
        using var response = await hub.Http().SendAsync(request, Token);
        return (int)response.StatusCode;
    }
}
