using System.Net;
using System.Net.Sockets;
using System.Text;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Chat.OpenAi;
using Kotodama.Tests.Simulation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat.OpenAi;

public sealed class OpenAiChatFailureTests
{
    [Theory]
    [InlineData(401, LlmCode.Key, "KOTODAMA_LLM_KEY", 1)]
    [InlineData(403, LlmCode.Key, "KOTODAMA_LLM_KEY", 1)]
    [InlineData(404, LlmCode.Failed, "Kotodama:Llm:Model", 1)]
    [InlineData(302, LlmCode.Failed, "Kotodama:Llm:Server", 1)]
    [InlineData(500, LlmCode.Failed, "Its own log", 1)]
    [InlineData(429, LlmCode.Failed, "too much to do", 2)]
    [InlineData(503, LlmCode.Failed, "not ready", 2)]
    public async Task A_refusal_says_what_to_check_and_repeats_nothing(int status, string code, string advice, int requests)
    {
        await using var rig = await ChatRig.StartAsync((c, body) =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers.Location = "https://example.org/";
            return c.Response.WriteAsync($$$"""{"error":{"message":"{{{ChatRig.Key}}} {{{ChatRig.Secret}}}","code":"some_reason"}}""");
        });
        var failing = rig.FailAsync();
        await rig.MoveUntilAsync(failing, TimeSpan.FromMilliseconds(100));
        var e = await failing;
        Assert.Equal(code, e.Code);
        Assert.Contains(advice, e.Message, StringComparison.Ordinal);
        Assert.Equal(status != 302, e.Message.Contains("(some_reason)", StringComparison.Ordinal));
        Assert.Equal(requests, rig.Server.Requests.Count);
    }

    [Theory]
    [InlineData("Ollama", """{"error":{"message":"model \"x:7b\" not found, try pulling it first","type":"not_found_error","param":null,"code":null}}""", LlmCode.Model)]
    [InlineData("vLLM", """{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}}""", LlmCode.Model)]
    [InlineData("vLLM before", """{"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}""", LlmCode.Model)]
    [InlineData("LM Studio", """{"error":{"message":"Failed to load.","type":"invalid_request_error","param":"model","code":"model_not_found"}}""", LlmCode.Model)]
    [InlineData("OpenAI", """{"error":{"message":"The model `x` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}""", LlmCode.Model)]
    [InlineData("one sentence", """{"error":"model 'x' not found"}""", LlmCode.Model)]
    [InlineData("no such page", """{"detail":"Not Found"}""", LlmCode.Failed)]
    [InlineData("a page", "<html>This model page was not found</html>", LlmCode.Failed)]
    [InlineData("numbers", """[404]""", LlmCode.Failed)]
    public async Task A_model_that_is_not_there_is_told_from_a_page_that_is_not(string server, string answer, string code)
    {
        await using var rig = await ChatRig.StartAsync((c, _) =>
        {
            c.Response.StatusCode = 404;
            return c.Response.WriteAsync(answer);
        });
        var e = await rig.FailAsync();
        Assert.Equal((server, code), (server, e.Code));
        Assert.Contains("Kotodama:Llm:Model", e.Message, StringComparison.Ordinal);
        Assert.Single(rig.Server.Requests);
    }

    [Fact]
    public async Task A_server_that_asks_for_more_time_than_people_have_is_not_asked_again()
    {
        await using var rig = await ChatRig.StartAsync((c, _) =>
        {
            c.Response.StatusCode = 429;
            c.Response.Headers.RetryAfter = "30";
            return Task.CompletedTask;
        });
        Assert.Equal(TimeSpan.FromSeconds(30), (await rig.FailAsync()).RetryAfter);
        Assert.Single(rig.Server.Requests);
    }

    public static TheoryData<string, string, bool> Rubbish => new()
    {
        { "an error in the stream", "data: {\"error\":{\"message\":\"zqSecret\",\"code\":\"server_error\"}}\n\n", true },
        { "an error as text", "data: {\"error\":\"zqSecret\"}\n\n", true },
        { "an error of vLLM", "{\"object\":\"error\",\"message\":\"zqSecret\"}", true },
        { "an error as JSON", "{\"error\":{\"message\":\"zqSecret\"}}", true },
        { "a page", "\n<!DOCTYPE html><title>zqSecret</title>", false },
        { "no JSON", "data: zqSecret\n\n", false },
        { "half JSON", "data: {\"choices\":[{\"delta\":{\"content\":\"zqSec", false },
        { "a number", "data: 7\n\n", false },
        { "deep JSON", "data: " + new string('[', 5000) + "\n\n", false },
        { "a name of half characters", "data: {\"\\ud800\":1,\"choices\":[]}\n\n", false },
        { "nothing", "", true },
        { "only comments", ": a\n\n: b\n\n", true },
        { "no events", "zqSecret\nzqSecret\n", true },
        { "a sentence", "Internal zqSecret Error", true },
        { "a sentence with a colon", "upstream zqSecret error: reset before headers\n", true },
        { "an error that is no event", "error: {\"code\":500,\"message\":\"zqSecret\"}\n\n", true },
        { "an error in capitals", "Error: zqSecret\n", true },
        { "an error over lines", "{\n  \"error\": {\n    \"message\": \"zqSecret\"\n  }\n}\n", true },
        { "errors in a list", "[{\"error\":{\"code\":400,\"message\":\"zqSecret\",\"status\":\"INVALID_ARGUMENT\"}}]", true },
        { "an event of the type error", "event: error\ndata: {\"message\":\"zqSecret\"}\n\n", true },
        { "an event of the type error that is no JSON", "event: error\ndata: zqSecret\n\n", true },
        { "an event of the type error without anything", "event: error\n\n", true },
        { "an event of Anthropic's own", "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"zqSecret\"}}\n\n", true },
        { "an error of a framework", "{\"detail\":\"zqSecret\"}", true },
        { "an error of a gateway", "{\"code\":1001,\"msg\":\"zqSecret\"}", true },
        { "an error of OpenRouter", "data: {\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\",\"error\":{\"message\":\"zqSecret\"}}]}\n\n", true },
        { "an end by failure", ChatRig.Finish("insufficient_system_resource") + "data: [DONE]\n\n", true },
        { "too many calls", ChatRig.Delta("\"tool_calls\":[" + string.Join(',', Enumerable.Range(0, 65).Select(i => $"{{\"id\":\"c{i}\",\"function\":{{\"name\":\"f\"}}}}")) + "]"), false },
        { "half a call", ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":\"}}]"), false },
    };

    [Theory]
    [MemberData(nameof(Rubbish))]
    public async Task Rubbish_is_a_failure_without_its_content(string name, string answer, bool again)
    {
        await using var rig = await ChatRig.StartAsync(answer);
        var failing = rig.FailAsync();
        await rig.MoveUntilAsync(failing, TimeSpan.FromMilliseconds(100));
        Assert.Equal((name, LlmCode.Failed), (name, (await failing).Code));
        Assert.Equal(again ? 2 : 1, rig.Server.Requests.Count);
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"")]
    public async Task A_line_without_end_is_a_failure(string beginning)
    {
        await using var rig = await ChatRig.StartAsync((c, _) => PourAsync(c, beginning, new string('a', 100_000)));
        Assert.Contains("does not stop", (await rig.FailAsync()).Message, StringComparison.Ordinal);
        await rig.Server.Aborted.InTime("the end of the request");
    }

    [Fact]
    public async Task An_answer_without_end_is_a_failure()
    {
        await using var rig = await ChatRig.StartAsync((c, _) => PourAsync(c, "", ": " + new string('a', 100_000) + "\n\n"));
        Assert.Contains("does not stop", (await rig.FailAsync()).Message, StringComparison.Ordinal);
        await rig.Server.Aborted.InTime("the end of the request");
    }

    [Fact]
    public async Task What_breaks_before_the_first_word_is_asked_once_more()
    {
        var requests = 0;
        await using var rig = await ChatRig.StartAsync((c, _) =>
        {
            if (Interlocked.Increment(ref requests) == 1)
            {
                c.Abort();
                return Task.CompletedTask;
            }

            return ChatRig.SendAsync(c, ChatRig.Text("Hello") + ChatRig.Finish());
        });
        var asking = rig.AskAsync();
        await rig.MoveUntilAsync(asking, TimeSpan.FromMilliseconds(100));
        Assert.Equal("Hello [stop]", ChatRig.Told(await asking));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_breaks_later_is_not_said_twice(bool reasoning)
    {
        var answer = reasoning ? ChatRig.Delta("\"reasoning\":\"hm\"") : ChatRig.Text("Hel");
        var e = await Assert.ThrowsAsync<LlmException>(() => AskCutAsync(answer).InTime("the failure"));
        Assert.Equal(LlmCode.Failed, e.Code);
        Assert.Contains("broke off", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_breaks_after_the_end_was_whole() =>
        Assert.Equal("Hello [stop]", ChatRig.Told(await AskCutAsync(ChatRig.Text("Hello") + ChatRig.Finish()).InTime("the answer")));

    [Fact]
    public async Task A_server_that_does_not_close_after_the_end_does_not_hold_up_the_answer()
    {
        await using var rig = await ChatRig.StartAsync(async (c, _) =>
        {
            await ChatRig.SendAsync(c, ChatRig.Text("Hello") + ChatRig.Finish());
            await FakeSpeechServer.HangAsync(c);
        });
        var asking = rig.AskAsync();
        await rig.MoveUntilAsync(asking, TimeSpan.FromMilliseconds(100));
        Assert.Equal("Hello [stop]", ChatRig.Told(await asking));
    }

    [Fact]
    public async Task A_model_has_fifteen_seconds_for_the_first_word_and_signs_of_life_of_the_server_do_not_count()
    {
        var alive = new TaskCompletionSource();
        await using var rig = await ChatRig.StartAsync(async (c, _) =>
        {
            await ChatRig.SendAsync(c, ": still here\n\n" + ChatRig.Delta("\"role\":\"assistant\",\"content\":\"\""));
            alive.SetResult();
            await FakeSpeechServer.HangAsync(c);
        }, ChatRig.AskedAsUsual);
        var failing = rig.FailAsync();
        await alive.Task.InTime("the signs of life");
        rig.Time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(failing.IsCompleted);
        rig.Time.Advance(TimeSpan.FromSeconds(0.2));
        var e = await failing;
        Assert.Equal((LlmCode.Timeout, 1), (e.Code, rig.Server.Requests.Count));
        Assert.Contains("Kotodama:Llm:FirstToken", e.Message, StringComparison.Ordinal);
        await rig.Server.Aborted.InTime("the end of the request");
    }

    [Fact]
    public async Task Reasoning_counts_as_alive_and_who_reads_may_take_its_time()
    {
        using var next = new SemaphoreSlim(0);
        await using var rig = await ChatRig.StartAsync(async (c, _) =>
        {
            foreach (var piece in new[] { ChatRig.Delta("\"reasoning\":\"h\""), ChatRig.Delta("\"reasoning\":\"m\""), ChatRig.Text("Hello") })
            {
                await ChatRig.SendAsync(c, piece);
                await next.WaitAsync(c.RequestAborted);
            }
        }, ChatRig.AskedAsUsual);
        await using var updates = rig.Client.GetStreamingResponseAsync([], cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await updates.MoveNextAsync().AsTask().InTime("the first piece"));
        for (var i = 0; i < 2; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(5));
            var more = updates.MoveNextAsync().AsTask();
            rig.Time.Advance(TimeSpan.FromSeconds(19));
            next.Release();
            Assert.True(await more.InTime("the next piece"));
        }

        var stalled = updates.MoveNextAsync().AsTask();
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        var e = await Assert.ThrowsAsync<LlmException>(() => stalled.InTime("the failure"));
        Assert.Equal(LlmCode.Timeout, e.Code);
        Assert.Contains("Kotodama:Llm:Stall", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_asked_twice_and_named()
    {
        await using var rig = await ChatRig.StartAsync("");
        await rig.Server.DisposeAsync();
        var failing = rig.FailAsync();
        await rig.MoveUntilAsync(failing, TimeSpan.FromMilliseconds(100));
        Assert.Equal(LlmCode.Unreachable, (await failing).Code);
        Assert.Single(rig.Log.Lines, l => l.Text.Contains("asked once more", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Canceling_ends_the_request_at_the_server(bool within)
    {
        await using var rig = await ChatRig.StartAsync(async (c, _) =>
        {
            if (within)
                await ChatRig.SendAsync(c, ChatRig.Text("Hel"));
            await FakeSpeechServer.HangAsync(c);
        });
        using var stop = new CancellationTokenSource();
        var asking = rig.AskAsync(stop: stop);
        await rig.Server.Arrived.InTime("the request");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.InTime("the end of the answer"));
        await rig.Server.Aborted.InTime("the end of the request");
    }

    [Fact]
    public async Task Leaving_early_ends_the_request_at_the_server()
    {
        await using var rig = await ChatRig.StartAsync(async (c, _) =>
        {
            await ChatRig.SendAsync(c, ChatRig.Text("Hel"));
            await FakeSpeechServer.HangAsync(c);
        });
        await foreach (var _ in rig.Client.GetStreamingResponseAsync([], cancellationToken: TestContext.Current.CancellationToken))
            break;
        await rig.Server.Aborted.InTime("the end of the request");
    }

    /// <summary>Asks a server that closes the connection in the middle of its answer, and answers no second time.</summary>
    private static async Task<List<ChatResponseUpdate>> AskCutAsync(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();
        using var http = LlmDiscovery.CreateClient(TimeSpan.FromSeconds(2), isLocal: true);
        var client = new OpenAiChatClient(ChatRig.Asked with { Address = new Uri($"http://{listener.LocalEndpoint}/v1") }, http, new ManualTime(), new TestLog());
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync([], cancellationToken: TestContext.Current.CancellationToken))
            updates.Add(update);
        await serving;
        return updates;

        async Task ServeAsync()
        {
            using var connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            var (stream, request, buffer) = (connection.GetStream(), "", new byte[4096]);
            while (!request.EndsWith('}'))
                request += Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken));
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{Encoding.UTF8.GetByteCount(answer):x}\r\n{answer}\r\n"), TestContext.Current.CancellationToken);
        }
    }

    private static async Task PourAsync(HttpContext context, string beginning, string more)
    {
        await ChatRig.SendAsync(context, beginning);
        var bytes = Encoding.UTF8.GetBytes(more);
        try
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client has had enough.
        }
    }
}
