using System.Text.Json.Nodes;
using Kotodama.Companion.Chat;
using Kotodama.Tests.Simulation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat;

/// <summary>Servers of ours answer as Ollama, LM Studio, llama.cpp and vLLM are documented to; not run against the real ones.</summary>
public sealed class LlmSelectorTests : IAsyncDisposable
{
    private const string Tags = """{"models":[{"name":"nomic-embed-text:latest"},{"name":"x:1","details":{"family":"nomic-bert"}},{"name":"qwen2.5-coder:7b"},{"name":"qwen3:8b"},{},7]}""";

    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();
    private readonly List<FakeSpeechServer> _servers = [];

    [Fact]
    public async Task Servers_on_this_machine_are_found_by_what_they_are()
    {
        var ollama = await ServeAsync(("/api/tags", 200, Tags));
        var studio = await ServeAsync(("/v1/models", 200, """{"data":[{"id":"gemma"},{"id":"text-embedding-nomic"}],"object":"list"}"""));
        var llama = await ServeAsync(("/health", 200, """{"status":"ok"}"""), ("/v1/models", 200, """{"models":[],"data":[{"id":"model.gguf","owned_by":"llamacpp"}]}"""));
        var vllm = await ServeAsync(("/v1/models", 200, """{"data":[{"id":"Qwen/Qwen3-8B","owned_by":"vllm"}]}"""));
        using var selector = Selector(new LlmOptions(), new LlmPorts(ollama.Url.Port, studio.Url.Port, llama.Url.Port, vllm.Url.Port));
        var found = await selector.DiscoverAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["Ollama qwen2.5-coder:7b,qwen3:8b qwen3:8b", "LM Studio gemma gemma", "llama.cpp model.gguf model.gguf", "vLLM Qwen/Qwen3-8B Qwen/Qwen3-8B"], found.Select(s => $"{s.Server} {string.Join(',', s.Models)} {s.DefaultModel}"));
        Assert.Equal(found, selector.Found);
        Assert.Equal(new Uri(ollama.Url, "/v1"), found[0].Address);
    }

    [Fact]
    public async Task What_is_no_server_of_models_is_not_found_and_what_loads_is()
    {
        var page = await ServeAsync(("/api/tags", 200, "<html>"), ("/v1/models", 404, "{}"));
        var loading = await ServeAsync(("/health", 503, """{"error":{"code":503,"message":"Loading model"}}"""));
        var speech = await ServeAsync(("/v1/models", 200, """{"data":[{"id":"Systran/faster-whisper-small"},{"id":"kokoro"}]}"""));
        using var selector = Selector(new LlmOptions(), new LlmPorts(page.Url.Port, page.Url.Port, loading.Url.Port, speech.Url.Port));
        var server = Assert.Single(await selector.DiscoverAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("llama.cpp", 0, true), (server.Server, server.Models.Count, selector.Current.IsDemo));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_left_after_a_second()
    {
        var silent = await FakeSpeechServer.StartAsync((c, _) => FakeSpeechServer.HangAsync(c));
        _servers.Add(silent);
        using var selector = Selector(new LlmOptions(), new LlmPorts(silent.Url.Port, Ports.Free(), Ports.Free(), Ports.Free()));
        var looking = selector.DiscoverAsync(TestContext.Current.CancellationToken);
        await silent.Arrived.InTime("the question");
        Assert.False(looking.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await looking.InTime("the end"));
    }

    [Fact]
    public async Task Auto_takes_what_is_there_at_the_start_or_comes_later_and_warms_it_up()
    {
        var there = false;
        var ollama = await ServeAsync((c, _) => c.Request.Path == "/api/tags" ? c.Response.WriteAsync(Volatile.Read(ref there) ? Tags : "{}") : ChatRig.SendAsync(c, ChatRig.Text("Hello")));
        using var selector = Selector(new LlmOptions(), new LlmPorts(ollama.Url.Port, Ports.Free(), Ports.Free(), Ports.Free()));
        var (changes, ready) = (0, new TaskCompletionSource<LlmChoice>());
        selector.Changed += (_, _) => changes++;
        using var stop = new CancellationTokenSource();
        var running = selector.RunAsync(ready.SetResult, stop.Token);
        Assert.Equal(new LlmChoice("built-in demo", IsDemo: true), await ready.Task.InTime("the choice"));
        Volatile.Write(ref there, true);
        await Limits.UntilAsync(() => _time.Timers > 0, "the next look");
        _time.Advance(TimeSpan.FromSeconds(30));
        await running.InTime("the end of looking");
        Assert.Equal((new LlmChoice("Ollama", new Uri(ollama.Url, "/v1"), "qwen3:8b"), 1), (selector.Current, changes));
        Assert.Equal("Hello", (await selector.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)).Text);
        var asked = ollama.Requests.Where(r => r.Body.Length > 0).ToArray();
        Assert.Equal(["/api/generate", "/v1/chat/completions"], asked.Select(r => r.Target));
        Assert.Equal("qwen3:8b", (string?)JsonNode.Parse(asked[0].Body)!["model"]);
        Assert.Equal("none", (string?)JsonNode.Parse(asked[1].Body)!["reasoning_effort"]);
        Assert.Contains(_log.Lines, l => l.Text == "The language model is qwen3:8b of Ollama.");
    }

    [Fact]
    public async Task The_server_of_the_settings_gets_its_key_and_the_model_it_has()
    {
        var server = await ServeAsync((c, _) => c.Request.Path == "/v1/models" ? c.Response.WriteAsync("""{"data":[{"id":"m1"}]}""") : ChatRig.SendAsync(c, ChatRig.Text("Hello")));
        using var selector = Selector(new LlmOptions { Server = server.Url.AbsoluteUri }, environment: n => n == "KOTODAMA_LLM_KEY" ? ChatRig.Key : null);
        Assert.Equal("Hello", (await selector.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)).Text);
        Assert.Equal("m1", selector.Current.Model);
        Assert.All(server.Requests, r => Assert.Equal("Bearer " + ChatRig.Key, r.Headers.Authorization.ToString()));
        Assert.DoesNotContain("/api/tags", server.Requests.Select(r => r.Target));
        Assert.DoesNotContain(_log.Lines, l => l.Text.Contains(ChatRig.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Off_answers_nothing_and_a_bad_key_in_the_environment_is_named()
    {
        using var selector = Selector(new LlmOptions { Server = "off" });
        await selector.RunAsync(cancellationToken: TestContext.Current.CancellationToken).InTime("the end");
        var e = await Assert.ThrowsAsync<LlmException>(() => selector.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("Kotodama:Llm:Server is off", e.Message, StringComparison.Ordinal);
        var bad = Assert.Throws<ArgumentException>(() => Selector(new LlmOptions(), environment: _ => "sk sesame"));
        Assert.Contains("KOTODAMA_LLM_KEY", bad.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_user_may_choose_a_language_model_at_run_time_and_keeps_what_was_chosen()
    {
        var ollama = await ServeAsync(("/api/tags", 200, Tags));
        var other = await ServeAsync((c, _) => c.Request.Path == "/v1/models" ? c.Response.WriteAsync("""{"data":[{"id":"m1"},{"id":"m2"}]}""") : ChatRig.SendAsync(c, ChatRig.Text("Other")));
        using var selector = Selector(new LlmOptions(), new LlmPorts(ollama.Url.Port, Ports.Free(), Ports.Free(), Ports.Free()));
        var choice = await selector.ChooseAsync(other.Url.AbsoluteUri, "m2", ChatRig.Key, TestContext.Current.CancellationToken);
        Assert.Equal(("OpenAI-compatible", "m2", choice), (choice.Server, choice.Model, selector.Current));
        Assert.Equal("Other", (await selector.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)).Text);
        await selector.DiscoverAsync(TestContext.Current.CancellationToken);
        Assert.Equal(choice, selector.Current);
        Assert.True((await selector.ChooseAsync("demo", cancellationToken: TestContext.Current.CancellationToken)).IsDemo);
        await selector.DiscoverAsync(TestContext.Current.CancellationToken);
        Assert.True(selector.Current.IsDemo);
    }

    [Theory]
    [InlineData("not an address", null, null, LlmCode.Unreachable)]
    [InlineData("http://127.0.0.1:{free}", "m", null, LlmCode.Unreachable)]
    [InlineData("{server}", null, null, LlmCode.Failed)]
    [InlineData("{server}", "m", "two words", LlmCode.Key)]
    [InlineData("{server}", "m", "wrong", LlmCode.Key)]
    public async Task A_choice_that_cannot_be_used_changes_nothing(string address, string? model, string? key, string code)
    {
        var server = await ServeAsync((c, _) =>
        {
            c.Response.StatusCode = c.Request.Headers.Authorization == "Bearer wrong" ? 401 : 404;
            return Task.CompletedTask;
        });
        using var selector = Selector(new LlmOptions());
        var url = address.Replace("{server}", server.Url.AbsoluteUri, StringComparison.Ordinal).Replace("{free}", $"{Ports.Free()}", StringComparison.Ordinal);
        var e = await Assert.ThrowsAsync<LlmException>(() => selector.ChooseAsync(url, model, key, TestContext.Current.CancellationToken));
        Assert.Equal((code, true), (e.Code, selector.Current.IsDemo));
        if (key is not null)
            Assert.DoesNotContain(key, e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("M2", null)]
    [InlineData("gemini", null)]
    [InlineData("embed", null)]
    [InlineData("m9", LlmCode.Model)]
    [InlineData("m", LlmCode.Model)]
    public async Task A_model_that_the_server_does_not_list_is_refused_with_some_that_are_there(string model, string? code)
    {
        var server = await ServeAsync(("/v1/models", 200, """{"data":[{"id":"m1"},{"id":"m2"},{"id":"m3"},{"id":"models/gemini"},{"id":"m4"},{"id":"m5"},{"id":"embed"}]}"""));
        using var selector = Selector(new LlmOptions());
        if (code is null)
        {
            Assert.Equal(model, (await selector.ChooseAsync(server.Url.AbsoluteUri, model, cancellationToken: TestContext.Current.CancellationToken)).Model);
            return;
        }

        var e = await Assert.ThrowsAsync<LlmException>(() => selector.ChooseAsync(server.Url.AbsoluteUri, model, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal((code, true), (e.Code, selector.Current.IsDemo));
        Assert.EndsWith($"has no model {model}. It has m1, m2, m3, models/gemini, m4 and 1 more.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_of_a_model_of_ollama_needs_no_tag()
    {
        var ollama = await ServeAsync(("/api/tags", 200, """{"models":[{"name":"llama3:latest"},{"name":"qwen3:8b"}]}"""));
        using var selector = Selector(new LlmOptions());
        Assert.Equal("llama3", (await selector.ChooseAsync(ollama.Url.AbsoluteUri, "llama3", cancellationToken: TestContext.Current.CancellationToken)).Model);
        Assert.Equal(LlmCode.Model, (await Assert.ThrowsAsync<LlmException>(() => selector.ChooseAsync(ollama.Url.AbsoluteUri, "qwen3", cancellationToken: TestContext.Current.CancellationToken))).Code);
    }

    [Theory]
    [InlineData(200, "<html>Welcome</html>", false)]
    [InlineData(200, """{"status":"ok"}""", false)]
    [InlineData(302, "", false)]
    [InlineData(404, "<html>Not found</html>", true)]
    [InlineData(503, """{"error":{"code":503,"message":"Loading model"}}""", true)]
    public async Task What_is_no_server_of_models_cannot_be_chosen(int status, string answer, bool mayBe)
    {
        var server = await ServeAsync(("/v1/models", status, answer));
        using var selector = Selector(new LlmOptions());
        var choosing = selector.ChooseAsync(server.Url.AbsoluteUri, "m1", cancellationToken: TestContext.Current.CancellationToken);
        if (mayBe)
        {
            Assert.Equal("m1", (await choosing).Model);
            return;
        }

        var e = await Assert.ThrowsAsync<LlmException>(() => choosing);
        Assert.Equal((LlmCode.Unreachable, true), (e.Code, selector.Current.IsDemo));
        Assert.Contains("is no server of language models", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wrong", false, "refuses this key")]
    [InlineData(null, false, "wants a key")]
    [InlineData(null, true, "KOTODAMA_LLM_KEY")]
    public async Task Who_chooses_is_told_about_the_key_that_counts_there(string? key, bool isOfTheSettings, string advice)
    {
        var server = await ServeAsync(("/v1/models", 401, ""));
        using var selector = Selector(new LlmOptions { Server = isOfTheSettings ? server.Url.AbsoluteUri : "auto" });
        var e = await Assert.ThrowsAsync<LlmException>(() => selector.ChooseAsync(server.Url.AbsoluteUri, "m1", key, TestContext.Current.CancellationToken));
        Assert.Equal(LlmCode.Key, e.Code);
        Assert.Contains(advice, e.Message, StringComparison.Ordinal);
        Assert.Equal(isOfTheSettings, e.Message.Contains("KOTODAMA", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_model_answers_when_the_chosen_one_has_said_nothing_and_is_asked_first_for_a_while()
    {
        var first = new ScriptedChat([new TextReasoningContent("hm")]) { Failure = new LlmException(LlmCode.Timeout, "too slow") };
        var second = new ScriptedChat([new TextContent("Hello")]);
        using var route = new LlmRoute(_ => new((first, true)), [second], _time, _log);
        var options = new ChatOptions { ModelId = "of the first" };
        using var telemetry = new TelemetryListener();
        Assert.Equal("Hello", (await route.GetResponseAsync("hi", options, TestContext.Current.CancellationToken)).Text);
        Assert.Equal(("of the first", null), (first.Asked[0].Options!.ModelId, second.Asked[0].Options!.ModelId));
        Assert.Equal("The language model fails, the next one answers: too slow", Assert.Single(_log.Lines).Text);
        Assert.Equal(["provider_errors kind=llm code=llm_timeout"], telemetry.Measured);
        await route.GetResponseAsync("hi", options, TestContext.Current.CancellationToken);
        Assert.Equal((1, 2), (first.Asked.Count, second.Asked.Count));
        _time.Advance(TimeSpan.FromSeconds(30));
        await route.GetResponseAsync("hi", options, TestContext.Current.CancellationToken);
        Assert.Equal((2, 3), (first.Asked.Count, second.Asked.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_begun_is_not_said_by_another_model_and_the_last_failure_is_told(bool begun)
    {
        var failure = new LlmException(LlmCode.Failed, "broke off");
        var first = new ScriptedChat(begun ? [new TextContent("Hel")] : []) { Failure = failure };
        var second = new ScriptedChat([]) { Failure = failure };
        using var route = new LlmRoute(_ => new((first, true)), [second], _time, _log);
        Assert.Same(failure, await Assert.ThrowsAsync<LlmException>(() => route.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken)));
        Assert.Equal(begun ? 0 : 1, second.Asked.Count);
    }

    [Theory]
    [InlineData("Okay, the person wants OK.|</think>|OK", "Okay, a greeting.|</think>\n\nHello", "Hello")]
    [InlineData("OK", "Hel|lo", "Hello")]
    [InlineData("<think>|Okay", "<think>Okay.</think>|Hello", "Hello")]
    public async Task A_model_of_this_machine_is_asked_first_how_it_reasons(string first, string answer, string told)
    {
        var server = await ServeAsync(async (c, body) =>
        {
            if (body.Length == 0)
                await c.Response.WriteAsync("""{"data":[{"id":"m1"}]}""");
            else
                foreach (var piece in (body.Contains("Say OK", StringComparison.Ordinal) ? first : answer).Split('|'))
                    await ChatRig.SendAsync(c, ChatRig.Text(piece));
        });
        using var selector = Selector(new LlmOptions { Server = server.Url.AbsoluteUri });
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in selector.GetStreamingResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken))
            updates.Add(update);
        Assert.Equal(told, string.Concat(updates.Select(u => u.Text)));
        Assert.DoesNotContain(updates, LateReasoning.IsMarked);
        Assert.Equal(2, server.Requests.Count(r => r.Body.Length > 0));
    }

    [Fact]
    public async Task Who_waits_for_a_model_that_loads_is_not_told_that_it_is_too_slow()
    {
        var loaded = new TaskCompletionSource();
        var server = await ServeAsync(async (c, _) =>
        {
            if (c.Request.Path == "/api/tags")
                await c.Response.WriteAsync(Tags);
            else if (c.Request.Path == "/api/generate")
                await loaded.Task;
            else
                await ChatRig.SendAsync(c, ChatRig.Text("Hello"));
        });
        using var selector = Selector(new LlmOptions(), new LlmPorts(server.Url.Port, Ports.Free(), Ports.Free(), Ports.Free()));
        await selector.DiscoverAsync(TestContext.Current.CancellationToken);
        var asking = selector.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken);
        await Limits.UntilAsync(() => server.Requests.Any(r => r.Target == "/api/generate"), "the model to be loaded");
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.False(asking.IsCompleted);
        loaded.SetResult();
        Assert.Equal("Hello", (await asking.InTime("the answer")).Text);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    private LlmSelector Selector(LlmOptions options, LlmPorts? ports = null, Func<string, string?>? environment = null) =>
        new(options, environment ?? (_ => null), _time, _log, ports ?? new LlmPorts(Ports.Free(), Ports.Free(), Ports.Free(), Ports.Free()));

    private Task<FakeSpeechServer> ServeAsync(params (string Path, int Status, string Answer)[] pages) => ServeAsync((c, _) =>
    {
        var page = Array.Find(pages, p => p.Path == c.Request.Path);
        c.Response.StatusCode = page.Path is null ? 404 : page.Status;
        return c.Response.WriteAsync(page.Answer ?? "");
    });

    private async Task<FakeSpeechServer> ServeAsync(Func<HttpContext, string, Task> answer)
    {
        var server = await FakeSpeechServer.StartAsync(answer);
        _servers.Add(server);
        return server;
    }
}
