using Kotodama.Protocol;

namespace Kotodama.Tests.Companion.Channels;

public sealed class CompanionLimitTests
{
    [Fact]
    public async Task An_answer_that_is_cut_at_the_limit_leaves_one_line_in_the_log()
    {
        var log = new TestLog();
        await using var stage = new TalkStage(logger: log);
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Tell me everything." });
        await stage.Mind.AnswerAsync(string.Concat(Enumerable.Repeat("word ", 3300)), "and ", "more.");
        Assert.InRange((await stage.HearAsync<LlmResponseMessage>()).Content.Length, 16_000, 16_384);
        Assert.Single(log.Lines, line => line.Text.Contains("cut after 16384 characters", StringComparison.Ordinal));
    }
}
