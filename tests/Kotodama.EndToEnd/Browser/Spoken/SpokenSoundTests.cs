using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Kotodama.Protocol;

namespace Kotodama.EndToEnd.Browser.Spoken;

/// <summary>Where speech is heard, and speech that is brought along.</summary>
public sealed class SpokenSoundTests(BrowserFixture browser) : SpokenTests(browser)
{
    private const string Text = "Good morning. What time is it? Turn on the light. Open the window and close the door. What is your name?";

    [Fact]
    public async Task One_of_two_pages_is_heard_and_when_it_closes_the_other_one_goes_on_where_it_was()
    {
        // A machine that is busy elsewhere may be late, with the sound of either page, but not each time.
        for (var time = 1; await CloseWhileSpeakingAsync() is var (silence, lost) && (silence > 500 || lost - silence > 200 || lost <= -100); time++)
            Assert.True(time < 3, $"The other page is heard after {silence:0} ms, and {lost:0} ms of the speech lie between them.");
    }

    [Fact]
    public async Task A_file_that_is_posted_is_heard_and_the_mouth_closes_with_it()
    {
        await using var hub = await SpeakingHub.StartAsync();
        await using var page = await OpenAsync(hub.Hub.Url);
        var file = await EspeakAsync("Tell me a story please.");

        // A machine that is busy elsewhere may be late with a frame, but not each time.
        for (var time = 1; ; time++)
        {
            await page.Page.EvaluateAsync("() => { ears.blocks.length = ears.watched.length = 0; ears.watch(); }");
            using var body = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("audio/wav") } };
            using var answer = await hub.Hub.Http().PostAsync(new Uri("api/speak?content=A%20recording", UriKind.Relative), body, Token);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            await ToldAsync(page, "done", time);
            await page.ShownAsync("A recording");
            Assert.Equal("tell me a story please", await WordsAsync(page));
            await page.HoldsAsync("() => ears.mouth().closedAfter !== null");
            var mouth = (await page.Page.EvaluateAsync("() => ears.mouth()"))!.Value;
            Write(mouth.GetRawText());
            Assert.True(mouth.GetProperty("widest").GetDouble() > 0.4 && mouth.GetProperty("r").GetDouble() > 0.7, mouth.GetRawText());
            if (mouth.GetProperty("closedAfter").GetDouble() <= 150)
                return;
            Assert.True(time < 3, mouth.GetRawText());
        }
    }

    [Fact]
    public async Task A_page_that_is_loaded_again_hears_the_rest_of_a_reply_that_was_sent_whole()
    {
        await using var hub = await SpeakingHub.StartAsync();
        await using var page = await OpenAsync(hub.Hub.Url);
        var speaking = hub.Stage.SendLlmResponseAsync("Good morning! What is your name? Turn on the light.", until: ReceiptLevel.Spoken, cancellationToken: Token);
        await page.HoldsAsync("() => window.kotodama.inspect().speech.word?.at > 14");
        await page.GotoAsync();
        await page.ShownAsync("Good morning");
        Assert.Equal(ReceiptStatus.Done, (await speaking.InTime("the word that it is spoken")).Status);
        Assert.EndsWith("turn on the light", await WordsAsync(page), StringComparison.Ordinal);
        Assert.DoesNotContain("good morning", await WordsAsync(page), StringComparison.Ordinal);
    }

    /// <summary>Closes the page that is heard, and finds everything in order except perhaps how exact it is.</summary>
    /// <returns>
    /// How long nothing is heard, and how much of the speech is left out, in milliseconds; below zero: so much is said twice. The place to go on is
    /// where the first page would be now, as exactly as two pages are in step.
    /// </returns>
    private async Task<(double Silence, double Lost)> CloseWhileSpeakingAsync()
    {
        await using var hub = await SpeakingHub.StartAsync();
        await using var first = await OpenAsync(hub.Hub.Url);
        await using var second = await first.AnotherAsync();
        await ReadyAsync(second, isSpeaker: false);
        first.Expected = complaint => complaint.Contains("about:blank", StringComparison.Ordinal);
        await first.Page.EvaluateAsync("() => addEventListener('pagehide', () => localStorage.setItem('heard', JSON.stringify(ears.recording())))");
        var speaking = hub.Stage.SendLlmResponseAsync(Text, until: ReceiptLevel.Spoken, cancellationToken: Token);
        await first.HoldsAsync("() => window.kotodama.inspect().speech.position > 2200");
        Assert.Equal(0, await second.Page.EvaluateAsync<int>("() => ears.heard().frames.length"));
        await first.Page.GotoAsync("about:blank");
        await ToldAsync(second, "done");
        try
        {
            await second.HoldsAsync("() => localStorage.getItem('heard') !== null");
        }
        catch (TimeoutException)
        {
            // What a page stores while it goes does not reach the others each time. It counts as a try.
            Write("The first page did not tell what was heard.");
            return (double.PositiveInfinity, 0);
        }

        var before = Recording.Read((await second.Page.EvaluateAsync("() => JSON.parse(localStorage.getItem('heard'))"))!.Value);
        var after = await Recording.OfAsync(second);
        var ((beganAt, _), (wentOnAt, likeness)) = (before.PlaceIn(hub.Sent), after.PlaceIn(hub.Sent));
        var (silence, lost) = (after.From - before.To, wentOnAt - beganAt - before.Milliseconds);
        Write($"Silent for {silence:0} ms; {lost:0} ms of the speech lie between them, likeness {likeness:0.000}.");
        Assert.True(likeness > 0.95, $"The second page plays something else: {likeness}");

        Assert.StartsWith("good morning what time is it", await Recognizer.WordsAsync(before), StringComparison.Ordinal);
        Assert.EndsWith("what is your name", await Recognizer.WordsAsync(after.AfterPause()), StringComparison.Ordinal);
        Assert.Equal(ReceiptStatus.Done, (await speaking.InTime("the word that it is spoken")).Status);
        return (silence, lost);
    }

    private static async Task<byte[]> EspeakAsync(string text)
    {
        using var process = Process.Start(new ProcessStartInfo("espeak-ng", ["-v", "en-us", "--stdout", text]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var wav = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(wav, Token);
        await process.WaitForExitAsync(Token);
        return wav.ToArray();
    }
}
