using System.Text.RegularExpressions;
using Kotodama.EndToEnd.Browser.Listening;
using Kotodama.EndToEnd.Browser.Spoken;
using Kotodama.Voice.Text;

namespace Kotodama.EndToEnd.Browser.Talking;

/// <summary>Something is heard while the character speaks.</summary>
public sealed partial class CutInTests(BrowserFixture browser) : TalkingTests(browser)
{
    private const string Long = "Open the window and close the door. Hello, how are you today? One two three four five. Tell me a story, please. "
        + "Open the window and close the door. Hello, how are you today? One two three four five. Tell me a story, please. Good morning.";

    private const string Short = "Open the window and close the door. Hello, how are you today? One two three four five. Tell me a story, please. Good morning.";

    /// <summary>What is left of a pause where lengths are compared, and how late silence may be on a busy machine; both in milliseconds.</summary>
    private const double Pause = 150, Silence = 800;

    [Fact]
    public async Task Who_speaks_while_the_character_does_is_heard_at_once_and_what_was_heard_of_the_reply_is_remembered()
    {
        using var file = await SpokenFile.SayAsync(0, "turn on the light");
        var mind = new Replies { { "hello", Long }, { "turn on the light", "Yes.", " Good morning." } };
        await using var hub = await TalkingHub.StartAsync(mind);
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TypeAsync(page, "hello");
        await SpeaksAsync(page);
        await TurnOnAsync(page);
        await hub.KeptAsync(4);
        var silent = await page.Page.EvaluateAsync<double>("() => ears.silentFrom(ears.onset(), 0.4)");
        var late = (silent - await page.Page.EvaluateAsync<double>("() => ears.onset()")) * 1_000;
        var heard = Recording.Read((await page.Page.EvaluateAsync("until => ears.recording(until)", silent))!.Value);

        // The answer is stored while it is spoken, and is whole at its end.
        await Limits.UntilAsync(() => hub.Kept is [.., "character: Yes. Good morning."], "the second answer to be remembered whole");
        var kept = hub.Kept;
        var words = Words(Long);
        var (said, count) = (Words(kept[1].Replace(" (interrupted)", "", StringComparison.Ordinal).Replace("character: ", "", StringComparison.Ordinal)), await Recognizer.WordsAsync(heard, words));
        Write($"Silence {late:0} ms after the first sound. {count} words were heard, {said.Length} are remembered. Ducks: {await DucksAsync(page)}; {await StatesAsync(page)}");
        Write(kept[1]);
        Assert.Equal(["user: hello", "user: turn on the light", "character: Yes. Good morning."], [kept[0], .. kept.Skip(2)]);
        Assert.EndsWith(" (interrupted)", kept[1], StringComparison.Ordinal);
        Assert.Equal(words.Take(said.Length), said);

        // In the half word at the end the recognizer may hear two.
        Assert.InRange(said.Length, count - 2, count + 1);
        Assert.InRange(late, 0, Silence);
        Assert.Contains("was interrupted", mind.Asked.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cough_takes_nothing_away_from_the_reply()
    {
        using var file = SpokenFile.Cough();
        await using var hub = await TalkingHub.StartAsync(new Replies { { "hello", Short } });
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TypeAsync(page, "hello");
        await SpeaksAsync(page);
        await TurnOnAsync(page);
        await WholeAsync(page, hub);
        Assert.Equal(string.Join(' ', Words(Short)), await WordsAsync(page));
    }

    [Fact]
    public async Task A_voice_that_ends_at_once_makes_the_reply_quieter_for_a_moment_and_takes_nothing_away()
    {
        using var file = await SpokenFile.BeginAsync("yes", 60);
        await using var hub = await TalkingHub.StartAsync(new Replies { { "hello", Short } });
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TypeAsync(page, "hello");
        await SpeaksAsync(page);
        await TurnOnAsync(page);
        await WholeAsync(page, hub);
        Assert.Equal("0.2 1", await DucksAsync(page));
    }

    [Fact]
    public async Task The_characters_own_words_in_the_microphone_do_not_interrupt_it()
    {
        using var file = await SpokenFile.SayAsync(0, "hello how are you today");
        await using var hub = await TalkingHub.StartAsync(new Replies { { "hello", Short } });
        await using var chromium = await Browser.ListeningAsync(file.Path);
        await using var page = await OpenAsync(chromium, hub);
        await TypeAsync(page, "hello");
        await SpeaksAsync(page);
        await TurnOnAsync(page);
        await WholeAsync(page, hub);
        Assert.Contains("0 ", await DucksAsync(page), StringComparison.Ordinal);
    }

    /// <summary>The whole reply is heard and remembered although the microphone heard something meanwhile.</summary>
    private static async Task WholeAsync(TestPage page, TalkingHub hub)
    {
        await hub.KeptAsync(2);
        await ToldAsync(page, "done");
        Write($"Ducks: {await DucksAsync(page)}; {await StatesAsync(page)}");
        Assert.True(await page.Page.EvaluateAsync<bool>("() => ears.onset() < ears.heard().to"), "The microphone heard nothing in time.");
        await hub.KeepsAsync(["user: hello", $"character: {Short}"]);

        // The character was silent for a while, perhaps in the middle of a word.
        var (heard, sent) = ((await Recording.OfAsync(page)).WithPauses(Pause), hub.Sent.WithPauses(Pause));
        Write($"{heard.Milliseconds:0} ms of {sent.Milliseconds:0} ms were heard.");
        Assert.InRange(heard.Milliseconds - sent.Milliseconds, -100, Pause + 100);
    }

    private static string[] Words(string text) => [.. WordPattern().Matches(text).Select(m => m.Value.ToLowerInvariant())];

    [GeneratedRegex("[a-zA-Z]+", RegexOptions.NonBacktracking)]
    private static partial Regex WordPattern();
}
