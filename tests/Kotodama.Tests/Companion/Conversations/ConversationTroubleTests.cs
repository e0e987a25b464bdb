using Kotodama.Companion.Conversations;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Protocol;
using Kotodama.Tests.Simulation;
using Kotodama.Voice.Speaking;
using Command = Kotodama.Companion.Conversations.ConversationCommand;
using Event = Kotodama.Companion.Conversations.ConversationEvent;

namespace Kotodama.Tests.Companion.Conversations;

/// <summary>What goes wrong in a conversation, and what takes too long.</summary>
public sealed class ConversationTroubleTests
{
    [Theory]
    [InlineData("llm_unreachable")]
    [InlineData("llm_timeout")]
    public void A_failure_is_told_and_never_said(string code)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.AnswerFailed(1, code));
        Assert.Equal((TurnState.Idle, code), (talk.State, talk.Reason));
        Assert.Equal(["user: Hello"], talk.History);
        Assert.DoesNotContain(talk.All, c => c is Command.Say or Command.Close);
        Assert.True(talk.IsIdle);
    }

    [Theory]
    [InlineData("Hi there. How", 0, "Hi there.")]
    [InlineData("I like green te", 0, "I like green")]
    [InlineData("It costs 3.1", 0, "It costs")]
    [InlineData("It costs 3.", 0, "It costs 3.")]
    [InlineData("今天天气很好，我们去公", 0, "今天天气很好，")]
    [InlineData("今天天气很好，我们去公", 9, "今天天气很好，我们去公")]
    [InlineData("Hm", 0, "Hm")]
    public void An_answer_that_breaks_off_is_said_to_its_last_whole_word_and_is_no_whole_answer(string came, int heard, string whole)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.Played(talk.Answer(came, complete: false), heard));
        var commands = talk.Take(new Event.AnswerFailed(1, "llm_failed"));
        Assert.Equal(whole, commands.OfType<Command.Close>().Single().Text);
        Assert.Equal("truncated", talk.Reason);
        talk.Take(new Event.SpeechOver("r1", false));
        Assert.Equal(["user: Hello", $"assistant: {whole} (interrupted)"], talk.History);
    }

    [Fact]
    public void An_early_answer_that_fails_is_asked_again()
    {
        var talk = new TestConversation();
        talk.Say("what time is it");
        talk.Take(new Event.AnswerFailed(1, "llm_failed"));
        talk.Wait(300);
        Assert.Equal((2, "what time is it"), (talk.Asked.Exchange, talk.Asked.Text));
        Assert.Null(talk.Reason);
    }

    [Fact]
    public void An_empty_answer_is_a_failure()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.Answered(1, " ", null));
        talk.Take(new Event.AnswerEnded(1));
        Assert.Equal((TurnState.Idle, "llm_failed"), (talk.State, talk.Reason));
    }

    [Fact]
    public void What_was_reasoning_is_silenced_and_not_remembered_and_the_answer_is_another_reply()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Answer("Okay, a greeting. I should", complete: false);
        Assert.Equal([new Command.StopSpeech(), new Command.Close("r1", "…", []), new Command.Show(1, TurnState.Thinking, null, null)], talk.Take(new Event.WasReasoning(1)), Same);
        talk.Take(new Event.SpeechOver("r1", true));
        var reply = talk.Answer("Hi there.");
        Assert.Equal("r2", reply);
        talk.Take(new Event.Played(reply, 9));
        talk.Take(new Event.SpeechOver(reply, false));
        Assert.Equal(["user: Hello", "assistant: Hi there."], talk.History);
        Assert.Equal(TurnState.Idle, talk.State);

        static bool Same(Command a, Command b) => a is Command.Close(var reply, var text, var emotions) && b is Command.Close other ? (reply, text, emotions.Count) == (other.Reply, other.Text, other.Emotions.Count) : a == b;
    }

    [Fact]
    public void Reasoning_that_was_kept_back_never_comes_out()
    {
        var talk = new TestConversation();
        talk.Say("what time is it");
        talk.Take(new Event.Answered(1, "The person wants the time.", null));
        Assert.Empty(talk.Take(new Event.WasReasoning(1)));
        talk.Take(new Event.Answered(1, "Noon.", null));
        Assert.Equal("Noon.", Assert.Single(talk.Wait(500).OfType<Command.Say>()).Text);
    }

    [Fact]
    public void A_tool_is_shown_while_it_runs()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("What time is it?", null));
        Assert.Equal([new Command.Show(1, TurnState.Thinking, null, "current_time")], talk.Take(new Event.ToolUsed(1, "current_time")));
        Assert.Equal([new Command.Show(1, TurnState.Thinking, null, null)], talk.Take(new Event.ToolUsed(1, null)));
    }

    [Fact]
    public void An_answer_that_is_begun_says_that_its_rest_still_comes()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("What is the weather?", null));
        Assert.DoesNotContain(talk.Wait(10_000), c => c is Command.Say);
        talk.Take(new Event.Answered(1, "One moment. ", null));
        talk.Take(new Event.ToolUsed(1, "weather"));
        Assert.Equal([1, 2, 3, 4, 5], talk.Wait(20_000).OfType<Command.Say>().Where(s => s.Text.Length == 0).Select(s => s.Part));
        talk.Take(new Event.ToolUsed(1, null));
        Assert.Equal(new Command.Say("r1", 6, "Sunny.", null), Assert.Single(talk.Take(new Event.Answered(1, "Sunny.", null)).OfType<Command.Say>()));
        Assert.Equal("One moment. Sunny.", Assert.Single(talk.Take(new Event.AnswerEnded(1)).OfType<Command.Close>()).Text);
        Assert.DoesNotContain(talk.Wait(30_000), c => c is Command.Say);
    }

    [Fact]
    public void An_answer_whose_model_never_goes_on_ends_all_the_same()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.Answered(1, "Well, ", null));
        Assert.Contains(new Command.CancelAsk(1), talk.Wait(60_000));
        Assert.DoesNotContain(talk.Wait(30_000), c => c is Command.Say);
    }

    [Fact]
    public void An_answer_that_is_held_back_tells_nothing_of_itself()
    {
        var talk = new TestConversation(o => (o.EndpointDelay, o.LongestEndpoint) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)));
        talk.Say("what time is it");
        talk.Take(new Event.Answered(1, "Noon, ", null));
        Assert.DoesNotContain(talk.Wait(9_000), c => c is Command.Say);
    }

    [Fact]
    public void The_companion_gives_up_a_recognizer_or_a_language_model_that_never_answers()
    {
        var talk = new TestConversation();
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.SpeechEnded(1));
        Assert.Contains(new Command.DropListening(1), talk.Wait(25_000));
        Assert.Equal((TurnState.Idle, "asr_failed"), (talk.State, talk.Reason));
        talk.Take(new Event.Typed("Hello", null));
        Assert.Contains(new Command.CancelAsk(1), talk.Wait(60_000));
        Assert.Equal((TurnState.Idle, "llm_timeout"), (talk.State, talk.Reason));
    }

    [Fact]
    public void An_answer_ends_when_no_page_is_left_and_a_page_that_is_loaded_again_misses_nothing()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time", complete: false);
        talk.Take(new Event.Played(reply, 4));
        talk.Take(new Event.Audience(0, false));
        talk.Wait(9_000);
        talk.Take(new Event.Audience(1, true));
        talk.Wait(9_000);
        Assert.DoesNotContain(talk.All, c => c is Command.CancelAsk);
        talk.Take(new Event.Audience(0, false));
        Assert.Contains(new Command.CancelAsk(1), talk.Wait(10_000));
        Assert.Equal(["user: Tell me a story.", "assistant: Once (interrupted)"], talk.History);
        Assert.True(talk.IsIdle);
    }

    [Theory]
    [InlineData(true, "assistant: Once upon a time (interrupted)")]
    [InlineData(false)]
    public void In_another_conversation_she_greets_at_once_and_is_let_go_when_what_she_said_before_is_silent(bool isKept, params string[] remembered)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time there was a king.");
        talk.Take(new Event.Played(reply, 16));
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.SpeechConfirmed(1));
        var commands = talk.Take(new Event.Changed(isKept));
        Assert.Contains(new Command.DropListening(1), commands);
        Assert.Contains(new Command.StopSpeech(), commands);
        Assert.Equal(["user: Tell me a story.", .. remembered], talk.History);
        Assert.Contains(talk.Take(new Event.Greeted("Hello.")), c => c is Command.Close);
        Assert.DoesNotContain(talk.All, c => c == new Command.Duck(1));

        // What is told late belongs to a conversation that is settled.
        talk.Take(new Event.Played(reply, 20));
        Assert.Contains(new Command.Duck(1), talk.Take(new Event.SpeechOver(reply, true)));
        talk.Take(new Event.SpeechOver("r2", false));
        Assert.Equal(["user: Tell me a story.", .. remembered, "assistant: Hello."], talk.History);
        Assert.True(talk.IsIdle);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_speech_that_is_just_being_stopped_belongs_to_the_conversation_that_is_left(bool isKept)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time there was a king.");
        talk.Take(new Event.Played(reply, 16));
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.Typed("Another one.", null));
        talk.Take(new Event.Changed(isKept));
        Assert.Equal(isKept ? ["user: Tell me a story.", "assistant: Once upon a time (interrupted)"] : ["user: Tell me a story."], talk.History);
        Assert.DoesNotContain(new Command.Duck(1), talk.All);
        Assert.False(talk.IsIdle);
        Assert.Contains(new Command.Duck(1), talk.Wait(500));
        Assert.True(talk.IsIdle);
    }

    [Theory]
    [InlineData(false, 4, "assistant: Once (interrupted)")]
    [InlineData(true, 4, "assistant: Once upon a time.")]
    [InlineData(false, 0, "assistant: Once upon a time.")]
    public void Who_leaves_in_the_middle_has_heard_no_more_and_who_never_heard_has_read_it(bool isHeard, int chars, string remembered)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time.");
        talk.Take(new Event.Played(reply, chars));
        talk.Take(new Event.Audience(1, isHeard));
        talk.Take(new Event.SpeechOver(reply, false));
        Assert.Equal(["user: Tell me a story.", remembered], talk.History);
        Assert.True(talk.IsIdle);
    }

    [Theory]
    [InlineData(true, "assistant: Once upon a time.")]
    [InlineData(false, "assistant: Once upon a time. (interrupted)")]
    public void What_is_spoken_while_no_page_is_audible_counts_as_read_when_it_is_stopped(bool isWhole, string remembered)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Audience(1, false));
        talk.Take(new Event.Typed("Tell me a story.", null));
        talk.Take(new Event.Answered(1, "Once upon a time.", null));
        if (isWhole)
            talk.Take(new Event.AnswerEnded(1));
        talk.Take(new Event.SpeechBegan("r1", null));
        talk.Take(new Event.Cancelled());
        talk.Wait(500);
        Assert.Equal(["user: Tell me a story.", remembered], talk.History);
    }

    [Fact]
    public void Who_could_hear_an_answer_and_left_before_its_first_sound_has_heard_nothing()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        talk.Take(new Event.Answered(1, "Once upon a time.", null));
        talk.Take(new Event.SpeechBegan("r1", null));
        talk.Take(new Event.Audience(1, false));
        talk.Take(new Event.Cancelled());
        talk.Wait(500);
        Assert.Equal(["user: Tell me a story."], talk.History);
    }

    [Fact]
    public void Without_a_voice_an_answer_is_over_when_it_was_read()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Audience(1, false));
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.Answered(1, "Hi.", null));
        talk.Take(new Event.AnswerEnded(1));
        talk.Take(new Event.SpeechOver("r1", false));
        Assert.Equal(["user: Hello", "assistant: Hi."], talk.History);
        Assert.Equal(TurnState.Idle, talk.State);
    }

    [Fact]
    public void It_speaks_of_its_own_accord_only_when_asked_to_and_only_once()
    {
        var quiet = new TestConversation();
        quiet.Wait(3_600_000);
        Assert.Empty(quiet.All.OfType<Command.Ask>());

        var talk = new TestConversation(o => o.IdleAfter = TimeSpan.FromSeconds(30));
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.SpeechOver(talk.Answer("Hi."), false));
        talk.Wait(29_999);
        Assert.Single(talk.All.OfType<Command.Ask>());
        Assert.Contains(new Command.Ask(2, null, null, null), talk.Wait(1));
        talk.Take(new Event.SpeechOver(talk.Answer("Are you still there?"), false));
        talk.Wait(3_600_000);
        Assert.Equal(2, talk.All.OfType<Command.Ask>().Count());
        Assert.Equal(["user: Hello", "assistant: Hi.", "assistant: Are you still there?"], talk.History);
    }

    [Fact]
    public void What_belongs_to_an_older_turn_is_ignored()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("One", null));
        talk.Take(new Event.Typed("Two", null));
        Assert.Equal(2, talk.Asked.Exchange);
        Assert.Empty(talk.Take(new Event.Answered(1, "late", null)));
        Assert.Empty(talk.Take(new Event.AnswerEnded(1)));
        Assert.Empty(talk.Take(new Event.AnswerFailed(1, "llm_failed")));
        Assert.Empty(talk.Take(new Event.Recognized(77, "late", null, null)));
    }

    [Fact]
    public void A_text_that_is_too_long_for_one_reply_ends_at_its_limit()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Go on", null));
        talk.Take(new Event.Answered(1, new string('a', 16_383), null));
        var commands = talk.Take(new Event.Answered(1, "😀😀", null));
        Assert.Contains(new Command.CancelAsk(1) { IsTooLong = true }, commands);
        Assert.Equal(16_383, commands.OfType<Command.Close>().Single().Text.Length);
    }

    [Fact]
    public void The_steps_of_a_turn_are_measured_from_the_end_of_speech()
    {
        var talk = new TestConversation();
        talk.Say("what time is it");
        talk.Wait(50);
        talk.Take(new Event.Answered(1, "Noon.", null));
        talk.Wait(250);
        talk.Take(new Event.AnswerEnded(1));
        talk.Wait(20);
        talk.Take(new Event.SpeechBegan("r1", TimeSpan.FromMilliseconds(15)));
        talk.Wait(30);
        var marks = talk.Take(new Event.Played("r1", 0)).OfType<Command.ShowMarks>().Single().Marks;
        Assert.Equal(new TurnMarks(EndOfSpeech: 300, Transcript: 100, FirstToken: 150, FirstClause: 405, FirstAudio: 420, FirstSound: 450), marks);
    }
}
