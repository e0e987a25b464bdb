using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using static Kotodama.Tests.Voice.Speaking.SpeakingStage;

namespace Kotodama.Tests.Voice.Speaking;

/// <summary>What is said when, on a manual clock, with an engine that makes 20 ms of sound for each character.</summary>
public sealed class SpeakerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_is_spoken_clause_by_clause_with_its_places()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(new LlmResponseMessage { Id = "r1", Content = "**Hello**, my friend! How are you doing on this fine day?" });
        var first = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal(("r1", 0, SpeechFormat.Pcm, 8000, "en"), (first.Reply, first.Clause, first.Format, first.Rate, first.Lang));
        Assert.Equal("Hello**, my friend!", "**Hello**, my friend! How are you doing on this fine day?".Substring(first.At, first.Length));
        var words = (await stage.NextAsync<SpeechMarksMessage>()).Words!;
        Assert.Equal([0, first.At, 5], words.Take(3));
        var end = await stage.NextAsync<SpeechEndMessage>();
        Assert.Equal(0, end.Clause);
        var second = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal((first.Turn, 1), (second.Turn, second.Clause));
        SpeechEndMessage last;
        do
            last = await stage.NextAsync<SpeechEndMessage>();
        while (!last.Final);
        Assert.Equal(1, last.Clause);
    }

    [Theory]
    [InlineData("Browse 10 + 4 km.", "Browse 10 plus 4 kilometers.")]
    [InlineData("10 + 4 kmです。", "10 プラス 4キロメートルです。")]
    public async Task Signs_are_said_in_the_language_of_the_clause_and_cover_the_reply(string reply, string said)
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(new LlmResponseMessage { Id = "r1", Content = reply });
        var start = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal((0, reply.Length), (start.At, start.Length));
        Assert.Equal(said, start.Text);
    }

    [Fact]
    public async Task A_clause_tells_how_long_its_engine_took_to_the_first_sound()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        stage.EngineNeeds(TimeSpan.FromMilliseconds(40));
        await stage.SayAsync(Reply("r1", "One."));
        Assert.Equal(40, (await stage.NextAsync<SpeechStartMessage>()).Engine);
        await stage.SayAsync(Reply("r2", "Listen.") with { AudioStream = 9, Mode = ReplyMode.Interrupt });
        await stage.SayAsync(Encoded(9, "ID3 an mp3 file"u8.ToArray()));
        Assert.Null((await stage.NextAsync<SpeechStartMessage>()).Engine);
    }

    [Fact]
    public async Task The_sound_of_a_clause_counts_its_pieces_and_samples()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "Yes."));
        await stage.NextAsync<SpeechStartMessage>();
        uint number = 0, samples = 0;
        while (await stage.NextAsync() is var message && message is not SpeechEndMessage)
        {
            if (message is not AudioMessage audio)
                continue;
            Assert.Equal((number++, samples), (audio.Number, audio.Offset));
            samples += (uint)audio.Data.Length / 2;
        }

        Assert.Equal(4 * 160u, samples);
    }

    [Fact]
    public async Task The_next_reply_begins_when_the_page_has_heard_the_first()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        await stage.SayAsync(Reply("r2", "Two."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        Assert.True((await stage.NextAsync<SpeechEndMessage>(e => e.Final)).Final);
        Assert.True(await stage.IsQuietAsync());
        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        var next = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal("r2", next.Reply);
        Assert.NotEqual(turn, next.Turn);
    }

    [Fact]
    public async Task Without_a_word_from_the_page_the_clock_ends_a_turn()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        await stage.SayAsync(Reply("r2", "Two."));
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task An_interrupting_reply_cuts_in_and_what_waited_goes_on_after_it()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        await stage.SayAsync(Reply("r2", "Two."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await stage.SayAsync(Reply("r3", "Three.") with { Mode = ReplyMode.Interrupt });
        Assert.Equal((turn, SpeechStopReason.Replaced), (await stage.NextAsync<SpeechStopMessage>()) is var stop ? (stop.Turn, stop.Reason) : default);
        var next = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal("r3", next.Reply);
        await stage.SayAsync(Playback(next.Turn, PlaybackEvent.Done));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Theory]
    [InlineData(StopTarget.All)]
    [InlineData(StopTarget.Speech)]
    public async Task Stop_silences_and_forgets_what_waits(StopTarget what)
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        await stage.SayAsync(Reply("r2", "Two."));
        await stage.NextAsync<SpeechStartMessage>();
        await stage.SayAsync(new StopMessage { Channel = "default", What = what });
        Assert.Equal(SpeechStopReason.Stop, (await stage.NextAsync<SpeechStopMessage>()).Reason);
        Assert.True(await stage.IsQuietAsync());
    }

    [Fact]
    public async Task A_reply_that_was_silenced_while_it_was_written_is_not_begun_anew_by_its_end()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, "Hello, my dear friend! How"));
        await stage.NextAsync<SpeechStartMessage>();
        await stage.SayAsync(new StopMessage { What = StopTarget.Speech });
        await stage.NextAsync<SpeechStopMessage>();
        await stage.SayAsync(Piece(1, " are you?"));
        await stage.SayAsync(Reply("r1", "Hello, my dear friend! How are you?"));
        Assert.True(await stage.IsQuietAsync());
        await stage.SayAsync(Reply("r2", "Two."));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task A_reply_that_is_being_written_is_spoken_while_it_grows()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, "Hello, my dear friend! How"));
        Assert.Equal(0, (await stage.NextAsync<SpeechStartMessage>()).Clause);
        await stage.NextAsync<SpeechMarksMessage>();
        await stage.SayAsync(Piece(1, " are you on this fine day? "));
        await stage.SayAsync(Reply("r1", "Hello, my dear friend! How are you on this fine day? Bye."));
        Assert.Equal(1, (await stage.NextAsync<SpeechStartMessage>()).Clause);
        var last = await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        Assert.True(last.Clause >= 1);
    }

    [Fact]
    public async Task A_reply_whose_end_is_another_text_is_not_spoken_twice()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, "Hello there. "));
        await stage.NextAsync<SpeechStartMessage>();
        await stage.SayAsync(Reply("r1", "Something else altogether."));
        Assert.Equal(0, (await stage.NextAsync<SpeechEndMessage>(e => e.Final)).Clause);
    }

    [Fact]
    public async Task A_reply_whose_end_is_shorter_than_its_pieces_is_spoken_as_far_as_it_goes()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, "Hello there. How"));
        await stage.NextAsync<SpeechStartMessage>();
        await stage.SayAsync(Reply("r1", "Hello there."));
        Assert.Equal(0, (await stage.NextAsync<SpeechEndMessage>(e => e.Final)).Clause);
    }

    [Fact]
    public async Task A_reply_whose_sender_is_gone_falls_silent()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, "Hello there. "));
        await stage.NextAsync<SpeechStartMessage>();
        await stage.SayAsync(new LlmAbortMessage { Channel = "default", Id = "r1", Reason = "gone" });
        Assert.Equal(SpeechStopReason.Failed, (await stage.NextAsync<SpeechStopMessage>()).Reason);
    }

    [Fact]
    public async Task A_reply_without_speech_is_not_spoken()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One.") with { Speak = false });
        Assert.True(await stage.IsQuietAsync());
    }

    [Fact]
    public async Task A_reply_with_nothing_to_say_ends_at_once()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "😊"));
        var start = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal((SpeechFormat.Silent, ""), (start.Format, start.Text));
        Assert.True((await stage.NextAsync<SpeechEndMessage>()).Final);
    }

    [Fact]
    public async Task The_sound_does_not_run_further_ahead_than_four_seconds()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", string.Join(' ', Enumerable.Repeat("again and", 50)) + "."));
        await stage.NextAsync<SpeechStartMessage>();
        Assert.InRange(await stage.SoundUntilItWaitsAsync(), 4.0, 4.3);
        stage.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(await stage.SoundUntilItWaitsAsync(), 1.8, 2.2);
    }

    [Fact]
    public async Task Sound_that_the_sender_brings_is_played_as_it_is()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "Listen.") with { AudioStream = 9 });
        await stage.SayAsync(Encoded(9, "ID3 an mp3 file"u8.ToArray()));
        await stage.SayAsync(Encoded(9, []));
        var start = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal((SpeechFormat.Encoded, 0, 7), (start.Format, start.At, start.Length));
        Assert.Equal("ID3 an mp3 file"u8.ToArray(), (await stage.NextAsync<AudioMessage>()).Data.ToArray());
        Assert.True((await stage.NextAsync<SpeechEndMessage>()).Final);
    }

    [Fact]
    public async Task Channels_do_not_wait_for_each_other()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(new AudienceMessage { Channel = "left", Pages = 1, Speaker = true });
        await stage.SayAsync(Reply("r1", "One."));
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Reply("r2", "Two.") with { Channel = "left" });
        Assert.Equal("left", (await stage.NextAsync<SpeechStartMessage>()).Channel);
    }

    [Fact]
    public async Task Sixteen_replies_wait_and_then_the_oldest_is_not_said()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        for (var i = 0; i < 20; i++)
            await stage.SayAsync(Reply($"r{i}", "One."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        Assert.Equal("r4", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task A_piece_that_comes_again_is_not_said_again()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Piece(0, "Hello, my dear friend! "));
        await stage.SayAsync(Piece(0, "Hello, my dear friend! "));
        await stage.SayAsync(Reply("r1", "Hello, my dear friend! "));
        Assert.Equal(0, (await stage.NextAsync<SpeechEndMessage>(e => e.Final)).Clause);
    }

    [Fact]
    public async Task The_end_of_a_reply_that_waits_may_cut_in()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r0", "One."));
        await stage.NextAsync<SpeechStartMessage>();
        await stage.SayAsync(Reply("r2", "Two."));
        await stage.SayAsync(Piece(0, "Three."));
        await stage.SayAsync(Reply("r1", "Three.") with { Mode = ReplyMode.Interrupt });
        Assert.Equal(SpeechStopReason.Replaced, (await stage.NextAsync<SpeechStopMessage>()).Reason);
        Assert.Equal("r1", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }
}
