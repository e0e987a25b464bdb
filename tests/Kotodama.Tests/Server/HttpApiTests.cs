using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Kotodama.Protocol;

namespace Kotodama.Tests.Server;

public sealed class HttpApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_posted_message_reaches_every_page_and_the_answer_says_how_many()
    {
        await using var hub = await TestHub.StartAsync();
        using var first = await hub.PageAsync();
        using var second = await hub.PageAsync();
        var (status, answer) = await PostAsync(hub, """{"type":"llm_response","content":"你好","id":"m1"}""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal((2, "m1", "default", 1L), ((int)answer["pages"]!, (string)answer["id"]!, (string)answer["channel"]!, (long)answer["seq"]!));
        foreach (var page in new[] { first, second })
            Assert.Equal("你好", (await page.ReceiveAsync<LlmResponseMessage>()).Content);
    }

    [Fact]
    public async Task Without_a_page_the_answer_says_where_to_open_one()
    {
        await using var hub = await TestHub.StartAsync();
        var (status, answer) = await PostAsync(hub, """{"type":"status","content":"x"}""", "?wait=displayed&timeout=60000");
        Assert.Equal((HttpStatusCode.Accepted, 0, false), (status, (int)answer["pages"]!, (bool)answer["displayed"]!));
        Assert.Contains(hub.Url.ToString(), (string)answer["hint"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_ends_when_a_page_has_shown_the_message()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        var posted = PostAsync(hub, """{"type":"llm_response","content":"x"}""", "?wait=displayed&timeout=20000");
        var shown = await page.ReceiveAsync<LlmResponseMessage>();
        Assert.False(posted.IsCompleted);
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = "another", Displayed = [shown.Seq!.Value] });
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = shown.Epoch!, Displayed = [shown.Seq.Value + 7] });
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = shown.Epoch!, Displayed = [shown.Seq.Value] });
        var (status, answer) = await posted.InTime("the answer");
        Assert.Equal((HttpStatusCode.OK, true), (status, (bool)answer["displayed"]!));
    }

    [Fact]
    public async Task Waiting_ends_with_a_hint_when_no_page_reports()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync();
        var (status, answer) = await PostAsync(hub, """{"type":"llm_response","content":"x"}""", "?wait=displayed&timeout=100");
        Assert.Equal((HttpStatusCode.Accepted, false), (status, (bool)answer["displayed"]!));
        Assert.Contains("100 ms", (string)answer["hint"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Waiting_ends_when_a_reply_was_heard_or_cannot_be(bool heard)
    {
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await hub.PageAsync();
        await page.ReceiveAsync<VoiceMessage>();
        var posted = PostAsync(hub, """{"type":"llm_response","content":"x"}""", "?wait=spoken");
        var shown = await page.ReceiveAsync<LlmResponseMessage>();
        var seq = shown.Seq!.Value;
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = shown.Epoch!, Displayed = [seq], Spoken = heard ? [seq] : null, Heard = [new AckHeard(seq, 30, heard ? 1 : 0)] });
        var (status, answer) = await posted.InTime("the answer");
        Assert.Equal((heard ? HttpStatusCode.OK : HttpStatusCode.Accepted, true, heard, 30), (status, (bool)answer["displayed"]!, (bool)answer["spoken"]!, (int)answer["heard"]!["ms"]!));
        if (!heard)
            Assert.Contains("browsers cannot play", (string)answer["hint"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_does_not_wait_for_a_speech_while_no_page_is_open()
    {
        await using var hub = await TestHub.StartAsync();
        var (status, answer) = await PostAsync(hub, """{"type":"llm_response","content":"x"}""", "?wait=spoken").InTime("the answer");
        Assert.Equal((HttpStatusCode.Accepted, false), (status, (bool)answer["spoken"]!));
        Assert.Contains(hub.Url.ToString(), (string)answer["hint"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_is_sent_again_is_waited_for_until_it_is_spoken()
    {
        const string Reply = """{"type":"llm_response","content":"twice","id":"r1"}""";
        await using var hub = await TestHub.StartAsync();
        await using var voice = await hub.VoiceAsync();
        using var page = await hub.PageAsync();
        await page.ReceiveAsync<VoiceMessage>();
        await PostAsync(hub, Reply);
        var shown = await page.ReceiveAsync<LlmResponseMessage>();
        var again = PostAsync(hub, Reply, "?wait=spoken");
        await page.SendAsync(new AckMessage { Channel = "default", Epoch = shown.Epoch!, Spoken = [1], Heard = [new AckHeard(1, 480, 5)] });
        var (status, answer) = await again.InTime("the answer");
        Assert.Equal((HttpStatusCode.OK, true, true), (status, (bool)answer["spoken"]!, (bool)answer["duplicate"]!));
    }

    [Theory]
    [InlineData("{", "application/json", "", 400, ErrorCode.BadJson)]
    [InlineData("""{"type":"llm_response"}""", "application/json", "", 400, ErrorCode.MissingField)]
    [InlineData("""{"type":"hello","role":"viewer"}""", "application/json", "", 400, ErrorCode.NotAllowed)]
    [InlineData("""{"type":"status","content":"x"}""", "text/plain", "", 415, ErrorCode.UnsupportedMediaType)]
    [InlineData("""{"type":"status","content":"x"}""", "application/x-www-form-urlencoded", "", 415, ErrorCode.UnsupportedMediaType)]
    [InlineData("""{"type":"status","content":"x"}""", "application/json", "?wait=forever", 400, ErrorCode.BadValue)]
    [InlineData("""{"type":"status","content":"x"}""", "application/json", "?wait=displayed&timeout=60001", 400, ErrorCode.OutOfRange)]
    [InlineData("""{"type":"status","content":"x"}""", "application/json", "?wait=displayed&timeout=99", 400, ErrorCode.OutOfRange)]
    [InlineData("""{"type":"status","content":"x"}""", "application/json", "?wait=displayed&timeout=soon", 400, ErrorCode.OutOfRange)]
    [InlineData("""{"type":"stop"}""", "application/json", "?wait=displayed", 400, ErrorCode.BadValue)]
    [InlineData("""{"type":"status","content":"x","ttl":0}""", "application/json", "?wait=displayed", 400, ErrorCode.BadValue)]
    public async Task Bad_requests_are_refused_with_a_reason(string body, string type, string query, int expected, string code)
    {
        await using var hub = await TestHub.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await hub.Http().PostAsync("api/messages" + query, content, Token);
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Token))!;
        Assert.Equal((expected, code), ((int)response.StatusCode, (string)answer["code"]!));
        Assert.NotEmpty((string)answer["hint"]!);
        Assert.Equal(1, hub.Hub.Refusals.Total);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_above_the_limit_is_refused_with_413(bool lengthKnown)
    {
        await using var hub = await TestHub.StartAsync(o => o.Limits = new ProtocolLimits { Frame = 1024 });
        using var content = lengthKnown ? (HttpContent)new ByteArrayContent(new byte[1025]) : new StreamContent(new UnseekableStream(new byte[100_000]));
        content.Headers.ContentType = new("application/json");
        using var response = await hub.Http().PostAsync("api/messages", content, Token);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1024", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_methods_and_addresses_get_an_answer_in_JSON()
    {
        await using var hub = await TestHub.StartAsync();
        using var wrongMethod = await hub.Http().GetAsync("api/messages", Token);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (wrongMethod.StatusCode, wrongMethod.Content.Headers.Allow.Single()));
        using var nowhere = await hub.Http().GetAsync("api/nothing", Token);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        Assert.Equal(ErrorCode.NotFound, (string)(await nowhere.Content.ReadFromJsonAsync<JsonObject>(Token))!["code"]!);
    }

    [Fact]
    public async Task The_status_counts_pages_channels_and_refusals()
    {
        await using var hub = await TestHub.StartAsync();
        using var page = await hub.PageAsync("left", "right");
        using var bare = await hub.BareAsync();
        await PostAsync(hub, """{"type":"status","content":"x","channel":"left"}""");
        await PostAsync(hub, "{");
        var status = (await hub.Http().GetFromJsonAsync<JsonObject>("api/status", Token))!;
        Assert.Equal(("kotodama", 2, 1L, 1L), ((string)status["product"]!, (int)status["pages"]!, (long)status["published"]!, (long)status["refused"]!));
        Assert.Equal(Environment.ProcessId, (int)status["processId"]!);
        var left = status["channels"]!.AsArray().Single(c => (string)c!["name"]! == "left")!;
        Assert.Equal((1, 1L), ((int)left["pages"]!, (long)left["seq"]!));
        Assert.Equal(ErrorCode.BadJson, (string)status["recentRefusals"]!.AsArray().Single()!["code"]!);
        Assert.Contains(status["clients"]!.AsArray(), c => (string?)c!["client"] == "test page");
    }

    [Fact]
    public async Task The_page_is_served_with_its_shield()
    {
        await using var hub = await TestHub.StartAsync();
        foreach (var path in new[] { "", "demo/demo.html" })
        {
            using var response = await hub.Http().GetAsync(path, Token);
            Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            var csp = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'", csp, StringComparison.Ordinal);
            Assert.Contains("require-trusted-types-for 'script'", csp, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", csp.Replace("'wasm-unsafe-eval'", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            using var again = new HttpRequestMessage(HttpMethod.Get, path);
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            using var unchanged = await hub.Http().SendAsync(again, Token);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }
    }

    [Fact]
    public async Task Under_a_prefix_everything_is_below_it()
    {
        await using var hub = await TestHub.StartAsync(prefix: "/avatar");
        using var page = await TestSocket.ConnectAsync(new Uri(hub.Socket, "avatar/ws"));
        using var root = await hub.Http().GetAsync("avatar?channel=left", Token);
        Assert.Equal((HttpStatusCode.OK, "/avatar/?channel=left"), (root.StatusCode, root.RequestMessage!.RequestUri!.PathAndQuery));
        using var content = new StringContent("""{"type":"status","content":"x","channel":"left"}""", Encoding.UTF8, "application/json");
        using var response = await hub.Http().PostAsync("avatar/api/messages", content, Token);
        Assert.Contains("/avatar/?channel=left ", (string)(await response.Content.ReadFromJsonAsync<JsonObject>(Token))!["hint"]!, StringComparison.Ordinal);
        using var outside = await hub.Http().GetAsync("api/status", Token);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    private static async Task<(HttpStatusCode Status, JsonObject Answer)> PostAsync(TestHub hub, string json, string query = "")
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await hub.Http().PostAsync("api/messages" + query, content, Token);
        return (response.StatusCode, (await response.Content.ReadFromJsonAsync<JsonObject>(Token))!);
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
