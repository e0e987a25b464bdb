using Kotodama.Companion.Conversations;
using Kotodama.Protocol;
using Kotodama.Tests.Simulation;
using Command = Kotodama.Companion.Conversations.ConversationCommand;
using Event = Kotodama.Companion.Conversations.ConversationEvent;

namespace Kotodama.Tests.Companion.Conversations;

/// <summary>What is heard while the character speaks: its own voice, a user who listens, or a user who has something to say.</summary>
public sealed class ConversationCutInTests
{
    private const string Story = "Once upon a time there lived a cat in a small house by the sea. The cat was old, and what she liked best was to sleep in the sun. "
        + "Every morning a boy came and gave her something to eat. One day the boy did not come. The cat waited until noon, and then she went to look for him. "
        + "She went along the beach and asked the birds whether they had seen the boy, but they only laughed. She asked the dog at the harbour, who said that a boat "
        + "had left before it was light. So the cat sat down on the pier and looked at the water. In the evening she saw a sail, very small and far away, and the boy "
        + "stood there and waved. He had caught a fish, the largest that the village had ever seen, and he gave all of it to the cat. She slept very well that night.";

    private const string Tale = "从前有一只小猫，住在海边的一间小房子里。小猫每天早上都在太阳底下睡觉。有一天，一个男孩来了，他带来了一条鱼。小猫吃了鱼，就跟着男孩回家了。从此他们每天都在一起玩。";

    /// <param name="at">How far she is, where these words stand.</param>
    [Theory]
    [InlineData(Story, "the sea", "what did the cat eat")]
    [InlineData(Story, "the pier", "What did the cat look at?")]
    [InlineData(Story, "he gave all", "and what did the boy say to the cat")]
    [InlineData(Story, "he gave all", "once upon a time there lived a cat")]
    [InlineData(Story, "the harbour", "is the dog the boy had very old")]
    [InlineData(Story, "the harbour", "Who had seen the boy?")]
    [InlineData(Tale, "一条鱼", "小猫吃了什么？")]
    [InlineData(Tale, "一条鱼", "那个男孩是谁")]
    public void Who_speaks_in_the_words_of_the_story_interrupts_it(string story, string at, string said)
    {
        var talk = Tell(story, at);
        talk.Say(said);
        Assert.Contains(new Command.StopSpeech(), talk.All);
        talk.Take(new Event.SpeechOver("r1", true));
        talk.Wait(1_000);
        Assert.Equal(said, talk.Asked.Text);
    }

    [Theory]
    [InlineData(Story, "the pier", "sat down on the pier and looked at the water")]
    [InlineData(Story, "the pier", "so the cat set down on the beer and looked at the water")]
    [InlineData(Story, "the pier", "down on the pier")]
    [InlineData(Story, "the pier", "on the")]
    [InlineData(Story, "the pier", "pier")]
    [InlineData(Story, "the pier", "looked at the water?")]
    [InlineData(Story, "the pier", "before it was light so the cat sat")]
    [InlineData(Tale, "一条鱼", "他带来了一条鱼小猫吃了鱼")]
    [InlineData(Tale, "一条鱼", "他带来了一条雨小猫吃了雨")]
    [InlineData(Tale, "一条鱼", "鱼")]
    public void Her_own_voice_near_the_place_where_she_is_does_not_interrupt_her(string story, string at, string heard)
    {
        var talk = Tell(story, at);
        talk.Say(heard);
        Assert.DoesNotContain(new Command.StopSpeech(), talk.All);
        Assert.Equal(TurnState.Speaking, talk.State);
    }

    [Theory]
    [InlineData("The bus stop is behind the house, and there you wait a moment for the bus.", "Stop!")]
    [InlineData("The bus stop is behind the house, and there you wait a moment for the bus.", "wait a moment")]
    [InlineData("请在这里等一下，医生马上就来，他在楼上。", "等一下")]
    public void Who_wants_silence_has_it_although_she_says_that_word(string spoken, string said)
    {
        var talk = Tell(spoken, spoken[..10]);
        talk.Say(said);
        Assert.Contains(new Command.StopSpeech(), talk.All);
        talk.Take(new Event.SpeechOver("r1", true));
        talk.Wait(5_000);
        Assert.Single(talk.All.OfType<Command.Ask>());
        Assert.True(talk.IsIdle);
    }

    [Fact]
    public void Yes_near_the_end_of_a_question_answers_it()
    {
        var talk = Tell("Would you like tea?", "Would you like ");
        talk.Say("yes");
        talk.Take(new Event.SpeechOver("r1", true));
        talk.Wait(300);
        Assert.Equal("user: yes", talk.History.Last());
    }

    [Theory]
    [InlineData("Would you like tea? There is green tea, black tea, and some of the white one.", "Would you like tea?", true)]
    [InlineData("要喝茶吗？我们有绿茶、红茶，还有一点白茶，都是今年的。", "要喝茶吗？", true)]
    [InlineData("Would you like tea? There is green tea, black tea, and some of the white one.", "Would you like tea? There is green tea, black", false)]
    public void Yes_after_a_question_answers_it_until_she_has_gone_on(string spoken, string at, bool isAnswer)
    {
        var talk = Tell(spoken, at);
        talk.Say("ok");
        Assert.Equal(isAnswer, talk.All.Contains(new Command.StopSpeech()));
    }

    [Fact]
    public void Yes_to_what_is_only_displayed_answers_it()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Audience(1, false));
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.Answered(1, "Shall I tell you a story? I know one with a cat.", null));
        talk.Take(new Event.AnswerEnded(1));
        talk.Say("yes");
        talk.Wait(1_000);
        Assert.Equal(["user: Hello", "assistant: Shall I tell you a story? I know one with a cat.", "user: yes"], talk.History);
    }

    [Fact]
    public void Who_hums_while_she_still_thinks_asks_nothing()
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Say("hmm");
        talk.Wait(1_000);
        Assert.Single(talk.All.OfType<Command.Ask>());
    }

    [Theory]
    [InlineData("mhm")]
    [InlineData("Yeah.")]
    [InlineData("嗯")]
    [InlineData("うん。")]
    [InlineData("Yeah, yeah.")]
    [InlineData("对对对")]
    [InlineData("はいはい、なるほど。")]
    public void Who_only_listens_does_not_interrupt(string text)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        talk.Answer("Once upon a time there was a king.");
        talk.Say(text);
        Assert.DoesNotContain(talk.All, c => c is Command.StopSpeech);
        Assert.Equal(TurnState.Speaking, talk.State);
    }

    [Theory]
    [InlineData(0, true, "upon a time there was")]
    [InlineData(0, false, "there was a king")]
    [InlineData(0, false, "king")]
    [InlineData(999, true, "there was a king")]
    public void The_characters_own_words_that_are_recognized_after_its_speech_are_no_question(double after, bool late, string heard)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        var reply = talk.Answer("Once upon a time there was a king.");
        if (after == 0)
            talk.Take(new Event.SpeechStarted(-1, false, late));
        talk.Take(new Event.SpeechOver(reply, false));
        talk.Wait(after);
        if (after > 0)
            talk.Take(new Event.SpeechStarted(-1, false, late));
        talk.Take(new Event.Recognized(-1, heard, null, null));
        talk.Wait(5_000);
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time there was a king."], talk.History);
        Assert.True(talk.IsIdle);
    }

    [Theory]
    [InlineData("Would you like tea, or coffee?", "Coffee.", false, true)]
    [InlineData("Would you like tea, or coffee?", "coffee please", true, true)]
    [InlineData("Would you like tea, or coffee?", "Coffee.", true, false)]
    [InlineData("Would you like tea, or coffee?", "would you like tea", false, false)]
    [InlineData("你要茶还是咖啡？", "咖啡", false, true)]
    [InlineData("I like tea, and coffee.", "Coffee.", false, false)]
    public void A_word_of_her_question_is_an_answer_unless_a_browser_may_have_heard_her(string spoken, string heard, bool late, bool isAnswer)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        var reply = talk.Answer(spoken);
        talk.Take(new Event.Played(reply, spoken.Length - 3));
        talk.Take(new Event.SpeechStarted(5, false, late));
        talk.Take(new Event.SpeechOver(reply, false));
        talk.Take(new Event.Recognized(5, heard, null, null));
        talk.Wait(1_000);
        Assert.Equal(isAnswer ? $"user: {heard}" : $"assistant: {spoken}", talk.History.Last());
    }

    [Fact]
    public void The_beginning_of_her_question_that_is_heard_back_is_no_answer_before_its_end_is_known()
    {
        var talk = Tell("Open the window. Hello, how are you today? One two three four five.", "how are you today?");
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.SpeechConfirmed(1));
        talk.Take(new Event.Partial(1, "hello how"));
        talk.Take(new Event.Recognized(1, "hello how are you today", null, null));
        Assert.DoesNotContain(new Command.StopSpeech(), talk.All);
    }

    [Theory]
    [InlineData(true, 1_000)]
    [InlineData(false, 0)]
    public void Words_of_hers_that_a_person_says_after_her_are_the_persons(bool late, double after)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Hello", null));
        talk.Take(new Event.SpeechOver(talk.Answer("Would you like tea, or coffee?"), false));
        talk.Wait(after);
        talk.Take(new Event.SpeechStarted(5, false, late));
        talk.Take(new Event.Recognized(5, "Coffee.", null, null));
        Assert.Equal("user: Coffee.", talk.History.Last());
    }

    [Theory]
    [InlineData("once upon a time there was a king", "once upon a time was a")]
    [InlineData("今天天气很好，我们去公园吧。", "今天天气很好")]
    public void The_characters_own_voice_does_not_interrupt_it(string spoken, string heard)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Go on.", null));
        talk.Answer(spoken);
        talk.Take(new Event.SpeechStarted(1, false));
        talk.Take(new Event.SpeechConfirmed(1));
        talk.Take(new Event.Partial(1, heard));
        talk.Take(new Event.SpeechEnded(1));
        Assert.Contains(new Command.Duck(1), talk.Take(new Event.Recognized(1, heard, null, null)));
        Assert.DoesNotContain(talk.All, c => c is Command.StopSpeech);
        Assert.Single(talk.All.OfType<Command.Ask>());
    }

    /// <summary>She tells something, and is heard to the end of these words.</summary>
    private static TestConversation Tell(string story, string at)
    {
        var talk = new TestConversation();
        talk.Take(new Event.Typed("Tell me a story.", null));
        talk.Answer(story);
        talk.Take(new Event.Played("r1", story.IndexOf(at, StringComparison.Ordinal) + at.Length));
        return talk;
    }
}
