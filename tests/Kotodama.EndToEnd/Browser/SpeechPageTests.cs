using System.Text.Json;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using Microsoft.Playwright;

namespace Kotodama.EndToEnd.Browser;

/// <summary>What the page makes of a voice, heard by a listener in its own audio graph.</summary>
[Collection(BrowserTests.Name)]
public sealed class SpeechPageTests(BrowserFixture browser)
{
    private const int Piece = Sounds.Rate / 25;

    /// <summary>As on a plain http address in a local network.</summary>
    private const string NoWorklet = """
        { const Native = AudioWorkletNode; window.AudioWorkletNode = class extends Native { constructor(...given) { if (given[1] === 'kotodama-ring') throw new Error('none'); super(...given); } }; }
        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sound_that_arrives_unevenly_is_played_without_a_gap(bool worklet)
    {
        // A machine that is busy elsewhere may stop everything for longer than what is there in advance, and the page says so, but not each time.
        for (var time = 1; await StumblesAsync(worklet); time++)
            Assert.True(time < 3, "The sound ran dry each time.");
    }

    /// <summary>Plays a hundred pieces of one tone. Returns whether the page told that the sound ran dry.</summary>
    private async Task<bool> StumblesAsync(bool worklet)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub, worklet ? TestPage.Ears : TestPage.Ears + NoWorklet);
        await hub.ReplyAsync("r", "A hundred pieces of one tone.");
        var random = new Random(7);
        var due = Enumerable.Range(0, 100).Select(i => i * 40 - 500 + random.Next(80)).ToArray();
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < due.Length; i++)
        {
            await ElapsedAsync(start, due[i]);
            var (clause, offset) = (i / 25, i % 25 * Piece);
            if (offset == 0)
                await hub.StartAsync(1, clause, "r", Sounds.Rate);
            await hub.SoundAsync(1, clause, offset, Sounds.Sine(Piece, i * Piece));
            if (i % 25 == 24)
                await hub.EndAsync(1, clause, final: i == 99);
        }

        await hub.PlayedAsync(1, PlaybackEvent.Done);
        if (hub.Said.OfType<PlaybackMessage>().Any(m => m.Event == PlaybackEvent.Underrun))
            return true;
        await page.HoldsAsync("() => ears.heard().frames.length / ears.rate > 3.99");
        var gaps = (await page.Page.EvaluateAsync("() => ears.jumps(440, 300)"))!.Value;
        Assert.True(gaps.GetProperty("jumps").GetInt32() == 0, gaps.GetRawText());
        Assert.InRange(gaps.GetProperty("seconds").GetDouble(), 3.99, 4.02);
        Assert.Equal(1_000, hub.Said.OfType<PlaybackMessage>().Single(m => m.Event == PlaybackEvent.Done).Played);
        await Limits.UntilAsync(() => hub.Said.OfType<AckMessage>().Any(a => a.Spoken is [1]), "the word that the reply was heard");
        return false;
    }

    [Fact]
    public async Task A_file_is_decoded_and_what_has_no_sound_moves_the_mouth_as_long_as_it_takes()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub);
        await hub.ReplyAsync("r", "A file. And some words.");
        var file = Sounds.Wav(Sounds.Sine(Sounds.Rate));
        await hub.BroadcastAsync(new SpeechStartMessage { Channel = "default", Turn = 1, Clause = 0, Reply = "r", Format = SpeechFormat.Encoded });
        foreach (var (i, part) in file.Chunk(30_000).Index())
            await hub.BroadcastAsync(new AudioMessage { Kind = AudioKind.Encoded, Stream = 1, Clause = 0, Number = (uint)i, Offset = (uint)(i * 30_000), Data = part });
        await hub.EndAsync(1, 0, final: false);
        await hub.BroadcastAsync(new SpeechStartMessage { Channel = "default", Turn = 1, Clause = 1, Reply = "r", Format = SpeechFormat.Browser, Text = "And some words." });
        await hub.EndAsync(1, 1, final: true);
        await hub.PlayedAsync(1, PlaybackEvent.Done);
        Assert.InRange((await page.Page.EvaluateAsync("() => ears.jumps(440, 300)"))!.Value.GetProperty("seconds").GetDouble(), 0.99, 1.02);
        Assert.Equal(1, Assert.Single(hub.Said.OfType<PlaybackMessage>(), m => m.Event == PlaybackEvent.Failed).Clause);
    }

    [Fact]
    public async Task The_mouth_follows_what_is_heard_and_closes_with_it()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub);
        await hub.ReplyAsync("r", "Syllables, loud and soft.");
        JsonElement mouth = default;

        // A machine that is busy elsewhere may be late with a frame, but not each time.
        for (var turn = 1; turn <= 6; turn++)
        {
            await page.Page.EvaluateAsync("() => { ears.blocks.length = ears.watched.length = 0; ears.watch(); }");
            await hub.SayAsync(turn, 0, "r", Sounds.Syllables(3, seed: turn), Sounds.Rate, final: true);
            await hub.PlayedAsync(turn, PlaybackEvent.Done);
            await page.HoldsAsync("() => ears.heard().frames.length > ears.rate * 2 && ears.mouth().closedAfter !== null");
            mouth = (await page.Page.EvaluateAsync("() => ears.mouth()"))!.Value;
            Assert.True(mouth.GetProperty("r").GetDouble() > 0.8, mouth.GetRawText());
            Assert.True(mouth.GetProperty("widest").GetDouble() > 0.4, mouth.GetRawText());
            if (mouth.GetProperty("closedAfter").GetDouble() <= 120)
                return;
        }

        Assert.Fail($"The mouth closes too late: {mouth.GetRawText()}");
    }

    [Fact]
    public async Task The_word_that_is_said_is_marked_and_a_click_on_the_button_is_silence_that_is_remembered()
    {
        const string Marked = "() => [...CSS.highlights.get('kotodama-word')].map(range => range.toString()).join()";
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub);
        await hub.ReplyAsync("r", "One\u202e two three", duration: 30_000);
        await hub.StartAsync(1, 0, "r", Sounds.Rate);
        await hub.BroadcastAsync(new SpeechMarksMessage { Channel = "default", Turn = 1, Clause = 0, Words = [0, 0, 3, 400, 5, 3] });
        await hub.SoundAsync(1, 0, 0, Sounds.Sine(Sounds.Rate / 2));
        await page.HoldsAsync($"() => ({Marked})() === 'two'");
        await hub.SoundAsync(1, 0, Sounds.Rate / 2, Sounds.Sine(Sounds.Rate / 2));
        await page.Page.Locator("#sound-button").ClickAsync();
        await Limits.UntilAsync(() => hub.Pages is [{ Sound: SoundState.Off, IsSpeaker: false }], "the page to be muted");
        Assert.False((await page.InspectAsync()).GetProperty("speech").GetProperty("audible").GetBoolean());
        await hub.EndAsync(1, 0, final: true);
        await page.HoldsAsync("() => window.kotodama.inspect().speech.state === 'idle'");
        Assert.Equal("", await page.Page.EvaluateAsync<string>(Marked));
        await page.GotoAsync();
        await Limits.UntilAsync(() => hub.Pages is [{ Sound: SoundState.Off }], "the page to be muted still");
        await page.Page.Locator("#sound-button").ClickAsync();
        await Limits.UntilAsync(() => hub.Pages is [{ Sound: SoundState.On, IsSpeaker: true }], "the page to be heard again");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_is_silence_at_once_and_without_a_click(bool everything)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub);
        await hub.ReplyAsync("r", "A tone that is cut off.");
        await hub.SayAsync(1, 0, "r", Sounds.Sine(Sounds.Rate * 5), Sounds.Rate, final: true);
        await page.HoldsAsync("() => window.kotodama.inspect().speech.position > 700");
        await hub.BroadcastAsync(everything ? new StopMessage { What = StopTarget.All } : new SpeechStopMessage { Channel = "default", Turn = 1, Reason = SpeechStopReason.Stop });
        await hub.PlayedAsync(1, PlaybackEvent.Stopped);
        await page.HoldsAsync("() => ears.context.currentTime > ears.stoppedAt + 0.5");
        Assert.InRange(await page.Page.EvaluateAsync<double>("() => (ears.heard().to - ears.stoppedAt) * 1000"), 0, 50);
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("() => ears.jumps(440, 300).jumps"));
        Assert.InRange(hub.Said.OfType<PlaybackMessage>().Single(m => m.Event == PlaybackEvent.Stopped).Played, 700, 5_000);
        Assert.DoesNotContain(hub.Said.OfType<AckMessage>(), a => a.Spoken is not null);
        if (everything)
            await page.HiddenAsync();
        else
            await page.ShownAsync("A tone");
    }

    [Fact]
    public async Task Without_a_click_the_mouth_moves_and_the_sound_begins_with_the_first_one()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var context = await browser.Chromium.NewContextAsync();

        // Everything that Playwright evaluates counts as a click: the page itself tells how it is.
        await context.AddInitScriptAsync("setInterval(() => { if (window.kotodama) fetch('/probe', { method: 'POST', body: JSON.stringify(window.kotodama.inspect()) }); }, 40);");
        var page = await context.NewPageAsync();
        await page.GotoAsync(hub.Url.ToString());
        await Limits.UntilAsync(() => hub.Pages is [{ Sound: SoundState.Blocked }], "the page to be blocked");
        await hub.ReplyAsync("r", "No user hears the beginning of this.");
        await hub.SayAsync(1, 0, "r", Sounds.Syllables(5, seed: 5), Sounds.Rate, final: true);
        await Limits.UntilAsync(() => Shown().GetProperty("state").GetString() == "shown" && Mouth() > 0.2 && Speech("position").GetDouble() > 500, "the mouth to move");
        Assert.Equal("blocked", Speech("sound").GetString());
        await page.Mouse.ClickAsync(640, 400);
        await Limits.UntilAsync(() => hub.Pages is [{ IsSpeaker: true }] && Speech("audible").GetBoolean(), "the sound to begin");
        await Limits.UntilAsync(() => hub.Said.OfType<PlaybackMessage>().Any(m => m is { Event: PlaybackEvent.Progress, Played: > 500 }), "the position of what is heard");
        await hub.PlayedAsync(1, PlaybackEvent.Done);
        Assert.DoesNotContain(hub.Said.OfType<PlaybackMessage>(), m => m.Event == PlaybackEvent.First);

        JsonElement Shown() => hub.Probe.GetProperty("bubble");

        JsonElement Speech(string name) => hub.Probe.GetProperty("speech").GetProperty(name);

        double Mouth() => hub.Probe.GetProperty("avatar").GetProperty("parameters").GetProperty("ParamMouthOpenY").GetDouble();
    }

    [Fact]
    public async Task A_minute_of_speech_never_stumbles_and_the_bubble_stays_for_all_of_it()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var page = await OpenAsync(hub);
        await hub.ReplyAsync("r", "A reply of a minute.");
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 1_500; i++)
        {
            await ElapsedAsync(start, i * 40 - 2_000);
            var (clause, offset) = (i / 100, i % 100 * Piece);
            if (offset == 0)
                await hub.StartAsync(1, clause, "r", Sounds.Rate);
            await hub.SoundAsync(1, clause, offset, Sounds.Sine(Piece, i * Piece));
            if (i % 100 == 99)
                await hub.EndAsync(1, clause, final: i == 1_499);
        }

        await page.ShownAsync("A reply of a minute.");
        await hub.PlayedAsync(1, PlaybackEvent.Done);
        Assert.DoesNotContain(hub.Said.OfType<PlaybackMessage>(), m => m.Event == PlaybackEvent.Underrun);
        Assert.Equal(0, (await page.InspectAsync()).GetProperty("speech").GetProperty("underruns").GetInt32());
        await page.HoldsAsync("() => ears.heard().frames.length / ears.rate > 59.99");
        var gaps = (await page.Page.EvaluateAsync("() => ears.jumps(440, 300)"))!.Value;
        Assert.True(gaps.GetProperty("jumps").GetInt32() == 0, gaps.GetRawText());
        Assert.InRange(hub.Said.OfType<PlaybackMessage>().Count(m => m.Event == PlaybackEvent.Progress), 50, 62);
    }

    [Fact]
    public async Task Another_page_moves_its_mouth_in_step_and_goes_on_when_the_first_one_leaves()
    {
        await using var hub = await FakeHub.StartAsync();
        var first = await OpenAsync(hub);
        await using var second = await OpenAsync(hub);
        await hub.ReplyAsync("r", "Two pages, one voice.");
        foreach (var page in new[] { first, second })
            await page.Page.EvaluateAsync("() => ears.watch()");
        await hub.SayAsync(1, 0, "r", Sounds.Syllables(7, seed: 11), Sounds.Rate, final: true);
        await second.HoldsAsync("() => window.kotodama.inspect().speech.position > 2500");
        Assert.False((await second.InspectAsync()).GetProperty("speech").GetProperty("audible").GetBoolean());
        var watched = new List<(double Clock, double Position, double Mouth)[]>();
        foreach (var page in new[] { first, second })
            watched.Add([.. (await page.Page.EvaluateAsync("() => ears.watched"))!.Value.EnumerateArray().Select(w => (w.GetProperty("clock").GetDouble(), w.GetProperty("position").GetDouble(), w.GetProperty("mouth").GetDouble()))]);
        var apart = watched[0].Where(w => w.Position is > 500 and < 2_400).Select(w => Math.Abs(w.Position - watched[1].MinBy(o => Math.Abs(o.Clock - w.Clock)).Position)).Order().ToArray();
        Assert.InRange(apart[apart.Length / 2], 0, 250);
        await first.DisposeAsync();
        await second.HoldsAsync("() => window.kotodama.inspect().speech.audible && ears.heard().frames.length > ears.rate");
        var told = hub.Said.OfType<PlaybackMessage>().Where(m => m.Event == PlaybackEvent.Progress).Select(m => m.Played).ToArray();
        Assert.Equal(told.Order(), told);
        await hub.PlayedAsync(1, PlaybackEvent.Done);
        Assert.True((await second.Page.EvaluateAsync<double>("() => ears.mouth().r")) > 0.8);
    }

    /// <summary>The audible page; the test listens to it.</summary>
    private async Task<TestPage> OpenAsync(FakeHub hub, string? script = null)
    {
        var page = await TestPage.OpenAsync(await browser.LoudAsync(), hub.Url, initScript: script ?? TestPage.Ears);
        await page.HoldsAsync("() => window.kotodama.inspect().speech.sound === 'on' && ears.blocks.length > 0");
        await Limits.UntilAsync(() => hub.Pages.Any(p => p.IsSpeaker), "a page to be the speaker");
        return page;
    }

    private static async Task ElapsedAsync(long start, double milliseconds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(4));
        while (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < milliseconds)
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
