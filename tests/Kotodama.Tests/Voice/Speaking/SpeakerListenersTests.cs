using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using Microsoft.Extensions.Logging.Abstractions;
using static Kotodama.Tests.Voice.Speaking.SpeakingStage;

namespace Kotodama.Tests.Voice.Speaking;

/// <summary>Pages come, go, pause and cannot play something: what the voice makes of it.</summary>
public sealed class SpeakerListenersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_pauses_and_says_so_every_second_does_not_end_a_turn()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        await stage.SayAsync(Reply("r2", "Two."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        for (var second = 0; second < 20; second++)
        {
            await stage.SayAsync(Playback(turn, PlaybackEvent.Progress));
            Assert.True(await stage.IsQuietAsync());
            stage.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task While_no_page_is_open_replies_wait_and_the_first_page_hears_the_newest()
    {
        await using var stage = await SpeakingStage.BeginAsync(pages: 0);
        await stage.SayAsync(Reply("r1", "One."));
        await stage.SayAsync(Reply("r2", "Two."));
        Assert.True(await stage.IsQuietAsync());
        await stage.SayAsync(Audience(1, true));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Fact]
    public async Task A_reply_whose_time_is_over_is_not_said_to_who_comes_later()
    {
        await using var stage = await SpeakingStage.BeginAsync(pages: 0);
        await stage.SayAsync(Reply("r1", "One.") with { Ttl = 1000 });
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromSeconds(2));
        await stage.SayAsync(Audience(1, true));
        Assert.True(await stage.IsQuietAsync());
    }

    [Fact]
    public async Task A_speech_ends_when_the_last_page_stays_away()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Audience(0, false));
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(SpeechStopReason.Failed, (await stage.NextAsync<SpeechStopMessage>()).Reason);
    }

    [Fact]
    public async Task A_page_that_is_back_at_once_does_not_end_the_speech()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        var turn = (await stage.NextAsync<SpeechStartMessage>()).Turn;
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Audience(0, false));
        await stage.SayAsync(Audience(1, true));
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromSeconds(1.1));
        await stage.SayAsync(Reply("r2", "Two."));
        Assert.True(await stage.IsQuietAsync());
        await stage.SayAsync(Playback(turn, PlaybackEvent.Done));
        Assert.Equal("r2", (await stage.NextAsync<SpeechStartMessage>()).Reply);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_is_loaded_again_hears_the_rest_from_the_clause_in_which_it_was(bool reported)
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "This was the first sentence. And this is the second one. The third one comes at last."));
        var starts = new List<SpeechStartMessage>();
        while (starts.Count < 3)
            starts.Add(await stage.NextAsync<SpeechStartMessage>());
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        if (reported)
            await stage.SayAsync(Playback(starts[0].Turn, PlaybackEvent.Progress) with { Clause = 1 });
        else
            stage.Time.Advance(TimeSpan.FromSeconds(0.8));
        await stage.SayAsync(Audience(0, false));
        await stage.SayAsync(Audience(1, true) with { Lost = starts[0].Turn });
        var again = await stage.NextAsync<SpeechStartMessage>();
        Assert.NotEqual(starts[0].Turn, again.Turn);
        Assert.Equal(("r1", 0, starts[1].At), (again.Reply, again.Clause, again.At));
        Assert.Equal(starts[2].At, (await stage.NextAsync<SpeechStartMessage>()).At);
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Audience(1, true) with { Lost = starts[0].Turn });
        Assert.True(await stage.IsQuietAsync());
    }

    [Fact]
    public async Task When_no_page_is_audible_no_engine_works()
    {
        await using var stage = await SpeakingStage.BeginAsync(audible: false);
        await stage.SayAsync(Reply("r1", "One."));
        Assert.Equal(SpeechFormat.Silent, (await stage.NextAsync<SpeechStartMessage>()).Format);
    }

    [Fact]
    public async Task A_page_that_is_switched_on_hears_the_rest_of_a_reply()
    {
        await using var stage = await SpeakingStage.BeginAsync(audible: false);
        await stage.SayAsync(Reply("r1", string.Join(' ', Enumerable.Repeat("This is one of many sentences.", 20))));
        Assert.Equal(SpeechFormat.Silent, (await stage.NextAsync<SpeechStartMessage>()).Format);
        await stage.SoundUntilItWaitsAsync();
        await stage.SayAsync(Audience(1, true));
        Assert.True(await stage.IsQuietAsync());
        stage.Time.Advance(TimeSpan.FromSeconds(10));
        var heard = await stage.NextAsync<SpeechStartMessage>(s => s.Format == SpeechFormat.Pcm);
        Assert.Equal("r1", heard.Reply);
    }

    [Fact]
    public async Task What_the_page_cannot_play_is_said_in_another_way()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One."));
        var start = await stage.NextAsync<SpeechStartMessage>();
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Playback(start.Turn, PlaybackEvent.Failed));
        var again = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal(("r1", SpeechFormat.Silent, "One."), (again.Reply, again.Format, again.Text));
    }

    [Fact]
    public async Task Only_what_the_page_could_not_play_is_said_in_another_way()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        await stage.SayAsync(Reply("r1", "One sentence of sound. File is the other sentence."));
        var start = await stage.NextAsync<SpeechStartMessage>();
        Assert.Equal(SpeechFormat.Encoded, (await stage.NextAsync<SpeechStartMessage>()).Format);
        await stage.NextAsync<SpeechEndMessage>(e => e.Final);
        await stage.SayAsync(Playback(start.Turn, PlaybackEvent.Failed));
        Assert.Equal(SpeechFormat.Silent, (await stage.NextAsync<SpeechStartMessage>()).Format);
        Assert.Equal(SpeechFormat.Encoded, (await stage.NextAsync<SpeechStartMessage>()).Format);
    }

    [Fact]
    public async Task A_browser_without_a_voice_for_one_language_speaks_the_others()
    {
        await using var stage = await SpeakingStage.BeginAsync();
        var said = new List<SpeechFormat>();
        foreach (var (id, text) in new[] { ("r1", "これはペンです。"), ("r2", "Browse this."), ("r3", "それもペンです。") })
        {
            await stage.SayAsync(Reply(id, text));
            var start = await stage.NextAsync<SpeechStartMessage>();
            said.Add(start.Format);
            if (start is { Format: SpeechFormat.Browser, Lang: "ja" })
            {
                await stage.SayAsync(Playback(start.Turn, PlaybackEvent.Failed));
                start = await stage.NextAsync<SpeechStartMessage>();
                said.Add(start.Format);
            }

            await stage.SayAsync(Playback(start.Turn, PlaybackEvent.Done));
        }

        Assert.Equal([SpeechFormat.Browser, SpeechFormat.Silent, SpeechFormat.Browser, SpeechFormat.Silent], said);
    }

    [Fact]
    public async Task The_end_of_a_turn_is_not_lost_when_the_loop_has_much_to_do()
    {
        var (hub, peer) = PeerPair.Create();
        await using var first = hub;
        await using var second = peer;
        var events = System.Threading.Channels.Channel.CreateBounded<SpeakerEvent>(1);
        var time = new ManualTime();
        using var voice = new ChannelVoice("default", new SpeakerParts(peer, ScriptedSynthesizer.Speaking("words"), events.Writer, () => 1, 1, time, NullLogger.Instance));
        await voice.ProcessAsync(new SpeakerEvent.FromHub(Audience(1, true)));
        await voice.ProcessAsync(new SpeakerEvent.FromHub(Reply("r1", "One.")));
        await voice.ProcessAsync(await events.Reader.ReadAsync(Token).AsTask().InTime("everything to be sent"));
        Assert.True(events.Writer.TryWrite(new SpeakerEvent.FromHub(Audience(1, true))));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.IsType<SpeakerEvent.FromHub>(await events.Reader.ReadAsync(Token));
        Assert.IsType<SpeakerEvent.Late>(await events.Reader.ReadAsync(Token).AsTask().InTime("the end of the turn"));
    }
}
