using System.Text.Json;
using Kotodama.Companion.Channels;
using Kotodama.Companion.Characters;
using Kotodama.Companion.Chat;
using Kotodama.Companion.Conversations;
using Kotodama.Companion.Engines.OpenAi;
using Kotodama.Companion.Hearing;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Tests.Conformance;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>The companion as a peer: what it makes of what people say, with everything around it played by a test.</summary>
public sealed class CompanionTests
{
    [Fact]
    public async Task It_introduces_itself_and_answers_what_is_typed()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        var card = await stage.HearAsync<CompanionMessage>();
        Assert.Equal(("koto", "Koto", true), (card.Character, card.Name, card.Hears));

        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello", Lang = "en" });
        Assert.Equal(("Hello", true), (await stage.HearAsync<TranscriptMessage>()) is { } said ? (said.Content, said.Final) : default);
        await stage.Mind.AnswerAsync("[joy]Hi ", "the", "re. [sad]Bye.");
        var first = await stage.HearAsync<LlmDeltaMessage>();
        Assert.Equal((0, "joy"), (first.Part, first.Emotion));
        var reply = await stage.HearAsync<LlmResponseMessage>();
        Assert.Equal("Hi there. Bye.", reply.Content);
        Assert.Equal([new ReplyEmotion(0, "joy"), new ReplyEmotion(10, "sad")], reply.Emotions!);
        Assert.Equal((first.Id, ReceiptLevel.Spoken), (reply.Id, reply.Receipt));
        await stage.SayAsync(new ReceiptMessage { Id = reply.Id!, Channel = "default", Status = ReceiptStatus.Done, Final = true });
        await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle);
        Assert.Equal(["user: Hello", "assistant: Hi there. Bye."], await stage.HistoryAsync());
    }

    [Fact]
    public async Task It_understands_a_microphone_and_tells_how_long_everything_took()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(
            new MicMessage { Channel = "default", State = MicState.On, Mode = MicMode.PushToTalk, Lang = "en", Page = "page" },
            new VadMessage { Channel = "default", Utterance = 7, Event = VadEvent.Start, Page = "page" },
            new VadMessage { Channel = "default", Utterance = 7, Event = VadEvent.Real, Page = "page" },
            new AudioMessage { Kind = AudioKind.Microphone, Stream = 7, Clause = 0, Number = 0, Offset = 0, Data = new byte[] { 1, 2, 3, 4 } },
            new VadMessage { Channel = "default", Utterance = 7, Event = VadEvent.End, Page = "page" });
        var utterance = await stage.Ear.HeardAsync();
        Assert.Equal("en", utterance.Request.Language);
        await utterance.Ended;
        Assert.Equal([1, 2, 3, 4], utterance.Sound);
        utterance.Guess("what");
        Assert.Equal(("what", false), (await stage.HearAsync<TranscriptMessage>()) is { } guess ? (guess.Content, guess.Final) : default);
        utterance.Understand("what time is it", "sad");
        Assert.Equal("sad", (await stage.HearAsync<ExpressionMessage>()).Name);
        Assert.Equal("what time is it", (await stage.HearAsync<TranscriptMessage>(t => t.Final)).Content);
        await stage.Mind.AnswerAsync("Noon.");
        Assert.Contains("sounds sad", stage.Mind.Told[0][^1].Text, StringComparison.Ordinal);
        var reply = await stage.HearAsync<LlmResponseMessage>();
        await stage.SayAsync(new SpeechStartMessage { Channel = "default", Turn = 1, Clause = 0, Reply = reply.Id!, Format = SpeechFormat.Pcm, Rate = 22050, Engine = 0 });
        var marks = (await stage.HearAsync<MetricsMessage>()).Marks;
        Assert.True(marks is { EndOfSpeech: >= 0, Transcript: >= 0, FirstToken: >= 0, FirstClause: >= 0, FirstAudio: >= 0, FirstSound: null });
        await stage.SayAsync(new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.First, Reply = reply.Id, Chars = 0 });
        Assert.NotNull((await stage.HearAsync<MetricsMessage>()).Marks.FirstSound);
    }

    [Theory]
    [InlineData(16, "assistant: Once upon a time (interrupted)")]
    [InlineData(0)]
    public async Task What_was_heard_of_an_answer_is_kept_when_the_companion_is_stopped(int chars, params string[] kept)
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Tell me a story." });
        (await stage.Mind.AskedAsync()).TryWrite(new TextContent("Once upon a time there was"));
        var reply = (await stage.HearAsync<LlmDeltaMessage>()).Id!;
        await stage.SayAsync(new SpeechStartMessage { Channel = "default", Turn = 1, Clause = 0, Reply = reply, Format = SpeechFormat.Pcm, Rate = 22050, Engine = 0 });
        await stage.SayAsync(new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.Progress, Reply = reply, Chars = chars });
        await stage.HearAsync<MetricsMessage>(metrics => metrics.Marks.FirstSound is not null);
        await stage.EndAsync();
        var conversation = await stage.Store.OpenAsync("default", "koto", TestContext.Current.CancellationToken);
        var entries = await stage.Store.ReadAsync("default", conversation.Id, null, 10, TestContext.Current.CancellationToken);
        Assert.Equal(["user: Tell me a story.", .. kept], entries.Select(e => $"{(e.Said.Role == ConversationRole.User ? "user" : "assistant")}: {e.Said.Text}{(e.Said.Interrupted ? " (interrupted)" : "")}"));
    }

    [Fact]
    public async Task After_an_interruption_the_model_is_told_what_was_heard_and_no_more()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Tell me a story." });
        var answer = await stage.Mind.AskedAsync();
        answer.TryWrite(new TextContent("Once upon a time there was a king."));
        var delta = await stage.HearAsync<LlmDeltaMessage>();
        await stage.SayAsync(
            new SpeechStartMessage { Channel = "default", Turn = 1, Clause = 0, Reply = delta.Id!, Format = SpeechFormat.Pcm, Rate = 22050 },
            new UserTextMessage { Channel = "default", Content = "Another one." });
        Assert.Equal(StopTarget.Speech, (await stage.HearAsync<StopMessage>()).What);
        Assert.Equal("Once upon a time there was a king.", (await stage.HearAsync<LlmResponseMessage>()).Content);
        await stage.SayAsync(new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.Stopped, Reply = delta.Id, Chars = 16 });
        await stage.Mind.AnswerAsync("There was a queen.");
        await stage.ReadAsync();
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time (interrupted)", "user: Another one.", "assistant: There was a queen."], await stage.HistoryAsync());
        var told = stage.Mind.Told[1];
        Assert.Equal("Once upon a time", told[^2].Text);
        Assert.Contains("interrupted", told[^1].Text, StringComparison.Ordinal);
        Assert.EndsWith("Another one.", told[^1].Text, StringComparison.Ordinal);

        // The hint belongs to one question only.
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Thanks." });
        await stage.Mind.AnswerAsync("You are welcome.");
        await stage.ReadAsync();
        Assert.Equal(["Tell me a story.", "Once upon a time", "Another one.", "There was a queen.", "Thanks."], stage.Mind.Told[2].Skip(1).Select(m => m.Text));
    }

    [Theory]
    [InlineData(LlmCode.Unreachable)]
    [InlineData(LlmCode.Timeout)]
    public async Task A_model_that_fails_is_a_reason_and_the_next_question_works(string code)
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        (await stage.Mind.AskedAsync()).Complete(new LlmException(code, "The server is gone."));
        Assert.Equal(code, (await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle)).Reason);
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello?" });
        await stage.Mind.AnswerAsync("Here I am.");
        Assert.Equal("Here I am.", (await stage.ReadAsync()).Content);
    }

    [Theory]
    [InlineData]
    [InlineData(" ", "\n", "[joy]")]
    [InlineData("<Okay, a greeting.", "<I should")]
    public async Task An_answer_without_a_word_is_a_failure_of_which_the_log_knows(params string[] pieces)
    {
        var log = new TestLog();
        await using var stage = new TalkStage(logger: log);
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        var answer = await stage.Mind.AskedAsync();
        foreach (var piece in pieces)
            answer.TryWrite(piece[0] == '<' ? new TextReasoningContent(piece[1..]) : new TextContent(piece));
        answer.Complete();
        Assert.Equal(LlmCode.Failed, (await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle)).Reason);
        Assert.Contains(log.Lines, line => line.Text.Contains("answered nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reasoning_that_is_known_too_late_is_silenced_and_forgotten()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        var answer = await stage.Mind.AskedAsync();
        answer.TryWrite(new TextContent("Okay, a greeting. I should answer [joy"));
        var mistaken = (await stage.HearAsync<LlmDeltaMessage>()).Id;
        answer.TryWrite(new TextContent("Hi.") { AdditionalProperties = new() { [LlmSelector.WasReasoning] = true } });
        Assert.Equal(StopTarget.Speech, (await stage.HearAsync<StopMessage>()).What);
        Assert.Equal((mistaken, "…"), await stage.HearAsync<LlmResponseMessage>() is { } taken ? (taken.Id, taken.Content) : default);
        answer.Complete();
        var reply = await stage.ReadAsync();
        Assert.NotEqual(mistaken, reply.Id);
        Assert.Equal("Hi.", reply.Content);
        Assert.Equal(["user: Hello", "assistant: Hi."], await stage.HistoryAsync());
    }

    [Fact]
    public async Task A_client_with_a_bug_does_not_end_the_conversation()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        (await stage.Mind.AskedAsync()).Complete(new InvalidOperationException("A bug."));
        Assert.Equal(LlmCode.Failed, (await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle)).Reason);
    }

    [Fact]
    public async Task A_recognizer_that_fails_is_a_reason_and_one_that_is_missing_another()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new VadMessage { Channel = "default", Utterance = 1, Event = VadEvent.Start, Page = "page" }, new VadMessage { Channel = "default", Utterance = 1, Event = VadEvent.End, Page = "page" });
        (await stage.Ear.HeardAsync()).Fail(RecognitionException.TimedOut);
        Assert.Equal("asr_failed", (await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle)).Reason);

        await using var deaf = new TalkStage(hears: false);
        await deaf.ComeAsync();
        Assert.False((await deaf.HearAsync<CompanionMessage>()).Hears);
        await deaf.SayAsync(new VadMessage { Channel = "default", Utterance = 1, Event = VadEvent.Start, Page = "page" });
        Assert.Equal("asr_missing", (await deaf.HearAsync<TurnMessage>()).Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recognizer_with_a_bug_is_a_reason_at_once_and_the_next_utterance_is_heard(bool isClogged)
    {
        var log = new TestLog();
        await using var stage = new TalkStage(logger: log);
        await stage.ComeAsync();
        await stage.SayAsync(new VadMessage { Channel = "default", Utterance = 1, Event = VadEvent.Start, Page = "page" });
        var utterance = await stage.Ear.HeardAsync();
        if (isClogged)
            utterance.IsClogged = true;
        else
            utterance.Fail(new InvalidOperationException("the secret sentence"));
        await stage.SayAsync(new AudioMessage { Kind = AudioKind.Microphone, Stream = 1, Clause = 0, Number = 0, Offset = 0, Data = new byte[] { 1, 2 } });
        Assert.Equal("asr_failed", (await stage.HearAsync<TurnMessage>(turn => turn.Reason is not null)).Reason);
        await utterance.Disposed;
        Assert.Equal("The recognizer test failed with InvalidOperationException, which no recognizer should throw.", Assert.Single(log.Lines).Text);

        await stage.SayAsync(new VadMessage { Channel = "default", Utterance = 2, Event = VadEvent.Start, Page = "page" }, new VadMessage { Channel = "default", Utterance = 2, Event = VadEvent.End, Page = "page" });
        (await stage.Ear.HeardAsync()).Understand("Hello.");
        await stage.Mind.AnswerAsync("Hi.");
        Assert.Equal("Hi.", (await stage.ReadAsync()).Content);
    }

    [Fact]
    public async Task A_store_with_a_bug_does_not_end_the_conversation()
    {
        var log = new TestLog();
        // Who talks here, what was said before, and what is said: three calls.
        await using var stage = new TalkStage(store: new FailingDisk(new MemoryConversationStore(new ConversationLimits(), TimeProvider.System)) { Bugs = 3 }, logger: log);
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello" });
        await stage.Mind.AnswerAsync("Hi.");
        await stage.ReadAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Are you there?" });
        await stage.Mind.AnswerAsync("Yes.");
        await stage.ReadAsync();
        Assert.Equal(["assistant: Hi.", "user: Are you there?", "assistant: Yes."], await stage.HistoryAsync());
        Assert.Equal(3, log.Lines.Count(line => line.Text.Contains("InvalidOperationException", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("zh-CN", null, "# 说话方式")]
    [InlineData("zh-CN", "ja", "# 話し方")]
    [InlineData(null, null, "# How you talk")]
    public async Task Who_speaks_without_a_known_language_is_answered_in_the_language_of_the_page(string? page, string? heard, string prompt)
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(
            new MicMessage { Channel = "default", State = MicState.On, Mode = MicMode.PushToTalk, Lang = page, Page = "page" },
            new VadMessage { Channel = "default", Utterance = 7, Event = VadEvent.Start, Page = "page" },
            new VadMessage { Channel = "default", Utterance = 7, Event = VadEvent.End, Page = "page" });
        (await stage.Ear.HeardAsync()).Understand("几点了？", language: heard);
        await stage.Mind.AnswerAsync("……");
        Assert.Contains(prompt, stage.Mind.Told[0][0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_utterance_that_was_nothing_is_not_listened_to_any_more()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new VadMessage { Channel = "default", Utterance = 1, Event = VadEvent.Start, Page = "page" });
        var utterance = await stage.Ear.HeardAsync();
        await stage.SayAsync(new VadMessage { Channel = "default", Utterance = 1, Event = VadEvent.Misfire, Page = "page" });
        await utterance.Disposed;
    }

    [Fact]
    public async Task A_browser_that_recognizes_speech_is_understood()
    {
        await using var stage = new TalkStage(hears: false);
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "what time", Spoken = true, Final = false, Page = "page" });
        Assert.Equal(TurnState.Listening, (await stage.HearAsync<TurnMessage>()).State);
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "What time is it?", Spoken = true, Page = "page" });
        Assert.Equal("What time is it?", (await stage.HearAsync<TranscriptMessage>(t => t.Final)).Content);
        await stage.Mind.AnswerAsync("Noon.");
        Assert.Equal("Noon.", (await stage.ReadAsync()).Content);
    }

    [Fact]
    public async Task A_button_that_is_let_go_ends_what_a_browser_recognizes_without_a_wait_for_more()
    {
        await using var stage = new TalkStage(hears: false);
        await stage.ComeAsync();
        await stage.SayAsync(new MicMessage { Channel = "default", State = MicState.On, Mode = MicMode.PushToTalk, Page = "page" });
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "what time is it and", Spoken = true, Page = "page" });
        Assert.Equal("what time is it and", (await stage.HearAsync<TranscriptMessage>(t => t.Final)).Content);
        await stage.Mind.AnswerAsync("Noon.");
        Assert.Equal("Noon.", (await stage.ReadAsync()).Content);
    }

    [Fact]
    public async Task A_conversation_that_every_page_left_is_closed_and_continues_when_one_returns()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "I like tea." });
        await stage.Mind.AnswerAsync("So do I.");
        await stage.ReadAsync();
        for (var i = 0; i < 3; i++)
        {
            await stage.SayAsync(new AudienceMessage { Channel = "default", Pages = 0, Speaker = false });
            await stage.ComeAsync();
        }

        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "What do I like?" });
        await stage.Mind.AnswerAsync("Tea.");
        await stage.ReadAsync();
        Assert.Contains(stage.Mind.Told[1], m => m.Text == "So do I.");
        await stage.SayAsync(new AudienceMessage { Channel = "default", Pages = 0, Speaker = false });
    }

    [Fact]
    public async Task Two_channels_are_two_conversations()
    {
        await using var stage = new TalkStage();
        foreach (var channel in new[] { "default", "left" })
        {
            await stage.SayAsync(new AudienceMessage { Channel = channel, Pages = 1, Speaker = true }, new UserTextMessage { Channel = channel, Content = $"I am on {channel}." });
            await stage.Mind.AnswerAsync("Hi.");
            Assert.Equal(channel, (await stage.HearAsync<LlmResponseMessage>()).Channel);
        }

        Assert.DoesNotContain(stage.Mind.Told[1], m => m.Text.Contains("default", StringComparison.Ordinal));
    }

    [Fact]
    public async Task People_choose_characters_and_a_new_one_greets()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        var characters = (await stage.AskAsync("characters")).Value!.Value;
        Assert.Equal("koto", characters.GetProperty("current").GetString());
        Assert.Contains("kitsu", characters.GetProperty("characters").EnumerateArray().Select(c => c.GetProperty("id").GetString()));
        Assert.Null((await stage.AskAsync("choose_character", new { id = "kitsu" })).Error);
        Assert.Equal("kitsu", (await stage.HearAsync<CompanionMessage>(c => c.Character != "koto")).Character);
        var greeting = await stage.ReadAsync();
        Assert.NotEmpty(greeting.Content);
        Assert.Equal([$"assistant: {greeting.Content}"], await stage.HistoryAsync());
        Assert.Equal("not_found", (await stage.AskAsync("choose_character", new { id = "unknown" })).Error!.Code);
    }

    [Fact]
    public async Task People_manage_their_conversations()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "I like tea." });
        await stage.Mind.AnswerAsync("So do I.");
        await stage.ReadAsync();
        var first = (await stage.AskAsync("conversations")).Value!.Value.GetProperty("current").GetString();
        Assert.Contains("tea", Assert.Single((await stage.AskAsync("search", new { text = "TEA" })).Value!.Value.GetProperty("hits").EnumerateArray()).GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("So do I.", (await stage.AskAsync("export", new { id = first, format = "markdown" })).Value!.Value.GetProperty("text").GetString(), StringComparison.Ordinal);

        Assert.Null((await stage.AskAsync("new_conversation")).Error);
        await stage.ReadAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello." });
        await stage.Mind.AnswerAsync("Hi.");
        await stage.ReadAsync();
        Assert.DoesNotContain(stage.Mind.Told[1], m => m.Text.Contains("tea", StringComparison.Ordinal));

        Assert.Null((await stage.AskAsync("choose_conversation", new { id = first })).Error);
        Assert.Equal(["user: I like tea.", "assistant: So do I."], await stage.HistoryAsync());
        Assert.Null((await stage.AskAsync("delete_conversation", new { id = first })).Error);
        Assert.Equal("not_found", (await stage.AskAsync("conversation", new { id = first })).Error!.Code);
    }

    [Theory]
    [InlineData("nonsense", null, "unknown_question")]
    [InlineData("choose_character", null, "missing_field")]
    [InlineData("conversation", "{\"limit\":0}", "out_of_range")]
    [InlineData("export", "{\"id\":\"x\",\"format\":\"pdf\"}", "bad_value")]
    [InlineData("choose_llm", "{\"url\":\"http://127.0.0.1:1\"}", "not_found")]
    [InlineData("test", "{\"kind\":\"llm\",\"engine\":\"x\"}", "not_found")]
    public async Task Bad_questions_have_an_answer(string name, string? value, string code)
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        Assert.Equal(code, (await stage.AskAsync(name, value is null ? null : JsonSerializer.Deserialize<JsonElement>(value))).Error!.Code);
    }

    [Fact]
    public async Task A_tool_is_told_while_it_runs()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "What time is it?" });
        var answer = await stage.Mind.AskedAsync();
        answer.TryWrite(new FunctionCallContent("1", "current_time"));
        Assert.Equal("current_time", (await stage.HearAsync<TurnMessage>(turn => turn.Tool is not null)).Tool);
        answer.TryWrite(new FunctionResultContent("1", "noon"));
        answer.TryWrite(new TextReasoningContent("The user wants the time."));
        answer.TryWrite(new TextContent("It is noon."));
        answer.Complete();
        Assert.Equal("It is noon.", (await stage.ReadAsync()).Content);
    }
}
