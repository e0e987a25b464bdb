using Kotodama.Companion.Channels;
using Kotodama.Companion.Conversations;
using Kotodama.Protocol;
using Kotodama.Tests.Simulation;
using Kotodama.Voice.Speaking;
using Command = Kotodama.Companion.Conversations.ConversationCommand;
using Event = Kotodama.Companion.Conversations.ConversationEvent;

namespace Kotodama.Tests.Companion.Conversations;

public sealed class ConversationMachineTests
{
    [Fact]
    public void A_typed_text_is_asked_at_once_and_the_answer_is_remembered_when_it_was_heard()
    {
        var talk = new TestConversation();
        var commands = talk.Take(new Event.Typed("Hello", "en"));
        Assert.Equal(new Command.Ask(1, "Hello", "en", null), commands[0]);
        Assert.Contains(new Command.ShowTranscript(1, "Hello", true), commands);
        Assert.Equal((TurnState.Thinking, null), (talk.State, talk.Reason));

        talk.Take(new Event.Answered(1, "", "joy"));
        Assert.Equal([new Command.Say("r1", 0, "Hi ", "joy")], talk.Take(new Event.Answered(1, "Hi ", null)));
        Assert.Equal([new Command.Say("r1", 1, "there.", null)], talk.Take(new Event.Answered(1, "there.", null)));
        var close = Assert.IsType<Command.Close>(Assert.Single(talk.Take(new Event.AnswerEnded(1))));
        Assert.Equal("Hi there.", close.Text);
        Assert.Equal([new ReplyEmotion(0, "joy")], close.Emotions);
        talk.Take(new Event.SpeechBegan("r1", null));
        Assert.Equal(TurnState.Speaking, talk.State);
        Assert.Equal(["user: Hello"], talk.History);
        talk.Take(new Event.SpeechOver("r1", false));
        Assert.Equal(["user: Hello", "assistant: Hi there."], talk.History);
        Assert.Equal((TurnState.Idle, true), (talk.State, talk.IsIdle));
    }

    [Fact]
    public void What_was_played_is_kept_with_each_report_until_the_answer_is_remembered()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", "en"));
        var reply = talk.Answer("One. Two. Three.");
        Assert.Empty(talk.All.OfType<Command.StoreProgress>());
        Assert.Contains(new Command.StoreProgress(1, "One."), talk.Take(new Event.Played(reply, 4)));
        Assert.Empty(talk.Take(new Event.Played(reply, 5)).OfType<Command.StoreProgress>());
        Assert.Contains(new Command.StoreProgress(1, "One. Two."), talk.Take(new Event.Played(reply, 9)));
        talk.Take(new Event.SpeechOver(reply, false));
        Assert.Equal(["user: Hello", "assistant: One. Two. Three."], talk.History);
        Assert.Empty(talk.All.OfType<Command.ForgetProgress>());
    }

    [Fact]
    public void Of_an_answer_that_nobody_hears_what_is_written_is_kept_once_a_second()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Audience(1, false));
        talk.Take(new Event.Typed("Hello", "en"));
        Assert.Contains(new Command.StoreProgress(1, "One."), talk.Take(new Event.Answered(1, "One.", null)));
        Assert.Empty(talk.Take(new Event.Answered(1, " Two.", null)).OfType<Command.StoreProgress>());
        Assert.Empty(talk.Take(new Event.Answered(1, " Three.", null)).OfType<Command.StoreProgress>());
        Assert.Equal([new Command.StoreProgress(1, "One. Two. Three.")], talk.Wait(1000).OfType<Command.StoreProgress>());
        Assert.Empty(talk.Wait(2000).OfType<Command.StoreProgress>());
    }

    [Fact]
    public void Reasoning_that_was_kept_by_mistake_is_taken_back()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", "en"));
        var reply = talk.Answer("I think. So", complete: false);
        talk.Take(new Event.Played(reply, 8));
        Assert.Equal([new Command.StoreProgress(1, "I think.")], talk.All.OfType<Command.StoreProgress>());
        Assert.Contains(new Command.ForgetProgress(1), talk.Take(new Event.WasReasoning(1)));
    }

    [Fact]
    public void Speech_is_recognized_and_asked_before_its_end_is_certain_and_comes_out_when_it_is()
    {
        var talk = new TestConversation();
        talk.Take(new Event.SpeechStarted(1, false));
        Assert.Equal(TurnState.Idle, talk.State);
        talk.Take(new Event.SpeechConfirmed(1));
        Assert.Equal(TurnState.Listening, talk.State);
        talk.Wait(1000);
        Assert.Contains(new Command.EndListening(1), talk.Take(new Event.SpeechEnded(1)));
        Assert.Equal(TurnState.Transcribing, talk.State);
        talk.Wait(100);
        var commands = talk.Take(new Event.Recognized(1, "what time is it", "en", null));
        Assert.Contains(new Command.Ask(1, "what time is it", "en", null), commands);
        Assert.Contains(new Command.ShowTranscript(0, "what time is it", false), commands);

        // The answer is kept back as long as the person may go on.
        Assert.Empty(talk.Take(new Event.Answered(1, "Noon.", null)));
        Assert.Empty(talk.Take(new Event.AnswerEnded(1)));
        Assert.Empty(talk.Wait(199));
        commands = talk.Wait(1);
        Assert.Contains(new Command.ShowTranscript(1, "what time is it", true), commands);
        Assert.Contains(new Command.Say("r1", 0, "Noon.", null), commands);
        Assert.Equal("Noon.", commands.OfType<Command.Close>().Single().Text);
        Assert.Single(talk.All.OfType<Command.Ask>());
    }

    [Fact]
    public void Who_goes_on_after_a_pause_is_asked_once_with_everything()
    {
        var talk = new TestConversation();
        talk.Say("tell me a story");
        talk.Take(new Event.Answered(1, "Once", null));
        talk.Wait(100);
        talk.Take(new Event.SpeechStarted(2, false));
        Assert.Contains(new Command.CancelAsk(1), talk.Take(new Event.SpeechConfirmed(2)));
        talk.Wait(5000);
        talk.Take(new Event.SpeechEnded(2));
        talk.Take(new Event.Recognized(2, "about a cat.", null, null));
        Assert.Equal("tell me a story about a cat.", talk.Asked.Text);
        Assert.Equal(["user: tell me a story about a cat."], talk.History);
        Assert.Empty(talk.All.OfType<Command.Say>());
    }

    [Theory]
    [InlineData("What time is it?", 0)]
    [InlineData("几点了。", 0)]
    [InlineData("what time is it", 300)]
    [InlineData("I would like tea and", 900)]
    [InlineData("我想要那个", 900)]
    [InlineData("それで、えっと", 900)]
    [InlineData("I want to...", 900)]
    [InlineData("So…", 900)]
    [InlineData("And so.", 900)]
    [InlineData("I like tea and.", 900)]
    [InlineData("我想……", 900)]
    [InlineData("然后。", 900)]
    [InlineData("でも。", 900)]
    [InlineData("I think so.", 0)]
    [InlineData("See you then.", 0)]
    [InlineData("And?", 0)]
    [InlineData("我要那个。", 0)]
    [InlineData("いつでも。", 0)]
    [InlineData("行きますけど。", 0)]
    public void The_wait_for_more_depends_on_how_the_words_end(string text, int milliseconds)
    {
        var talk = new TestConversation();
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.SpeechConfirmed(1));
        talk.Take(new Event.SpeechEnded(1));
        talk.Take(new Event.Recognized(1, text, null, null));
        if (milliseconds > 0)
        {
            talk.Wait(milliseconds - 1);
            Assert.Empty(talk.History);
            talk.Wait(1);
        }

        Assert.Equal([$"user: {text}"], talk.History);
    }

    [Fact]
    public void An_interruption_holds_at_once_stops_with_the_words_and_remembers_what_was_heard()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time there was a king. He", complete: false);
        talk.Take(new Event.Played(reply, 9));
        Assert.Contains(new Command.Duck(0.2), talk.Take(new Event.SpeechStarted(1, false)));
        Assert.Contains(new Command.Duck(0), talk.Take(new Event.SpeechConfirmed(1)));
        Assert.Equal(TurnState.Listening, talk.State);

        // The page must not lose its patience while the words are found.
        Assert.Contains(new Command.Duck(0), talk.Wait(1600));
        talk.Take(new Event.SpeechEnded(1));
        var commands = talk.Take(new Event.Recognized(1, "Stop that, please tell me another one.", null, null));
        Assert.Contains(new Command.CancelAsk(1), commands);
        Assert.Contains(new Command.StopSpeech(), commands);
        Assert.DoesNotContain(new Command.Duck(1), commands);
        Assert.Equal("Once upon a time there was a king. He", commands.OfType<Command.Close>().Single().Text);
        Assert.DoesNotContain(commands, c => c is Command.Ask);

        talk.Take(new Event.Played(reply, 16));
        commands = talk.Take(new Event.SpeechOver(reply, true));
        Assert.Contains(new Command.Duck(1), commands);
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time (interrupted)", "user: Stop that, please tell me another one."], talk.History);
        Assert.Equal("Stop that, please tell me another one.", talk.Asked.Text);
    }

    [Fact]
    public void A_page_that_does_not_tell_what_was_heard_is_not_waited_for()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time there was a king.");
        talk.Take(new Event.Played(reply, 4));
        talk.Take(new Event.Typed("Another one.", null));
        Assert.Single(talk.All.OfType<Command.Ask>());
        talk.Wait(500);
        Assert.Equal(["user: Tell me a story.", "assistant: Once (interrupted)", "user: Another one."], talk.History);
        Assert.Equal(2, talk.Asked.Exchange);
    }

    [Fact]
    public void Of_an_answer_that_no_page_played_nothing_is_remembered()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time.");
        talk.Take(new Event.Cancelled());
        Assert.Equal("cancelled", talk.Reason);
        talk.Take(new Event.SpeechOver(reply, true));
        Assert.Equal(["user: Tell me a story."], talk.History);
        Assert.True(talk.IsIdle);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cough_changes_nothing(bool confirmed)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time.");
        talk.Take(new Event.SpeechStarted(1, false));
        IReadOnlyList<Command> commands;
        if (confirmed)
        {
            talk.Take(new Event.SpeechConfirmed(1));
            talk.Take(new Event.SpeechEnded(1));
            commands = talk.Take(new Event.Recognized(1, "", null, null));
        }
        else
        {
            commands = talk.Take(new Event.SpeechDropped(1));
            Assert.Contains(new Command.DropListening(1), commands);
        }

        Assert.Contains(new Command.Duck(1), commands);
        Assert.Equal(TurnState.Speaking, talk.State);
        Assert.DoesNotContain(talk.All, c => c is Command.StopSpeech or Command.CancelAsk);
        talk.Take(new Event.SpeechOver(reply, false));
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time."], talk.History);
    }

    [Fact]
    public void A_speech_that_is_held_does_not_go_on_for_a_moment_when_another_utterance_begins()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time.", complete: true);
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.SpeechConfirmed(1));
        talk.Take(new Event.SpeechEnded(1));
        Assert.DoesNotContain(talk.Take(new Event.SpeechStarted(2, false)), c => c is Command.Duck);
        talk.Take(new Event.SpeechDropped(2));
        Assert.Contains(new Command.Duck(1), talk.Take(new Event.Recognized(1, "", null, null)));
        talk.Take(new Event.SpeechOver(reply, false));
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time."], talk.History);
    }

    [Fact]
    public void A_noise_before_the_answer_begins_does_not_lose_it()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.SpeechConfirmed(1));
        talk.Take(new Event.Answered(1, "Hi.", null));
        talk.Take(new Event.AnswerEnded(1));

        // The user still seems to speak, so the character does not speak over them.
        Assert.Contains(new Command.Duck(0), talk.Take(new Event.SpeechBegan("r1", null)));
        talk.Take(new Event.SpeechEnded(1));
        Assert.Contains(new Command.Duck(1), talk.Take(new Event.Recognized(1, " ", null, null)));
        talk.Take(new Event.SpeechOver("r1", false));
        Assert.Equal(["user: Hello", "assistant: Hi."], talk.History);
    }

    [Theory]
    [InlineData("Stop!")]
    [InlineData("wait a moment")]
    [InlineData("停！")]
    [InlineData("待って")]
    public void A_stop_word_stops_at_once_and_is_no_question(string text)
    {
        var talk = new TestConversation(o => o.BargeIn = false);
        talk.Take(new Event.Typed("Tell me a story.", null));
        talk.Answer("Once upon a time.");
        talk.Take(new Event.SpeechStarted(1, false));
        Assert.Contains(new Command.StopSpeech(), talk.Take(new Event.Partial(1, text)));
        talk.Take(new Event.SpeechEnded(1));
        talk.Take(new Event.Recognized(1, text, null, null));
        talk.Wait(5000);
        Assert.Single(talk.All.OfType<Command.Ask>());
        Assert.True(talk.IsIdle);
    }

    [Fact]
    public void Who_may_not_interrupt_is_asked_when_the_character_has_ended()
    {
        var talk = new TestConversation(o => o.BargeIn = false);
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time.");
        talk.Say("And then?");
        Assert.DoesNotContain(talk.All, c => c is Command.Duck or Command.StopSpeech);
        talk.Wait(10_000);
        Assert.Equal(TurnState.Speaking, talk.State);
        talk.Take(new Event.SpeechOver(reply, false));
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time.", "user: And then?"], talk.History);
        Assert.Equal("And then?", talk.Asked.Text);
    }

    [Fact]
    public void A_button_that_was_held_needs_no_pause_and_says_when_nothing_was_understood()
    {
        var talk = new TestConversation();
        talk.Say("what time is it", pressed: true);
        Assert.Equal(["user: what time is it"], talk.History);
        talk.Take(new Event.Cancelled());
        talk.Say("", utterance: 2, pressed: true);
        Assert.Equal((TurnState.Idle, "not_heard"), (talk.State, talk.Reason));
    }

    [Fact]
    public void A_touch_is_answered_once_in_a_while_and_interrupts_nothing()
    {
        var pause = TimeSpan.FromSeconds(20);
        var (line, prompt) = (new Event.Touched("Hey!", null, pause), new Event.Touched(null, "(a touch)", pause));
        var talk = new TestConversation();
        Assert.Equal("Hey!", talk.Take(line).OfType<Command.Close>().Single().Text);
        Assert.DoesNotContain(talk.Take(line), c => c is Command.Say);
        talk.Take(new Event.SpeechBegan("r1", null));
        talk.Take(new Event.Played("r1", 4));
        talk.Take(new Event.SpeechOver("r1", false));
        talk.Wait(19_999);
        Assert.Empty(talk.Take(prompt));
        talk.Wait(1);
        Assert.Equal((null, "(a touch)"), talk.Take(prompt).OfType<Command.Ask>().Single() is var ask ? (ask.Text, ask.Prompt) : default);
        talk.Take(new Event.Played(talk.Answer("Oh?"), 3));
        talk.Take(new Event.SpeechOver("r2", false));

        // While the user speaks, and while the character does, a touch is nothing.
        talk.Wait(20_000);
        talk.Take(new Event.SpeechStarted(1, false));
        Assert.Empty(talk.Take(line));
        talk.Take(new Event.SpeechDropped(1));
        talk.Take(new Event.Typed("Tell me a story.", null));
        Assert.Empty(talk.Take(line));
        talk.Answer("Once upon a time.");
        Assert.Empty(talk.Take(line));
        talk.Take(new Event.SpeechOver("r3", false));
        Assert.Contains(talk.Take(line), c => c is Command.Say);
    }

    [Fact]
    public void A_touch_does_not_cut_in_on_what_another_program_says()
    {
        var talk = new TestConversation();
        var touch = new Event.Touched("Hey!", null, TimeSpan.FromSeconds(20));
        talk.Take(new Event.SpeechBegan("news", null));
        talk.Wait(2_000);
        talk.Take(new Event.Played("news", 4));
        talk.Wait(2_000);
        Assert.Empty(talk.Take(touch));
        talk.Take(new Event.SpeechOver("news", false));
        Assert.Contains(talk.Take(touch), c => c is Command.Say);
    }
}
