using Kotodama.Companion.Characters;
using Kotodama.Companion.Memory;

namespace Kotodama.Tests.Conformance;

/// <summary>What every store of conversations promises. A new one proves it by deriving a class.</summary>
public abstract class ConversationStoreSuite : IAsyncDisposable
{
    private IConversationStore? _store;

    private protected ManualTime Time { get; } = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IConversationStore Store => _store ??= Open(new ConversationLimits { Text = 100, Entries = 5, Conversations = 3 });

    internal abstract IConversationStore Open(ConversationLimits limits);

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_current_conversation_is_made_once_and_opened_again()
    {
        Assert.Null(await Store.CurrentAsync("a", null, Cancel));
        var made = await Store.OpenAsync("a", "koto", Cancel);
        Assert.Equal(("a", "koto", 0, null), (made.Channel, made.Character, made.Messages, made.Title));
        await SayAsync(made, "hello");
        var again = await Store.OpenAsync("a", "koto", Cancel);
        Assert.Equal((made.Id, 1, "hello"), (again.Id, again.Messages, again.Title));
        Assert.NotEqual(made.Id, (await Store.OpenAsync("a", "nagi", Cancel)).Id);
        Assert.Equal("nagi", (await Store.CurrentAsync("a", null, Cancel))!.Character);
        Assert.Equal(made.Id, (await Store.CurrentAsync("a", "koto", Cancel))!.Id);
        Assert.Null(await Store.CurrentAsync("a", "kitsu", Cancel));
        Assert.Equal(made.Id, (await Store.OpenAsync("a", "koto", Cancel)).Id);
        Assert.Equal(made.Id, (await Store.CurrentAsync("a", null, Cancel))!.Id);
    }

    [Fact]
    public async Task Conversations_are_made_and_chosen_and_empty_ones_do_not_pile_up()
    {
        var first = await Store.CreateAsync("a", "koto", Cancel);
        Assert.Equal(first.Id, (await Store.CreateAsync("a", "koto", Cancel)).Id);
        await SayAsync(first, "one");
        var second = await Store.CreateAsync("a", "koto", Cancel);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(second.Id, (await Store.OpenAsync("a", "koto", Cancel)).Id);
        Assert.Equal(first.Id, (await Store.ChooseAsync("a", first.Id, Cancel)).Id);
        Assert.Equal(first.Id, (await Store.OpenAsync("a", "koto", Cancel)).Id);
    }

    [Fact]
    public async Task What_was_said_is_read_back_as_it_was()
    {
        var it = await Store.OpenAsync("a", "koto", Cancel);
        var said = new Said(ConversationRole.Assistant, "你好\n\"𠮷\" \0 e\u0301") { Interrupted = true, Language = "zh", Emotion = "joy" };
        Time.Advance(TimeSpan.FromSeconds(1.0004));
        var entry = await Store.AppendAsync("a", it.Id, said, Cancel);
        Assert.Equal(1, entry.Number);
        Assert.Equal(0, entry.At.Ticks % TimeSpan.TicksPerMillisecond);
        Assert.Equal(new ConversationEntry(1, entry.At, said), Assert.Single(await Store.ReadAsync("a", it.Id, null, 10, Cancel)));
        Assert.Equal(entry.At, (await Store.FindAsync("a", it.Id, Cancel)).LastAt);
        await SayAsync(it, "half \uD83D");
        Assert.Equal(("half \uFFFD", false, null), (await Store.ReadAsync("a", it.Id, null, 1, Cancel))[0].Said is var s ? (s.Text, s.Interrupted, s.Emotion) : default);
    }

    [Fact]
    public async Task The_newest_entry_is_revised_or_taken_back()
    {
        var it = await Store.OpenAsync("a", "koto", Cancel);
        await SayAsync(it, "question");
        var begun = await Store.AppendAsync("a", it.Id, new Said(ConversationRole.Assistant, "One.") { Interrupted = true }, Cancel);
        await Store.ReviseAsync("a", it.Id, begun.Number, new Said(ConversationRole.Assistant, "One. Two."), Cancel);
        var entries = await Store.ReadAsync("a", it.Id, null, 10, Cancel);
        Assert.Equal(["question", "One. Two."], entries.Select(e => e.Said.Text));
        Assert.Equal((begun.At, false), (entries[1].At, entries[1].Said.Interrupted));
        Assert.Equal(2, (await Store.FindAsync("a", it.Id, Cancel)).Messages);
        await NotFoundAsync(() => Store.ReviseAsync("a", it.Id, 1, new Said(ConversationRole.Assistant, "other"), Cancel));
        await NotFoundAsync(() => Store.ReviseAsync("b", it.Id, 2, new Said(ConversationRole.Assistant, "other"), Cancel));
        await Store.ReviseAsync("a", it.Id, 2, null, Cancel);
        Assert.Equal("question", Assert.Single(await Store.ReadAsync("a", it.Id, null, 10, Cancel)).Said.Text);
        Assert.Equal(2, (await Store.AppendAsync("a", it.Id, new Said(ConversationRole.Assistant, "Two."), Cancel)).Number);

        static async Task NotFoundAsync(Func<ValueTask> call) =>
            Assert.Equal("not_found", (await Assert.ThrowsAsync<ConversationException>(async () => await call())).Code);
    }

    [Fact]
    public async Task Entries_are_paged_backwards()
    {
        var it = await Store.OpenAsync("a", "koto", Cancel);
        for (var i = 1; i <= 5; i++)
            await SayAsync(it, $"text {i}");
        Assert.Equal("4 5", await NumbersAsync(null, 2));
        Assert.Equal("2 3", await NumbersAsync(4, 2));
        Assert.Equal("1", await NumbersAsync(2, 2));
        Assert.Equal("", await NumbersAsync(1, 2));
        Assert.Equal("1 2 3 4 5", await NumbersAsync(null, int.MaxValue));
        Assert.Equal("5", await NumbersAsync(null, 0));

        async Task<string> NumbersAsync(int? before, int limit) => string.Join(' ', (await Store.ReadAsync("a", it.Id, before, limit, Cancel)).Select(e => e.Number));
    }

    [Fact]
    public async Task Lists_begin_with_what_was_talked_about_last_and_have_the_first_text_of_the_user_as_title()
    {
        var first = await Store.CreateAsync("a", "koto", Cancel);
        await Store.AppendAsync("a", first.Id, new Said(ConversationRole.Assistant, "Hello, I am Koto"), Cancel);
        Assert.Null((await Store.FindAsync("a", first.Id, Cancel)).Title);
        await SayAsync(first, "Tell me why\nthe sea is blue and who painted it like that");
        await SayAsync(first, "And the sky");
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await Store.CreateAsync("a", "nagi", Cancel);
        await SayAsync(second, "为什么天空是蓝色的？");
        Assert.Equal([("为什么天空是蓝色的？", 1), ("Tell me why the sea is blue and who painted it…", 3)], (await Store.ListAsync("a", 10, Cancel)).Select(c => (c.Title!, c.Messages)));
        Time.Advance(TimeSpan.FromSeconds(1));
        await SayAsync(first, "Still there?");
        Assert.Equal([first.Id, second.Id], (await Store.ListAsync("a", 10, Cancel)).Select(c => c.Id));
        Assert.Equal(first.Id, Assert.Single(await Store.ListAsync("a", 1, Cancel)).Id);
    }

    [Theory]
    [InlineData("SEA", "the sea is blue")]
    [InlineData("蓝色", "天空是蓝色的")]
    [InlineData("色", "天空是蓝色的")]
    [InlineData("いい", "いい天気ですね")]
    [InlineData("ÉTÉ", "un bel été")]
    [InlineData("50%", "50% of it")]
    [InlineData("a_b", "a_b")]
    [InlineData("' OR 1=1", "it's ' OR 1=1")]
    [InlineData("\"x\"", "say \"x\"")]
    public async Task Search_finds_a_text_as_it_stands_in_any_script(string query, string text)
    {
        var it = await Store.OpenAsync("a", "koto", Cancel);
        await SayAsync(it, "nothing of the kind, axb, 500 of it");
        var entry = await SayAsync(it, text);
        Assert.Equal(new ConversationHit(it.Id, 2, entry.At, ConversationRole.User, text), Assert.Single(await Store.SearchAsync("a", $" {query} ", 10, Cancel)));
        Assert.Empty(await Store.SearchAsync("a", query + "?", 10, Cancel));
        Assert.Empty(await Store.SearchAsync("a", " ", 10, Cancel));
    }

    [Fact]
    public async Task Hits_come_newest_first_and_not_without_end()
    {
        var first = await Store.CreateAsync("a", "koto", Cancel);
        await SayAsync(first, "the sea");
        await SayAsync(first, "the sea again");
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await Store.CreateAsync("a", "nagi", Cancel);
        await SayAsync(second, "the other sea");
        Assert.Equal([(second.Id, 1), (first.Id, 2), (first.Id, 1)], (await Store.SearchAsync("a", "sea", 10, Cancel)).Select(h => (h.Conversation, h.Number)));
        Assert.Equal([(second.Id, 1), (first.Id, 2)], (await Store.SearchAsync("a", "sea", 2, Cancel)).Select(h => (h.Conversation, h.Number)));
        await FailsAsync("too_long", () => Store.SearchAsync("a", new string('x', 101), 10, Cancel).AsTask());
    }

    [Fact]
    public async Task Another_channel_finds_nothing_of_it()
    {
        var it = await Store.OpenAsync("a", "koto", Cancel);
        await SayAsync(it, "a secret");
        Assert.Null(await Store.CurrentAsync("b", null, Cancel));
        Assert.Empty(await Store.ListAsync("b", 10, Cancel));
        Assert.Empty(await Store.SearchAsync("b", "secret", 10, Cancel));
        foreach (var id in new[] { it.Id, "nothing", "" })
        {
            await FailsAsync("not_found", () => Store.FindAsync("b", id, Cancel).AsTask());
            await FailsAsync("not_found", () => Store.ChooseAsync("b", id, Cancel).AsTask());
            await FailsAsync("not_found", () => Store.ReadAsync("b", id, null, 10, Cancel).AsTask());
            await FailsAsync("not_found", () => Store.DeleteAsync("b", id, Cancel).AsTask());
            await FailsAsync("not_found", () => Store.AppendAsync("b", id, new Said(ConversationRole.User, "x"), Cancel).AsTask());
            await FailsAsync("not_found", () => ConversationExport.WriteAsync(Store, "b", id, "json", Cancel).AsTask());
        }

        await FailsAsync("bad_value", () => Store.OpenAsync("Not A Channel", "koto", Cancel).AsTask());
        Assert.NotEqual(it.Id, (await Store.OpenAsync("b", "koto", Cancel)).Id);
        Assert.Single(await Store.ReadAsync("a", it.Id, null, 10, Cancel));
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_the_one_before_is_current_again()
    {
        var first = await Store.CreateAsync("a", "koto", Cancel);
        await SayAsync(first, "one");
        var second = await Store.CreateAsync("a", "koto", Cancel);
        await SayAsync(second, "two");
        await Store.DeleteAsync("a", second.Id, Cancel);
        Assert.Equal(first.Id, (await Store.CurrentAsync("a", null, Cancel))!.Id);
        Assert.Equal(first.Id, Assert.Single(await Store.ListAsync("a", 10, Cancel)).Id);
        Assert.Empty(await Store.SearchAsync("a", "two", 10, Cancel));
        await FailsAsync("not_found", () => Store.AppendAsync("a", second.Id, new Said(ConversationRole.User, "x"), Cancel).AsTask());
    }

    [Fact]
    public async Task Limits_are_errors_and_nothing_gives_way()
    {
        var it = await Store.OpenAsync("a", "koto", Cancel);
        await FailsAsync("missing_field", () => SayAsync(it, " \n"));
        await FailsAsync("too_long", () => SayAsync(it, new string('x', 101)));
        for (var i = 1; i <= 5; i++)
            await SayAsync(it, $"text {i}");
        await FailsAsync("conversation_full", () => SayAsync(it, "one too many"));
        Assert.Equal(5, (await Store.ReadAsync("a", it.Id, null, 10, Cancel)).Count);
        for (var i = 1; i <= 2; i++)
            await SayAsync(await Store.CreateAsync("a", "koto", Cancel), "text");
        await FailsAsync("too_many_conversations", () => Store.CreateAsync("a", "koto", Cancel).AsTask());
        await FailsAsync("too_many_conversations", () => Store.OpenAsync("a", "nagi", Cancel).AsTask());
        await Store.OpenAsync("b", "koto", Cancel);
        await Store.DeleteAsync("a", it.Id, Cancel);
        await Store.CreateAsync("a", "koto", Cancel);
    }

    [Fact]
    public async Task Any_number_of_callers_at_once_get_numbers_without_holes()
    {
        await using var store = Open(new ConversationLimits());
        var it = await store.OpenAsync("many", "koto", Cancel);
        var entries = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(async () => await store.AppendAsync("many", it.Id, new Said(ConversationRole.User, $"text {i}"), Cancel), Cancel)));
        Assert.Equal(Enumerable.Range(1, 50), entries.Select(e => e.Number).Order());
        Assert.Equal(entries.OrderBy(e => e.Number), await store.ReadAsync("many", it.Id, null, 100, Cancel));
    }

    [Fact]
    public async Task A_conversation_is_exported_whole_as_json_and_markdown()
    {
        await using var store = Open(new ConversationLimits());
        var it = await store.OpenAsync("a", "koto", Cancel);
        await store.AppendAsync("a", it.Id, new Said(ConversationRole.User, "为什么 *这样*?\n# no heading"), Cancel);
        for (var i = 2; i <= 1_100; i++)
            await store.AppendAsync("a", it.Id, new Said(ConversationRole.Assistant, $"text {i}") { Interrupted = i == 2, Emotion = "joy" }, Cancel);
        var json = await ConversationExport.WriteAsync(store, "a", it.Id, "json", Cancel);
        var entries = System.Text.Json.Nodes.JsonNode.Parse(json.Text)!["entries"]!.AsArray();
        Assert.Equal(Enumerable.Range(1, 1_100), entries.Select(e => (int)e!["number"]!));
        Assert.Equal(("user", "为什么 *这样*?\n# no heading", false), ((string)entries[0]!["role"]!, (string)entries[0]!["text"]!, (bool)entries[0]!["interrupted"]!));
        Assert.Contains("为什么", json.Text, StringComparison.Ordinal);
        Assert.EndsWith(" 为什么-这样-no-heading.json", json.Name, StringComparison.Ordinal);
        var markdown = await ConversationExport.WriteAsync(store, "a", it.Id, "markdown", Cancel);
        Assert.Contains("为什么 \\*这样\\*?\n\\# no heading\n", markdown.Text, StringComparison.Ordinal);
        Assert.Contains(", interrupted\n\ntext 2\n", markdown.Text, StringComparison.Ordinal);
        await FailsAsync("bad_value", () => ConversationExport.WriteAsync(store, "a", it.Id, "pdf", Cancel).AsTask());
        await store.DisposeAsync();
    }

    protected static async Task FailsAsync(string code, Func<Task> call) => Assert.Equal(code, (await Assert.ThrowsAsync<ConversationException>(call)).Code);

    private async Task<ConversationEntry> SayAsync(Conversation conversation, string text) => await Store.AppendAsync(conversation.Channel, conversation.Id, new Said(ConversationRole.User, text), Cancel);
}
