using Kotodama.Companion.Chat;
using Kotodama.Companion.Chat.OpenAi;
using Kotodama.Tests.Simulation;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat;

public sealed class ToolLoopTests
{
    private readonly ManualTime _time = new();
    private readonly TestLog _log = new();

    [Fact]
    public async Task Tools_run_and_the_model_is_asked_again_with_their_results_in_sight_of_the_caller()
    {
        var model = new ScriptedChat([new TextContent("Let me see. "), ScriptedChat.Call("a", "add", ("x", 1), ("y", 2)), ScriptedChat.Call("b", "now")], [new TextContent("Three.")]);
        var told = await RunAsync(model, AIFunctionFactory.Create((int x, int y) => x + y, "add"), BuiltInTools.Find("current_time", _time)!, AIFunctionFactory.Create(() => "noon", "now"));
        Assert.Equal("""Let me see. @a:add({"x":1,"y":2})@b:now({})=a:3=b:noonThree.""", told);
        var again = model.Asked[1].Messages;
        Assert.Equal(["user", "assistant", "tool", "tool"], again.Select(m => m.Role.Value));
        Assert.Equal(3, again[1].Contents.Count);
        Assert.Null(model.Asked[1].Options!.ToolMode);
    }

    [Fact]
    public async Task What_was_reasoning_after_all_is_not_told_to_the_model_again()
    {
        var late = new TextContent("Let me see. ") { AdditionalProperties = new() { [LlmSelector.WasReasoning] = true } };
        var model = new ScriptedChat([new TextContent("The user wants a sum. "), late, ScriptedChat.Call("a", "now")], [new TextContent("Noon.")]);
        await RunAsync(model, AIFunctionFactory.Create(() => "noon", "now"));
        Assert.Equal("Let me see. ", model.Asked[1].Messages[1].Text);
    }

    [Fact]
    public async Task What_goes_wrong_is_told_to_the_model()
    {
        var bad = ScriptedChat.Call("b", "fails");
        bad.Exception = new InvalidOperationException();
        var model = new ScriptedChat([ScriptedChat.Call("a", "fails"), bad, ScriptedChat.Call("c", "unknown"), ScriptedChat.Call("d", "long")], [new TextContent("Sorry.")]);
        var told = await RunAsync(model, AIFunctionFactory.Create(string () => throw new InvalidOperationException("no such file"), "fails"), AIFunctionFactory.Create(() => new string('x', 20_000), "long"));
        Assert.Contains("=a:Error: no such file=b:Error: the arguments are no JSON object.=c:Error: there is no tool with this name.=d:xx", told, StringComparison.Ordinal);
        Assert.EndsWith("xx (cut)Sorry.", told, StringComparison.Ordinal);
        Assert.InRange(told.Length, ToolLoop.LongestResult, ToolLoop.LongestResult + 500);
        Assert.Equal("Tool fails failed with InvalidOperationException; the language model is told.", Assert.Single(_log.Lines).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tool_that_does_not_end_is_left_after_half_a_minute(bool listens)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var never = new ManualResetEventSlim();
        var tool = listens
            ? AIFunctionFactory.Create(async (CancellationToken stop) => { begun.SetResult(); await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop); }, "slow")
            : AIFunctionFactory.Create(() => { begun.SetResult(); never.Wait(TestContext.Current.CancellationToken); }, "slow");
        var running = RunAsync(new ScriptedChat([ScriptedChat.Call("a", "slow")], [new TextContent("Sorry.")]), tool);
        await begun.Task.InTime("the tool");
        await Limits.UntilAsync(() => _time.Timers > 0, "the limit of the tool");
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(running.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("@a:slow({})=a:Error: the tool took longer than 30 seconds.Sorry.", await running.InTime("the answer"));
        never.Set();
    }

    [Fact]
    public async Task A_model_that_only_calls_tools_must_answer_after_eight_rounds()
    {
        var model = new ScriptedChat([ScriptedChat.Call("a", "f")]);
        var told = await RunAsync(model, AIFunctionFactory.Create(() => 1, "f"));
        Assert.Equal(9, model.Asked.Count);
        Assert.Equal(8, told.Split('=').Length - 1);
        Assert.All(model.Asked.Take(8), a => Assert.NotNull(a.Options!.Tools));
        Assert.Null(model.Asked[8].Options!.Tools);
    }

    [Fact]
    public async Task Canceling_ends_the_answer_and_the_tool()
    {
        using var stop = new CancellationTokenSource();
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tool = AIFunctionFactory.Create(
            async (CancellationToken token) =>
            {
                begun.SetResult();
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                }
                finally
                {
                    ended.SetResult();
                }
            },
            "slow");
        var running = RunAsync(new ScriptedChat([ScriptedChat.Call("a", "slow")]), stop, tool);
        await begun.Task.InTime("the tool");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTime("the end"));
        await ended.Task.InTime("the end of the tool");
    }

    [Fact]
    public async Task Calls_without_tools_are_for_the_caller()
    {
        var model = new ScriptedChat([ScriptedChat.Call("a", "f")]);
        Assert.Equal("@a:f({})", await RunAsync(model));
        Assert.Single(model.Asked);
    }

    [Fact]
    public async Task The_time_is_a_tool_that_a_character_may_have()
    {
        var tool = BuiltInTools.Find("current_time", _time)!;
        Assert.Equal($"{_time.GetLocalNow():dddd, yyyy-MM-dd HH:mm:ss zzz}", ChatRequestBody.ResultText(await tool.InvokeAsync([], TestContext.Current.CancellationToken)));
        Assert.Null(BuiltInTools.Find("delete_everything", _time));
    }

    private Task<string> RunAsync(ScriptedChat model, params AITool[] tools) => RunAsync(model, null, tools);

    private async Task<string> RunAsync(ScriptedChat model, CancellationTokenSource? stop, params AITool[] tools)
    {
        var updates = new List<ChatResponseUpdate>();
        var options = new ChatOptions { Tools = tools, ToolMode = ChatToolMode.RequireAny };
        await foreach (var update in new ToolLoop(model, _time, _log).GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "go")], options, stop?.Token ?? TestContext.Current.CancellationToken))
            updates.Add(update);
        return ChatRig.Told(updates);
    }
}
