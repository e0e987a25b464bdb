using Kotodama.Companion.Chat;
using Microsoft.Extensions.AI;

namespace Kotodama.Tests.Companion.Chat;

public sealed class ContextWindowTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("four", 1)]
    [InlineData("five!", 2)]
    [InlineData("你好", 2)]
    [InlineData("你好，ok", 4)]
    [InlineData("こんにちは。", 6)]
    public void Tokens_are_estimated_by_script(string text, int tokens) => Assert.Equal(tokens, ContextWindow.Estimate(text));

    [Fact]
    public void At_most_so_many_rounds_are_told()
    {
        var history = Enumerable.Range(0, 30).SelectMany(i => new[] { User($"q{i}"), Model($"a{i}") }).Append(User("now"));
        Assert.Equal("S|q28|a28|q29|a29|now", Told(new ContextWindow(8192, 2).Build("S", [.. history])));
        Assert.Equal(22, new ContextWindow(8192, new LlmOptions().Rounds).Build("S", [.. history]).Count);
    }

    [Fact]
    public void The_oldest_rounds_give_way_and_never_the_system_prompt_or_the_newest_message()
    {
        var history = new[] { User("old " + new string('x', 400)), Model("short"), User("new " + new string('y', 400)), Model("ok"), User("now") };
        Assert.Equal("S|new|ok|now", Told(new ContextWindow(200, 10).Build("S", history)));
        Assert.Equal("S|now", Told(new ContextWindow(100, 10).Build("S", history)));
        Assert.Equal("S S S|now now", Told(new ContextWindow(4, 10).Build("S S S", [User("old"), Model("a"), User("now now")]), whole: true));
    }

    [Fact]
    public void Whatever_comes_the_rest_fits()
    {
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var tokens = random.Next(100, 1000);
            var history = Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(2) == 0 ? User(Some(random)) : Model(Some(random))).Append(User("now")).ToArray();
            var messages = new ContextWindow(tokens, 10).Build("S", history);
            Assert.Equal("S", messages[0].Text.Split('\n')[0]);
            Assert.EndsWith("now", messages[^1].Text, StringComparison.Ordinal);
            Assert.All(messages.Zip(messages.Skip(1)), pair => Assert.NotEqual(pair.First.Role, pair.Second.Role));
            if (messages.Count > 2)
                Assert.InRange(messages.Sum(m => ContextWindow.Estimate(m.Text)), 0, tokens * 3 / 4);
        }
    }

    [Fact]
    public void What_was_interrupted_is_told_once()
    {
        var window = new ContextWindow(8192, 10);
        var history = new List<ContextEntry> { User("q"), new(new ChatMessage(ChatRole.Assistant, "I was"), Interrupted: true), User("stop") };
        Assert.Equal($"q|I was|{ContextWindow.InterruptedHint}\nstop", Told(window.Build(null, history), whole: true));
        history.AddRange([Model("Yes?"), User("go on")]);
        Assert.Equal("q|I was|stop|Yes?|go on", Told(window.Build(null, history), whole: true));
    }

    [Fact]
    public void A_hint_is_told_with_the_newest_message_and_changes_nothing_else()
    {
        var message = User("hi");
        Assert.Equal("S|It is dark.\nhi", Told(new ContextWindow(8192, 10).Build("S", [message], "It is dark."), whole: true));
        Assert.Equal("hi", message.Message.Text);
    }

    [Fact]
    public void A_conversation_that_the_model_began_begins_with_the_person()
    {
        var messages = new ContextWindow(8192, 10).Build("S", [Model("Welcome!"), User("hi")]);
        Assert.Equal(["system", "user"], messages.Select(m => m.Role.Value));
        Assert.Contains("Welcome!", messages[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_said_twice_in_a_row_is_one_message()
    {
        Assert.Equal("one\ntwo|a|now\nstill now", Told(new ContextWindow(8192, 10).Build(null, [User("one"), User("two"), Model("a"), User("now"), User("still now")]), whole: true));
    }

    [Fact]
    public void Pictures_take_room()
    {
        var picture = new ContextEntry(new ChatMessage(ChatRole.User, [new TextContent("look"), new DataContent(new byte[] { 1 }, "image/png")]));
        Assert.Equal("look|nice|now", Told(new ContextWindow(2100, 10).Build(null, [picture, Model("nice"), User("now")])));
        Assert.Equal("now", Told(new ContextWindow(1100, 10).Build(null, [picture, Model("nice"), User("now")])));
    }

    private static ContextEntry User(string text) => new(new ChatMessage(ChatRole.User, text));

    private static ContextEntry Model(string text) => new(new ChatMessage(ChatRole.Assistant, text));

    private static string Some(Random random) => new(random.Next(2) == 0 ? 'x' : '字', random.Next(1, 300));

    private static string Told(IEnumerable<ChatMessage> messages, bool whole = false) => string.Join('|', messages.Select(m => whole ? m.Text : m.Text.Split(' ')[0]));
}
