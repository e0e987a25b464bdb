using Kotodama.Protocol;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>Answers of which a server sends only a part.</summary>
public sealed class CompanionCutTests
{
    private const string Begun = "Once upon a time there was a fox. It";

    [Theory]
    [InlineData("the limit of tokens", "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n")]
    [InlineData("the limit in another word", "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"MAX_TOKENS\"}]}\n\ndata: [DONE]\n\n")]
    [InlineData("a filter", "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\ndata: [DONE]\n\n")]
    [InlineData("no end at all", "")]
    [InlineData("an error that is no event", "error: {\"code\":500,\"message\":\"out of memory\"}\n\n")]
    [InlineData("an error alone", "{\"error\":{\"message\":\"out of memory\"}}\n")]
    [InlineData("an error as an event", "event: error\ndata: {\"message\":\"out of memory\"}\n\n")]
    [InlineData("an error in a piece", "data: {\"error\":{\"message\":\"out of memory\"}}\n\n")]
    [InlineData("a sentence", "upstream connect error or disconnect before headers\n")]
    [InlineData("a web page", "<html><body>502 Bad Gateway</body></html>\n")]
    [InlineData("half a piece", "data: {\"choices\":[{\"delta\":{\"content\":\"ran")]
    [InlineData("a failed end", "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"abort\"}]}\n\ndata: [DONE]\n\n")]
    public async Task What_is_not_whole_is_told_and_kept_as_interrupted(string what, string end)
    {
        await using var rig = await ChatRig.StartAsync(ChatRig.Text("<think>A story.</think>") + ChatRig.Text(Begun) + end);
        await using var stage = new TalkStage(mind: rig.Client);
        await stage.ComeAsync(isHeard: false);
        await stage.SayAsync(new UserTextMessage { Channel = "default", Page = "page", Content = "Tell me a story." });
        var reply = await stage.HearAsync<LlmResponseMessage>();
        var told = await stage.HearAsync<TurnMessage>(turn => turn.Reason is not null);
        await stage.SayAsync(new ReceiptMessage { Id = reply.Id!, Channel = "default", Status = ReceiptStatus.Stopped, Final = true });
        await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle);
        Assert.Equal((what, "Once upon a time there was a fox.", TurnReason.Truncated), (what, reply.Content, told.Reason));
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time there was a fox. (interrupted)"], await stage.HistoryAsync());
    }

    [Fact]
    public async Task An_answer_with_its_end_is_whole()
    {
        await using var rig = await ChatRig.StartAsync(ChatRig.Text(Begun) + ChatRig.Finish());
        await using var stage = new TalkStage(mind: rig.Client);
        await stage.ComeAsync(isHeard: false);
        await stage.SayAsync(new UserTextMessage { Channel = "default", Page = "page", Content = "Tell me a story." });
        Assert.Equal(Begun, (await stage.ReadAsync()).Content);
        Assert.Equal(["user: Tell me a story.", $"assistant: {Begun}"], await stage.HistoryAsync());
    }
}
