using Kotodama.EndToEnd.Browser.Listening;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Talking;

/// <summary>The user speaks to the page, and the character answers.</summary>
public sealed class SpokenTalkTests(BrowserFixture browser) : TalkingTests(browser)
{
    [Fact]
    public async Task A_spoken_question_is_understood_answered_aloud_and_remembered()
    {
        using var file = await SpokenFile.SayAsync(1, "what time is it");
        await using var hub = await TalkingHub.StartAsync(new Replies { { "what time is it", "Good mor", "ning. Tell me a", " story, please." } });
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TurnOnAsync(page);
        await Assertions.Expect(page.Page.GetByTestId("heard")).ToContainTextAsync("what time is it", new() { Timeout = 15_000 });
        await hub.KeptAsync(2);
        await hub.KeepsAsync(["user: what time is it", "character: Good morning. Tell me a story, please."]);
        await ToldAsync(page, "done");
        Assert.Equal("good morning tell me a story please", await WordsAsync(page));
        await page.HoldsAsync("() => ears.states.at(-1) === 'idle' && ears.states.length > 1");
        Assert.Equal("idle listening transcribing thinking speaking idle", await StatesAsync(page));
        Write(await page.Page.EvaluateAsync<string>("() => JSON.stringify(ears.got.findLast(({ message }) => message.type === 'metrics').message.marks)"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_companion_answers_neither_noise_nor_a_tone(bool tone)
    {
        using var file = tone ? SpokenFile.Tone() : SpokenFile.Noise();
        var mind = new Replies();
        await using var hub = await TalkingHub.StartAsync(mind);
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TurnOnAsync(page);
        await page.HoldsAsync($"() => window.kotodama.inspect().microphone.heard > {(int)((file.Seconds - 1) * 1_000)}");
        Assert.Empty(mind.Asked);
        Assert.Empty(hub.Kept);
        Assert.DoesNotContain("listening", await StatesAsync(page), StringComparison.Ordinal);
    }
}
