using System.Text.Json;
using Kotodama.Companion.Memory;
using Kotodama.Protocol;
using Kotodama.Voice.Speaking;
using Kotodama.Voice.Text;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>The user wants another conversation while the character speaks.</summary>
public sealed class CompanionChangeTests
{
    [Theory]
    [InlineData("choose_character")]
    [InlineData("new_conversation")]
    public async Task What_is_being_said_stays_in_its_conversation_and_the_next_one_begins_with_the_greeting(string name)
    {
        await using var stage = new TalkStage();
        var (reply, first) = await SpeakAsync(stage);
        await AskAsync(stage, name, "kitsu");
        var greeting = await stage.HearAsync<LlmResponseMessage>(r => r.Id != reply);
        await FallSilentAsync(stage, reply);
        await stage.SayAsync(new ReceiptMessage { Id = greeting.Id!, Channel = "default", Status = ReceiptStatus.Stopped, Final = true });
        await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Idle);
        Assert.Equal(["user: Tell me a story.", "assistant: Once upon a time (interrupted)"], await stage.HistoryAsync(first));
        Assert.Equal([$"assistant: {greeting.Content}"], await stage.HistoryAsync());
    }

    [Fact]
    public async Task What_is_being_said_in_a_conversation_that_is_deleted_is_written_nowhere()
    {
        await using var stage = new TalkStage();
        var (reply, first) = await SpeakAsync(stage);
        await AskAsync(stage, "delete_conversation", first);
        await stage.HearAsync<TurnMessage>(turn => turn is { State: TurnState.Idle, Reason: "cancelled" });
        await FallSilentAsync(stage, reply);
        var left = (await stage.AskAsync("conversations")).Value!.Value;
        Assert.Equal((JsonValueKind.Null, 0), (left.GetProperty("current").ValueKind, left.GetProperty("conversations").GetArrayLength()));

        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Hello." });
        await stage.Mind.AnswerAsync("Hi.");
        await stage.ReadAsync();
        Assert.Equal(["user: Hello.", "assistant: Hi."], await stage.HistoryAsync());
    }

    [Fact]
    public async Task Who_deletes_another_conversation_goes_on_listening()
    {
        await using var stage = new TalkStage();
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "I like tea." });
        await stage.Mind.AnswerAsync("So do I.");
        await stage.ReadAsync();
        var old = (await stage.AskAsync("conversations")).Value!.Value.GetProperty("current").GetString()!;
        await stage.AskAsync("new_conversation");
        await stage.ReadAsync();
        var (reply, _) = await SpeakAsync(stage);
        Assert.Null((await stage.AskAsync("delete_conversation", new { id = old })).Error);
        await stage.SayAsync(new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.Done, Reply = reply, Chars = 34 });
        await stage.HearAsync<TurnMessage>(turn => turn is { State: TurnState.Idle, Reason: null });
        Assert.Equal("assistant: Once upon a time there was a king.", (await stage.HistoryAsync()).Last());
    }

    /// <summary>She is in the middle of a story.</summary>
    /// <returns>The answer, and the conversation.</returns>
    private static async Task<(string Reply, string Conversation)> SpeakAsync(TalkStage stage)
    {
        await stage.ComeAsync();
        await stage.SayAsync(new UserTextMessage { Channel = "default", Content = "Tell me a story." });
        await stage.Mind.AnswerAsync("Once upon a time there was a king.");
        var reply = (await stage.HearAsync<LlmResponseMessage>()).Id!;
        await stage.SayAsync(
            new SpeechStartMessage { Channel = "default", Turn = 1, Clause = 0, Reply = reply, Format = SpeechFormat.Pcm, Rate = 22050 },
            new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.Progress, Reply = reply, Chars = 16 });
        await stage.HearAsync<TurnMessage>(turn => turn.State == TurnState.Speaking);
        return (reply, (await stage.AskAsync("conversations")).Value!.Value.GetProperty("current").GetString()!);
    }

    private static Task AskAsync(TalkStage stage, string name, string id) =>
        stage.SayAsync(new AskMessage { Channel = "default", Id = "change", Page = "page", Name = name, Value = JsonSerializer.SerializeToElement(new { id }) });

    private static Task FallSilentAsync(TalkStage stage, string reply) =>
        stage.SayAsync(new PlaybackMessage { Channel = "default", Turn = 1, Clause = 0, Event = PlaybackEvent.Stopped, Reply = reply, Chars = 20 });
}
