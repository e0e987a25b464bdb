using System.Text.Json;
using Kotodama.Companion.Chat;
using Kotodama.Voice.Engines.Espeak;
using Kotodama.Voice.Faults;
using Kotodama.Voice.Synthesis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser.Talking;

/// <summary>An engine fails in the middle of a conversation.</summary>
public sealed class FailingEnginesTests(BrowserFixture browser) : TalkingTests(browser)
{
    [Fact]
    public async Task A_language_model_that_fails_is_explained_and_the_next_question_is_answered()
    {
        var spoken = new TaskCompletionSource();
        await using var server = await FakeSpeechServer.StartAsync(AnswerAsync);
        var options = new LlmOptions { Server = new Uri(server.Url, "v1").ToString(), Model = "m", FirstToken = TimeSpan.FromSeconds(2) };
        await using var hub = await TalkingHub.StartAsync(new LlmSelector(options, _ => null, TimeProvider.System, NullLogger.Instance, new LlmPorts()));
        await using var page = await OpenAsync(await Browser.LoudAsync(), hub);
        await TypeAsync(page, "hang");
        await Assertions.Expect(page.Status).ToContainTextAsync("took too long", new() { Timeout = 15_000 });
        await TypeAsync(page, "rubbish");
        await Assertions.Expect(page.Status).ToContainTextAsync("no usable answer", new() { Timeout = 15_000 });
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => ears.heard().frames.length"));
        await page.HiddenAsync();
        await TypeAsync(page, "break");
        await SpeaksAsync(page);
        spoken.SetResult();
        await Assertions.Expect(page.Status).ToContainTextAsync("broke off before its end", new() { Timeout = 15_000 });
        await hub.KeptAsync(4);
        await ToldAsync(page, "done");
        Assert.Equal("good morning", await WordsAsync(page));
        await page.Page.EvaluateAsync("() => { ears.blocks.length = 0; }");
        await TypeAsync(page, "again");
        await hub.KeptAsync(6);
        await ToldAsync(page, "done", 2);
        Assert.Equal("tell me a story please", await WordsAsync(page));
        await hub.KeepsAsync(["user: hang", "user: rubbish", "user: break", "character: Good morning. (interrupted)", "user: again", "character: Tell me a story, please."]);

        async Task AnswerAsync(HttpContext context, string body)
        {
            using var asked = JsonDocument.Parse(body);

            // What was not answered comes together with what was said next.
            switch (asked.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!.Split('\n')[^1])
            {
                case "hang":
                    await FakeSpeechServer.HangAsync(context);
                    break;
                case "rubbish":
                    await ChatRig.SendAsync(context, "data: what is your name\n\n");
                    break;
                case "break":
                    await ChatRig.SendAsync(context, ChatRig.Text("Good morning."));
                    await spoken.Task.InTime("the first words");
                    context.Abort();
                    break;
                default:
                    await ChatRig.SendAsync(context, ChatRig.Text("Tell me a story, please.") + ChatRig.Finish());
                    break;
            }
        }
    }

    [Fact]
    public async Task When_a_voice_fails_in_the_middle_the_next_one_goes_on_in_order()
    {
        var (broken, whole) = (new EspeakSynthesizer(new EspeakOptions(), TimeProvider.System), new EspeakSynthesizer(new EspeakOptions(), TimeProvider.System));
        var failing = new ScriptedSynthesizer("failing", (request, token) => request.Text.Contains("name", StringComparison.Ordinal) ? throw new EngineException("It is broken.") : broken.SynthesizeAsync(request, token));
        var patience = new SpeechPatience(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), "none");
        var chain = new SpeechChain([new SpeechEngine(failing, patience), new SpeechEngine(whole, patience)], TimeProvider.System, NullLogger.Instance);
        await using var hub = await TalkingHub.StartAsync(new Replies { { "hello", "Open the window and close the door. What is", " your name? Tell me a story, please." } }, chain);
        await using var page = await OpenAsync(await Browser.LoudAsync(), hub);
        await TypeAsync(page, "hello");
        await hub.KeptAsync(2);
        await ToldAsync(page, "done");
        Assert.Equal("open the window and close the door what is your name tell me a story please", await WordsAsync(page));
        await hub.KeepsAsync(["user: hello", "character: Open the window and close the door. What is your name? Tell me a story, please."]);
        Assert.Contains(failing.Requests, r => r.Text.Contains("name", StringComparison.Ordinal));
        await broken.DisposeAsync();
    }
}
