using Kotodama.Companion.Memory;

namespace Kotodama.Tests.Conformance;

/// <summary>A store of conversations that fails when it is told to.</summary>
internal sealed class FailingDisk(MemoryConversationStore store) : IConversationDisk
{
    /// <summary>The error code of every call that reads; null: they work.</summary>
    public string? Reads { get; set; }

    /// <summary>The error code of every call that writes; null: they work.</summary>
    public string? Writes { get; set; }

    /// <summary>So many calls fail as no store should.</summary>
    public int Bugs { get; set; }

    public List<(Conversation Conversation, IReadOnlyList<ConversationEntry> Entries)> Adopted { get; } = [];

    public string? Failure => null;

    public ValueTask<Conversation?> CurrentAsync(string channel, string? character, CancellationToken cancellationToken) => Read(() => store.CurrentAsync(channel, character, cancellationToken));

    public ValueTask<Conversation> OpenAsync(string channel, string character, CancellationToken cancellationToken) => Write(() => store.OpenAsync(channel, character, cancellationToken));

    public ValueTask<Conversation> CreateAsync(string channel, string character, CancellationToken cancellationToken) => Write(() => store.CreateAsync(channel, character, cancellationToken));

    public ValueTask<Conversation> ChooseAsync(string channel, string id, CancellationToken cancellationToken) => Write(() => store.ChooseAsync(channel, id, cancellationToken));

    public ValueTask<Conversation> FindAsync(string channel, string id, CancellationToken cancellationToken) => Read(() => store.FindAsync(channel, id, cancellationToken));

    public ValueTask<ConversationEntry> AppendAsync(string channel, string id, Said said, CancellationToken cancellationToken) => Write(() => store.AppendAsync(channel, id, said, cancellationToken));

    public async ValueTask ReviseAsync(string channel, string id, int number, Said? said, CancellationToken cancellationToken)
    {
        Fail(Writes);
        await store.ReviseAsync(channel, id, number, said, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ConversationEntry>> ReadAsync(string channel, string id, int? before, int limit, CancellationToken cancellationToken) => Read(() => store.ReadAsync(channel, id, before, limit, cancellationToken));

    public ValueTask<IReadOnlyList<Conversation>> ListAsync(string channel, int limit, CancellationToken cancellationToken) => Read(() => store.ListAsync(channel, limit, cancellationToken));

    public ValueTask<IReadOnlyList<ConversationHit>> SearchAsync(string channel, string text, int limit, CancellationToken cancellationToken) => Read(() => store.SearchAsync(channel, text, limit, cancellationToken));

    public async ValueTask DeleteAsync(string channel, string id, CancellationToken cancellationToken)
    {
        Fail(Writes);
        await store.DeleteAsync(channel, id, cancellationToken);
    }

    public ValueTask AdoptAsync(Conversation conversation, IReadOnlyList<ConversationEntry> entries, CancellationToken cancellationToken)
    {
        Fail(Writes);
        Adopted.Add((conversation, entries));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    private ValueTask<T> Read<T>(Func<ValueTask<T>> call)
    {
        Fail(Reads);
        return call();
    }

    private ValueTask<T> Write<T>(Func<ValueTask<T>> call)
    {
        Fail(Writes);
        return call();
    }

    private void Fail(string? code)
    {
        if (Bugs > 0)
        {
            Bugs--;
            throw new InvalidOperationException("the secret sentence");
        }

        if (code is not null)
            throw new ConversationException(code, "the disk fails", "Wait.");
    }
}
