using System.Text.Json.Nodes;
using Kotodama.Tests.Simulation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat.OpenAi;

/// <summary>The answers of servers as they are documented, or were reported to be. Not run against the real ones.</summary>
public sealed class OpenAiChatClientTests
{
    private const string Done = "data: [DONE]\n\n";

    public static TheoryData<string, string, string> Answers => new()
    {
        { "as documented", "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n" + ChatRig.Text("Hel") + ChatRig.Text("lo") + ChatRig.Finish() + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n" + Done, "Hello#3/2 [stop]" },
        { "no [DONE]", ChatRig.Text("Hello") + ChatRig.Finish(), "Hello [stop]" },
        { "no end at all", ChatRig.Text("Hello"), "Hello [truncated]" },
        { "no last blank line", ChatRig.Text("Hello") + ChatRig.Finish().TrimEnd(), "Hello [stop]" },
        { "no blank lines", ChatRig.Text("Hel").Replace("\n\n", "\n", StringComparison.Ordinal) + ChatRig.Text("lo").Replace("\n\n", "\n", StringComparison.Ordinal) + "data: [DONE]\n", "Hello [stop]" },
        { "CRLF", (ChatRig.Text("Hel") + ChatRig.Text("lo") + Done).Replace("\n", "\r\n", StringComparison.Ordinal), "Hello [stop]" },
        { "comments and a mark of order", "\uFEFF: OPENROUTER PROCESSING\n\n" + ChatRig.Text("Hello") + ": keep-alive\n\nevent: ping\ndata:\n\n" + Done, "Hello [stop]" },
        { "no space after data", ChatRig.Text("Hello").Replace("data: ", "data:", StringComparison.Ordinal) + "data:[DONE]\n\n", "Hello [stop]" },
        { "null content and null everything", ChatRig.Delta("\"content\":null,\"tool_calls\":null,\"reasoning\":null") + "data: {\"choices\":[{\"delta\":null,\"finish_reason\":null}],\"usage\":null,\"error\":null}\n\n" + ChatRig.Text("Hello") + Done, "Hello [stop]" },
        { "empty choices first", "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n" + ChatRig.Text("Hello") + Done, "Hello [stop]" },
        { "what comes after the end", ChatRig.Text("Hello") + Done + ChatRig.Text("more"), "Hello [stop]" },
        { "a second choice", ChatRig.Text("Hello") + "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\n" + Done, "Hello [stop]" },
        { "cut by length", ChatRig.Text("Hello") + ChatRig.Finish("length") + Done, "Hello [length]" },
        { "no stream", " {\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Hello\",\"reasoning_content\":\"hm\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}", "{hm}Hello#1/1 [stop]" },
        { "no stream, with a call", "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}]}", "@a:f({}) [tool_calls]" },
        { "reasoning of Ollama", ChatRig.Delta("\"content\":\"\",\"reasoning\":\"hm\"") + ChatRig.Text("Hello") + Done, "{hm}Hello [stop]" },
        { "reasoning of llama.cpp, vLLM and DeepSeek", ChatRig.Delta("\"content\":null,\"reasoning_content\":\"hm\"") + ChatRig.Text("Hello") + Done, "{hm}Hello [stop]" },
        { "the same reasoning twice", ChatRig.Delta("\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"") + ChatRig.Text("Hello") + Done, "{hm}Hello [stop]" },
        { "reasoning within the text", ChatRig.Text("\n<th") + ChatRig.Text("ink>\nh") + ChatRig.Text("m</thi") + ChatRig.Text("nk>\n\nHel") + ChatRig.Text("lo") + Done, "{\nh}{m}Hello [stop]" },
        { "reasoning whose beginning was in the prompt", ChatRig.Text("pl") + ChatRig.Text("an") + ChatRig.Text(" B</th") + ChatRig.Text("ink>\n\nHello") + Done, "plan B←Hello [stop]" },
        { "reasoning whose beginning was in the prompt, in one piece", ChatRig.Text("plan</think>\n\nHello") + Done, "{plan}Hello [stop]" },
        { "reasoning whose beginning was in the prompt, in parts", ChatRig.Delta("\"content\":[{\"text\":\"plan\"},{\"text\":\"</think>\"},{\"text\":\"Hello\"}]") + Done, "←{plan}Hello [stop]" },
        { "no reasoning whose beginning was in the prompt", ChatRig.Text("</think>\n\nHello") + Done, "Hello [stop]" },
        { "reasoning apart and an end of it in the text", ChatRig.Delta("\"content\":null,\"reasoning_content\":\"hm\"") + ChatRig.Text("</think>Hello") + Done, "{hm}Hello [stop]" },
        { "reasoning without an end", ChatRig.Text("<think>hm </th") + Done, "{hm }{</th} [stop]" },
        { "what only looks like reasoning", ChatRig.Text("a <b> c < d <thin") + ChatRig.Text("g> e <") + Done, "a <b> c < d <thing> e < [stop]" },
        { "parts", ChatRig.Delta("\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\"Hello\"}]") + Done, "{hm}Hello [stop]" },
        { "a refusal", ChatRig.Delta("\"content\":null,\"refusal\":\"No.\"") + Done, "No. [stop]" },
        { "half characters", "data: {\"choices\":[{\"delta\":{\"content\":\"a\\ud83db\\\\ud83d\\ud83d\\ude00\"}}]}\n\n" + Done, "a\uFFFDb\\ud83d😀 [stop]" },
        { "a call in deltas", ChatRig.Delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]") + ChatRig.Delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":\"}}]") + ChatRig.Delta("\"tool_calls\":[{\"index\":0,\"id\":\"\",\"function\":{\"name\":null,\"arguments\":\"1}\"}}]") + ChatRig.Finish("tool_calls") + Done, "@a:f({\"x\":1}) [tool_calls]" },
        { "a call in one piece, and stop", ChatRig.Delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}]") + ChatRig.Finish() + Done, "@a:f({\"x\":1}) [tool_calls]" },
        { "calls without numbers", ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]") + ChatRig.Delta("\"tool_calls\":[{\"function\":{\"arguments\":\"{\\\"x\\\":1}\"}}]") + ChatRig.Delta("\"tool_calls\":[{\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]") + Done, "@a:f({\"x\":1})@b:g({}) [tool_calls]" },
        { "calls that are all number 0", ChatRig.Delta("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]") + Done, "@a:f({})@b:f({}) [tool_calls]" },
        { "an identity in every piece", ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]") + ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"}\"}}]") + Done, "@a:f({}) [tool_calls]" },
        { "no identity", ChatRig.Delta("\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},{\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]") + Done, "@call_1:f({})@call_2:g({}) [tool_calls]" },
        { "arguments as JSON", ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":[1]}}}]") + Done, "@a:f({\"x\":[1]}) [tool_calls]" },
        { "arguments as JSON in JSON", ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\\\"{\\\\\\\"x\\\\\\\":1}\\\"\"}}]") + Done, "@a:f({\"x\":1}) [tool_calls]" },
        { "no arguments", ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}},{\"id\":\"b\",\"function\":{\"name\":\"f\"}},{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"null\"}}]") + Done, "@a:f({})@b:f({})@c:f({}) [tool_calls]" },
        { "bad arguments", ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{x\"}},{\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"7\"}}]") + ChatRig.Finish() + Done, "@a:f(bad)@b:f(bad) [tool_calls]" },
        { "shapes that no server sends", "data: {\"choices\":[7,null,[],{\"delta\":7},{\"delta\":{\"content\":7,\"tool_calls\":[7,{}],\"reasoning\":{}},\"finish_reason\":7}],\"usage\":[],\"id\":7}\n\ndata: {\"choices\":7}\n\n" + ChatRig.Text("Hello") + Done, "Hello [stop]" },
        { "nothing to say", ChatRig.Finish() + Done, " [stop]" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_way_to_answer_is_understood(string name, string answer, string told)
    {
        await using var rig = await ChatRig.StartAsync(answer);
        Assert.Equal((name, told), (name, ChatRig.Told(await rig.AskAsync())));
        Assert.Single(rig.Server.Requests);
    }

    [Theory]
    [InlineData("{plan}Hello [stop]", "plan|</think>\n\nHello")]
    [InlineData("{pl}{an <b}Hello [stop]", "pl|an <b|</think>Hello")]
    [InlineData("{plan}Hello [stop]", "<think>plan|</think>Hello")]
    [InlineData("{reasoning}Hello [stop]", "=reasoning|Hello")]
    [InlineData("{Hel}{lo}Hello [stop]", "Hel|lo|.")]
    [InlineData("{plan} [length]", "plan|length")]
    [InlineData("{plan} [stop]", "plan|broken")]
    public async Task Later_answers_of_a_model_begin_in_reasoning_when_one_did(string told, string second)
    {
        var answers = new Queue<string>([ChatRig.Text("plan") + ChatRig.Text("</think>Hi") + Done, Events(second), ChatRig.Text("Hello") + ChatRig.Finish()]);
        await using var rig = await ChatRig.StartAsync((c, _) => ChatRig.SendAsync(c, answers.Dequeue()));
        Assert.Equal("plan←Hi [stop]", ChatRig.Told(await rig.AskAsync()));
        Assert.Equal(told, ChatRig.Told(await rig.AskAsync()));
        Assert.Contains(rig.Log.Lines, line => line.Text.Contains("in the middle of its reasoning", StringComparison.Ordinal));
        Assert.DoesNotContain('←', ChatRig.Told(await rig.AskAsync()));

        static string Events(string pieces) => string.Concat(pieces.Split('|').Select(piece => piece switch
        {
            "." => ChatRig.Finish(),
            "length" => ChatRig.Finish("length"),
            "broken" => "",
            ['=', .. var reasoning] => ChatRig.Delta($"\"reasoning_content\":\"{reasoning}\""),
            _ => ChatRig.Text(piece),
        })) + Done;
    }

    [Fact]
    public async Task What_was_learned_of_a_model_holds_for_that_one_until_it_answers_without_reasoning()
    {
        var answers = new Queue<string>([ChatRig.Text("</think>Hi") + Done, ChatRig.Text("Hello") + Done, ChatRig.Text("Hello") + ChatRig.Finish(), ChatRig.Text("Hello") + Done]);
        await using var rig = await ChatRig.StartAsync((c, _) => ChatRig.SendAsync(c, answers.Dequeue()));
        await rig.AskAsync();
        Assert.Equal("Hello [stop]", ChatRig.Told(await rig.AskAsync(new ChatOptions { ModelId = "another" })));
        Assert.Equal("{Hello}Hello [stop]", ChatRig.Told(await rig.AskAsync()));
        Assert.Equal("Hello [stop]", ChatRig.Told(await rig.AskAsync()));
    }

    [Fact]
    public async Task It_asks_as_documented()
    {
        await using var rig = await ChatRig.StartAsync((c, _) => ChatRig.SendAsync(c, ChatRig.Finish()), ChatRig.Asked with { Temperature = 0.7f, WithoutReasoning = true });
        var call = new FunctionCallContent("a", "f", new Dictionary<string, object?>(StringComparer.Ordinal) { ["x"] = 1 });
        ChatMessage[] messages =
        [
            new(ChatRole.System, "Be kind."),
            new(ChatRole.User, [new TextContent("what is \ud83d"), new DataContent(new byte[] { 1, 2, 3 }, "image/png")]),
            new(ChatRole.Assistant, [new TextReasoningContent("hm"), call]),
            new(ChatRole.Tool, [new FunctionResultContent("a", new { y = 2 })]),
            new(ChatRole.Assistant, "你好"),
            new(ChatRole.User, "and?"),
        ];
        var options = new ChatOptions { MaxOutputTokens = 9, StopSequences = ["\n"], Tools = [AIFunctionFactory.Create((int x) => x, "f", "Does it.")] };
        await foreach (var _ in rig.Client.GetStreamingResponseAsync(messages, options, TestContext.Current.CancellationToken))
        {
        }

        var request = Assert.Single(rig.Server.Requests);
        Assert.Equal(("/v1/chat/completions", "Bearer " + ChatRig.Key), (request.Target, request.Headers.Authorization.ToString()));
        var body = JsonNode.Parse(request.Body)!.AsObject();
        var parameters = body["tools"]![0]!["function"]!.AsObject();
        Assert.Equal("integer", (string?)parameters["parameters"]!["properties"]!["x"]!["type"]);
        parameters.Remove("parameters");
        Assert.Equal(
            """{"model":"m","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"what is �"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\u0022x\u0022:1}"}}]},{"role":"tool","tool_call_id":"a","content":"{\u0022y\u0022:2}"},{"role":"assistant","content":"你好"},{"role":"user","content":"and?"}],"stream":true,"stream_options":{"include_usage":true},"reasoning_effort":"none","temperature":0.7,"max_tokens":9,"stop":["\n"],"tools":[{"type":"function","function":{"name":"f","description":"Does it."}}]}""".Replace("\\u0022", "\\\"", StringComparison.Ordinal),
            body.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task Words_go_out_as_they_come()
    {
        var rest = new TaskCompletionSource();
        await using var rig = await ChatRig.StartAsync(async (c, _) =>
        {
            await ChatRig.SendAsync(c, ChatRig.Text("Hel"));
            await rest.Task;
            await ChatRig.SendAsync(c, ChatRig.Text("lo") + Done);
        });
        await using var updates = rig.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "hi")], cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await updates.MoveNextAsync().AsTask().InTime("the first word"));
        Assert.Equal("Hel", updates.Current.Text);
        rest.SetResult();
        Assert.True(await updates.MoveNextAsync().AsTask().InTime("the second word"));
        Assert.Equal("lo", updates.Current.Text);
    }

    [Theory]
    [InlineData("stream_options", "unknown field: stream_options", "reasoning_effort,tools")]
    [InlineData("reasoning_effort", "model does not support thinking", "stream_options,tools")]
    [InlineData("tools", "m does not support tools", "reasoning_effort,stream_options")]
    [InlineData("stream_options", "no", "tools")]
    public async Task What_a_server_refuses_is_left_out_from_then_on(string refused, string complaint, string left)
    {
        await using var rig = await ChatRig.StartAsync(
            (c, body) =>
            {
                c.Response.StatusCode = JsonNode.Parse(body)!.AsObject().ContainsKey(refused) ? 400 : 200;
                return ChatRig.SendAsync(c, c.Response.StatusCode == 400 ? complaint : ChatRig.Text("Hello") + Done);
            },
            ChatRig.Asked with { WithoutReasoning = true });
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "f")] };
        Assert.Equal("Hello [stop]", ChatRig.Told(await rig.AskAsync(options)));
        Assert.Equal("Hello [stop]", ChatRig.Told(await rig.AskAsync(options)));
        var sent = rig.Server.Requests.Select(r => string.Join(',', JsonNode.Parse(r.Body)!.AsObject().Select(f => f.Key).Where(k => k is "tools" or "stream_options" or "reasoning_effort").Order(StringComparer.Ordinal)));
        Assert.Equal(["reasoning_effort,stream_options,tools", left, left], sent);
    }

    [Fact]
    public async Task The_key_shows_in_no_text()
    {
        await using var rig = await ChatRig.StartAsync(Done);
        Assert.DoesNotContain(ChatRig.Key, ChatRig.Asked.ToString(), StringComparison.Ordinal);
        Assert.Equal("m", ((ChatClientMetadata)rig.Client.GetService(typeof(ChatClientMetadata))!).DefaultModelId);
    }
}
