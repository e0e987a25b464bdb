using Kotodama.Companion.Characters;

namespace Kotodama.Companion.Memory;

/// <summary>Keeps conversations as long as the process lives.</summary>
/// <param name="limits">How much to keep.</param>
/// <param name="time">Says when something was said.</param>
/// <param name="failure">Why it takes the place of a file; null: none was wanted.</param>
internal sealed class MemoryConversationStore(ConversationLimits limits, TimeProvider time, string? failure = null) : IConversationStore
{
    private readonly Lock _lock = new();
    private readonly List<Kept> _kept = [];
    private long _chosen;

    public string? Failure => failure;

    public ValueTask<Conversation?> CurrentAsync(string channel, string? character, CancellationToken cancellationToken) =>
        Do(channel, () => Newest(channel, k => character is null || k.Conversation.Character == character)?.Conversation);

    public ValueTask<Conversation> OpenAsync(string channel, string character, CancellationToken cancellationToken) =>
        Do(channel, () =>
        Newest(channel, k => k.Conversation.Character == character) is { } there
            ? Choose(there)
            : Create(channel, character));

    public ValueTask<Conversation> CreateAsync(string channel, string character, CancellationToken cancellationToken) =>
        Do(channel, () => Create(channel, character));

    public ValueTask<Conversation> ChooseAsync(string channel, string id, CancellationToken cancellationToken) =>
        Do(channel, () => Choose(Get(channel, id)));

    public ValueTask<Conversation> FindAsync(string channel, string id, CancellationToken cancellationToken) =>
        Do(channel, () => Get(channel, id).Conversation);

    public ValueTask<ConversationEntry> AppendAsync(string channel, string id, Said said, CancellationToken cancellationToken) =>
        Do(channel, () =>
    {
        var kept = Get(channel, id);
        said = ConversationRules.Check(said, limits);
        if (kept.Conversation.Messages >= limits.Entries)
            throw ConversationRules.Full(limits);
        var entry = new ConversationEntry(kept.Conversation.Messages + 1, ConversationRules.Now(time), said);
        kept.Entries.Add(entry);
        kept.Conversation = kept.Conversation with
        {
            Messages = entry.Number,
            LastAt = entry.At,
            Title = kept.Conversation.Title ?? (said.Role == ConversationRole.User ? ConversationRules.Title(said.Text) : null),
        };
        return entry;
    });

    public async ValueTask ReviseAsync(string channel, string id, int number, Said? said, CancellationToken cancellationToken) =>
        await Do(channel, () =>
    {
        var kept = Get(channel, id);
        if (kept.Conversation.Messages != number)
            throw ConversationRules.NotFound();
        var old = kept.Entries.Find(e => e.Number == number);
        kept.Entries.RemoveAll(e => e.Number == number);
        if (said is null)
            kept.Conversation = kept.Conversation with { Messages = number - 1 };
        else
            kept.Entries.Add(new ConversationEntry(number, old?.At ?? kept.Conversation.LastAt, ConversationRules.Check(said, limits)));
        return true;
    }).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<ConversationEntry>> ReadAsync(
        string channel,
        string id,
        int? before,
        int limit,
        CancellationToken cancellationToken) =>
        Do<IReadOnlyList<ConversationEntry>>(channel, () =>
    {
        var entries = Get(channel, id).Entries.Where(e => before is null || e.Number < before);
        return [.. entries.TakeLast(ConversationRules.CheckLimit(limit))];
    });

    public ValueTask<IReadOnlyList<Conversation>> ListAsync(string channel, int limit, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<Conversation>>(
            channel,
            () => [.. List(channel).Take(ConversationRules.CheckLimit(limit)).Select(k => k.Conversation)]);

    public ValueTask<IReadOnlyList<ConversationHit>> SearchAsync(
        string channel,
        string text,
        int limit,
        CancellationToken cancellationToken) =>
        Do<IReadOnlyList<ConversationHit>>(channel, () =>
    {
        if (ConversationRules.CheckQuery(text) is not { } query)
            return [];
        var hits =
            from kept in List(channel)
            from entry in Enumerable.Reverse(kept.Entries)
            let at = ConversationRules.Find(entry.Said.Text, query)
            where at >= 0
            select ConversationRules.Hit(kept.Conversation.Id, entry, at, query.Length);
        return [.. hits.Take(ConversationRules.CheckLimit(limit))];
    });

    public async ValueTask DeleteAsync(string channel, string id, CancellationToken cancellationToken) =>
        await Do(channel, () => _kept.Remove(Get(channel, id))).ConfigureAwait(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Goes on with a conversation whose entries so far are elsewhere; it becomes the current one.</summary>
    public void Adopt(Conversation conversation)
    {
        lock (_lock)
            _kept.Add(new Kept(conversation) { Chosen = ++_chosen });
    }

    /// <summary>Conversations and the entries that are kept here, in the order in which the conversations were chosen.</summary>
    public IReadOnlyList<(Conversation Conversation, IReadOnlyList<ConversationEntry> Entries)> Everything()
    {
        lock (_lock)
            return [.. _kept.OrderBy(k => k.Chosen).Select(k => (k.Conversation, (IReadOnlyList<ConversationEntry>)[.. k.Entries]))];
    }

    private ValueTask<T> Do<T>(string channel, Func<T> action)
    {
        try
        {
            ConversationRules.CheckChannel(channel);
            lock (_lock)
                return ValueTask.FromResult(action());
        }
        catch (ConversationException e)
        {
            return ValueTask.FromException<T>(e);
        }
    }

    private Kept Get(string channel, string id) =>
        _kept.Find(k => k.Conversation.Id == id && k.Conversation.Channel == channel) ?? throw ConversationRules.NotFound();

    private Kept? Newest(string channel, Func<Kept, bool>? which = null) =>
        _kept.Where(k => k.Conversation.Channel == channel && which?.Invoke(k) != false).MaxBy(k => k.Chosen);

    private IEnumerable<Kept> List(string channel) =>
        _kept.Where(k => k.Conversation.Channel == channel).OrderByDescending(k => k.Conversation.LastAt).ThenByDescending(k => k.Chosen);

    private Conversation Choose(Kept kept)
    {
        kept.Chosen = ++_chosen;
        return kept.Conversation;
    }

    private Conversation Create(string channel, string character)
    {
        var now = ConversationRules.Now(time);
        if (Newest(channel, k => k.Conversation.Character == character && k.Conversation.Messages == 0) is { } empty)
        {
            empty.Conversation = empty.Conversation with { StartedAt = now, LastAt = now };
            return Choose(empty);
        }

        if (_kept.Count(k => k.Conversation.Channel == channel) >= limits.Conversations)
            throw ConversationRules.TooMany(limits);
        var kept = new Kept(ConversationRules.Begin(channel, character, now));
        _kept.Add(kept);
        return Choose(kept);
    }

    private sealed class Kept(Conversation conversation)
    {
        public Conversation Conversation { get; set; } = conversation;

        public List<ConversationEntry> Entries { get; } = [];

        public long Chosen { get; set; }
    }
}
