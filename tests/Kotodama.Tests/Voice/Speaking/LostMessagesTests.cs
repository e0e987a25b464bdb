using Kotodama.Protocol;
using static Kotodama.Tests.Voice.Speaking.SpeakingStage;

namespace Kotodama.Tests.Voice.Speaking;

/// <summary>
/// The link to the hub drops while a reply streams, or a queue is full: what says that a stream has ended never comes to the voice.
/// </summary>
public sealed class LostMessagesTests
{
    private const string Text = "Hello, my dear friend! How";

    [Fact]
    public async Task A_reply_whose_end_is_lost_is_spoken_as_far_as_it_came_and_the_next_one_follows()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, Text));
        await stage.SayAsync(Reply("r2", "Two."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await PassAsync(stage, TimeSpan.FromSeconds(15));
        Assert.Equal("Hello, my dear friend! ".Length, (await stage.NextAsync<SpeechStartMessage>()).At);
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await Limits.UntilAsync(() => stage.Log.Lines.Any(), "the warning");
        Assert.StartsWith("The end of reply r1, or of its sound,", Assert.Single(stage.Log.Lines).Text, StringComparison.Ordinal);
        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task An_end_that_comes_after_the_voice_gave_it_up_is_not_said_anew()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, Text));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await PassAsync(stage, TimeSpan.FromSeconds(15));
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        await stage.SayAsync(Reply("r1", Text + " are you?"));
        Assert.True(await stage.IsQuietAsync());
    }

    [Fact]
    public async Task A_reply_that_grows_slowly_is_spoken_to_its_end()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, Text));
        await stage.NextAsync<SpeechStartMessage>();
        for (var part = 1; part < 5; part++)
        {
            await PassAsync(stage, TimeSpan.FromSeconds(9));
            await stage.SayAsync(Piece(part, " and more"));

            // The piece has been taken when what comes after it is answered.
            await stage.IsQuietAsync();
        }

        await stage.SayAsync(Reply("r1", Text + " and more and more and more and more."));
        var last = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal(("r1", "How and more and more and more and more.".Length), (last.Reply, last.Length));
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        Assert.Empty(stage.Log.Lines);
    }

    [Fact]
    public async Task Sound_whose_end_is_lost_ends_and_the_next_reply_follows()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "Listen.") with { AudioStream = 9 });
        await stage.SayAsync(Encoded(9, "ID3 an mp3 file"u8.ToArray()));
        await stage.SayAsync(Reply("r2", "Two."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await stage.NextAsync<AudioMessage>();
        await PassAsync(stage, TimeSpan.FromSeconds(35));
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await Limits.UntilAsync(() => stage.Log.Lines.Any(), "the warning");
        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task Sound_that_the_hub_still_waits_for_is_played()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "Listen.") with { AudioStream = 9 });
        await stage.SayAsync(Encoded(9, "ID3 an mp3 file"u8.ToArray()));
        await stage.NextAsync<AudioMessage>();
        await PassAsync(stage, TimeSpan.FromSeconds(30));
        await stage.SayAsync(Encoded(9, "its end"u8.ToArray()));
        Assert.Equal("its end"u8.ToArray(), (await stage.NextAsync<AudioMessage>()).Data.ToArray());
    }

    [Fact]
    public async Task Sound_of_which_nothing_comes_does_not_silence_the_channel()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "Listen.") with { AudioStream = 9 });
        await stage.SayAsync(Reply("r2", "Two."));
        await PassAsync(stage, TimeSpan.FromSeconds(35));
        var end = await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Playback(end.Turn, PlaybackEvent.Done));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task A_reply_whose_end_was_lost_is_not_said_to_a_page_that_comes_much_later()
    {
        await using var stage = await SpeakingStage.BeginAsync(pages: 0);
        await stage.SayAsync(Piece(0, Text));
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromHours(1));
        await stage.SayAsync(Audience(1, true));
        Assert.True(await stage.IsQuietAsync());
    }

    [Fact]
    public async Task A_hub_that_was_restarted_may_number_its_sounds_anew()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(new AudienceMessage { Channel = "left", Pages = 1, Speaker = true });
        await stage.SayAsync(Reply("r1", "Listen.") with { AudioStream = 0 });
        await stage.SayAsync(Encoded(0, "ID3 before"u8.ToArray()));
        await stage.NextAsync<AudioMessage>();
        await stage.SayAsync(Reply("r2", "Listen.") with { Channel = "left", AudioStream = 0 });
        await stage.SayAsync(Encoded(0, "ID3 after"u8.ToArray()));
        Assert.Equal("left", (await stage.NextAsync<SpeechStartMessage>()).Channel);
        Assert.Equal("ID3 after"u8.ToArray(), (await stage.NextAsync<AudioMessage>()).Data.ToArray());
    }

    /// <summary>Lets time pass once the voice waits.</summary>
    private static async Task PassAsync(SpeakingStage stage, TimeSpan time)
    {
        await Limits.UntilAsync(() => stage.Time.Timers > 0, "the voice to wait");
        stage.Time.Advance(time);
    }
}
