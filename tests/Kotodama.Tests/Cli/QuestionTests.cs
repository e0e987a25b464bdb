using Kotodama.Cli;
using Kotodama.Protocol;

namespace Kotodama.Tests.Cli;

/// <summary>How a chat tells its own answer from all else that is said on its channel.</summary>
public sealed class QuestionTests
{
    private readonly Question _question = new("default", "Hello?", "mine");

    [Fact]
    public void A_reply_of_another_program_is_no_answer_before_between_or_after_the_turn()
    {
        Take(new LlmResponseMessage { Id = "x", Content = "Buy now!" });
        Take(Said(5, "Hello?", "mine"));
        Take(Turn(5, TurnState.Thinking));
        Take(new LlmDeltaMessage { Id = "y", Part = 0, Content = "And now…" });
        Assert.Equal("Hi ", Take(new LlmDeltaMessage { Id = "a", Part = 0, Content = "Hi ", Turn = 5 }));
        Take(new LlmResponseMessage { Id = "z", Content = "Buy more!" });
        Assert.Equal("there.", Take(new LlmResponseMessage { Id = "a", Content = "Hi there.", Turn = 5 }));
        Take(Turn(5, TurnState.Idle));
        Take(new LlmResponseMessage { Id = "w", Content = "Too late!" });
        Assert.Equal(("Hi there.", true, true, null), (_question.Answer, _question.IsAnswered, _question.IsOver, _question.Reason));
        Assert.True(_question.IsAnswer(new LlmResponseMessage { Id = "a", Content = "Hi there." }));
        Assert.False(_question.IsAnswer(new LlmResponseMessage { Id = "z", Content = "Buy more!" }));
    }

    [Fact]
    public void The_answer_to_another_page_is_none_although_it_asked_the_same()
    {
        Take(Said(5, "Hello?", "another"));
        Take(Turn(5, TurnState.Thinking));
        Take(new LlmResponseMessage { Id = "a", Content = "Hi, other.", Turn = 5 });
        Take(Said(6, "Hello?", "mine"));
        Take(Turn(6, TurnState.Thinking));
        Take(new LlmResponseMessage { Id = "b", Content = "Hi, you.", Turn = 6 });
        Take(Turn(6, TurnState.Idle));
        Assert.Equal(("Hi, you.", true), (_question.Answer, _question.IsOver));
    }

    [Fact]
    public void A_question_that_was_asked_together_with_another_pages_is_answered()
    {
        Take(Said(5, "And you? Hello?", "another", "mine"));
        Take(Turn(5, TurnState.Thinking));
        Take(new LlmResponseMessage { Id = "a", Content = "Hi, both.", Turn = 5 });
        Assert.Equal("Hi, both.", _question.Answer);
    }

    [Fact]
    public void An_exchange_that_takes_the_place_of_this_one_ends_it()
    {
        Take(Said(5, "Hello?", "mine"));
        Take(Turn(5, TurnState.Thinking));
        Take(new LlmDeltaMessage { Id = "a", Part = 0, Content = "Once ", Turn = 5 });
        Take(Said(6, "Stop", "another"));
        Take(Turn(6, TurnState.Thinking) with { Reason = TurnReason.Interrupted });
        Take(new LlmResponseMessage { Id = "b", Content = "Stopped.", Turn = 6 });
        Assert.Equal(("Once ", true, TurnReason.Interrupted), (_question.Answer, _question.IsOver, _question.Reason));
    }

    [Fact]
    public void What_is_under_way_when_the_user_asks_is_no_answer()
    {
        var question = new Question("default", "Hello?", "mine", running: 4);
        question.Take(new LlmResponseMessage { Id = "old", Channel = "default", Content = "So it was.", Turn = 4 });
        question.Take(Turn(4, TurnState.Speaking));
        question.Take(Turn(4, TurnState.Idle) with { Reason = TurnReason.Interrupted });
        Assert.Equal(("", false, null), (question.Answer, question.IsOver, question.Reason));
        question.Take(Turn(5, TurnState.Thinking));
        question.Take(new LlmResponseMessage { Id = "new", Channel = "default", Content = "Hi.", Turn = 5 });
        Assert.Equal("Hi.", question.Answer);
    }

    [Fact]
    public void Another_page_whose_user_speaks_does_not_become_the_asker()
    {
        Take(Turn(5, TurnState.Listening));
        Take(Turn(5, TurnState.Transcribing));
        Take(new TranscriptMessage { Channel = "default", Turn = 6, Content = "What time is it", Final = true });
        Take(Turn(6, TurnState.Thinking));
        Take(new LlmResponseMessage { Id = "a", Content = "Noon.", Turn = 6 });
        Assert.Equal("", _question.Answer);
        Take(Said(7, "Hello?", "mine"));
        Take(new LlmResponseMessage { Id = "b", Content = "Hi.", Turn = 7 });
        Assert.Equal("Hi.", _question.Answer);
    }

    [Fact]
    public void The_simplest_companion_says_a_reply_and_nothing_else()
    {
        Take(new LlmResponseMessage { Id = "x", Content = "Buy now!" });
        Take(new LlmResponseMessage { Id = "a", Content = "Hi.", Turn = 0 });
        Assert.Equal(("Hi.", true, true), (_question.Answer, _question.IsAnswered, _question.IsOver));
    }

    [Fact]
    public void Words_that_are_withdrawn_are_not_the_answer()
    {
        Take(Said(5, "Hello?", "mine"));
        Take(Turn(5, TurnState.Thinking));
        Take(new LlmDeltaMessage { Id = "a", Part = 0, Content = "The user says", Turn = 5 });
        Take(new LlmResponseMessage { Id = "a", Content = "…", Turn = 5 });
        Assert.False(_question.IsAnswered);
        Take(new LlmDeltaMessage { Id = "b", Part = 0, Content = "Hi.", Turn = 5 });
        Take(new LlmResponseMessage { Id = "b", Content = "Hi.", Turn = 5 });
        Assert.Equal(("Hi.", true), (_question.Answer, _question.IsAnswered));
    }

    [Fact]
    public void A_question_that_is_given_up_before_it_is_asked_is_over()
    {
        Take(Said(4, "", "mine"));
        Assert.Equal((true, TurnReason.Cancelled), (_question.IsOver, _question.Reason));
    }

    private string Take(Message message) => _question.Take(message is Publication publication ? publication with { Channel = "default" } : message);

    private static TurnMessage Turn(long turn, TurnState state) => new() { Channel = "default", Turn = turn, State = state };

    private static TranscriptMessage Said(long turn, string text, params string[] pages) =>
        new() { Channel = "default", Turn = turn, Content = text, Final = true, Pages = pages };
}
