using Kotodama.Protocol;
using Microsoft.Extensions.Logging;

namespace Kotodama.Companion.Memory;

/// <summary>
/// Goes on in memory when the disk fails: with the conversations as the disk last had them, and what is said now. Tries every few seconds,
/// when something is asked, to write that; then the disk has all of it.
/// </summary>
internal sealed partial class FallbackConversationStore(
    IConversationDisk disk,
    ConversationLimits limits,
    TimeProvider time,
    ILogger logger) : IConversationStore
{
    /// <summary>More is not kept while the disk fails.</summary>
    internal const int MostUnsaved = 10_000;

    private const int MostKnown = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>The conversation that each channel last used, for a disk that cannot even be read.</summary>
    private readonly Dictionary<string, Conversation> _known = new(StringComparer.Ordinal);

    /// <summary>How many entries of each conversation the disk has.</summary>
    private readonly Dictionary<string, int> _onDisk = new(StringComparer.Ordinal);

    private readonly HashSet<string> _channels = new(StringComparer.Ordinal);
    private MemoryConversationStore? _memory;
    private ConversationException? _failure;
    private long _tried;
    private int _unsaved, _disposed;

    public string? Failure => Volatile.Read(ref _failure)?.Code;

    public ValueTask<Conversation?> CurrentAsync(string channel, string? character, CancellationToken cancellationToken) =>
        ReadAsync(channel, s => s.CurrentAsync(channel, character, cancellationToken), cancellationToken);

    public ValueTask<Conversation> OpenAsync(string channel, string character, CancellationToken cancellationToken) =>
        UseAsync(channel, s => s.OpenAsync(channel, character, cancellationToken), cancellationToken);

    public ValueTask<Conversation> CreateAsync(string channel, string character, CancellationToken cancellationToken) =>
        UseAsync(channel, s => s.CreateAsync(channel, character, cancellationToken), cancellationToken);

    public ValueTask<Conversation> ChooseAsync(string channel, string id, CancellationToken cancellationToken) =>
        UseAsync(channel, s => s.ChooseAsync(channel, id, cancellationToken), cancellationToken);

    public ValueTask<Conversation> FindAsync(string channel, string id, CancellationToken cancellationToken) =>
        ReadAsync(channel, s => s.FindAsync(channel, id, cancellationToken), cancellationToken);

    public ValueTask<ConversationEntry> AppendAsync(string channel, string id, Said said, CancellationToken cancellationToken) =>
        WriteAsync(channel, async store =>
    {
        if (store == _memory && _unsaved >= MostUnsaved)
            throw new ConversationException(
                _failure!.Code,
                $"at most {MostUnsaved} entries are kept in memory while the disk fails",
                _failure.Hint);
        var entry = await store.AppendAsync(channel, id, said, cancellationToken).ConfigureAwait(false);
        if (store == _memory)
            _unsaved++;
        else if (_known.TryGetValue(channel, out var known) && known.Id == id)
            _known[channel] = known with { Messages = entry.Number, LastAt = entry.At };
        return entry;
    }, cancellationToken);

    public async ValueTask ReviseAsync(string channel, string id, int number, Said? said, CancellationToken cancellationToken) =>
        await WriteAsync(channel, async store =>
    {
        await store.ReviseAsync(channel, id, number, said, cancellationToken).ConfigureAwait(false);
        if (said is null && _known.TryGetValue(channel, out var known) && known.Id == id)
            _known[channel] = known with { Messages = number - 1 };
        if (said is null && _onDisk.TryGetValue(id, out var there) && there >= number)
            _onDisk[id] = number - 1;
        return true;
    }, cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<ConversationEntry>> ReadAsync(
        string channel,
        string id,
        int? before,
        int limit,
        CancellationToken cancellationToken) =>
        ReadAsync(channel, async store =>
    {
        var entries = await store.ReadAsync(channel, id, before, limit, cancellationToken).ConfigureAwait(false);
        var missing = ConversationRules.CheckLimit(limit) - entries.Count;
        if (store == disk || missing <= 0 || _onDisk.GetValueOrDefault(id) is not (> 0 and var there))
            return entries;

        // The newest entry of the disk may have been revised meanwhile.
        var end = Math.Min(before ?? int.MaxValue, Math.Min(there + 1, entries.Count > 0 ? entries[0].Number : int.MaxValue));
        var earlier = await TryAsync(() => disk.ReadAsync(channel, id, end, missing, cancellationToken)).ConfigureAwait(false);
        return [.. earlier ?? [], .. entries];
    }, cancellationToken);

    public ValueTask<IReadOnlyList<Conversation>> ListAsync(string channel, int limit, CancellationToken cancellationToken) =>
        ReadAsync(channel, s => s.ListAsync(channel, limit, cancellationToken), cancellationToken);

    public ValueTask<IReadOnlyList<ConversationHit>> SearchAsync(
        string channel,
        string text,
        int limit,
        CancellationToken cancellationToken) =>
        ReadAsync(channel, async store =>
    {
        var hits = await store.SearchAsync(channel, text, limit, cancellationToken).ConfigureAwait(false);
        if (store == disk)
            return hits;
        var earlier = await TryAsync(() => disk.SearchAsync(channel, text, limit, cancellationToken)).ConfigureAwait(false);
        return [.. hits.Concat(earlier ?? []).Take(ConversationRules.CheckLimit(limit))];
    }, cancellationToken);

    public async ValueTask DeleteAsync(string channel, string id, CancellationToken cancellationToken) =>
        await WriteAsync(channel, async store =>
    {
        if (store == _memory && _onDisk.ContainsKey(id))
        {
            // The caller is not told that something is gone that is not.
            await disk.DeleteAsync(channel, id, cancellationToken).ConfigureAwait(false);
            _onDisk.Remove(id);
        }

        await store.DeleteAsync(channel, id, cancellationToken).ConfigureAwait(false);
        if (_known.GetValueOrDefault(channel)?.Id == id)
            _known.Remove(channel);
        return true;
    }, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _gate.WaitAsync().ConfigureAwait(false);
        if (_memory is not null)
            await HealAsync(CancellationToken.None).ConfigureAwait(false);
        await disk.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    private ValueTask<Conversation> UseAsync(
        string channel,
        Func<IConversationStore, ValueTask<Conversation>> call,
        CancellationToken cancellationToken) =>
        WriteAsync(channel, async store =>
    {
        var conversation = await call(store).ConfigureAwait(false);
        if (_known.Count >= MostKnown)
            _known.Clear();
        _known[channel] = conversation;
        return conversation;
    }, cancellationToken);

    private async ValueTask<T> ReadAsync<T>(
        string channel,
        Func<IConversationStore, ValueTask<T>> call,
        CancellationToken cancellationToken)
    {
        if (Failure is not null)
            return await WriteAsync(channel, call, cancellationToken).ConfigureAwait(false);
        try
        {
            return await call(disk).ConfigureAwait(false);
        }
        catch (ConversationException e) when (ConversationRules.IsStorage(e))
        {
            return await WriteAsync(channel, call, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<T> WriteAsync<T>(
        string channel,
        Func<IConversationStore, ValueTask<T>> call,
        CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_memory is not null && time.GetElapsedTime(_tried) >= Pause)
                await HealAsync(cancellationToken).ConfigureAwait(false);
            if (_memory is null)
            {
                try
                {
                    return await call(disk).ConfigureAwait(false);
                }
                catch (ConversationException e) when (ConversationRules.IsStorage(e))
                {
                    _memory = new MemoryConversationStore(limits, time);
                    _tried = time.GetTimestamp();
                    Volatile.Write(ref _failure, e);
                    LogFailed(logger, e.Message);
                }
            }

            if (_channels.Add(channel))
                await AdoptAsync(channel, cancellationToken).ConfigureAwait(false);
            return await call(_memory).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Lets the memory know what a channel has.</summary>
    private async ValueTask AdoptAsync(string channel, CancellationToken cancellationToken)
    {
        var listed = await TryAsync(() => disk.ListAsync(channel, ConversationLimits.Page, cancellationToken)).ConfigureAwait(false);
        var current = listed is null
            ? _known.GetValueOrDefault(channel)
            : await TryAsync(() => disk.CurrentAsync(channel, null, cancellationToken)).ConfigureAwait(false);
        var others = listed?.Where(c => c.Id != current?.Id).Reverse() ?? [];
        foreach (var conversation in others)
            Adopt(conversation);
        if (current is not null)
            Adopt(current);
    }

    private void Adopt(Conversation conversation)
    {
        _onDisk[conversation.Id] = conversation.Messages;
        _memory!.Adopt(conversation);
    }

    private async ValueTask HealAsync(CancellationToken cancellationToken)
    {
        _tried = time.GetTimestamp();
        try
        {
            var everything = _memory!.Everything();
            var current = everything
                .GroupBy(k => k.Conversation.Channel, (_, kept) => kept.Last().Conversation.Id)
                .ToHashSet(StringComparer.Ordinal);
            foreach (var (conversation, entries) in everything)
                if (entries.Count > 0 || !_onDisk.ContainsKey(conversation.Id) || current.Contains(conversation.Id))
                    await disk.AdoptAsync(conversation, entries, cancellationToken).ConfigureAwait(false);
        }
        catch (ConversationException e)
        {
            Volatile.Write(ref _failure, ConversationRules.IsStorage(e) ? e : _failure);
            return;
        }

        _memory = null;
        _unsaved = 0;
        _channels.Clear();
        _onDisk.Clear();
        Volatile.Write(ref _failure, null);
        LogHealed(logger);
    }

    private static async ValueTask<T?> TryAsync<T>(Func<ValueTask<T>> call)
        where T : class?
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (ConversationException e) when (ConversationRules.IsStorage(e) || e.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    [LoggerMessage(
        230,
        LogLevel.Error,
        "Conversations cannot be stored and go on in memory ({Reason}). "
        + "What is said now is lost if the companion ends before that is cured.")]
    private static partial void LogFailed(ILogger logger, PlainText reason);

    [LoggerMessage(231, LogLevel.Warning, "Conversations are stored again, with what was said meanwhile.")]
    private static partial void LogHealed(ILogger logger);
}
