using System.Diagnostics;
using Kotodama.Client;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Browser.Spoken;

/// <summary>Replies go in at one end, and their words come out of the loudspeaker at the other: as a recognizer of speech writes them down.</summary>
public sealed class SpokenReplyTests(BrowserFixture browser) : SpokenTests(browser)
{
    [Fact]
    public async Task Replies_sent_to_the_program_at_once_are_heard_word_for_word_and_each_bubble_waits_for_the_speech_before()
    {
        var data = Directory.CreateTempSubdirectory("kotodama-spoken-");
        string[] arguments = ["--port", "0", "--page-port", "0", "--open", "never", "--voice", "auto", "--data", data.FullName];
        using var program = TestProcess.Start(new ProcessStartInfo("dotnet", [Repository.Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        });
        try
        {
            var url = await UrlAsync(program);
            await using var page = await OpenAsync(url);
            await using var sender = await KotodamaClient.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri, cancellationToken: Token);
            var replies = new List<Task<ReceiptMessage>>();
            foreach (var text in new[] { "Good morning!", "What is **your** name?", "Turn on the light.", "No, thank you. 🙂", "What time is it?" })
                replies.Add(sender.PublishAsync(new LlmResponseMessage { Content = text, Receipt = ReceiptLevel.Spoken }, Token));
            Assert.All(await Task.WhenAll(replies).InTime("every reply to be spoken"), r => Assert.Equal((ReceiptStatus.Done, 1), (r.Status, r.Counts!.Spoken)));
            await ToldAsync(page, "done", 5);
            Assert.Equal("good morning what is your name turn on the light no thank you what time is it", await WordsAsync(page));
            Assert.Equal(Enumerable.Range(1, 5).SelectMany(n => new[] { $"displayed {n}", "first", "done", $"spoken {n}" }), await ToldAsync(page));
        }
        finally
        {
            program.Kill();
            await program.WaitForExitAsync(CancellationToken.None);
            data.Delete(recursive: true);
        }

        static async Task<Uri> UrlAsync(Process program)
        {
            while (await program.StandardOutput.ReadLineAsync(Token).AsTask().InTime("the address of the program") is { } line)
                if (line.Contains("Page ", StringComparison.Ordinal))
                    return new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
            throw new InvalidOperationException(await program.StandardError.ReadToEndAsync(Token));
        }
    }

    [Fact]
    public async Task A_streamed_reply_is_heard_before_its_text_ends_and_nothing_of_it_twice()
    {
        await using var hub = await SpeakingHub.StartAsync();
        await using var page = await OpenAsync(hub.Hub.Url);
        string[] pieces = ["What is your", " name? Tell", " me a story, please. Good mor", "ning."];
        for (var part = 0; part < 3; part++)
        {
            await hub.Stage.PublishAsync(new LlmDeltaMessage { Id = "s", Part = part, Content = pieces[part] }, Token);
            if (part == 1)
                await page.HoldsAsync("() => ears.heard().frames.length > 0");
        }

        await page.HoldsAsync("() => window.kotodama.inspect().speech.clause === 1");
        await hub.Stage.PublishAsync(new LlmResponseMessage { Id = "s", Content = string.Concat(pieces) }, Token);
        await ToldAsync(page, "done");
        Assert.Equal("what is your name tell me a story please good morning", await WordsAsync(page));
        Assert.Equal(["first", "done", "displayed 1", "spoken 1"], (await ToldAsync(page)).Where(t => t != "underrun").OrderBy(t => t.Contains(' ')));
    }

    [Fact]
    public async Task Who_waits_until_a_reply_is_spoken_hears_of_it_when_the_sound_has_ended()
    {
        await using var hub = await SpeakingHub.StartAsync();
        await using var page = await OpenAsync(hub.Hub.Url);
        var receipt = await hub.Stage.SendLlmResponseAsync("Hello, how are you today?", until: ReceiptLevel.Spoken, cancellationToken: Token).InTime("the reply to be spoken");
        Assert.Equal((ReceiptStatus.Done, 1), (receipt.Status, receipt.Counts!.Spoken));
        await ToldAsync(page, "done");
        var late = await page.Page.EvaluateAsync<double>("() => (ears.told.find(({ message }) => message.spoken !== undefined).at - ears.heard().to) * 1000");
        Write($"The word that it was spoken came {late:0} ms after its last sample.");
        Assert.InRange(late, 0, 400);
        Assert.Equal("hello how are you today", await WordsAsync(page));
    }

    [Fact]
    public async Task The_newest_of_the_replies_from_before_any_page_was_open_is_spoken()
    {
        await using var hub = await SpeakingHub.StartAsync();
        foreach (var text in new[] { "Open the window and close the door.", "Turn on the light.", "Tell me a story, please." })
            await hub.Stage.SendLlmResponseAsync(text, cancellationToken: Token);
        await using var page = await OpenAsync(hub.Hub.Url);
        await ToldAsync(page, "done");

        // It is said while the loudspeaker is still starting, and waits for it with its first word.
        Assert.Equal(["first", "done"], (await ToldAsync(page)).Where(t => !t.Contains(' ') && t != "underrun"));
        Assert.Equal("tell me a story please", await WordsAsync(page));
        await page.ShownAsync("Tell me a story");
        var history = (await page.InspectAsync()).GetProperty("history").EnumerateArray().Select(h => h.GetProperty("text").GetString());
        Assert.Equal(["Open the window and close the door.", "Turn on the light.", "Tell me a story, please."], history);
    }

    [Fact]
    public async Task Stop_is_silence_and_the_next_reply_speaks_again()
    {
        await using var hub = await SpeakingHub.StartAsync();
        await using var page = await OpenAsync(hub.Hub.Url);
        await hub.Stage.SendLlmResponseAsync("One two three four five. Open the window and close the door. Tell me a story, please.", cancellationToken: Token);
        await page.HoldsAsync("() => window.kotodama.inspect().speech.position > 2500");
        await hub.Stage.PublishAsync(new StopMessage(), Token);
        await ToldAsync(page, "stopped");
        await page.HoldsAsync("() => ears.context.currentTime > ears.stoppedAt + 0.5");
        var late = await page.Page.EvaluateAsync<double>("() => (ears.heard().to - ears.stoppedAt) * 1000");
        Write($"Silence {late:0} ms after stop.");

        // It may have come between two words.
        Assert.InRange(late, -400, 50);
        await page.HiddenAsync();
        await page.Page.EvaluateAsync("() => { ears.blocks.length = 0; }");
        await hub.Stage.SendLlmResponseAsync("Good morning.", cancellationToken: Token);
        await ToldAsync(page, "done");
        Assert.Equal("good morning", await WordsAsync(page));
    }

    [Fact]
    public async Task A_reply_that_interrupts_is_heard_at_once_and_nothing_of_the_one_before_after_it()
    {
        await using var hub = await SpeakingHub.StartAsync();
        await using var page = await OpenAsync(hub.Hub.Url);
        await hub.Stage.SendLlmResponseAsync("What time is it? Open the window and close the door. Tell me a story, please.", cancellationToken: Token);
        await hub.Stage.SendLlmResponseAsync("No, thank you.", cancellationToken: Token);
        await page.HoldsAsync("() => window.kotodama.inspect().speech.clause === 1");
        await hub.Stage.PublishAsync(new LlmResponseMessage { Content = "What is your name?", Mode = ReplyMode.Interrupt }, Token);
        await ToldAsync(page, "done", 2);

        // Where it was cut off, half a word makes the recognizer lose the rest: each part is heard for itself.
        var before = Recording.Read((await page.Page.EvaluateAsync("() => ears.recording(ears.stoppedAt + 0.05)"))!.Value);
        var after = Recording.Read((await page.Page.EvaluateAsync("() => ears.recording(Infinity, ears.stoppedAt + 0.05)"))!.Value);
        Assert.InRange(await Recognizer.WordsAsync(before, ["what", "time", "is", "it", "open", "the", "window", "and", "close", "the", "door"]), 4, 8);
        Assert.Equal("what is your name no thank you", await Recognizer.WordsAsync(after));
        Assert.Equal(["first", "stopped", "first", "done", "first", "done"], (await ToldAsync(page)).Where(t => !t.Contains(' ')));
    }
}
