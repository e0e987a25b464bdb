using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using static Kotodama.Tests.Voice.Speaking.SpeakingStage;

namespace Kotodama.Tests.Voice.Speaking;

/// <summary>Sound that publishers bring: how much of it waits, how long it takes, and what becomes of a file that no page can play.</summary>
public sealed class BroughtSoundTests
{
    [Fact]
    public async Task A_file_that_no_page_can_play_is_named_in_the_log_and_ends()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        var turn = await PlayAsync(stage, "r1", 9);
        await stage.SayAsync(Playback(turn, PlaybackEvent.Failed));
        var stop = await stage.NextAsync<SpeechStopMessage>();
        Assert.Equal((turn, "r1", SpeechStopReason.Failed), (stop.Turn, stop.Reply, stop.Reason));
        Assert.Contains("Reply r1 could not be spoken: the page cannot play its sound; it may be a file that browsers do not decode", Assert.Single(stage.Log.Lines).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(100_000)]
    public async Task WAV_files_in_a_row_are_all_played_whatever_pieces_they_come_in(int piece)
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "Listen.") with { AudioStream = 9 });
        var file = SpeechSounds.Wav(16_000, SpeechSounds.Samples(300), 0);
        foreach (var some in new[] { file, file, file }.SelectMany(f => f).Chunk(piece))
            await stage.SayAsync(Encoded(9, some));
        await stage.SayAsync(Encoded(9, []));
        Assert.Equal((SpeechFormat.Pcm, 16_000), await stage.NextAsync<SpeechStartMessage>() is var start ? (start.Format, start.Rate) : default);
        var end = await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        Assert.Equal(Math.Round(900 / 16.0), end.Duration);
    }

    [Fact]
    public async Task A_text_is_not_played_as_a_file()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "Listen.") with { AudioStream = 9 });
        await stage.SayAsync(Encoded(9, """{"error":"no such file"}"""u8.ToArray()));
        await stage.SayAsync(Encoded(9, []));
        Assert.Equal(SpeechStopReason.Failed, (await stage.NextAsync<SpeechStopMessage>()).Reason);
        Assert.Contains("A text came instead of sound", Assert.Single(stage.Log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_too_much_sound_that_waits_the_oldest_reply_is_not_heard()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r0", "One."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        for (var stream = 1u; stream <= 4; stream++)
        {
            await stage.SayAsync(Reply($"r{stream}", "Listen.") with { AudioStream = stream });
            await stage.SayAsync(Encoded(stream, new byte[10 * 1024 * 1024]));
        }

        Assert.Equal(("r1", SpeechStopReason.Failed), await stage.NextAsync<SpeechStopMessage>() is var stop ? (stop.Reply, stop.Reason) : default);
        Assert.Contains("33554432 bytes of sound wait", Assert.Single(stage.Log.Lines).Text, StringComparison.Ordinal);
        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task While_every_page_is_muted_a_file_takes_as_long_as_its_text()
    {
        await using var stage = await SpeakingStage.BeginAsync(audible: false);
        await PlayAsync(stage, "r1", 9);
        await stage.SayAsync(Reply("r2", "Two."));
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task A_file_is_sent_at_once_however_long_it_takes()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "File after file after file is said in one long breath without any place where it might be cut in two"));
        await stage.NextAsync<SpeechStartMessage>();
        await stage.NextAsync<AudioMessage>().InTime("the file");
    }

    /// <summary>Plays a file of which the voice does not know how long it takes, with a text of some six seconds.</summary>
    private static async Task<long> PlayAsync(SpeakingStage stage, string reply, uint stream)
    {
        await stage.SayAsync(Reply(reply, "Listen to this sound for as long as it takes to say these words, which is about six seconds.") with { AudioStream = stream });
        await stage.SayAsync(Encoded(stream, "ID3 an mp3 file"u8.ToArray()));
        await stage.SayAsync(Encoded(stream, []));
        var start = await stage.NextAsync<SpeechStartMessage>();
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        return start.Turn;
    }
}
