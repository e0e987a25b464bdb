using Kotodama.Companion.Memory;
using Kotodama.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kotodama.Tests.Companion.Memory;

/// <summary>The disk fails in the middle of a conversation.</summary>
public sealed class FallbackConversationStoreTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly FailingDisk _disk;
    private readonly FallbackConversationStore _store;

    public FallbackConversationStoreTests()
    {
        var limits = new ConversationLimits();
        _disk = new FailingDisk(new MemoryConversationStore(limits, _time));
        _store = new FallbackConversationStore(_disk, limits, _time, NullLogger.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task The_conversation_goes_on_and_says_that_it_is_in_memory()
    {
        var it = await _store.OpenAsync("a", "koto", Cancel);
        await SayAsync(it.Id, "on disk");
        Assert.Null(_store.Failure);
        _disk.Writes = "storage_full";
        Assert.Equal(2, (await SayAsync(it.Id, "in memory")).Number);
        Assert.Equal("storage_full", _store.Failure);
        Assert.Equal(["on disk", "in memory"], (await _store.ReadAsync("a", it.Id, null, 10, Cancel)).Select(e => e.Said.Text));
        Assert.Equal(["on disk"], (await _store.ReadAsync("a", it.Id, 2, 10, Cancel)).Select(e => e.Said.Text));
        Assert.Equal([2, 1], (await _store.SearchAsync("a", "N", 10, Cancel)).Select(h => h.Number));
        Assert.Equal(2, Assert.Single(await _store.ListAsync("a", 10, Cancel)).Messages);
        Assert.Equal(it.Id, (await _store.CurrentAsync("a", null, Cancel))!.Id);
        Assert.Equal("storage_full", (await Assert.ThrowsAsync<ConversationException>(() => _store.DeleteAsync("a", it.Id, Cancel).AsTask())).Code);
    }

    [Fact]
    public async Task A_disk_that_cannot_even_be_read_does_not_end_the_conversation()
    {
        var it = await _store.OpenAsync("a", "koto", Cancel);
        await SayAsync(it.Id, "on disk");
        (_disk.Reads, _disk.Writes) = ("storage_failed", "storage_failed");
        Assert.Equal(2, (await SayAsync(it.Id, "in memory")).Number);
        Assert.Equal(["in memory"], (await _store.ReadAsync("a", it.Id, null, 10, Cancel)).Select(e => e.Said.Text));
        Assert.Equal(it.Id, (await _store.OpenAsync("a", "koto", Cancel)).Id);
    }

    [Fact]
    public async Task When_the_disk_works_again_it_gets_what_was_said_meanwhile()
    {
        var it = await _store.OpenAsync("a", "koto", Cancel);
        await SayAsync(it.Id, "on disk");
        _disk.Writes = "storage_full";
        await SayAsync(it.Id, "in memory");
        var other = await _store.CreateAsync("a", "koto", Cancel);
        await SayAsync(other.Id, "a new one");
        _disk.Writes = null;
        Assert.NotNull(await _store.CurrentAsync("a", null, Cancel));
        Assert.Equal("storage_full", _store.Failure);
        _time.Advance(TimeSpan.FromSeconds(5));
        await _store.ListAsync("a", 10, Cancel);
        Assert.Null(_store.Failure);
        Assert.Equal([(it.Id, "in memory"), (other.Id, "a new one")], _disk.Adopted.Select(a => (a.Conversation.Id, Assert.Single(a.Entries).Said.Text)));
        Assert.Equal(2, _disk.Adopted[0].Entries[0].Number);
    }

    [Fact]
    public async Task What_memory_takes_has_a_bound()
    {
        _disk.Writes = "storage_full";
        var it = await _store.OpenAsync("a", "koto", Cancel);
        for (var i = 0; i < FallbackConversationStore.MostUnsaved; i++)
            await SayAsync(it.Id, "text");
        Assert.Equal("storage_full", (await Assert.ThrowsAsync<ConversationException>(() => SayAsync(it.Id, "text"))).Code);
    }

    [Fact]
    public async Task A_file_takes_over_what_was_said_while_it_failed()
    {
        var folder = Directory.CreateTempSubdirectory("kotodama-conversations-");
        await using (var store = SqliteConversationStore.Open(Path.Combine(folder.FullName, "conversations.db"), new ConversationLimits(), _time))
        {
            var it = await store.OpenAsync("a", "koto", Cancel);
            var first = await store.AppendAsync("a", it.Id, new Said(ConversationRole.User, "on disk"), Cancel);
            var second = new ConversationEntry(2, first.At, new Said(ConversationRole.Assistant, "in memory"));
            var grown = it with { Title = "on disk", Messages = 2 };
            await store.AdoptAsync(grown, [second], Cancel);
            await store.AdoptAsync(grown, [second], Cancel);
            Assert.Equal([first, second], await store.ReadAsync("a", it.Id, null, 10, Cancel));
            Assert.Equal(grown, await store.CurrentAsync("a", null, Cancel));
        }

        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData(" \n Hello\tthere  ", "Hello there")]
    [InlineData("What is the difference between a swallow and a swift, please?", "What is the difference between a swallow and a…")]
    [InlineData("你能不能给我讲一个关于一只住在海边灯塔里的猫的故事，最好不要太长，也不要太短，结尾要温暖一点点，可以吗？谢谢你", "你能不能给我讲一个关于一只住在海边灯塔里的猫的故事，最好不要太长，也不要太短，结尾要温暖一点点…")]
    [InlineData("𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷", "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷…")]
    public void Titles_are_cut_at_a_word(string text, string title) => Assert.Equal(title, ConversationRules.Title(text));

    [Fact]
    public void Excerpts_show_the_place()
    {
        var text = new string('a', 300) + "needle" + new string('b', 300);
        var excerpt = ConversationRules.Excerpt(text, 300, 6);
        Assert.Equal(ConversationLimits.Excerpt + 2, excerpt.Length);
        Assert.Matches("^…a+needleb+…$", excerpt);
        Assert.Equal("x needle", ConversationRules.Excerpt("x\nneedle", 2, 6));
    }

    private async Task<ConversationEntry> SayAsync(string id, string text) => await _store.AppendAsync("a", id, new Said(ConversationRole.User, text), Cancel);
}
