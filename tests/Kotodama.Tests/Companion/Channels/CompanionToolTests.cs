using Kotodama.Companion.Conversations;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>Tools change the world, so they are used when it is certain what was said.</summary>
public sealed class CompanionToolTests
{
    [Fact]
    public async Task A_tool_is_used_once_and_after_the_person_has_ended()
    {
        var used = 0;
        var light = AIFunctionFactory.Create(() => ++used, "switch_on", "Switches something on.");
        await using var stage = new TalkStage(tools: [light], time: new ManualTime());
        await stage.ComeAsync();
        await SayAsync(stage, 1, "turn on the light");
        Assert.Equal("turn on the light", (await stage.HearAsync<TranscriptMessage>()).Content);
        await SayAsync(stage, 2, "and the fan.");
        Assert.Equal("turn on the light and the fan.", (await stage.HearAsync<TranscriptMessage>(said => said.Final)).Content);
        var question = await stage.Mind.AskedAsync();
        Assert.Equal(("turn on the light and the fan.", 0), (stage.Mind.Told[0][^1].Text, used));
        question.TryWrite(new FunctionCallContent("1", "switch_on"));
        question.Complete();
        await stage.Mind.AnswerAsync("Done.");
        Assert.Equal("Done.", (await stage.ReadAsync()).Content);
        Assert.Equal((2, 1), (stage.Mind.Told.Count, used));
    }

    [Fact]
    public async Task The_clock_may_be_asked_early()
    {
        var clock = AIFunctionFactory.Create(() => "noon", "current_time", "Tells the time.");
        await using var stage = new TalkStage(tools: [clock], time: new ManualTime());
        await stage.ComeAsync();
        await SayAsync(stage, 1, "what time is it");
        await stage.Mind.AskedAsync();
        Assert.Equal("what time is it", stage.Mind.Told[0][^1].Text);
    }

    /// <summary>The user says something, without an end that is certain.</summary>
    private static async Task SayAsync(TalkStage stage, long utterance, string text)
    {
        foreach (var happened in new[] { VadEvent.Start, VadEvent.Real, VadEvent.End })
            await stage.SayAsync(new VadMessage { Channel = "default", Utterance = utterance, Event = happened, Page = "page" });
        (await stage.Ear.HeardAsync()).Understand(text);
    }
}
