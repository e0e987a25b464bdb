using System.Text.Json;
using Kotodama.Companion.Chat.OpenAi;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat.OpenAi;

/// <summary>Calls of tools that models write into their text.</summary>
public sealed class WrittenCallTests
{
    private const string Time = "current_time {}", Added = "add {\"x\":1,\"note\":\"01\"}";

    private static readonly Dictionary<string, JsonElement> Tools = new(StringComparer.Ordinal)
    {
        ["current_time"] = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement,
        ["add"] = JsonDocument.Parse("""{"type":"object","properties":{"x":{"type":"integer"},"note":{"type":"string"}}}""").RootElement,
    };

    [Theory]
    [InlineData("""<tool_call>{"name":"current_time","arguments":{}}</tool_call>""", Time)]
    [InlineData("""<tool_call>{"name":"add","arguments":{"x":1,"note":"01"}}</tool_call>""", Added)]
    [InlineData("<tool_call>\n{\"name\": \"add\", \"arguments\": \"{\\\"x\\\":1,\\\"note\\\":\\\"01\\\"}\"}\n</tool_call>", Added)]
    [InlineData("""<tool_call>{'name': 'add', 'arguments': {'x': 1, 'note': '01'}}</tool_call>""", Added)]
    [InlineData("""<tool_call>{"name":"add","arguments":{"x":1,"note":"01"}}""", Added)]
    [InlineData("""<tool_call>{"type":"function","function":{"name":"add","arguments":{"x":1,"note":"01"}}}</tool_call>""", Added)]
    [InlineData("""<tool_calls>[{"name":"current_time","arguments":{}},{"name":"add","arguments":{"x":1,"note":"01"}}]</tool_calls>""", Time + "; " + Added)]
    [InlineData("<tool_call>{\"name\":\"current_time\"}</tool_call>\n<tool_call>{\"name\":\"current_time\"}</tool_call>", Time + "; " + Time)]
    [InlineData("<tool_call>current_time\n</tool_call>", Time)]
    [InlineData("<tool_call>add\n<arg_key>x</arg_key>\n<arg_value>1</arg_value>\n<arg_key>note</arg_key>\n<arg_value>01</arg_value>\n</tool_call>", Added)]
    [InlineData("<tool_call>\n<function=add>\n<parameter=x>\n1\n</parameter>\n<parameter=note>\n01\n</parameter>\n</function>\n</tool_call>", Added)]
    [InlineData("<seed:tool_call><function=add><parameter=x>1</parameter><parameter=note>01</parameter></function></seed:tool_call>", Added)]
    [InlineData("<minimax:tool_call>\n<invoke name=\"add\">\n<parameter name=\"x\">1</parameter>\n<parameter name=\"note\">01</parameter>\n</invoke>\n</minimax:tool_call>", Added)]
    [InlineData("<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"add\">\n<｜DSML｜parameter name=\"x\" string=\"false\">1</｜DSML｜parameter>\n<｜DSML｜parameter name=\"note\" string=\"true\">01</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>", Added)]
    [InlineData("""<function=add>{"x":1,"note":"01"}</function>""", Added)]
    [InlineData("<function_calls>\nadd(x=1, note=\"01\")\n</function_calls>", Added)]
    [InlineData("""<functioncall> {"name": "current_time", "arguments": '{}'} </functioncall>""", Time)]
    [InlineData("<tool_use><name>current_time</name><arguments>{}</arguments></tool_use>", Time)]
    [InlineData("""[TOOL_CALLS][{"name":"current_time","arguments":{}}]""", Time)]
    [InlineData("""[TOOL_CALLS] [{"name":"current_time","arguments":{},"id":"a1"}]""", Time)]
    [InlineData("""[TOOL_CALLS]add[ARGS]{"x":1,"note":"01"}""", Added)]
    [InlineData("""[TOOL_CALLS]current_time[ARGS]{}[TOOL_CALLS]add[CALL_ID]abc123[ARGS]{"x":1,"note":"01"}""", Time + "; " + Added)]
    [InlineData("""[TOOL_REQUEST]{"name":"current_time","arguments":{}}[END_TOOL_REQUEST]""", Time)]
    [InlineData("""<|python_tag|>{"name":"add","parameters":{"x":1,"note":"01"}}<|eom_id|>""", Added)]
    [InlineData("<|python_tag|>current_time.call()", Time)]
    [InlineData("<|python_start|>[add(x=1, note='01')]<|python_end|>", Added)]
    [InlineData("<|tool_call_start|>[add(x=1, note=\"01\")]<|tool_call_end|>", Added)]
    [InlineData("""<|tool_call|>[{"name":"current_time","arguments":{}}]<|/tool_call|>""", Time)]
    [InlineData("""<|tool_calls_section_begin|><|tool_call_begin|>functions.add:0<|tool_call_argument_begin|>{"x":1,"note":"01"}<|tool_call_end|><|tool_calls_section_end|>""", Added)]
    [InlineData("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n```json\n{\"x\":1,\"note\":\"01\"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>", Added)]
    [InlineData("""<|START_ACTION|>[{"tool_call_id":"0","tool_name":"add","parameters":{"x":1,"note":"01"}}]<|END_ACTION|>""", Added)]
    [InlineData("""<|tools_prefix|>[{"add":{"x":1,"note":"01"}}]<|tools_suffix|>""", Added)]
    [InlineData("<|tool_call>call:add{x:1,note:<|\"|>01<|\"|>}<tool_call|>", Added)]
    [InlineData("<start_function_call>call:add{x:1,note:<escape>01<escape>}<end_function_call>", Added)]
    [InlineData("```tool_code\nprint(current_time())\n```", Time)]
    [InlineData("```tool_code\nprint(default_api.add(x = 1, note = '01'))\n```", Added)]
    [InlineData("```tool_call\n{\"name\":\"current_time\",\"arguments\":{}}\n```", Time)]
    [InlineData("```json\n{\"name\":\"current_time\",\"arguments\":{}}\n```", Time)]
    [InlineData("""{"name":"add","parameters":{"x":1,"note":"01"}}""", Added)]
    [InlineData("""{"name":"current_time","parameters":{}}; {"name":"add","parameters":{"x":1,"note":"01"}}""", Time + "; " + Added)]
    [InlineData("[add(x=1, note=\"01\"), current_time()]", Added + "; " + Time)]
    [InlineData("""<|channel|>commentary to=functions.add <|constrain|>json<|message|>{"x":1,"note":"01"}<|call|>""", Added)]
    [InlineData("""<|start|>assistant to=functions.current_time<|channel|>commentary json<|message|>{}<|call|>""", Time)]
    [InlineData("""<think>I call.</think><tool_call>{"name":"current_time","arguments":{}}</tool_call>""", Time)]
    [InlineData("""<tool_call>{"name":"add","arguments":{"x":1,"note":"01"}}</tool_call><tool_response>{"sum":2}</tool_response>""", Added)]
    [InlineData("""<tool_call>{"name":"unknown","arguments":{}}</tool_call>""", "")]
    [InlineData("<tool_call>{\"name\":\"current_time\",\"arguments\":{</tool_call>", "")]
    [InlineData("<tool_call>{\"name\":\"unknown\",\"argu", "")]
    public void A_call_in_the_text_is_run_or_silent(string text, string calls) => Check(text, "", calls);

    [Theory]
    [InlineData("""Let me look. <tool_call>{"name":"current_time","arguments":{}}</tool_call>""", "Let me look.", Time)]
    [InlineData("""Let me look.\n<tool_call>{"name":"unknown"}</tool_call> Well.""", "Let me look.\\n Well.", "")]
    [InlineData("""<tool_call>{"name":"current_time","arguments":{}} It is noon.""", "It is noon.", Time)]
    [InlineData("Models write <tool_call> to call tools.", "Models write <tool_call> to call tools.", "")]
    [InlineData("Between <tool_call></tool_call> stands JSON.", "Between <tool_call></tool_call> stands JSON.", "")]
    [InlineData("[TOOL_CALLS] is a sign of Mistral.", "[TOOL_CALLS] is a sign of Mistral.", "")]
    [InlineData("""Write `<tool_call>{"name":"current_time"}</tool_call>`.""", """Write `<tool_call>{"name":"current_time"}</tool_call>`.""", "")]
    [InlineData("```xml\n<tool_call>{\"name\":\"current_time\"}</tool_call>\n```", "```xml\n<tool_call>{\"name\":\"current_time\"}</tool_call>\n```", "")]
    [InlineData("""{"name":"Alice","age":7}""", """{"name":"Alice","age":7}""", "")]
    [InlineData("```json\n{\"a\":1}\n```\nThat is it.", "```json\n{\"a\":1}\n```\nThat is it.", "")]
    [InlineData("[joy] Hello, a function <b>and</b> 1 < 2.", "[joy] Hello, a function <b>and</b> 1 < 2.", "")]
    [InlineData("A <function> and <invoke> are words.", "A <function> and <invoke> are words.", "")]
    public void What_is_said_beside_a_call_stays(string text, string said, string calls) => Check(text, said, calls);

    [Fact]
    public void Without_tools_a_call_is_silent_and_JSON_is_an_answer()
    {
        var none = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Assert.Equal(("", ""), Read("""<tool_call>{"name":"current_time","arguments":{}}</tool_call>""", 1, none));
        Assert.Equal(("""{"name":"current_time"}""", ""), Read("""{"name":"current_time"}""", 1, none));
    }

    [Fact]
    public async Task A_call_that_comes_both_ways_runs_once_and_another_one_runs_too()
    {
        await using var rig = await ChatRig.StartAsync(
            ChatRig.Text("<tool_call>{\"name\":\"f\",\"arguments\":{\"x\":1}}</tool_call><tool_call>{\"name\":\"f\",\"arguments\":{\"x\":2}}</tool_call>")
            + ChatRig.Delta("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\"}}]") + ChatRig.Finish("tool_calls"));
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create((int x) => x, "f")] };
        Assert.Equal("@a:f({\"x\":1})@written_1:f({\"x\":2}) [tool_calls]", ChatRig.Told(await rig.AskAsync(options)));
    }

    [Fact]
    public void A_call_without_end_is_bounded()
    {
        var splitter = new CallSplitter(Tools);
        Assert.Equal("", splitter.Read("<tool_call>{\"name\":\"" + new string('a', CallSplitter.Longest)));
        Assert.Equal("Hello", splitter.Read("\"}</tool_call>Hello"));
        Assert.Empty(splitter.Calls);
    }

    private static void Check(string text, string said, string calls)
    {
        for (var cut = 0; cut <= text.Length; cut++)
            Assert.Equal((text, cut, said, calls), Told(text, cut));

        static (string, int, string, string) Told(string text, int cut)
        {
            var (said, calls) = Read(text, cut, Tools);
            return (text, cut, said, calls);
        }
    }

    private static (string Said, string Calls) Read(string text, int cut, Dictionary<string, JsonElement> tools)
    {
        var reader = new ChatAnswerReader(tools: tools);
        var updates = new List<ChatResponseUpdate?>();
        foreach (var piece in new[] { text[..cut], text[cut..] })
            updates.Add(reader.Read(JsonSerializer.SerializeToElement(new { choices = new[] { new { delta = new { content = piece } } } })));
        updates.Add(reader.End(isTold: true));
        var contents = updates.SelectMany(u => u?.Contents ?? []).ToArray();
        var said = string.Concat(contents.OfType<TextContent>().Select(t => t.Text)).Trim();
        return (said, string.Join("; ", contents.OfType<FunctionCallContent>().Select(c => $"{c.Name} {JsonSerializer.Serialize(c.Arguments)}")));
    }
}
