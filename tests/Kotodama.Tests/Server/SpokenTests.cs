using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Server;

/// <summary>How long the hub waits until a reply is spoken.</summary>
public sealed class SpokenTests
{
    private readonly TestCore _hub = new(speaks: true);

    [Fact]
    public void A_reply_that_is_displayed_in_time_may_be_spoken_later()
    {
        var (heard, page) = Displayed();
        var shown = _hub.Say(ReceiptLevel.Displayed, ttl: 5_000);
        _hub.Wait(20);
        _hub.Speak(Start("another"));
        _hub.Wait(20);
        Assert.Equal(ReceiptStatus.Expired, shown[^1].Status);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Tell(page, spoken: 1);
        Assert.Equal((ReceiptStatus.Done, new ReceiptCounts(1, 1, 1, 1)), (heard[^1].Status, heard[^1].Counts));
    }

    [Fact]
    public void A_reply_that_no_page_displayed_in_time_expires()
    {
        _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Spoken, ttl: 5_000);
        _hub.Wait(5);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_wait_ends_when_the_last_page_that_displayed_it_has_left_or_failed(bool leaves)
    {
        var (heard, page) = Displayed();
        var other = _hub.Come("b");
        _hub.Tell(other, displayed: 1);
        _hub.Come("c");
        _hub.Wait(10);
        _hub.Go(other);
        _hub.Wait(1);
        Assert.DoesNotContain(heard, r => r.Final == true);
        if (leaves)
            _hub.Go(page);
        else
            _hub.Tell(page, failed: 1);
        _hub.Wait(1);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard, r => r.Final == true).Status);
    }

    [Theory]
    [InlineData("unknown_motion", "unknown_motion")]
    [InlineData("Whatever a page says", "failed")]
    [InlineData("", "failed")]
    public void A_receipt_says_why_a_page_could_not_show_it(string told, string code)
    {
        var page = _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Displayed, ttl: 5_000);
        _hub.Tell(page, failed: 1, code: told);
        _hub.Tell(page, failed: 1, code: "another");
        _hub.Wait(1);
        Assert.Equal((ReceiptStatus.Progress, code, 0), (heard[^1].Status, heard[^1].Failed, heard[^1].Counts!.Displayed));
        _hub.Wait(5);
        Assert.Equal((ReceiptStatus.Expired, code), (heard[^1].Status, heard[^1].Failed));
    }

    [Fact]
    public void A_page_whose_connection_was_lost_before_may_still_speak_it()
    {
        var (heard, page) = Displayed();
        _hub.Go(page);
        _hub.Wait(1);
        page = _hub.Come("a", has: 1);
        _hub.Wait(10);
        _hub.Tell(page, spoken: 1);
        Assert.Equal(ReceiptStatus.Done, Assert.Single(heard, r => r.Final == true).Status);
    }

    [Fact]
    public void The_wait_ends_ten_minutes_after_it_was_displayed()
    {
        var (heard, _) = Displayed();
        for (var i = 0; i < 599; i++)
        {
            _hub.Speak(Start("another"));
            _hub.Wait(1);
        }

        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Wait(1);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard, r => r.Final == true).Status);
    }

    [Fact]
    public void A_reply_that_is_neither_spoken_nor_displayed_expires()
    {
        _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Spoken, ttl: 5_000, speak: false);
        _hub.Wait(5);
        Assert.Equal(ReceiptStatus.Expired, Assert.Single(heard, r => r.Final == true).Status);
    }

    [Fact]
    public void How_much_was_heard_comes_with_the_last_word()
    {
        var page = _hub.Come("a", sound: SoundState.On);
        var displayed = _hub.Say(ReceiptLevel.Displayed, id: "r");
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        _hub.Speak(Start("r"), End());
        _hub.Tell(page, displayed: 1, spoken: 1, heard: new AckHeard(1, 480, 4));
        Assert.Equal((ReceiptStatus.Done, new ReceiptHeard(480, 6)), Last(heard));
        Assert.Null(displayed[^1].Heard);
    }

    [Fact]
    public void A_speech_that_the_page_says_was_cut_short_is_stopped_at_once_and_says_how_much_was_heard()
    {
        var page = _hub.Come("a", sound: SoundState.On);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        _hub.Speak(Start("r"));
        _hub.Tell(page, displayed: 1);
        Assert.Null(heard[^1].Final);
        _hub.Tell(page, heard: new AckHeard(1, 212.5, 3));
        _hub.Tell(page, heard: new AckHeard(1, 212.5, 3));
        Assert.Equal((ReceiptStatus.Stopped, new ReceiptHeard(212.5, 3)), Last(heard));
    }

    [Fact]
    public void What_a_page_says_of_the_heard_stays_within_the_reply_and_never_shrinks()
    {
        var page = _hub.Come("a", sound: SoundState.On);
        var silent = _hub.Come("b", sound: SoundState.Blocked);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        foreach (var (ms, chars) in new[] { (300.0, 2), (-1, int.MinValue), (100, int.MaxValue) })
            _hub.Tell(silent, displayed: 1, heard: new AckHeard(1, ms, chars));
        _hub.Tell(page, heard: new AckHeard(1, 0, 0));
        Assert.Equal((ReceiptStatus.Stopped, new ReceiptHeard(300, 6)), Last(heard));
    }

    [Theory]
    [InlineData("voice stops")]
    [InlineData("voice goes")]
    [InlineData("voice fails")]
    [InlineData("another reply")]
    [InlineData("stop")]
    public void A_speech_that_was_cut_short_is_stopped_when_the_page_has_had_the_time_to_say_how_much_was_heard(string how)
    {
        var page = _hub.Come("a", sound: SoundState.On);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        if (how != "voice fails")
            _hub.Speak(Start("r"));
        _hub.Tell(page, displayed: 1);
        if (how == "voice fails")
            _hub.Speak(new SpeechStopMessage { Channel = "default", Turn = 1, Reply = "r", Reason = SpeechStopReason.Failed });
        else if (how == "voice stops")
            _hub.Speak(new SpeechStopMessage { Channel = "default", Turn = 1, Reason = SpeechStopReason.Replaced });
        else if (how == "voice goes")
            _hub.LoseVoice();
        else if (how == "another reply")
            _hub.Speak(Start("s", turn: 2));
        else
            _hub.Stop();
        _hub.Wait(1);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Wait(1);
        Assert.Equal((ReceiptStatus.Stopped, null), Last(heard));
    }

    [Fact]
    public void A_turn_that_goes_on_with_the_same_reply_stops_nothing()
    {
        var page = _hub.Come("a", sound: SoundState.On);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        _hub.Speak(Start("r"), Start("r", turn: 2));
        _hub.Tell(page, displayed: 1);
        _hub.Wait(20);
        _hub.Tell(page, spoken: 1);
        Assert.Equal(ReceiptStatus.Done, Last(heard).Status);
    }

    [Fact]
    public void What_another_page_heard_of_a_speech_that_goes_on_stops_nothing()
    {
        var first = _hub.Come("a", sound: SoundState.On);
        var second = _hub.Come("b", sound: SoundState.On);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        _hub.Speak(Start("r"), End());
        _hub.Tell(first, displayed: 1);
        _hub.Report(first, new SoundMessage { State = SoundState.Off });
        _hub.Tell(first, heard: new AckHeard(1, 100, 1));
        _hub.Wait(3);
        _hub.Tell(second, displayed: 1, spoken: 1, heard: new AckHeard(1, 480, 6));
        Assert.Equal((ReceiptStatus.Done, new ReceiptHeard(480, 6)), Last(heard));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(SoundState.Off)]
    [InlineData(SoundState.Blocked)]
    public void Where_no_page_is_heard_the_wait_ends_with_what_the_voice_sends(SoundState? sound)
    {
        var page = _hub.Come("a", sound: sound);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        _hub.Tell(page, displayed: 1);
        _hub.Speak(Start("r"));
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Speak(End());
        if (sound is SoundState.Blocked)
        {
            _hub.Wait(1);
            Assert.DoesNotContain(heard, r => r.Final == true);
            _hub.Wait(1);
        }

        Assert.Equal((ReceiptStatus.Stopped, null), Last(heard));
    }

    [Fact]
    public void The_wait_ends_when_the_audible_page_leaves_for_good_although_another_page_displays_the_reply()
    {
        var heardPage = _hub.Come("a", sound: SoundState.On);
        var silentPage = _hub.Come("b", sound: null);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        _hub.Tell(heardPage, displayed: 1);
        _hub.Tell(silentPage, displayed: 1);
        _hub.Speak(Start("r"), End());
        _hub.Go(heardPage);
        _hub.Wait(1);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Wait(1);
        Assert.Equal(ReceiptStatus.Stopped, Last(heard).Status);
    }

    [Fact]
    public void A_page_that_can_be_heard_soon_after_the_voice_has_sent_everything_is_waited_for()
    {
        var page = _hub.Come("a", sound: SoundState.Blocked);
        var heard = _hub.Say(ReceiptLevel.Spoken, id: "r");
        _hub.Tell(page, displayed: 1);
        _hub.Speak(Start("r"), End());
        _hub.Wait(1);
        _hub.Report(page, new SoundMessage { State = SoundState.On });
        _hub.Wait(9);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Tell(page, spoken: 1);
        Assert.Equal(ReceiptStatus.Done, Last(heard).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reply_that_no_voice_speaks_is_waited_for_until_a_page_displays_it(bool speaks)
    {
        var hub = new TestCore(speaks);
        var page = hub.Come("a", sound: SoundState.On);
        var heard = hub.Say(ReceiptLevel.Spoken, speak: !speaks);
        Assert.Empty(heard);
        hub.Tell(page, displayed: 1);
        Assert.Equal((ReceiptStatus.Stopped, null), Last(heard));
    }

    [Fact]
    public void A_voice_of_which_nothing_is_heard_for_half_a_minute_is_not_waited_for()
    {
        var page = _hub.Come("a", sound: SoundState.On);
        var heard = _hub.Say(ReceiptLevel.Spoken, ttl: 120_000, id: "r");
        _hub.Speak(Start("before"));
        _hub.Tell(page, displayed: 1);
        _hub.Wait(29);
        _hub.Report(page, new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.Progress });
        _hub.Wait(29);
        Assert.DoesNotContain(heard, r => r.Final == true);
        _hub.Wait(1);
        Assert.Equal((ReceiptStatus.Stopped, null), Last(heard));
    }

    [Fact]
    public void Speeches_are_counted()
    {
        var page = _hub.Come("a", sound: SoundState.On);
        _hub.Speak(Start("r"), End());
        _hub.Report(page, new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.Done });
        _hub.Speak(Start("s", turn: 2), new SpeechStopMessage { Channel = "default", Turn = 2, Reason = SpeechStopReason.Stop });
        Assert.Equal((1, 1), _hub.Speeches);
    }

    private static SpeechStartMessage Start(string reply, long turn = 1) =>
        new() { Channel = "default", Turn = turn, Clause = 0, Reply = reply, Length = 6, Format = SpeechFormat.Pcm, Rate = 22_050 };

    private static SpeechEndMessage End() => new() { Channel = "default", Turn = 1, Clause = 0, Final = true };

    private static (ReceiptStatus Status, ReceiptHeard? Heard) Last(List<ReceiptMessage> heard)
    {
        var last = Assert.Single(heard, r => r.Final == true);
        return (last.Status, last.Heard);
    }

    private (List<ReceiptMessage> Heard, TestViewer Page) Displayed()
    {
        var page = _hub.Come("a");
        var heard = _hub.Say(ReceiptLevel.Spoken, ttl: 5_000);
        _hub.Tell(page, displayed: 1);
        return (heard, page);
    }
}
