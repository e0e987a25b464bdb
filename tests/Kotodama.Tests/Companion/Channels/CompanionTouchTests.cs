using Kotodama.Companion.Characters;
using Kotodama.Protocol;

namespace Kotodama.Tests.Companion.Channels;

/// <summary>What a character says when it is touched, how it greets by the time of day, and what pages are told of its picture.</summary>
public sealed class CompanionTouchTests : IDisposable
{
    private const string Rin = """
        {
          "name": "Rin", "prompt": "You teach.", "greeting": "Hello.", "greetings": { "morning": "Good morning.", "night": { "en": "Good night.", "ja": "こんばんは。" } },
          "avatar": "hiyori", "look": { "base": "kitsu", "hair": "#345" },
          "touch": { "areas": { "head": { "say": "[joy]That tickles." }, "any": { "prompt": "(The user nudges you.)" } } }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("kotodama-touch-").FullName;
    private readonly ManualTime _time = new();

    public CompanionTouchTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "rin"));
        File.WriteAllText(Path.Combine(_folder, "rin", "character.json"), Rin);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_line_is_said_as_it_stands_and_a_prompt_is_told_to_the_language_model()
    {
        await using var stage = Stage();
        await stage.ComeAsync(isHeard: false);
        await stage.SayAsync(Touch("HEAD"), Touch("head"), Touch("head"));
        var line = await stage.ReadAsync();
        Assert.Equal(("That tickles.", "joy"), (line.Content, line.Emotions!.Single().Name));

        // The touches of the burst are over; after the pause another one is answered.
        await MoveAsync(stage, 20);
        await stage.SayAsync(Touch("ArtMesh7"));
        await stage.Mind.AnswerAsync("Hm?");
        Assert.Equal("Hm?", (await stage.ReadAsync()).Content);
        Assert.Equal("(The user nudges you.)", Assert.Single(stage.Mind.Told)[^1].Text);
        Assert.Equal(["assistant: That tickles.", "assistant: Hm?"], await stage.HistoryAsync());
    }

    [Fact]
    public async Task A_character_without_touches_says_nothing_to_them()
    {
        File.WriteAllText(Path.Combine(_folder, "rin", "character.json"), """{"name":"Rin","prompt":"You teach."}""");
        await using var stage = Stage();
        await stage.ComeAsync(isHeard: false);
        await stage.SayAsync(Touch("head"), new UserTextMessage { Channel = "default", Content = "Hello." });
        await stage.Mind.AnswerAsync("Hi.");
        Assert.Equal("Hi.", (await stage.ReadAsync()).Content);
        Assert.Single(stage.Mind.Told);
    }

    [Theory]
    [InlineData(0, 5 * 60, "Good morning.")]
    [InlineData(12, -60, "Hello.")]
    [InlineData(12, 13 * 60, "Good night.")]
    [InlineData(0, null, "Good night.")]
    [InlineData(18, null, "Hello.")]
    public async Task The_greeting_is_that_of_the_time_of_day_where_the_user_is(int hours, int? offset, string greeting)
    {
        _time.Advance(TimeSpan.FromHours(hours));
        await using var stage = Stage();
        await stage.ComeAsync(isHeard: false);
        await stage.SayAsync(new AskMessage { Channel = "default", Id = "q1", Page = "page", Name = "new_conversation", Offset = offset });
        Assert.Equal(greeting, (await stage.HearAsync<LlmResponseMessage>()).Content);
    }

    [Fact]
    public async Task Pages_are_told_what_the_character_looks_like()
    {
        await using var stage = Stage();
        await stage.ComeAsync();
        var card = await stage.HearAsync<CompanionMessage>();
        Assert.Equal(("hiyori", "kitsu", "#345"), (card.Avatar, card.Look!["base"].GetString(), card.Look["hair"].GetString()));
        Assert.Null(MessageCodec.Read(MessageCodec.Write(card)).Error);
    }

    private static TouchMessage Touch(string area) => new() { Channel = "default", Area = area, Page = "page" };

    private TalkStage Stage() => new(time: _time, characters: new CharacterFolder(_folder), character: "rin");

    private async Task MoveAsync(TalkStage stage, double seconds)
    {
        // What the companion answers to shows that it has taken what came before.
        await stage.AskAsync("characters");
        _time.Advance(TimeSpan.FromSeconds(seconds));
    }
}
